// Owns: Kafka by Strimzi: a cluster of node pools, a user for each service, and how services log in.
// Promises: acknowledged records are on two brokers wherever there are three; requests equal limits; volumes outlive the cluster.
// Must not: render.

import type { Resources } from "../../container.js";
import { seconds } from "../../quantity.js";
import type { EngineInput } from "../engine.js";
import type { EngineOperator, OperatorInput, OperatorObject } from "../engine-operator.js";
import { strimziAlerts } from "./alerts.js";
import { strimziRecordings } from "./recordings.js";

const API = "kafka.strimzi.io/v1";

/** Strimzi docs, "Labels": on every pod of a cluster, those of the entity operator and of the exporter included. */
const members = ({ name }: Pick<EngineInput, "name">) => ({ "strimzi.io/cluster": name });

/** Strimzi docs, "Network policies": state among controllers, replication (with operators and exporter), the node's agent. */
const PORTS = { state: 9090, replication: 9091, agent: 8443, metrics: 9404 } as const;

function same(cpu: string, memory: string): Resources {
  const amounts = { cpu, memory, ephemeralStorage: "256Mi" };
  return { requests: amounts, limits: amounts };
}

/** Each half of the entity operator, which makes topics and users. */
const ENTITY_OPERATOR = same("200m", "384Mi");
const EXPORTER = same("100m", "128Mi");
/** A controller holds a log of the cluster's state, and no records. */
const CONTROLLER = same("500m", "1Gi");
const CONTROLLER_STORAGE = "10Gi";

/** Newest of each minor version that Strimzi 1.2.0 runs (its kafka-versions.yaml). */
const NEWEST: Readonly<Record<string, string>> = { "4.2": "4.2.1", "4.3": "4.3.1" };

/** Strimzi wants all three numbers. */
function exactVersion(version: string): string {
  const numbers = version.split(".");
  return NEWEST[version] ?? [...numbers, "0", "0"].slice(0, 3).join(".");
}

/** Settings that have to fit the number of brokers: more copies than brokers, and no topic could be made. */
function settingsOf(brokers: number, isOpen: boolean): Readonly<Record<string, number | boolean>> {
  const copies = Math.min(3, brokers);
  const inSync = copies === 3 ? 2 : 1;
  return {
    "auto.create.topics.enable": isOpen,
    "default.replication.factor": copies,
    "min.insync.replicas": inSync,
    "offsets.topic.replication.factor": copies,
    "share.coordinator.state.topic.min.isr": inSync,
    "share.coordinator.state.topic.replication.factor": copies,
    "transaction.state.log.min.isr": inSync,
    "transaction.state.log.replication.factor": copies,
    "unclean.leader.election.enable": false,
  };
}

function clientsMakeTopics({ topics }: OperatorInput): boolean {
  return Object.keys(topics).length === 0;
}

function cluster(input: OperatorInput): OperatorObject {
  const { name, replicas, version } = input;
  return {
    apiVersion: API,
    kind: "Kafka",
    name,
    fileName: "kafka.yaml",
    template: "engines/kafka/kafka.yaml",
    patch: "engines/kafka/kafka.patch.yaml",
    view: {
      datastore: name,
      version: exactVersion(version),
      spread: replicas > 1,
      members: members(input),
      config: settingsOf(replicas, clientsMakeTopics(input)),
      metrics: metricsName(name),
      entityOperator: ENTITY_OPERATOR,
      exporter: EXPORTER,
    },
    about: {
      what: `The Kafka cluster ${name}: ${replicas} broker${replicas === 1 ? "" : "s"} by Strimzi.`,
      why: "One broker that is lost loses no acknowledged record where there are three; Argo CD never deletes it.",
      standard: "Strimzi docs, Kafka schema reference (kafka.strimzi.io/v1)",
    },
  };
}

type Pool = Pick<OperatorInput, "resources" | "storage" | "replicas"> & {
  readonly role: "broker" | "controller";
  readonly roles: readonly string[];
  /** Numbers from which Strimzi takes those of new nodes. */
  readonly ids: string;
};

function poolsOf({ replicas, controllers, resources, storage }: OperatorInput): Pool[] {
  const separate = controllers > 0;
  const roles = separate ? ["broker"] : ["controller", "broker"];
  return [
    { role: "broker", roles, ids: "[0-99]", replicas, resources, storage },
    ...(separate
      ? [
          {
            role: "controller" as const,
            roles: ["controller"],
            ids: "[100-199]",
            replicas: controllers,
            resources: CONTROLLER,
            storage: CONTROLLER_STORAGE,
          },
        ]
      : []),
  ];
}

