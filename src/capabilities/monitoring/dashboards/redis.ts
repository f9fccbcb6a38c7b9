// Owns: the dashboard of Redis and Valkey.
// Promises: metrics of redis_exporter, which reads both.
// Must not: know a stack.

import { badBelow, badFrom, type Dashboard, INSTANCE, JOB, stat, timeseries } from "../dashboard.js";

const OF = 'namespace="$namespace", job=~"$job", instance=~"$instance"';
export function redisLike(engine: string, name: string): Dashboard {
  return {
    name: engine,
    title: name,
    description: `Availability, memory, commands, clients and persistence of ${name}.`,
    variables: [JOB, INSTANCE],
    panels: [...status(name), ...load(), ...memory(), ...persistence()],
  };
}

function status(name: string) {
  return [
    stat("Up", `1 where ${name} answers its exporter.`, "short", `min(redis_up{${OF}})`, badBelow(1)),
    stat(
      "Running for",
      "Time since the server started.",
      "s",
      `min(redis_uptime_in_seconds{${OF}})`,
      badBelow(300),
    ),
    stat(
      "Memory used",
      "Share of maxmemory that is used; a store refuses writes when it is full.",
      "percentunit",
      `max(redis_memory_used_bytes{${OF}} / (redis_memory_max_bytes{${OF}} > 0))`,
      badFrom(0.85),
    ),
    stat(
      "Connections used",
      "Share of the connections that the server takes.",
      "percentunit",
      `max(redis_connected_clients{${OF}} / redis_config_maxclients{${OF}})`,
      badFrom(0.8),
    ),
    stat("Keys", "Keys in all databases.", "short", `sum(redis_db_keys{${OF}})`, []),
    stat(
      "Rejected in 1 h",
      "Connections that were refused, since too many were open.",
      "short",
      `sum(increase(redis_rejected_connections_total{${OF}}[1h]))`,
      badFrom(1),
    ),
  ];
}

function load() {
  return [
    timeseries("Commands", "Commands a second, by name.", "ops", [
      [`topk(10, sum by (cmd) (rate(redis_commands_total{${OF}}[$__rate_interval])))`, "{{cmd}}"],
    ]),
    timeseries("Time per command", "Mean time of a command, by name.", "s", [
      [
        `topk(10, sum by (cmd) (rate(redis_commands_duration_seconds_total{${OF}}[$__rate_interval])) / sum by (cmd) (rate(redis_commands_total{${OF}}[$__rate_interval])))`,
        "{{cmd}}",
      ],
    ]),
    timeseries(
      "Hits",
      "Share of the lookups that found their key.",
      "percentunit",
      [
        [
          `sum by (job) (rate(redis_keyspace_hits_total{${OF}}[$__rate_interval])) / (sum by (job) (rate(redis_keyspace_hits_total{${OF}}[$__rate_interval])) + sum by (job) (rate(redis_keyspace_misses_total{${OF}}[$__rate_interval])))`,
          "{{job}}",
        ],
      ],
      { max: 1 },
    ),
    timeseries(
      "Errors",
      "Error replies a second, by kind: OOM means full memory, MISCONF a disk that cannot be written.",
      "ops",
      [[`sum by (err) (rate(redis_errors_total{${OF}}[$__rate_interval]))`, "{{err}}"]],
    ),
    timeseries("Clients", "Connections that are open, and those that wait for a blocking command.", "short", [
      [`redis_connected_clients{${OF}}`, "{{instance}} open"],
      [`redis_blocked_clients{${OF}}`, "{{instance}} blocked"],
    ]),
    timeseries("Network", "Bytes a second in and out.", "Bps", [
      [`rate(redis_net_input_bytes_total{${OF}}[$__rate_interval])`, "{{instance}} in"],
      [`rate(redis_net_output_bytes_total{${OF}}[$__rate_interval])`, "{{instance}} out"],
    ]),
  ];
}

function memory() {
  return [
    timeseries(
      "Memory",
      "What data takes, what the process takes in all, and the most that data may take.",
      "bytes",
      [
        [`redis_memory_used_bytes{${OF}}`, "{{instance}} data"],
        [`redis_memory_used_rss_bytes{${OF}}`, "{{instance}} process"],
        [`redis_memory_max_bytes{${OF}}`, "{{instance}} maxmemory"],
      ],
    ),
    timeseries(
      "Evicted and expired keys",
      "Keys a second that left by themselves. Evictions in a store are data loss.",
      "ops",
      [
        [`rate(redis_evicted_keys_total{${OF}}[$__rate_interval])`, "{{instance}} evicted"],
        [`rate(redis_expired_keys_total{${OF}}[$__rate_interval])`, "{{instance}} expired"],
      ],
    ),
  ];
}

function persistence() {
  return [
    timeseries(
      "Last snapshot and log write",
      "1 where the last snapshot (RDB) and the last write of the log (AOF) succeeded.",
      "short",
      [
        [`redis_rdb_last_bgsave_status{${OF}}`, "{{instance}} RDB"],
        [`redis_aof_last_write_status{${OF}}`, "{{instance}} AOF"],
      ],
      { max: 1 },
    ),
    timeseries("Changes since the last snapshot", "What only the log holds so far.", "short", [
      [`redis_rdb_changes_since_last_save{${OF}}`, "{{instance}}"],
    ]),
  ];
}
