// Owns: the dashboard of MariaDB and MySQL servers.
// Promises: metrics of mysqld_exporter that both servers have.
// Must not: know a stack.

import { badBelow, badFrom, type Dashboard, INSTANCE, JOB, stat, timeseries } from "../dashboard.js";

const OF = 'namespace="$namespace", job=~"$job", instance=~"$instance"';
const RATE = "[$__rate_interval]";

const status = (name: string) => `mysql_global_status_${name}{${OF}}`;
const perSecond = (name: string) => `sum(rate(${status(name)}${RATE}))`;

export function mysql(engine: string, name: string): Dashboard {
  return {
    name: engine,
    title: name,
    description: `Availability, connections, statements, cache and locks of ${name}.`,
    variables: [JOB, INSTANCE],
    panels: [...state(name), ...load(), ...data()],
  };
}

function state(name: string) {
  return [
    stat("Up", `1 where ${name} answers its exporter.`, "short", `min(mysql_up{${OF}})`, badBelow(1)),
    stat(
      "Connections used",
      "Share of max_connections.",
      "percentunit",
      `max(${status("threads_connected")}) / max(mysql_global_variables_max_connections{${OF}})`,
      badFrom(0.8),
    ),
    stat(
      "Cache misses",
      "Share of pages that had to be read from disk.",
      "percentunit",
      `${perSecond("innodb_buffer_pool_reads")} / ${perSecond("innodb_buffer_pool_read_requests")}`,
      badFrom(0.05),
    ),
    stat(
      "Waiting for locks",
      "Statements that wait for rows which others hold.",
      "short",
      `max(${status("innodb_row_lock_current_waits")})`,
      badFrom(5),
    ),
    stat("Running", "Statements at work now.", "short", `max(${status("threads_running")})`, []),
    stat("Up since", "Time since the server started.", "s", `min(${status("uptime")})`, []),
  ];
}

function load() {
  return [
    timeseries("Statements", "Statements of clients a second, and the slow ones of them.", "ops", [
      [perSecond("questions"), "all"],
      [perSecond("slow_queries"), "slow"],
    ]),
    timeseries("Connections", "Open ones, those at work, and the limit.", "short", [
      [`max(${status("threads_connected")})`, "open"],
      [`max(${status("threads_running")})`, "at work"],
      [`max(mysql_global_variables_max_connections{${OF}})`, "limit"],
    ]),
    timeseries("Commands", "The ten most frequent commands a second.", "ops", [
      [`topk(10, sum by (command) (rate(mysql_global_status_commands_total{${OF}}${RATE})))`, "{{command}}"],
    ]),
    timeseries("Clients that failed", "Connections a second that broke, and that were refused.", "ops", [
      [perSecond("aborted_clients"), "broke"],
      [perSecond("aborted_connects"), "refused"],
    ]),
  ];
}

function data() {
  return [
    timeseries("Disk", "Bytes a second that InnoDB read and wrote.", "Bps", [
      [perSecond("innodb_data_read"), "read"],
      [perSecond("innodb_data_written"), "written"],
    ]),
    timeseries("Row locks", "Waits a second for rows that others held.", "ops", [
      [perSecond("innodb_row_lock_waits"), "waits"],
    ]),
    timeseries("Temporary tables", "Temporary tables a second, and those of them that were on disk.", "ops", [
      [perSecond("created_tmp_tables"), "all"],
      [perSecond("created_tmp_disk_tables"), "on disk"],
    ]),
  ];
}