function pool({ name, storageClass }: OperatorInput, own: Pool): OperatorObject {
  const full = `${name}-${own.role}`;
  return {
    apiVersion: API,
    kind: "KafkaNodePool",
    name: full,
    fileName: `${own.role}s.yaml`,
    template: "engines/kafka/node-pool.yaml",
    patch: "engines/kafka/node-pool.patch.yaml",
    view: {
      ...own,
      datastore: name,
      holdsState: own.roles.includes("controller"),
      spread: own.replicas > 1,
      poolLabels: { "strimzi.io/cluster": name, "strimzi.io/pool-name": full },
      storageClass,
    },
    about: {
      what: `The ${own.role}s of ${name}: ${own.replicas}, as ${own.roles.join(" and ")}.`,
      why: "Volumes, amounts and zones belong to nodes; they stay when the cluster's object goes.",
      standard: "Strimzi docs, KafkaNodePool schema reference (kafka.strimzi.io/v1)",
    },
  };
}

const metricsName = (name: string) => `${name}-metrics`;

function metrics({ name }: OperatorInput): OperatorObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    name: metricsName(name),
    fileName: "metrics.yaml",
    template: "engines/kafka/metrics.yaml",
    // The same everywhere: only its labels can differ.
    patch: "engines/kafka/metrics.patch.yaml",
    view: { datastore: name },
    about: {
      what: `Which of the metrics of ${name} Prometheus gets.`,
      why: "A broker tells thousands of series a topic; those that no alert and no dashboard reads stay there.",
      standard: "Strimzi's example packaging/examples/metrics/kafka-metrics.yaml; Prometheus JMX exporter",
    },
  };
}

function userName(datastore: string, client: string): string {
  return `${datastore}-user-${client}`;
}

/** Partitions of a topic where nobody says: three consumers can share the work. */
const PARTITIONS = 3;

function topic(datastore: string, [name, given]: [string, OperatorInput["topics"][string]]): OperatorObject {
  return {
    apiVersion: API,
    kind: "KafkaTopic",
    name: `${datastore}-topic-${name}`,
    fileName: `topic-${name}.yaml`,
    template: "engines/kafka/topic.yaml",
    patch: "engines/kafka/topic.patch.yaml",
    view: {
      datastore,
      topic: name,
      partitions: given.partitions ?? PARTITIONS,
      hasConfig: given.retention !== undefined || given.compact === true,
      retentionMs: given.retention === undefined ? undefined : seconds(given.retention) * 1000,
      compact: given.compact ?? false,
    },
    about: {
      what: `The topic ${name} of ${datastore}.`,
      why: "Its partitions are decided in git; its records go with it, so that Argo CD never deletes it.",
      standard: "Strimzi docs, KafkaTopic schema reference (kafka.strimzi.io/v1)",
    },
  };
}

function user(input: OperatorInput, client: string): OperatorObject {
  const { name } = input;
  return {
    apiVersion: API,
    kind: "KafkaUser",
    name: userName(name, client),
    fileName: `user-${client}.yaml`,
    template: "engines/kafka/user.yaml",
    patch: "engines/kafka/user.patch.yaml",
    view: { datastore: name, client, makesTopics: clientsMakeTopics(input) },
    about: {
      what: `The user as whom ${client} logs in to ${name}.`,
      why: "Strimzi makes its password, and the secret of the same name; each service can be shut out alone.",
      standard: "Strimzi docs, KafkaUser schema reference (kafka.strimzi.io/v1)",
    },
  };
}

function nodesFault({
  members: brokers,
  controllers,
}: Parameters<NonNullable<EngineOperator["refuses"]>>[0]) {
  const expected = "an odd number: of an even one, no more may be lost than of one less";
  if (controllers !== undefined && controllers > 0 && controllers % 2 === 0)
    return { field: "controllers", message: `${controllers} controllers hold the state`, expected };
  // Where nobody says, the tier may bring controllers of their own.
  if (controllers === 0 && brokers !== undefined && brokers % 2 === 0)
    return {
      field: "replicas",
      message: `${brokers} members hold the state as well as records`,
      expected: `${expected}; or controllers: 3`,
    };
  return undefined;
}

