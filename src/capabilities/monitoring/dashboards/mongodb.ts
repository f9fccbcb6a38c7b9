// Owns: the dashboard of MongoDB.
// Promises: metrics of Percona's mongodb_exporter.
// Must not: know a stack.

import { badBelow, badFrom, type Dashboard, INSTANCE, JOB, stat, timeseries } from "../dashboard.js";

const OF = 'namespace="$namespace", job=~"$job", instance=~"$instance"';

export function mongodb(engine: string, name: string): Dashboard {
  return {
    name: engine,
    title: name,
    description: `Availability, operations, connections and cache of ${name}.`,
    variables: [JOB, INSTANCE],
    panels: [...status(name), ...load(), ...storage()],
  };
}

function status(name: string) {
  return [
    stat("Up", `1 where ${name} answers its exporter.`, "short", `min(mongodb_up{${OF}})`, badBelow(1)),
    stat(
      "Running for",
      "Time since the server started.",
      "s",
      `min(mongodb_ss_uptime{${OF}})`,
      badBelow(300),
    ),
    stat(
      "Connections used",
      "Share of the connections that the server takes.",
      "percentunit",
      `max(mongodb_ss_connections{${OF}, conn_type="current"}) / (max(mongodb_ss_connections{${OF}, conn_type="current"}) + max(mongodb_ss_connections{${OF}, conn_type="available"}))`,
      badFrom(0.8),
    ),
    stat(
      "Waiting",
      "Operations that wait for a lock.",
      "short",
      `max(mongodb_ss_globalLock_currentQueue{${OF}, count_type="total"})`,
      badFrom(20),
    ),
  ];
}

function load() {
  return [
    timeseries("Operations", "Operations a second, by kind.", "ops", [
      [
        `sum by (legacy_op_type) (rate(mongodb_ss_opcounters{${OF}}[$__rate_interval]))`,
        "{{legacy_op_type}}",
      ],
    ]),
    timeseries("Connections", "Connections that are open.", "short", [
      [`mongodb_ss_connections{${OF}, conn_type="current"}`, "{{instance}}"],
    ]),
    timeseries(
      "Cursors",
      "Cursors that are open; those without a timeout stay until they are closed.",
      "short",
      [[`mongodb_ss_metrics_cursor_open{${OF}}`, "{{instance}} {{csr_type}}"]],
    ),
    timeseries(
      "Assertions",
      "Errors a second, by kind: user means that clients ask for what cannot be.",
      "ops",
      [[`sum by (assert_type) (rate(mongodb_ss_asserts{${OF}}[$__rate_interval]))`, "{{assert_type}}"]],
    ),
  ];
}

function storage() {
  return [
    timeseries("Cache", "What is in the cache, what of it waits to be written, and its size.", "bytes", [
      [`mongodb_ss_wt_cache_bytes_currently_in_the_cache{${OF}}`, "{{instance}} used"],
      [`mongodb_ss_wt_cache_tracked_dirty_bytes_in_the_cache{${OF}}`, "{{instance}} dirty"],
      [`mongodb_ss_wt_cache_maximum_bytes_configured{${OF}}`, "{{instance}} size"],
    ]),
    timeseries("Memory of the process", "Resident memory; the cache is a part of it.", "decmbytes", [
      [`mongodb_ss_mem_resident{${OF}}`, "{{instance}}"],
    ]),
  ];
}
