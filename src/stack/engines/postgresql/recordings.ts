// Owns: recording rules over the metrics of postgres_exporter.
// Promises: names by the Prometheus convention level:metric:operation, all of them used by alerts or dashboards.
// Must not: alert.

import { promql, type Recording, type Scope } from "../../alerts/scope.js";

export function postgresqlRecordings({ inNamespace, namespace }: Scope): readonly Recording[] {
  const labels = { namespace };
  const by = "sum by (namespace, service)";
  return [
    {
      record: "datastore:connection_utilization:ratio",
      expr: promql`
        ${by} (pg_stat_activity_count{${inNamespace}})
        / on (namespace, service)
        max by (namespace, service) (pg_settings_max_connections{${inNamespace}})`,
      labels,
    },
    {
      record: "datastore:transactions:rate5m",
      expr: promql`
        ${by} (rate(pg_stat_database_xact_commit{${inNamespace}}[5m]))
        + ${by} (rate(pg_stat_database_xact_rollback{${inNamespace}}[5m]))`,
      labels,
    },
    {
      record: "datastore:cache_hits:ratio_rate5m",
      expr: promql`
        ${by} (rate(pg_stat_database_blks_hit{${inNamespace}}[5m]))
        / (
          ${by} (rate(pg_stat_database_blks_hit{${inNamespace}}[5m]))
          + ${by} (rate(pg_stat_database_blks_read{${inNamespace}}[5m]))
          > 100
        )`,
      labels,
    },
  ];
}
