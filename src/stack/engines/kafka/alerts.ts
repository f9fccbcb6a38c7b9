// Owns: alerts of Kafka clusters by Strimzi: brokers, partitions without leader or copies, disks, consumers that fall behind.
// Promises: numbers are those of a whole cluster; one broker that restarts wakes nobody up.
// Must not: ask whether any node is there at all; src/stack/alerts/datastores.ts does.

import { type Alert, promql, type Scope } from "../../alerts/scope.js";

const BY = "by (namespace, service)";

export function strimziAlerts(scope: Scope): readonly Alert[] {
  return [...nodes(scope), ...partitions(scope), ...consumers(scope)];
}

function nodes({ inNamespace }: Scope): Alert[] {
  return [
    {
      name: "KafkaControllerMissing",
      severity: "page",
      for: "5m",
      expr: `sum ${BY} (kafka_controller_kafkacontroller_activecontrollercount{${inNamespace}}) != 1`,
      summary: "{{ $labels.service }} has no controller, or more than one",
      description:
        "{{ $value }} nodes of {{ $labels.service }} have called themselves the active controller for five minutes: no partition gets a new leader, no topic can be made.",
    },
    {
      name: "KafkaMemberDown",
      severity: "ticket",
      for: "10m",
      expr: promql`
        count ${BY} (kafka_server_replicamanager_leadercount{${inNamespace}})
        < on (namespace, service) max ${BY} (datastore:members:objective{${inNamespace}})`,
      summary: "{{ $labels.service }} lacks a broker",
      description:
        "Only {{ $value }} brokers of {{ $labels.service }} have answered for ten minutes: what they held has fewer copies, and one more may make topics refuse writes.",
    },
    {
      name: "KafkaDiskOffline",
      severity: "page",
      for: "1m",
      expr: `max by (namespace, service, pod) (kafka_log_logmanager_offlinelogdirectorycount{${inNamespace}}) > 0`,
      summary: "{{ $labels.pod }} has given up its disk",
      description:
        "{{ $labels.pod }} of {{ $labels.service }} could not read or write its volume and no longer uses it.",
    },
  ];
}

function partitions({ inNamespace }: Scope): Alert[] {
  return [
    {
      name: "KafkaPartitionsOffline",
      severity: "page",
      for: "2m",
      expr: `max ${BY} (kafka_controller_kafkacontroller_offlinepartitionscount{${inNamespace}}) > 0`,
      summary: "Partitions of {{ $labels.service }} have no leader",
      description:
        "{{ $value }} partitions of {{ $labels.service }} have had no leader for two minutes: they can be neither written nor read.",
    },
    {
      name: "KafkaPartitionsReadOnly",
      severity: "page",
      for: "5m",
      expr: `sum ${BY} (kafka_server_replicamanager_underminisrpartitioncount{${inNamespace}}) > 0`,
      summary: "Partitions of {{ $labels.service }} refuse writes",
      description:
        "{{ $value }} partitions of {{ $labels.service }} have had fewer copies than `min.insync.replicas` for five minutes: producers that wait for all copies get errors.",
    },
    {
      name: "KafkaPartitionsUnderReplicated",
      severity: "ticket",
      for: "15m",
      expr: `sum ${BY} (kafka_server_replicamanager_underreplicatedpartitions{${inNamespace}}) > 0`,
      summary: "Partitions of {{ $labels.service }} lack copies",
      description:
        "{{ $value }} partitions of {{ $labels.service }} have had fewer copies than they should for fifteen minutes.",
    },
  ];
}

function consumers({ inNamespace }: Scope): Alert[] {
  return [
    {
      name: "KafkaConsumerFallingBehind",
      severity: "ticket",
      for: "15m",
      expr: promql`
        datastore:consumer_lag:sum{${inNamespace}} > 1000
        and delta(datastore:consumer_lag:sum{${inNamespace}}[15m]) > 0`,
      summary: "{{ $labels.consumergroup }} falls behind in {{ $labels.topic }}",
      description:
        "{{ $labels.consumergroup }} has {{ $value | humanize }} records of {{ $labels.topic }} in {{ $labels.service }} before it, and more every minute.",
    },
  ];
}
