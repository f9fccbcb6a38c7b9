// Owns: for every alert of MariaDB and MySQL, series on which it must fire and series on which it must keep quiet.
// Promises: plain data for the stack SQL; sql-rules.tools.test.ts has promtool try it.
// Must not: know how the rules are written.
import type { AlertCases, Series } from "./alert-cases.js";

const of = (metric: string, values: string, labels = ""): Series => ({
  series: `mysql_${metric}{namespace="shop",service="accounts",job="accounts"${labels}}`,
  values,
});
const fires = (why: string, series: readonly Series[]) => ({
  why,
  series,
  at: "45m",
  labels: [{ service: "accounts" }],
});
const quiet = (why: string, series: readonly Series[]) => ({ why, series, at: "45m" });

const connections = (open: number) => [
  of("global_status_threads_connected", `${open}x60`),
  of("global_variables_max_connections", "100x60"),
];
const cache = (requests: number, reads: number) => [
  of("global_status_innodb_buffer_pool_read_requests", `0+${requests}x60`),
  of("global_status_innodb_buffer_pool_reads", `0+${reads}x60`),
];
const collectors = (status: number, innodb: number, up = 1) => [
  of("exporter_collector_success", `${status}x60`, ',collector="collect.global_status"'),
  of("exporter_collector_success", `${innodb}x60`, ',collector="collect.info_schema.innodb_cmp"'),
  of("up", `${up}x60`),
];

export const MYSQL_CASES: Readonly<Record<string, AlertCases>> = {
  MysqlCacheMissing: {
    fires: [fires("a tenth is read from disk", cache(120_000, 12_000))],
    quiet: [
      quiet("a hundredth is read from disk", cache(120_000, 1_200)),
      quiet("hardly anything is asked for at all", cache(6_000, 3_000)),
    ],
  },
  MysqlConnectionsExhausted: {
    fires: [fires("97 of 100", connections(97))],
    quiet: [quiet("90 of 100", connections(90))],
  },
  MysqlConnectionsHigh: {
    fires: [fires("85 of 100", connections(85))],
    quiet: [quiet("50 of 100", connections(50))],
  },
  MysqlExporterFailing: {
    fires: [fires("one of its collectors fails", collectors(1, 0))],
    quiet: [
      quiet("none fails", collectors(1, 1)),
      quiet("the server is down, which is told elsewhere", collectors(0, 0, 0)),
    ],
  },
  MysqlLockWaits: {
    fires: [fires("twenty wait", [of("global_status_innodb_row_lock_current_waits", "20x60")])],
    quiet: [
      quiet("two wait", [of("global_status_innodb_row_lock_current_waits", "2x60")]),
      quiet("twenty waited for a moment", [
        of("global_status_innodb_row_lock_current_waits", "0x40 20 0x20"),
      ]),
    ],
  },
};
