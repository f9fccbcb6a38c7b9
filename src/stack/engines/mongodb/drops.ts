// Owns: series of mongodb_exporter that are not worth their price.
// Promises: names that exist (test/evidence/metrics), each with the reason.
// Must not: drop what an alert, a recording rule or a dashboard asks for; a test holds that.

import type { DroppedMetrics } from "../../presets/metrics.js";

export const MONGODB_DROPS: readonly DroppedMetrics[] = [
  {
    regex: "mongodb_ss_metrics_commands_.+",
    reason: "two series for each of hundreds of commands; the counters by kind of operation stay",
  },
  {
    regex: "mongodb_oplog_stats_wt_.+|mongodb_oplog_stats_indexDetails_.+",
    reason: "internals of the storage of one collection",
  },
];
