// Owns: alerts of Redis and Valkey: full, refusing, losing data.
// Promises: what only matters where data must survive is asked of stores alone, not of caches.
// Must not: ask whether the server is there at all; src/stack/alerts/datastores.ts does.

import { type Alert, promql, type Scope } from "../../alerts/scope.js";

export function redisAlerts(scope: Scope): readonly Alert[] {
  const hasStore = scope.datastores.some(({ role }) => role === "store");
  return [...clients(scope), ...(hasStore ? durability(scope) : [])];
}

function clients({ inNamespace }: Scope): Alert[] {
  return [
    {
      name: "RedisRejectingConnections",
      severity: "page",
      for: undefined,
      expr: `sum by (namespace, service) (increase(redis_rejected_connections_total{${inNamespace}}[5m])) > 0`,
      summary: "{{ $labels.service }} rejects connections",
      description:
        "{{ $labels.service }} rejected {{ $value | humanize }} connections in five minutes: as many clients as allowed are connected.",
    },
    {
      name: "RedisConnectionsHigh",
      severity: "ticket",
      for: "10m",
      expr: promql`
        max by (namespace, service) (redis_connected_clients{${inNamespace}})
        / on (namespace, service) max by (namespace, service) (redis_config_maxclients{${inNamespace}})
        > 0.8`,
      summary: "{{ $labels.service }} has nearly as many clients as it takes",
      description:
        "{{ $value | humanizePercentage }} of the connections that {{ $labels.service }} allows have been in use for ten minutes.",
    },
    {
      name: "RedisCommandsSlow",
      severity: "ticket",
      for: "10m",
      expr: `datastore:command_duration_seconds:avg_rate5m{${inNamespace}} > 0.01`,
      summary: "{{ $labels.service }} is slow",
      description:
        "A command to {{ $labels.service }} has taken {{ $value | humanizeDuration }} on average for ten minutes; well under a millisecond is usual.",
    },
  ];
}

function durability({ inNamespace }: Scope): Alert[] {
  const ofStore = `and on (namespace, service) datastore:expected:info{${inNamespace},role="store"}`;
  const refused = `redis_errors_total{${inNamespace},err=~"OOM|MISCONF"}`;
  return [
    {
      name: "RedisMemoryHigh",
      severity: "ticket",
      for: "10m",
      expr: `datastore:memory_utilization:ratio{${inNamespace}} > 0.85\n${ofStore}`,
      summary: "{{ $labels.service }} is nearly full",
      description:
        "{{ $labels.service }} has used {{ $value | humanizePercentage }} of its memory for ten minutes. When it is full, it refuses writes.",
    },
    {
      name: "RedisRefusingWrites",
      severity: "page",
      for: undefined,
      // The counter of an error appears with the first one, which increase() cannot see.
      expr: promql`
        (
          sum by (namespace, service) (increase(${refused}[5m])) > 0
          or
          sum by (namespace, service) (${refused} unless ${refused} offset 5m) > 0
          and on (namespace, service) redis_up{${inNamespace}} offset 5m == 1
        )
        ${ofStore}`,
      summary: "{{ $labels.service }} refuses writes",
      description:
        "{{ $labels.service }} answered {{ $value | humanize }} writes with OOM (memory is full) or MISCONF (the disk cannot be written) in five minutes.",
    },
    {
      name: "RedisEvictingKeys",
      severity: "page",
      for: undefined,
      expr: `sum by (namespace, service) (increase(redis_evicted_keys_total{${inNamespace}}[5m])) > 0\n${ofStore}`,
      summary: "{{ $labels.service }} throws data away",
      description:
        "{{ $labels.service }} is a store, and evicted {{ $value | humanize }} keys in five minutes: data is lost.",
    },
    {
      name: "RedisSnapshotFailing",
      severity: "ticket",
      for: "10m",
      expr: `max by (namespace, service) (redis_rdb_last_bgsave_status{${inNamespace}}) == 0\n${ofStore}`,
      summary: "{{ $labels.service }} cannot write its snapshot",
      description:
        "The last snapshot (RDB) of {{ $labels.service }} failed, and none has succeeded for ten minutes since.",
    },
    {
      name: "RedisAppendOnlyFailing",
      severity: "page",
      for: "5m",
      expr: promql`
        max by (namespace, service) (redis_aof_last_write_status{${inNamespace}}) == 0
        and on (namespace, service) redis_aof_enabled{${inNamespace}} == 1
        ${ofStore}`,
      summary: "{{ $labels.service }} cannot write its log",
      description:
        "{{ $labels.service }} has not been able to write its append-only file for five minutes: a crash now would lose data, and writes are refused.",
    },
  ];
}
