// Owns: MongoDB: one server, as a replica set of one member.
// Promises: users are those of the secret at every start; the cache is sized by the container's limit.
// Must not: alert; alerts.ts beside it does.

import { type Connection, type Engine, type EngineInput, type EngineServer, PASSWORD } from "../engine.js";
import { guaranteed } from "../guaranteed.js";
import { mongodbAlerts } from "./alerts.js";
import { MONGODB_DROPS } from "./drops.js";

const PORT = { name: "mongodb", number: 27017 } as const;
const GIB = 2 ** 30;

/** A replica set is named where the stack knows its name; elsewhere clients find it out by themselves. */
function urlOf({ hosts, port, tls, mode, database, username }: EngineInput): string {
  const options = [
    "authSource=admin",
    ...(mode === "external" ? [] : ["replicaSet=rs0"]),
    ...(tls ? ["tls=true"] : []),
  ];
  return `mongodb://${username}:${PASSWORD}@${hosts.map((host) => `${host}:${port}`).join(",")}/${database}?${options.join("&")}`;
}

const connection: Connection = {
  parts: (input) => ({
    host: input.host,
    port: String(input.port),
    database: input.database,
    username: input.username,
    password: PASSWORD,
    tls: String(input.tls),
    url: urlOf(input),
  }),
  variables: { url: "MONGODB_URI", database: "MONGODB_DATABASE" },
  byRuntime: { "spring-boot": { url: "SPRING_DATA_MONGODB_URI" } },
};

/** MongoDB's own rule (docs, storage.wiredTiger.engineConfig.cacheSizeGB): half of the memory above one GiB, at least a quarter. */
export function cacheBytesOf({ memoryBytes }: EngineInput): number {
  return Math.max(GIB / 4, Math.floor((memoryBytes - GIB) / 2));
}

const shell = (script: string) => ["mongosh", "--quiet", "--norc", "--eval", script];

function server(input: EngineInput): EngineServer {
  const ping = shell("quit(db.adminCommand('ping').ok ? 0 : 1)");
  const primary = [
    "sh",
    "-ec",
    "test -e /tmp/initiated && mongosh --quiet --norc --eval 'quit(db.hello().isWritablePrimary ? 0 : 1)'",
  ];
  return {
    command: ["sh", "/etc/mongodb/start.sh"],
    args: [],
    commandReason:
      "It writes the key of the replica set from the environment, so that it stands in no manifest, then becomes the server.",
    variables: [
      // mongosh writes into its home, which must not be the data.
      { name: "HOME", value: "/nonexistent" },
      { name: "HOST_NAME", value: input.members[0] ?? input.host },
      { name: "PORT", value: String(input.port) },
      { name: "CLIENT_NAME", value: input.username },
      { name: "CLIENT_DATABASE", value: input.database },
      { name: "CLIENT_PASSWORD", credential: "password" },
      { name: "EXPORTER_PASSWORD", credential: "exporter-password" },
      { name: "REPLICA_SET_KEY", credential: "replica-set-key" },
      { name: "ROOT_PASSWORD", credential: "root-password" },
    ],
    dataPath: "/data/db",
    writable: { "/tmp": "64Mi" },
    probes: {
      startup: {
        command: primary,
        periodSeconds: 10,
        timeoutSeconds: 10,
        failureThreshold: 90,
        reason: "Recovery after a crash reads the journal, which takes minutes; then the users are made.",
      },
      readiness: {
        command: primary,
        periodSeconds: 15,
        timeoutSeconds: 10,
        failureThreshold: 3,
        reason: "The shell starts a JavaScript machine each time, which takes a second.",
      },
      liveness: { command: ping, periodSeconds: 30, timeoutSeconds: 20, failureThreshold: 6 },
    },
    graceSeconds: 120,
    graceReason: "Time for a checkpoint.",
  };
}

const SYMPTOMS: Engine["symptoms"] = [
  {
    where: "client",
    says: "`Authentication failed`",
    means: "the secret was rotated, and one side has not restarted",
  },
  {
    where: "client",
    says: "`server selection timeout`, `not primary`",
    means: "it is starting, or its name resolves to the pod before: wait",
  },
  {
    where: "log",
    says: "`waiting until NAME is ADDRESS`",
    means: "DNS still knows the last pod's address; half a minute is usual",
  },
  {
    where: "log",
    says: "`root cannot log in: was its password rotated in the secret alone?`",
    means:
      "change it in the server first: `db.getSiblingDB('admin').changeUserPassword('root', passwordPrompt())`, logged in with the old one",
  },
];

export const mongodb: Engine = {
  summary: "MongoDB",
  family: "mongodb",
  modes: ["statefulset", "external"],
  answers: ["hosts"],
  defaults: {
    version: "8.0",
    role: "store",
    storage: "8Gi",
    ...guaranteed("500m", "1Gi"),
  },
  image: "mongodb",
  tagOf: (asked) => asked,
  user: 999,
  group: 999,
  port: PORT,
  client: "mongosh",
  check: () => "mongosh --quiet --norc --eval 'quit(db.hello().isWritablePrimary ? 0 : 1)'",
  rotation: ({ username }) => [
    "The server sets the passwords of the secret whenever it starts, but logs in with that of root: change root's in the server first, and in the store right after it.",
    `Root, before the store: \`EXEC 'mongosh --quiet -u root -p "$ROOT_PASSWORD" --authenticationDatabase admin --eval "db.getSiblingDB(\\"admin\\").changeUserPassword(\\"root\\", passwordPrompt())"'\`.`,
    `\`${username}\` needs nothing before: open connections stay, and new ones need the new password after the server's restart.`,
    "`replica-set-key` is for members among each other; with one member any value will do.",
  ],
  symptoms: SYMPTOMS,
  dataMemory: cacheBytesOf,
  credentials: ["password", "exporter-password", "replica-set-key", "root-password"],
  connection,
  server,
  configuration: (input) => ({
    path: "/etc/mongodb",
    files: [
      { name: "initiate.js", template: "engines/mongodb/initiate.js", view: {} },
      { name: "initiate.sh", template: "engines/mongodb/initiate.sh", view: {} },
      {
        name: "mongod.conf",
        template: "engines/mongodb/mongod.conf",
        view: {
          name: input.name,
          port: input.port,
          cacheSizeGB: Math.floor((cacheBytesOf(input) / GIB) * 100) / 100,
        },
      },
      { name: "start.sh", template: "engines/mongodb/start.sh", view: {} },
    ],
    standard: "MongoDB docs, Configuration File Options, Localhost Exception",
  }),
  exporter: ({ port }) => ({
    image: "mongodb-exporter",
    args: [
      `--mongodb.uri=mongodb://localhost:${port}/admin`,
      "--collector.diagnosticdata",
      "--collector.replicasetstatus",
    ],
    variables: [
      { name: "MONGODB_USER", value: "exporter" },
      { name: "MONGODB_PASSWORD", credential: "exporter-password" },
    ],
    port: 9216,
    healthPath: "/",
    metricsPath: "/metrics",
    user: undefined,
    memory: "96Mi",
  }),
  backup: undefined,
  noBackup: "no backup by this stack yet: run mongodump yourself, or have one taken of the volume",
  monitoring: {
    up: "mongodb_up",
    recordings: () => [],
    alerts: mongodbAlerts,
    drops: MONGODB_DROPS,
  },
};
