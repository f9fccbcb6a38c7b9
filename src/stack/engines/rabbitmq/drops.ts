// Owns: series of rabbitmq_prometheus that are not worth their price.
// Promises: names that exist (test/evidence/metrics), each with the reason.
// Must not: drop what an alert, a recording rule or a dashboard asks for; a test holds that.

import type { DroppedMetrics } from "../../presets/metrics.js";

export const RABBITMQ_DROPS: readonly DroppedMetrics[] = [
  {
    regex: "erlang_vm_(allocators|msacc_.+)",
    reason: "hundreds of series on the allocators and schedulers of the Erlang machine",
  },
];
