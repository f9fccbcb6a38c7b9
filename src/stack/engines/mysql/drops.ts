// Owns: series of mysqld_exporter that are not worth their price.
// Promises: names that exist (test/evidence/metrics), each with the reason.
// Must not: drop what an alert, a recording rule or a dashboard asks for; a test holds that.

import type { DroppedMetrics } from "../../presets/metrics.js";

export const MYSQL_DROPS: readonly DroppedMetrics[] = [
  {
    regex: "mysql_global_variables_performance_schema_.+",
    reason: "sizes of the server's own instruments, which never change",
  },
  {
    regex: "mysql_global_status_(aria|wsrep|rocksdb|rpl|ssl|feature)_.+",
    reason: "storage engines, clusters and features that this server does not use",
  },
];
