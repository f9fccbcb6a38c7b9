// Owns: the dashboard of PostgreSQL servers that run as a StatefulSet.
// Promises: metrics of postgres_exporter.
// Must not: know a stack.

import { badBelow, badFrom, type Dashboard, INSTANCE, JOB, stat, timeseries } from "../dashboard.js";

const OF = 'namespace="$namespace", job=~"$job", instance=~"$instance"';
const RATE = "[$__rate_interval]";

export function postgresql(engine: string, name: string): Dashboard {
  return {
    name: engine,
    title: name,
    description: `Availability, connections, transactions, cache and size of ${name}.`,
    variables: [JOB, INSTANCE],
    panels: [...status(name), ...load(), ...data()],
  };
}

function status(name: string) {
  return [
    stat("Up", `1 where ${name} answers its exporter.`, "short", `min(pg_up{${OF}})`, badBelow(1)),
    stat(
      "Connections used",
      "Share of max_connections.",
      "percentunit",
      `sum(pg_stat_activity_count{${OF}}) / max(pg_settings_max_connections{${OF}})`,
      badFrom(0.8),
    ),
    stat(
      "Cache hits",
      "Share of pages that were in shared_buffers.",
      "percentunit",
      `sum(rate(pg_stat_database_blks_hit{${OF}}${RATE})) / (sum(rate(pg_stat_database_blks_hit{${OF}}${RATE})) + sum(rate(pg_stat_database_blks_read{${OF}}${RATE})))`,
      badBelow(0.8),
    ),
    stat(
      "Longest transaction",
      "Time that the oldest open transaction has been open.",
      "s",
      `max(pg_stat_activity_max_tx_duration{${OF}})`,
      badFrom(1800),
    ),
    stat(
      "Deadlocks in 1 h",
      "Transactions that were aborted, since each waited for another.",
      "short",
      `sum(increase(pg_stat_database_deadlocks{${OF}}[1h]))`,
      badFrom(1),
    ),
    stat("Size", "Bytes of all databases.", "bytes", `sum(pg_database_size_bytes{${OF}})`, []),
  ];
}

function load() {
  return [
    timeseries("Transactions", "Commits and rollbacks a second, by database.", "ops", [
      [`sum by (datname) (rate(pg_stat_database_xact_commit{${OF}}${RATE}))`, "{{datname}} commits"],
      [`sum by (datname) (rate(pg_stat_database_xact_rollback{${OF}}${RATE}))`, "{{datname}} rollbacks"],
    ]),
    timeseries("Connections", "Connections by what they do.", "short", [
      [`sum by (state) (pg_stat_activity_count{${OF}})`, "{{state}}"],
      [`max(pg_settings_max_connections{${OF}})`, "limit"],
    ]),
    timeseries("Rows", "Rows a second, by what happened to them.", "ops", [
      [`sum(rate(pg_stat_database_tup_fetched{${OF}}${RATE}))`, "fetched"],
      [`sum(rate(pg_stat_database_tup_inserted{${OF}}${RATE}))`, "inserted"],
      [`sum(rate(pg_stat_database_tup_updated{${OF}}${RATE}))`, "updated"],
      [`sum(rate(pg_stat_database_tup_deleted{${OF}}${RATE}))`, "deleted"],
    ]),
    timeseries("Longest transactions", "Oldest open transaction, by what it does.", "s", [
      [`max by (state) (pg_stat_activity_max_tx_duration{${OF}})`, "{{state}}"],
    ]),
  ];
}

function data() {
  return [
    timeseries("Size of databases", "Bytes on disk, by database.", "bytes", [
      [`max by (datname) (pg_database_size_bytes{${OF}})`, "{{datname}}"],
    ]),
    timeseries("Temporary files", "Bytes a second that sorts and joins wrote for want of work_mem.", "Bps", [
      [`sum by (datname) (rate(pg_stat_database_temp_bytes{${OF}}${RATE}))`, "{{datname}}"],
    ]),
    timeseries("Locks", "Locks held, by mode.", "short", [
      [`sum by (mode) (pg_locks_count{${OF}})`, "{{mode}}"],
    ]),
    timeseries("Deadlocks", "Aborted transactions a second, by database.", "ops", [
      [`sum by (datname) (rate(pg_stat_database_deadlocks{${OF}}${RATE}))`, "{{datname}}"],
    ]),
  ];
}
