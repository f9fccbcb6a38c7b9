// Owns: alerts of MongoDB: no primary, full of connections, storage engine under pressure, cursors that nobody closes.
// Promises: bounds are those at which MongoDB itself begins to throttle, or shares of what it allows.
// Must not: ask whether the server is there at all; src/stack/alerts/datastores.ts does.

import { type Alert, promql, type Scope } from "../../alerts/scope.js";

const BY = "by (namespace, service)";

export function mongodbAlerts(scope: Scope): readonly Alert[] {
  return [...clients(scope), ...storage(scope)];
}

function clients({ inNamespace }: Scope): Alert[] {
  const connections = (kind: string) =>
    `max ${BY} (mongodb_ss_connections{${inNamespace},conn_type="${kind}"})`;
  return [
    {
      name: "MongodbNotPrimary",
      severity: "page",
      for: "2m",
      expr: `max ${BY} (mongodb_rs_myState{${inNamespace}}) != 1`,
      summary: "{{ $labels.service }} takes no writes",
      description:
        "The only member of {{ $labels.service }} has not been primary for two minutes (its state is {{ $value }}): every write fails.",
    },
    {
      name: "MongodbConnectionsHigh",
      severity: "ticket",
      for: "10m",
      expr: promql`
        ${connections("current")}
        / (${connections("current")} + ${connections("available")})
        > 0.8`,
      summary: "{{ $labels.service }} has nearly as many clients as it takes",
      description:
        "{{ $value | humanizePercentage }} of the connections that {{ $labels.service }} allows have been in use for ten minutes.",
    },
    {
      name: "MongodbOperationsQueueing",
      severity: "ticket",
      for: "5m",
      expr: `max ${BY} (mongodb_ss_globalLock_currentQueue{${inNamespace},count_type="total"}) > 20`,
      summary: "Operations wait in {{ $labels.service }}",
      description:
        "{{ $value }} operations have waited for a lock in {{ $labels.service }} for five minutes.",
    },
    {
      name: "MongodbCursorsTimingOut",
      severity: "ticket",
      for: undefined,
      expr: `max ${BY} (increase(mongodb_ss_metrics_cursor_timedOut{${inNamespace}}[1h])) > 10`,
      summary: "Clients of {{ $labels.service }} leave cursors open",
      description:
        "{{ $value | humanize }} cursors of {{ $labels.service }} timed out in an hour: somebody reads results halfway and goes away.",
    },
  ];
}

function storage({ inNamespace }: Scope): Alert[] {
  const share = (metric: string) => promql`
        max ${BY} (
          ${metric}{${inNamespace}}
          / (mongodb_ss_wt_cache_maximum_bytes_configured{${inNamespace}} > 0)
        )`;
  return [
    {
      name: "MongodbCacheFull",
      severity: "ticket",
      for: "10m",
      expr: `${share("mongodb_ss_wt_cache_bytes_currently_in_the_cache")} > 0.95`,
      summary: "The cache of {{ $labels.service }} is too small",
      description:
        "The cache of {{ $labels.service }} has been {{ $value | humanizePercentage }} full for ten minutes; from 95 % on, operations themselves must make room.",
    },
    {
      name: "MongodbCacheDirty",
      severity: "ticket",
      for: "10m",
      expr: `${share("mongodb_ss_wt_cache_tracked_dirty_bytes_in_the_cache")} > 0.2`,
      summary: "{{ $labels.service }} writes more than its disk takes",
      description:
        "{{ $value | humanizePercentage }} of the cache of {{ $labels.service }} has waited to be written for ten minutes; from 20 % on, operations themselves must write.",
    },
  ];
}
