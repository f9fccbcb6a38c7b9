// Owns: for every alert of SQL datastores, series on which it must fire and series on which it must keep quiet.
// Promises: plain data for the stack SQL; sql-rules.tools.test.ts has promtool try it.
// Must not: know how the rules are written.
import type { AlertCases, Series } from "./alert-cases.js";

/** A series of the server `orders`, which runs as a StatefulSet. */
const own = (metric: string, values: string, labels = ""): Series => ({
  series: `${metric}{namespace="shop",service="orders",job="orders"${labels}}`,
  values,
});
/** A series of a member of the cluster `ledger`, which CloudNativePG runs. */
const member = (number: number, metric: string, values: string, labels = ""): Series => ({
  series: `${metric}{namespace="shop",service="ledger",job="ledger",pod="ledger-${number}"${labels}}`,
  values,
});
const kubeState: Series = {
  series: 'kube_namespace_status_phase{namespace="shop",phase="Active"}',
  values: "1x60",
};

const ready = ["orders", "accounts"].map((name) => ({
  series: `kube_statefulset_status_replicas_ready{namespace="shop",statefulset="${name}"}`,
  values: "1x60",
}));

const fires = (why: string, service: string, series: readonly Series[], at = "40m") => ({
  why,
  series,
  at,
  labels: [{ service }],
});
const quiet = (why: string, series: readonly Series[], at = "40m") => ({ why, series, at });

const connections = (open: number) => [
  own("pg_stat_activity_count", `${open - 10}x60`, ',datname="shop",state="active"'),
  own("pg_stat_activity_count", "10x60", ',datname="shop",state="idle"'),
  own("pg_settings_max_connections", "100x60"),
];
const clusterConnections = (open: number) => [
  member(1, "cnpg_backends_total", `${open}x60`, ',datname="shop",state="active"'),
  member(2, "cnpg_backends_total", "1x60", ',datname="shop",state="active"'),
  ...[1, 2].map((number) => member(number, "cnpg_pg_settings_setting", "100x60", ',name="max_connections"')),
];
const transaction = (state: string, seconds: number, application = "api") => [
  own(
    "pg_stat_activity_max_tx_duration",
    `${seconds}x60`,
    `,datname="shop",state="${state}",application_name="${application}"`,
  ),
];
const cache = (hits: number, reads: number) => [
  own("pg_stat_database_blks_hit", `0+${hits}x60`, ',datname="shop"'),
  own("pg_stat_database_blks_read", `0+${reads}x60`, ',datname="shop"'),
];
const members = (...up: number[]) =>
  up.map((value, index) => member(index + 1, "cnpg_collector_up", `${value}x60`));
const archive = (waiting: number, failures: string) => [
  member(1, "cnpg_collector_pg_wal_archive_status", `${waiting}x60`, ',value="ready"'),
  member(1, "cnpg_pg_stat_archiver_failed_count", failures),
];

/** The clock of these tests begins at 0: what was before has a time below that. */
const backups = (newest: string) => [
  member(1, "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp", newest),
  member(2, "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp", newest),
];

