// Owns: recording rules over the metrics of redis_exporter.
// Promises: names by the Prometheus convention level:metric:operation, all of them used by alerts or dashboards.
// Must not: alert.

import { promql, type Recording, type Scope } from "../../alerts/scope.js";

export function redisRecordings({ inNamespace, namespace }: Scope): readonly Recording[] {
  const labels = { namespace };
  const by = "sum by (namespace, service)";
  return [
    {
      record: "datastore:memory_utilization:ratio",
      expr: `max by (namespace, service) (redis_memory_used_bytes{${inNamespace}} / (redis_memory_max_bytes{${inNamespace}} > 0))`,
      labels,
    },
    {
      record: "datastore:commands:rate5m",
      expr: `${by} (rate(redis_commands_processed_total{${inNamespace}}[5m]))`,
      labels,
    },
    {
      record: "datastore:command_duration_seconds:avg_rate5m",
      expr: `${by} (rate(redis_commands_duration_seconds_total{${inNamespace}}[5m]))\n/ ${by} (rate(redis_commands_total{${inNamespace}}[5m]))`,
      labels,
    },
    {
      record: "datastore:keyspace_hits:ratio_rate5m",
      expr: promql`
        ${by} (rate(redis_keyspace_hits_total{${inNamespace}}[5m]))
        / (
          ${by} (rate(redis_keyspace_hits_total{${inNamespace}}[5m]))
          + ${by} (rate(redis_keyspace_misses_total{${inNamespace}}[5m]))
        )`,
      labels,
    },
  ];
}
