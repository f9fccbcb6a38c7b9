// Owns: the dashboard of PostgreSQL clusters that CloudNativePG runs.
// Promises: metrics of CloudNativePG's own exporter.
// Must not: know a stack.

import { badBelow, badFrom, type Dashboard, INSTANCE, JOB, stat, timeseries } from "../dashboard.js";

const OF = 'namespace="$namespace", job=~"$job", instance=~"$instance"';
const RATE = "[$__rate_interval]";

export function postgresqlCluster(engine: string, name: string): Dashboard {
  return {
    name: engine,
    title: name,
    description: "Members, replication, archive, connections and transactions.",
    variables: [JOB, INSTANCE],
    panels: [
      stat("Members", "Members that answer.", "short", `sum(cnpg_collector_up{${OF}})`, badBelow(1)),
      stat(
        "Replication lag",
        "How far the slowest replica is behind.",
        "s",
        `max(cnpg_pg_replication_lag{${OF}})`,
        badFrom(60),
      ),
      stat(
        "Waiting for the archive",
        "Pieces of the log that are not in the object store yet.",
        "short",
        `max(cnpg_collector_pg_wal_archive_status{${OF},value="ready"})`,
        badFrom(10),
      ),
      stat("Size", "Bytes of all databases.", "bytes", `sum(cnpg_pg_database_size_bytes{${OF}})`, []),
      timeseries("Replication lag by member", "Seconds behind the primary.", "s", [
        [`max by (pod) (cnpg_pg_replication_lag{${OF}})`, "{{pod}}"],
      ]),
      timeseries("Connections", "Connections by what they do.", "short", [
        [`sum by (state) (cnpg_backends_total{${OF}})`, "{{state}}"],
      ]),
      timeseries("Transactions", "Commits and rollbacks a second, by database.", "ops", [
        [`sum by (datname) (rate(cnpg_pg_stat_database_xact_commit{${OF}}${RATE}))`, "{{datname}} commits"],
        [
          `sum by (datname) (rate(cnpg_pg_stat_database_xact_rollback{${OF}}${RATE}))`,
          "{{datname}} rollbacks",
        ],
      ]),
      timeseries("Longest transactions", "Oldest open transaction, by database.", "s", [
        [`max by (datname) (cnpg_backends_max_tx_duration_seconds{${OF}})`, "{{datname}}"],
      ]),
    ],
  };
}
