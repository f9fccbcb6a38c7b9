// Owns: series of redis_exporter that are not worth their price.
// Promises: names that exist (test/evidence/metrics), each with the reason.
// Must not: drop what an alert, a recording rule or a dashboard asks for; a test holds that.

import type { DroppedMetrics } from "../../presets/metrics.js";

export const REDIS_DROPS: readonly DroppedMetrics[] = [
  {
    regex: "redis_commands_latencies_usec_(bucket|count|sum)",
    reason: "a histogram per command; the mean and the percentiles stay",
  },
  { regex: "redis_config_client_output_buffer_limit_.+", reason: "settings that never change" },
];
