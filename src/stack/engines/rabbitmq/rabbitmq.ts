// Owns: RabbitMQ: one member, or three that form a cluster by their names.
// Promises: no member needs the Kubernetes API; users come from secrets at every start; publishers wait before memory or disk is full.
// Must not: alert; alerts.ts beside it does.

import { type Connection, type Engine, type EngineInput, type EngineServer, PASSWORD } from "../engine.js";
import { guaranteed } from "../guaranteed.js";
import { rabbitmqAlerts } from "./alerts.js";
import { RABBITMQ_DROPS } from "./drops.js";

const PORT = { name: "amqp", number: 5672 } as const;
/** Of the plugin rabbitmq_prometheus (RabbitMQ docs, Networking). */
const METRICS_PORT = 15692;
/** The port mapper, and the one on which members talk (RabbitMQ docs, Networking). */
const MEMBER_PORTS = [
  { name: "epmd", number: 4369 },
  { name: "clustering", number: 25672 },
] as const;

const names = (prefix: string) => ({
  host: `${prefix}_HOST`,
  port: `${prefix}_PORT`,
  username: `${prefix}_USERNAME`,
  password: `${prefix}_PASSWORD`,
});

const connection: Connection = {
  parts: ({ host, port, tls, username, database }) => ({
    host,
    port: String(port),
    username,
    password: PASSWORD,
    database,
    tls: String(tls),
    url: `${tls ? "amqps" : "amqp"}://${username}:${PASSWORD}@${host}:${port}/${database}`,
  }),
  variables: { ...names("RABBITMQ"), database: "RABBITMQ_VHOST", url: "RABBITMQ_URL" },
  byRuntime: {
    "spring-boot": {
      ...names("SPRING_RABBITMQ"),
      database: "SPRING_RABBITMQ_VIRTUAL_HOST",
      tls: "SPRING_RABBITMQ_SSL_ENABLED",
    },
  },
};

/** Free space below which publishers wait: as much as memory may hold (RabbitMQ docs, Production Checklist), but not most of a small volume. */
function diskFreeOf({ memoryBytes, storageBytes }: EngineInput): number {
  return Math.min(memoryBytes, Math.floor(storageBytes / 5));
}

function isCluster({ replicas }: EngineInput): boolean {
  return replicas > 1;
}

function server(input: EngineInput): EngineServer {
  return {
    command: ["sh", "/etc/rabbitmq/start.sh"],
    args: [],
    commandReason:
      "It writes the cookie and the user from the environment, so that they stand in no manifest, then becomes the server.",
    variables: [
      { name: "VIRTUAL_HOST", value: input.database },
      { name: "USERNAME", value: input.username },
      { name: "CLIENT_PASSWORD", credential: "password" },
      { name: "ERLANG_COOKIE", credential: "erlang-cookie" },
    ],
    dataPath: "/var/lib/rabbitmq",
    writable: { "/tmp": "64Mi" },
    probes: {
      startup: {
        command: ["rabbitmq-diagnostics", "-q", "check_running"],
        periodSeconds: 15,
        timeoutSeconds: 30,
        failureThreshold: 60,
        reason: "Reading many messages, or waiting for the other members, takes minutes.",
      },
      readiness: {
        command: undefined,
        periodSeconds: 10,
        timeoutSeconds: 5,
        failureThreshold: 3,
        reason:
          "The port opens when the server has started; a command would start an Erlang machine each time.",
      },
      liveness: {
        command: ["rabbitmq-diagnostics", "-q", "ping"],
        periodSeconds: 60,
        timeoutSeconds: 30,
        failureThreshold: 5,
        reason: "The command starts an Erlang machine, which takes seconds: seldom, and with patience.",
      },
    },
    // A single member has nobody to hand anything to.
    ...(isCluster(input) && { preStop: DRAIN }),
    graceSeconds: 240,
    graceReason: "Time to hand the queues' leaders to other members, and to write what is in memory.",
    startsTogether: true,
    memberPorts: MEMBER_PORTS,
  };
}

/** Waits until the others can do without this member, but not for ever, then moves its clients and leaders to them. */
const DRAIN = [
  "sh",
  "-c",
  "rabbitmq-upgrade await_online_quorum_plus_one -t 60; rabbitmq-upgrade drain --timeout 60",
];