export const SQL_CASES: Readonly<Record<string, AlertCases>> = {
  DatastoreDown: {
    fires: [
      {
        why: "the exporter does not reach the server; no member of the cluster answers",
        series: [kubeState, own("pg_up", "0x60"), ...ready, ...members(0, 0, 0)],
        at: "40m",
        labels: [{ service: "orders" }, { service: "ledger" }],
      },
    ],
    quiet: [
      quiet("both answer, the cluster by one member", [
        kubeState,
        own("pg_up", "1x60"),
        ...ready,
        ...members(0, 1, 0),
      ]),
    ],
  },
  PostgresConnectionsExhausted: {
    fires: [fires("97 of 100", "orders", connections(97))],
    quiet: [quiet("90 of 100", connections(90))],
  },
  PostgresConnectionsHigh: {
    fires: [fires("85 of 100", "orders", connections(85))],
    quiet: [quiet("50 of 100", connections(50))],
  },
  PostgresTransactionIdle: {
    fires: [fires("open for ten minutes", "orders", transaction("idle in transaction", 600))],
    quiet: [
      quiet("open for a minute", transaction("idle in transaction", 60)),
      quiet("at work, not idle", transaction("active", 600)),
    ],
  },
  PostgresTransactionLong: {
    fires: [fires("at work for an hour", "orders", transaction("active", 3600))],
    quiet: [
      quiet("at work for a minute", transaction("active", 60)),
      quiet("a backup", transaction("active", 3600, "pg_dump")),
    ],
  },
  PostgresDeadlocks: {
    fires: [
      fires("one a minute", "orders", [own("pg_stat_database_deadlocks", "0+1x60", ',datname="shop"')]),
    ],
    quiet: [quiet("one in all", [own("pg_stat_database_deadlocks", "0x30 1x30", ',datname="shop"')])],
  },
  PostgresCacheMissing: {
    fires: [fires("half is read from disk", "orders", cache(60_000, 60_000), "55m")],
    quiet: [
      quiet("a hundredth is read from disk", cache(60_000, 600), "55m"),
      quiet("hardly anything is read at all", cache(6, 6), "55m"),
    ],
  },
  PostgresExporterFailing: {
    fires: [
      fires("a query fails", "orders", [own("pg_exporter_last_scrape_error", "1x60"), own("pg_up", "1x60")]),
    ],
    quiet: [
      quiet("none fails", [own("pg_exporter_last_scrape_error", "0x60"), own("pg_up", "1x60")]),
      quiet("the server is down, which is told elsewhere", [
        own("pg_exporter_last_scrape_error", "1x60"),
        own("pg_up", "0x60"),
      ]),
    ],
  },
  PostgresClusterMemberDown: {
    fires: [
      fires("two of three answer", "ledger", members(1, 1, 0)),
      fires("one is gone", "ledger", members(1, 1)),
    ],
    quiet: [quiet("all answer", members(1, 1, 1))],
  },
  PostgresClusterReplicationLag: {
    fires: [fires("two minutes", "ledger", [member(2, "cnpg_pg_replication_lag", "120x60")])],
    quiet: [quiet("a second", [member(2, "cnpg_pg_replication_lag", "1x60")])],
  },
  PostgresClusterConnectionsHigh: {
    fires: [fires("85 of 100 of one member", "ledger", clusterConnections(85))],
    quiet: [quiet("50 of 100", clusterConnections(50))],
  },
  PostgresClusterDeadlocks: {
    fires: [
      fires("one a minute", "ledger", [
        member(1, "cnpg_pg_stat_database_deadlocks", "0+1x60", ',datname="shop"'),
      ]),
    ],
    quiet: [quiet("none", [member(1, "cnpg_pg_stat_database_deadlocks", "5x60", ',datname="shop"')])],
  },
  PostgresClusterTransactionLong: {
    fires: [
      fires("an hour", "ledger", [
        member(1, "cnpg_backends_max_tx_duration_seconds", "3600x60", ',datname="shop",state="active"'),
      ]),
    ],
    quiet: [
      quiet("a minute", [
        member(1, "cnpg_backends_max_tx_duration_seconds", "60x60", ',datname="shop",state="active"'),
      ]),
    ],
  },
  PostgresClusterBackupStale: {
    fires: [
      fires("the newest is of two days ago", "ledger", backups("-180000x120"), "90m"),
      fires("there has never been one", "ledger", backups("-1700000000x120"), "90m"),
    ],
    quiet: [
      quiet("one of now, as one member tells", backups("0x120"), "90m"),
      quiet("the first one takes half an hour", backups("-180000x30 0x90"), "90m"),
    ],
  },
  PostgresClusterArchiveFailing: {
    fires: [fires("pieces wait, and attempts fail", "ledger", archive(20, "0+1x60"))],
    quiet: [
      quiet("pieces wait, and are being archived", archive(20, "3x60")),
      quiet("an attempt failed, and nothing waits", archive(0, "0+1x60")),
    ],
  },
};
