// Owns: the dashboard of RabbitMQ.
// Promises: metrics of rabbitmq_prometheus; sums over the members, since each tells of the queues that it leads.
// Must not: know a stack.

import { badBelow, badFrom, type Dashboard, INSTANCE, JOB, stat, timeseries } from "../dashboard.js";

const OF = 'namespace="$namespace", job=~"$job", instance=~"$instance"';

export function rabbitmq(engine: string, name: string): Dashboard {
  return {
    name: engine,
    title: name,
    description: `Members, alarms, queues, messages and connections of ${name}.`,
    variables: [JOB, INSTANCE],
    panels: [...status(), ...messages(), ...resources()],
  };
}

function status() {
  return [
    stat(
      "Members",
      "Members that answer Prometheus.",
      "short",
      `count(rabbitmq_build_info{${OF}})`,
      badBelow(1),
    ),
    stat(
      "Unreachable",
      "Most members that one of them does not reach.",
      "short",
      `max(rabbitmq_unreachable_cluster_peers_count{${OF}})`,
      badFrom(1),
    ),
    stat(
      "Alarms",
      "Members with a memory or disk alarm: publishers wait everywhere.",
      "short",
      `sum(rabbitmq_alarms_memory_used_watermark{${OF}}) + sum(rabbitmq_alarms_free_disk_space_watermark{${OF}})`,
      badFrom(1),
    ),
    stat(
      "Waiting",
      "Messages that wait for a consumer.",
      "short",
      `sum(rabbitmq_queue_messages_ready{${OF}})`,
      [],
    ),
    stat(
      "Consumers",
      "Consumers of all queues.",
      "short",
      `sum(rabbitmq_queue_consumers{${OF}})`,
      badBelow(1),
    ),
    stat(
      "Unroutable in 1 h",
      "Messages that no queue was bound for.",
      "short",
      `sum(increase(rabbitmq_global_messages_unroutable_dropped_total{${OF}}[1h])) + sum(increase(rabbitmq_global_messages_unroutable_returned_total{${OF}}[1h]))`,
      badFrom(1),
    ),
  ];
}

function messages() {
  const rate = (metric: string) => `sum(rate(${metric}{${OF}}[$__rate_interval]))`;
  return [
    timeseries(
      "Messages in queues",
      "Those that wait, and those that are delivered and not acknowledged.",
      "short",
      [
        [`sum(rabbitmq_queue_messages_ready{${OF}})`, "waiting"],
        [`sum(rabbitmq_queue_messages_unacked{${OF}})`, "not acknowledged"],
      ],
    ),
    timeseries(
      "Published and acknowledged",
      "Messages a second that come in, and that consumers are done with.",
      "ops",
      [
        [rate("rabbitmq_global_messages_received_total"), "published"],
        [rate("rabbitmq_global_messages_acknowledged_total"), "acknowledged"],
      ],
    ),
    timeseries(
      "Redelivered",
      "Messages a second that were given to a consumer again: it failed, or went away.",
      "ops",
      [[rate("rabbitmq_global_messages_redelivered_total"), "redelivered"]],
    ),
    timeseries(
      "Dead letters",
      "Messages a second that were rejected, expired, or delivered too often.",
      "ops",
      [
        [rate("rabbitmq_global_messages_dead_lettered_rejected_total"), "rejected"],
        [rate("rabbitmq_global_messages_dead_lettered_expired_total"), "expired"],
        [rate("rabbitmq_global_messages_dead_lettered_delivery_limit_total"), "delivered too often"],
      ],
    ),
  ];
}

function resources() {
  return [
    timeseries("Memory", "What each member uses, and the watermark above which publishers wait.", "bytes", [
      [`rabbitmq_process_resident_memory_bytes{${OF}}`, "{{instance}} used"],
      [`rabbitmq_resident_memory_limit_bytes{${OF}}`, "{{instance}} watermark"],
    ]),
    timeseries("Free disk", "What is left, and the least that must be left.", "bytes", [
      [`rabbitmq_disk_space_available_bytes{${OF}}`, "{{instance}} free"],
      [`rabbitmq_disk_space_available_limit_bytes{${OF}}`, "{{instance}} limit"],
    ]),
    timeseries(
      "Connections and channels",
      "A channel per connection and thread is usual; many more are a leak.",
      "short",
      [
        [`sum(rabbitmq_connections{${OF}})`, "connections"],
        [`sum(rabbitmq_channels{${OF}})`, "channels"],
      ],
    ),
    timeseries("Connections opened", "Connections a second: clients should keep theirs.", "ops", [
      [`sum(rate(rabbitmq_connections_opened_total{${OF}}[$__rate_interval]))`, "opened"],
    ]),
  ];
}