export const strimzi: EngineOperator = {
  summary: "Strimzi",
  namespace: "strimzi",
  labels: { "strimzi.io/kind": "cluster-operator" },
  // Its image belongs to the operator's own version: it knows one for each version of Kafka.
  image: undefined,
  tagOf: (version) => version,
  objects: (input) => [
    cluster(input),
    ...poolsOf(input).map((own) => pool(input, own)),
    metrics(input),
    ...Object.entries(input.topics)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map((entry) => topic(input.name, entry)),
    ...input.clients.map((client) => user(input, client)),
  ],
  members,
  first: (name) => ({
    pod: `${name}-${name}-broker-0`,
    container: "kafka",
    claim: `data-0-${name}-${name}-broker-0`,
    dataPath: "/var/lib/kafka/data-0",
  }),
  // Bootstrap and headless Service; the entity operator and the exporter, whose Deployments may surge by one.
  extra: ({ controllers }) => ({
    services: 2,
    pods: [
      { count: 2, resources: [ENTITY_OPERATOR, ENTITY_OPERATOR] },
      { count: 2, resources: [EXPORTER] },
      ...(controllers > 0
        ? [{ count: controllers, resources: [CONTROLLER], storage: CONTROLLER_STORAGE }]
        : []),
    ],
  }),
  sidecar: () => undefined,
  traffic: () => [
    {
      direction: "ingress",
      reason: "the operator asks for the state and rolls one node after the other",
      peer: "operator",
      ports: [PORTS.state, PORTS.replication, PORTS.agent],
    },
    {
      direction: "ingress",
      reason: "state and replication between nodes; topics, users and lag",
      peer: "members",
      ports: [PORTS.state, PORTS.replication],
    },
    {
      direction: "egress",
      reason: "state and replication between nodes; topics, users and lag",
      peer: "members",
      ports: [PORTS.state, PORTS.replication],
    },
    {
      direction: "egress",
      reason: "topics and users are objects; a node reads its zone",
      peer: "api-server",
      ports: [443, 6443],
    },
  ],
  // The same named port on nodes and exporter.
  metrics: { port: "tcp-prometheus", number: PORTS.metrics, path: "/metrics" },
  replicas: { development: 1, staging: 3, production: 3 },
  controllers: { development: 0, staging: 0, production: 3 },
  hasTls: true,
  connection: ({ name, host, port }, client) => {
    // Strimzi docs, "User authentication": keys of the secret of a user with scram-sha-512, and of the cluster's authority.
    const secret = userName(name, client);
    return {
      host,
      port: String(port),
      servers: `${host}:${port}`,
      username: secret,
      password: { secret, key: "password" },
      tls: "true",
      securityProtocol: "SASL_SSL",
      saslMechanism: "SCRAM-SHA-512",
      jaasConfig: { secret, key: "sasl.jaas.config" },
      truststoreType: "PEM",
      ca: { secret: `${name}-cluster-ca-cert`, key: "ca.crt" },
    };
  },
  // NAME-NAME-controller-100 within 63 characters.
  longestName: 23,
  refuses: nodesFault,
  noBackup:
    "none: a log has no dump. Every record is on as many brokers as its topic has replicas; what is needed longer than that, a consumer writes elsewhere",
  rotation: ({ name }) => [
    `Each service has a password of its own, which Strimzi makes; nobody has to know it. For a new one: \`kubectl -n "$NS" delete secret ${userName(name, "SERVICE")}\`; Strimzi makes the secret anew within two minutes, and the brokers know it at once.`,
    "Open connections stay. New ones with the old password fail until the service has restarted: restart it at once, where Reloader does not.",
    `The authority in \`${name}-cluster-ca-cert\` is renewed by Strimzi thirty days before its end, and the brokers are rolled. Clients have it as a variable: they must restart within those thirty days, by Reloader or with the next release.`,
  ],
  asks: "It watches this namespace (`watchAnyNamespace`), may make ClusterRoleBindings, and runs with `generateNetworkPolicy: false`: its own policies would let every pod read the metrics. Nodes have the label `topology.kubernetes.io/zone`",
  needsOwnerSecret: false,
  backsUp: false,
  monitoring: {
    up: "kafka_controller_kafkacontroller_activecontrollercount",
    recordings: strimziRecordings,
    alerts: strimziAlerts,
    drops: [],
  },
  imageFields: [],
};
