// Owns: alerts of RabbitMQ: publishers that wait, members that miss each other, messages that nobody takes.
// Promises: numbers are those of the whole cluster: each member tells only of the queues that it leads.
// Must not: ask whether the server is there at all; src/stack/alerts/datastores.ts does.

import { type Alert, promql, type Scope } from "../../alerts/scope.js";

export function rabbitmqAlerts(scope: Scope): readonly Alert[] {
  return [...resources(scope), ...members(scope), ...messages(scope)];
}

function resources({ inNamespace }: Scope): Alert[] {
  const of = "by (namespace, service)";
  return [
    {
      name: "RabbitmqMemoryAlarm",
      severity: "page",
      for: "1m",
      expr: `max ${of} (rabbitmq_alarms_memory_used_watermark{${inNamespace}}) == 1`,
      summary: "{{ $labels.service }} makes publishers wait: memory is short",
      description:
        "A member of {{ $labels.service }} has been above its memory watermark for a minute: nothing is published anywhere in the cluster.",
    },
    {
      name: "RabbitmqDiskAlarm",
      severity: "page",
      for: "1m",
      expr: `max ${of} (rabbitmq_alarms_free_disk_space_watermark{${inNamespace}}) == 1`,
      summary: "{{ $labels.service }} makes publishers wait: its disk is nearly full",
      description:
        "A member of {{ $labels.service }} has had too little free disk for a minute: nothing is published anywhere in the cluster.",
    },
    {
      name: "RabbitmqMemoryHigh",
      severity: "ticket",
      for: "10m",
      expr: promql`
        max ${of} (
          rabbitmq_process_resident_memory_bytes{${inNamespace}}
          / (rabbitmq_resident_memory_limit_bytes{${inNamespace}} > 0)
        ) > 0.85`,
      summary: "{{ $labels.service }} is near its memory watermark",
      description:
        "A member of {{ $labels.service }} has used {{ $value | humanizePercentage }} of its watermark for ten minutes. Above it publishers wait.",
    },
  ];
}

function members({ inNamespace }: Scope): Alert[] {
  return [
    {
      name: "RabbitmqPeerUnreachable",
      severity: "page",
      for: "5m",
      expr: `max by (namespace, service) (rabbitmq_unreachable_cluster_peers_count{${inNamespace}}) > 0`,
      summary: "{{ $labels.service }} misses a member",
      description:
        "A member of {{ $labels.service }} has not reached {{ $value }} others for five minutes: with one more gone its queues stand still.",
    },
  ];
}

function messages({ inNamespace }: Scope): Alert[] {
  const sum = (metric: string) => `sum by (namespace, service) (${metric}{${inNamespace}})`;
  const growing = (metric: string) => promql`
        ${sum(metric)} > 1000
        and
        ${sum(metric)} > 1.5 * ${sum(metric).replace("})", "} offset 30m)")}`;
  return [
    {
      name: "RabbitmqNoConsumers",
      severity: "ticket",
      for: "10m",
      expr: promql`
        ${sum("rabbitmq_queue_messages_ready")} > 0
        and
        ${sum("rabbitmq_queue_consumers")} == 0`,
      summary: "Nobody consumes from {{ $labels.service }}",
      description:
        "{{ $value | humanize }} messages have waited in {{ $labels.service }} for ten minutes, and no queue has a consumer.",
    },
    {
      name: "RabbitmqBacklogGrowing",
      severity: "ticket",
      for: "15m",
      expr: growing("rabbitmq_queue_messages_ready"),
      summary: "{{ $labels.service }} fills faster than it empties",
      description:
        "{{ $value | humanize }} messages wait in {{ $labels.service }}, half as many again as half an hour ago.",
    },
    {
      name: "RabbitmqUnackedGrowing",
      severity: "ticket",
      for: "15m",
      expr: growing("rabbitmq_queue_messages_unacked"),
      summary: "Consumers of {{ $labels.service }} take messages and do not acknowledge them",
      description:
        "{{ $value | humanize }} messages of {{ $labels.service }} are delivered and not acknowledged, half as many again as half an hour ago.",
    },
    {
      name: "RabbitmqMessagesUnroutable",
      severity: "ticket",
      for: undefined,
      expr: promql`
        sum by (namespace, service) (
          increase(rabbitmq_global_messages_unroutable_dropped_total{${inNamespace}}[10m])
          + increase(rabbitmq_global_messages_unroutable_returned_total{${inNamespace}}[10m])
        ) > 0`,
      summary: "Messages to {{ $labels.service }} reach no queue",
      description:
        "In ten minutes {{ $value | humanize }} messages were published to {{ $labels.service }} that no queue was bound for. Dropped ones are lost.",
    },
  ];
}
