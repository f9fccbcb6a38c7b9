// Owns: Redis and Valkey: one protocol, one exporter, two programs.
// Promises: a store is durable and refuses writes when it is full; a cache writes nothing and evicts.
// Must not: alert; alerts.ts beside it does.

import { type Connection, type Engine, type EngineInput, type EngineServer, PASSWORD } from "../engine.js";
import { redisAlerts } from "./alerts.js";
import { REDIS_DROPS } from "./drops.js";
import { redisRecordings } from "./recordings.js";

/** Share of the memory limit that data may take; the rest is for fork, buffers and fragmentation (Redis docs, "maxmemory"). */
const DATA_SHARE = 0.6;
const PORT = { name: "redis", number: 6379 } as const;

// Guaranteed quality of service: requests equal limits, so that a datastore is the last to be evicted.
const guaranteed = { cpu: "250m", memory: "512Mi", "ephemeral-storage": "256Mi" };

const connection: Connection = {
  parts: ({ host, port, tls }) => ({
    host,
    port: String(port),
    password: PASSWORD,
    url: `${tls ? "rediss" : "redis"}://:${PASSWORD}@${host}:${port}`,
  }),
  variables: { host: "REDIS_HOST", port: "REDIS_PORT", password: "REDIS_PASSWORD" },
  byRuntime: {
    "spring-boot": {
      host: "SPRING_DATA_REDIS_HOST",
      port: "SPRING_DATA_REDIS_PORT",
      password: "SPRING_DATA_REDIS_PASSWORD",
    },
  },
};

/** Largest memory of the data, in bytes. */
export function maxMemoryOf({ memoryBytes }: EngineInput): number {
  return Math.floor(memoryBytes * DATA_SHARE);
}

function server(program: string, client: string, { port }: EngineInput): EngineServer {
  const ping = ["sh", "-ec", `REDISCLI_AUTH="$REDIS_PASSWORD" ${client} -p ${port} ping | grep -q PONG`];
  return {
    command: [
      "sh",
      "-ec",
      `exec ${program} /etc/redis/redis.conf --requirepass "$REDIS_PASSWORD" --masterauth "$REDIS_PASSWORD"`,
    ],
    args: [],
    commandReason:
      "The password comes from the environment, so that it stands in no manifest and in no configuration file.",
    variables: [{ name: "REDIS_PASSWORD", credential: "password" }],
    dataPath: "/data",
    writable: {},
    probes: {
      startup: {
        command: ping,
        periodSeconds: 5,
        timeoutSeconds: 5,
        failureThreshold: 120,
        reason: "Loading a large data set takes minutes; until then the server answers LOADING.",
      },
      readiness: { command: ping, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
      liveness: { command: ping, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    },
    graceSeconds: 120,
    graceReason: "Time to write the data set to disk.",
  };
}

const SYMPTOMS: Engine["symptoms"] = [
  {
    where: "client",
    says: "`NOAUTH`, `WRONGPASS`",
    means: "the secret was rotated, and one side has not restarted",
  },
  { where: "client", says: "`LOADING`", means: "it reads its data after a start: wait" },
  { where: "client", says: "`OOM command not allowed`", means: "it is full", alert: "RedisRefusingWrites" },
  { where: "client", says: "`MISCONF`", means: "it cannot write to its disk", alert: "RedisRefusingWrites" },
  {
    where: "log",
    says: "`Loading`, `DB loaded from append only file`",
    means: "it reads its data; minutes for a large set: wait",
  },
  {
    where: "log",
    says: "`Bad file format reading the append only file`",
    means: "the log was cut off: restore a backup",
  },
  {
    where: "log",
    says: "`Can't open the append-only file`, `No space left on device`",
    means: "the volume is full",
    alert: "VolumeAlmostFull",
  },
  {
    where: "log",
    says: "`WRONGPASS`, `NOAUTH` in the exporter's log",
    means: "the secret was rotated, and the pod has not restarted",
  },
];

interface Variant {
  readonly summary: string;
  readonly image: string;
  readonly version: string;
  readonly server: string;
  readonly client: string;
}

function redisLike({ summary, image, version, server: program, client }: Variant): Engine {
  return {
    summary,
    family: "redis",
    modes: ["statefulset", "external"],
    defaults: {
      version,
      role: "store",
      storage: "8Gi",
      resources: { requests: guaranteed, limits: guaranteed },
    },
    image,
    tagOf: (asked) => `${asked}-alpine`,
    user: 999,
    group: 1000,
    port: PORT,
    client,
    check: () => `REDISCLI_AUTH="$REDIS_PASSWORD" ${client} ping`,
    rotation: () => [
      "The server has its password from the secret when it starts: a restart is enough, and takes as long as it reads its data.",
      `Both passwords at a time, until that restart: \`EXEC 'REDISCLI_AUTH="$REDIS_PASSWORD" ${client} ACL SETUSER default ">NEW"'\`. Clients may then have either, and none is refused.`,
    ],
    symptoms: SYMPTOMS,
    dataMemory: maxMemoryOf,
    credentials: ["password"],
    connection,
    server: (input) => server(program, client, input),
    configuration: (input) => ({
      path: "/etc/redis",
      files: [
        {
          name: "redis.conf",
          template: "engines/redis/redis.conf",
          view: {
            name: input.name,
            isStore: input.role === "store",
            port: input.port,
            maxMemoryBytes: maxMemoryOf(input),
          },
        },
      ],
      standard: "Redis docs, Persistence and Key eviction",
    }),
    exporter: ({ port }) => ({
      image: "redis-exporter",
      args: [],
      variables: [
        { name: "REDIS_ADDR", value: `redis://localhost:${port}` },
        { name: "REDIS_PASSWORD", credential: "password" },
      ],
      port: 9121,
      healthPath: "/health",
      metricsPath: "/metrics",
      user: undefined,
    }),
    backup: {
      extension: "rdb",
      retention: "30d",
      variables: () => [{ name: "REDISCLI_AUTH", credential: "password" }],
      restore: "volume",
      crash: "A crash of the server alone loses at most one second (`appendfsync everysec`).",
      steps: [
        "The server stops. Its clients get errors from here on; scale them down first if they cannot cope.",
        "A job moves the old data aside on the volume (`/data/before-restore-TIME`), loads the dump into a temporary server, has it write an AOF, starts again from that AOF alone, and compares the number of keys each time. With `appendonly yes` a server ignores an RDB file that merely lies there and starts empty: this is what the AOF is for. If anything fails, the old data is moved back.",
        "The server starts, the keys are counted again, and automated sync resumes.",
      ],
      kept: () => ({
        list: "ls -d /data/before-restore-*",
        remove: "rm -rf /data/before-restore-TIME",
      }),
    },
    monitoring: {
      up: "redis_up",
      recordings: redisRecordings,
      alerts: redisAlerts,
      drops: REDIS_DROPS,
    },
  };
}

export const redis = redisLike({
  summary: "Redis",
  image: "redis",
  version: "7.4",
  server: "redis-server",
  client: "redis-cli",
});
export const valkey = redisLike({
  summary: "Valkey",
  image: "valkey",
  version: "8.1",
  server: "valkey-server",
  client: "valkey-cli",
});
