// Owns: for every alert of Kafka clusters, series on which it must fire and series on which it must keep quiet.
// Promises: plain data for the stack BROKERS, whose cluster `log` has three brokers and three controllers.
// Must not: know how the rules are written.
import type { AlertCases, Series } from "./alert-cases.js";

/** A series of one node of the cluster. */
function of(node: string, metric: string, values: string, labels = ""): Series {
  return {
    series: `${metric}{namespace="shop",service="log",job="log",pod="log-log-${node}"${labels}}`,
    values,
  };
}

const fires = (why: string, series: readonly Series[], at = "50m") => ({
  why,
  series,
  at,
  labels: [{ service: "log" }],
});
const quiet = (why: string, series: readonly Series[], at = "50m") => ({ why, series, at });

const CONTROLLERS = ["controller-100", "controller-101", "controller-102"];
const BROKERS = ["broker-0", "broker-1", "broker-2"];
const active = (...values: string[]) =>
  values.map((value, index) =>
    of(CONTROLLERS[index] ?? "", "kafka_controller_kafkacontroller_activecontrollercount", value),
  );
const offline = (values: string) =>
  CONTROLLERS.map((node) => of(node, "kafka_controller_kafkacontroller_offlinepartitionscount", values));
const onBrokers = (metric: string, ...values: string[]) =>
  values.map((value, index) => of(BROKERS[index] ?? "", metric, value));
const lag = (values: string) =>
  [0, 1].map((partition) =>
    of(
      "kafka-exporter",
      "kafka_consumergroup_lag",
      values,
      `,consumergroup="worker",topic="orders",partition="${partition}"`,
    ),
  );

const LEADERS = "kafka_server_replicamanager_leadercount";
const READ_ONLY = "kafka_server_replicamanager_underminisrpartitioncount";
const LACKING = "kafka_server_replicamanager_underreplicatedpartitions";
const DISK = "kafka_log_logmanager_offlinelogdirectorycount";

export const KAFKA_CASES: Readonly<Record<string, AlertCases>> = {
  KafkaConsumerFallingBehind: {
    fires: [fires("more every minute", lag("0+100x60"))],
    quiet: [
      quiet("much, and less every minute", lag("9000-100x60")),
      quiet("a little, and it stays", lag("40x60")),
    ],
  },
  KafkaControllerMissing: {
    fires: [
      fires("none is active", active("0x60", "0x60", "0x60")),
      fires("two think they are", active("1x60", "1x60", "0x60")),
    ],
    quiet: [
      quiet("one is", active("0x60", "1x60", "0x60")),
      quiet("another one within two minutes", active("1x10 0x50", "0x12 1x48", "0x60")),
    ],
  },
  KafkaDiskOffline: {
    fires: [fires("one broker's", onBrokers(DISK, "0x60", "1x60", "0x60"))],
    quiet: [quiet("none", onBrokers(DISK, "0x60", "0x60", "0x60"))],
  },
  KafkaMemberDown: {
    fires: [fires("two of three", onBrokers(LEADERS, "5x60", "6x60"))],
    quiet: [
      quiet("all three", onBrokers(LEADERS, "5x60", "6x60", "4x60")),
      quiet("a restart of five minutes", onBrokers(LEADERS, "5x60", "6x60", "4x30 _x5 4x20")),
    ],
  },
  KafkaPartitionsOffline: {
    fires: [fires("three", offline("3x60"))],
    quiet: [quiet("none", offline("0x60")), quiet("for a minute", offline("0x40 3 0x20"))],
  },
  KafkaPartitionsReadOnly: {
    fires: [fires("led by one broker", onBrokers(READ_ONLY, "0x60", "4x60", "0x60"))],
    quiet: [quiet("none", onBrokers(READ_ONLY, "0x60", "0x60", "0x60"))],
  },
  KafkaPartitionsUnderReplicated: {
    fires: [fires("led by one broker", onBrokers(LACKING, "0x60", "7x60", "0x60"))],
    quiet: [
      quiet("none", onBrokers(LACKING, "0x60", "0x60", "0x60")),
      quiet("while a broker restarts", onBrokers(LACKING, "0x38 7x10 0x20", "0x60", "0x60")),
    ],
  },
};