const SYMPTOMS: Engine["symptoms"] = [
  {
    where: "client",
    says: "`ACCESS_REFUSED`",
    means: "the secret was rotated, and one side has not restarted",
  },
  {
    where: "client",
    says: "`PRECONDITION_FAILED - inequivalent arg`",
    means: "the queue is there with other arguments: delete it, or declare it as it is",
  },
  {
    where: "client",
    says: "publishing hangs, `connection.blocked`",
    means: "memory or disk is short: publishers wait, consumers go on",
    alert: "RabbitmqMemoryAlarm",
  },
  {
    where: "log",
    says: "`Waiting for Mnesia tables`, `Waiting for Khepri leader`",
    means: "it waits for the other members; all of them must start",
  },
  {
    where: "log",
    says: "`invalid challenge reply`, `Invalid cookie`",
    means: "the members have different cookies: the secret was rotated, and not all have restarted",
  },
];

export const rabbitmq: Engine = {
  summary: "RabbitMQ",
  family: "rabbitmq",
  modes: ["statefulset", "external"],
  defaults: {
    version: "4.3",
    role: "store",
    storage: "8Gi",
    ...guaranteed("500m", "1Gi"),
  },
  // A quorum queue survives the loss of a member only where there are three.
  tiers: { production: { replicas: 3 } },
  sizes: [1, 3, 5, 7],
  image: "rabbitmq",
  tagOf: (asked) => `${asked}-management-alpine`,
  user: 100,
  group: 101,
  port: PORT,
  tlsPort: 5671,
  client: "rabbitmqctl",
  check: () => "rabbitmq-diagnostics -q check_running && rabbitmq-diagnostics -q check_local_alarms",
  rotation: ({ username }) => [
    "The server imports its user and password from the secret whenever it starts, also on a volume that has data (where `RABBITMQ_DEFAULT_PASS` would change nothing). A restart of its members, one after the other, is enough.",
    `Sooner than the restart: \`EXEC 'rabbitmqctl change_password ${username} "NEW"'\`. Open connections stay; new ones need the new password.`,
    "`erlang-cookie` is what members know each other by: with several, change it and restart all of them at once; nothing is lost, and nothing is served meanwhile.",
  ],
  symptoms: SYMPTOMS,
  credentials: ["password", "erlang-cookie"],
  connection,
  server,
  configuration: (input) => ({
    path: "/etc/rabbitmq",
    files: [
      { name: "enabled_plugins", template: "engines/rabbitmq/enabled_plugins", view: {} },
      {
        name: "rabbitmq-env.conf",
        template: "engines/rabbitmq/rabbitmq-env.conf",
        view: { name: input.name, headless: input.members[0]?.split(".").slice(1).join(".") ?? "" },
      },
      { name: "rabbitmq.conf", template: "engines/rabbitmq/rabbitmq.conf", view: configurationView(input) },
      { name: "start.sh", template: "engines/rabbitmq/start.sh", view: {} },
    ],
    standard: "RabbitMQ docs, Production Checklist, Memory and Disk Alarms, Cluster Formation",
  }),
  exporter: () => undefined,
  metrics: () => ({ port: METRICS_PORT, path: "/metrics" }),
  backup: undefined,
  noBackup:
    "messages cannot be backed up: they are in flight; users come from the secret, queues are declared by their clients",
  monitoring: { up: undefined, recordings: () => [], alerts: rabbitmqAlerts, drops: RABBITMQ_DROPS },
};

function configurationView(input: EngineInput) {
  const [major = 0, minor = 0] = input.version.split(".").map(Number);
  return {
    name: input.name,
    port: input.port,
    metricsPort: METRICS_PORT,
    memoryBytes: input.memoryBytes,
    diskFreeBytes: diskFreeOf(input),
    // Unknown to 3.x, which would not start with it.
    hasQuorumDefault: major >= 4,
    isCluster: isCluster(input),
    // Mnesia, which had to be told, went with 4.3.
    choosesSide: major < 4 || (major === 4 && minor < 3),
    members: input.members.map((name, index) => ({ number: index + 1, name })),
  };
}
