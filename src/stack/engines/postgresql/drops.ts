// Owns: series of postgres_exporter that are not worth their price.
// Promises: names that exist (test/evidence/metrics), each with the reason.
// Must not: drop what an alert, a recording rule or a dashboard asks for; a test holds that.

import type { DroppedMetrics } from "../../presets/metrics.js";

export const POSTGRESQL_DROPS: readonly DroppedMetrics[] = [
  {
    regex: "pg_stat_database_conflicts_confl_.+",
    reason: "conflicts of standbys by cause; there is no standby",
  },
  { regex: "pg_settings_(auto_explain|debug|enable|log|geqo|jit)_.+", reason: "settings that never change" },
];
