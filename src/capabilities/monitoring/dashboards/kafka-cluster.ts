// Owns: the dashboard of Kafka clusters that Strimzi runs.
// Promises: metrics that the cluster's own metrics.yaml lets through, and those of Strimzi's exporter.
// Must not: know a stack.

import { badBelow, badFrom, type Dashboard, INSTANCE, JOB, stat, timeseries } from "../dashboard.js";

const OF = 'namespace="$namespace", job=~"$job", instance=~"$instance"';
const RATE = "[$__rate_interval]";
const perTopic = (metric: string) => `sum by (topic) (rate(${metric}{${OF}}${RATE}))`;

export function kafkaCluster(engine: string, name: string): Dashboard {
  return {
    name: engine,
    title: name,
    description: "Brokers, partitions, traffic by topic, and how far consumers are behind.",
    variables: [JOB, INSTANCE],
    panels: [
      stat(
        "Brokers",
        "Brokers that answer.",
        "short",
        `count(kafka_server_replicamanager_leadercount{${OF}})`,
        badBelow(1),
      ),
      stat(
        "Active controllers",
        "One, always.",
        "short",
        `sum(kafka_controller_kafkacontroller_activecontrollercount{${OF}})`,
        badBelow(1),
      ),
      stat(
        "Offline partitions",
        "Partitions without a leader: neither written nor read.",
        "short",
        `max(kafka_controller_kafkacontroller_offlinepartitionscount{${OF}})`,
        badFrom(1),
      ),
      stat(
        "Read-only partitions",
        "Partitions with fewer copies in sync than writes need.",
        "short",
        `sum(kafka_server_replicamanager_underminisrpartitioncount{${OF}})`,
        badFrom(1),
      ),
      timeseries("Partitions that lack copies", "By broker that leads them.", "short", [
        [`sum by (pod) (kafka_server_replicamanager_underreplicatedpartitions{${OF}})`, "{{pod}}"],
      ]),
      timeseries("Partitions", "Copies that each broker holds.", "short", [
        [`sum by (pod) (kafka_server_replicamanager_partitioncount{${OF}})`, "{{pod}}"],
      ]),
      timeseries("Records", "Records a second, by topic.", "ops", [
        [perTopic("kafka_server_brokertopicmetrics_messagesin_total"), "{{topic}}"],
      ]),
      timeseries("Traffic", "Bytes a second, in and out.", "Bps", [
        [perTopic("kafka_server_brokertopicmetrics_bytesin_total"), "{{topic}} in"],
        [perTopic("kafka_server_brokertopicmetrics_bytesout_total"), "{{topic}} out"],
      ]),
      timeseries("Consumers", "Records that each group still has before it.", "short", [
        [
          `sum by (consumergroup, topic) (kafka_consumergroup_lag{${OF}} > 0)`,
          "{{consumergroup}}: {{topic}}",
        ],
      ]),
    ],
  };
}
