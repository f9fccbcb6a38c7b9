// Owns: alerts of a MariaDB or MySQL server with mysqld_exporter beside it: full, stuck, slow, unseen.
// Promises: metrics that both servers have.
// Must not: ask whether the server is there at all; src/stack/alerts/datastores.ts does.

import { type Alert, promql, type Scope } from "../../alerts/scope.js";

const BY = "by (namespace, service)";

export function mysqlAlerts(scope: Scope): readonly Alert[] {
  return [...connections(scope), ...statements(scope), ...health(scope)];
}

function connections({ inNamespace }: Scope): Alert[] {
  const above = (share: number) => promql`
        max ${BY} (mysql_global_status_threads_connected{${inNamespace}})
        / max ${BY} (mysql_global_variables_max_connections{${inNamespace}})
        > ${share}`;
  return [
    {
      name: "MysqlConnectionsExhausted",
      severity: "page",
      for: "2m",
      expr: above(0.95),
      summary: "{{ $labels.service }} has hardly a connection left",
      description:
        "{{ $value | humanizePercentage }} of the connections of {{ $labels.service }} have been in use for two minutes: services get errors when they open another.",
    },
    {
      name: "MysqlConnectionsHigh",
      severity: "ticket",
      for: "10m",
      expr: above(0.8),
      summary: "{{ $labels.service }} has nearly as many clients as it takes",
      description:
        "{{ $value | humanizePercentage }} of the connections that {{ $labels.service }} allows have been in use for ten minutes.",
    },
  ];
}

function statements({ inNamespace }: Scope): Alert[] {
  return [
    {
      name: "MysqlLockWaits",
      severity: "ticket",
      for: "5m",
      expr: `max ${BY} (mysql_global_status_innodb_row_lock_current_waits{${inNamespace}}) > 5`,
      summary: "Statements of {{ $labels.service }} wait for each other",
      description:
        "{{ $value }} statements of {{ $labels.service }} have waited for rows that others hold, for five minutes.",
    },
  ];
}

function health({ inNamespace }: Scope): Alert[] {
  const rate = (metric: string) =>
    `sum ${BY} (rate(mysql_global_status_innodb_buffer_pool_${metric}{${inNamespace}}[5m]))`;
  return [
    {
      name: "MysqlCacheMissing",
      severity: "ticket",
      for: "30m",
      // MySQL docs, "Server Status Variables": reads are those of the requests that had to go to the disk.
      expr: promql`
        ${rate("reads")} / (${rate("read_requests")} > 1000)
        > 0.05`,
      summary: "{{ $labels.service }} reads from disk what should be in memory",
      description:
        "{{ $value | humanizePercentage }} of the pages that {{ $labels.service }} needed were not in its memory for half an hour: queries wait for the disk.",
    },
    {
      name: "MysqlExporterFailing",
      severity: "ticket",
      for: "10m",
      expr: promql`
        min ${BY} (mysql_exporter_collector_success{${inNamespace}}) == 0
        and on (namespace, service) mysql_up{${inNamespace}} == 1`,
      summary: "The exporter of {{ $labels.service }} cannot read everything",
      description:
        "Queries of the exporter of {{ $labels.service }} have failed for ten minutes: some of the other alerts on it are blind.",
    },
  ];
}
