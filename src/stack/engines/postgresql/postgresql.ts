// Owns: PostgreSQL: one server as a StatefulSet, a cluster by CloudNativePG, or one that runs elsewhere.
// Promises: SCRAM passwords, a user for the services that owns its database and nothing else, an exporter that reads no data.
// Must not: alert; alerts.ts beside it does.

import type { Engine, EngineInput, EngineServer } from "../engine.js";
import { guaranteed } from "../guaranteed.js";
import { postgresqlAlerts } from "./alerts.js";
import { cloudNativePg } from "./cloud-native-pg.js";
import { connection } from "./connection.js";
import { POSTGRESQL_DROPS } from "./drops.js";
import { postgresqlRecordings } from "./recordings.js";
import { sizingOf } from "./sizing.js";

const PORT = { name: "postgresql", number: 5432 } as const;
const DATA = "/data";

function server({ port, database, username }: EngineInput): EngineServer {
  const ready = ["pg_isready", "--host=127.0.0.1", `--port=${port}`, "--quiet"];
  return {
    command: ["sh", "/etc/postgresql/start.sh"],
    args: [],
    commandReason:
      "Makes database and roles, sets the passwords of the secret at every start, then becomes the server.",
    variables: [
      // A directory below the volume's root, which may hold lost+found; the same one for all versions of the image.
      { name: "PGDATA", value: `${DATA}/pgdata` },
      { name: "DATABASE", value: database },
      { name: "USERNAME", value: username },
      { name: "POSTGRES_PASSWORD", credential: "admin-password" },
      { name: "APP_PASSWORD", credential: "password" },
      { name: "EXPORTER_PASSWORD", credential: "exporter-password" },
    ],
    dataPath: DATA,
    writable: { "/tmp": "64Mi", "/var/run/postgresql": "16Mi" },
    probes: {
      startup: {
        command: ready,
        periodSeconds: 5,
        timeoutSeconds: 5,
        failureThreshold: 720,
        reason: "After a crash the server replays its log before it answers: up to an hour for a large one.",
      },
      readiness: { command: ready, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
      liveness: { command: ready, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    },
    graceSeconds: 120,
    graceReason:
      "The image asks for SIGINT, PostgreSQL's fast shutdown: it ends all connections and writes a checkpoint.",
  };
}

const SYMPTOMS: Engine["symptoms"] = [
  {
    where: "client",
    says: "`password authentication failed`",
    means: "the secret was rotated, and one side has not restarted",
  },
  {
    where: "client",
    says: "`the database system is starting up`",
    means: "it replays its log after a crash: wait",
  },
  {
    where: "client",
    says: "`sorry, too many clients already`",
    means: "all connections are taken",
    alert: "PostgresConnectionsHigh",
  },
  {
    where: "client",
    says: "`deadlock detected`",
    means: "two transactions wait for each other",
    alert: "PostgresDeadlocks",
  },
  {
    where: "log",
    says: "`The files belonging to this database system will be owned by`",
    means: "first start: it makes the data directory",
  },
  {
    where: "log",
    says: "`the data is of PostgreSQL`",
    means: "the version was changed: dump with the old one, restore into the new one",
  },
  {
    where: "log",
    says: "`No space left on device`",
    means: "the volume is full",
    alert: "VolumeAlmostFull",
  },
  {
    where: "log",
    says: "`checkpoints are occurring too frequently`",
    means: "max_wal_size is small for these writes",
  },
];

export const postgresql: Engine = {
  summary: "PostgreSQL",
  family: "postgresql",
  modes: ["statefulset", "operator", "external"],
  defaults: {
    version: "17",
    role: "store",
    storage: "20Gi",
    ...guaranteed("500m", "1Gi", "512Mi"),
  },
  tiers: {
    development: guaranteed("250m", "512Mi", "512Mi"),
    production: guaranteed("2", "4Gi", "512Mi"),
  },
  image: "postgres",
  tagOf: (asked) => `${asked}-alpine`,
  // postgres in the Alpine variants of the image.
  user: 70,
  group: 70,
  port: PORT,
  hostOf: (name, mode) => (mode === "operator" ? `${name}-rw` : name),
  client: "psql",
  check: ({ database }) =>
    `PGPASSWORD="$POSTGRES_PASSWORD" psql --host=127.0.0.1 --username=postgres --dbname=${database} --command='SELECT 1'`,
  rotation: ({ username }) => [
    "The server sets all passwords of the secret whenever it starts: a restart is enough, and takes seconds without it.",
    `Sooner than the restart, and without ending a connection: \`EXEC 'PGPASSWORD="$POSTGRES_PASSWORD" psql -h 127.0.0.1 -U postgres -c "\\password ${username}"'\`. Open connections stay; new ones need the new password.`,
  ],
  symptoms: SYMPTOMS,
  credentials: ["password", "admin-password", "exporter-password"],
  connection,
  server,
  configuration: (input) => ({
    path: "/etc/postgresql",
    files: [
      {
        name: "postgresql.conf",
        template: "engines/postgresql/postgresql.conf",
        view: { name: input.name, port: input.port, ...sizingOf(input) },
      },
      { name: "pg_hba.conf", template: "engines/postgresql/pg_hba.conf", view: {} },
      { name: "setup.sql", template: "engines/postgresql/setup.sql", view: {} },
      { name: "start.sh", template: "engines/postgresql/start.sh", view: {} },
    ],
    standard: "PostgreSQL docs, Server Configuration and Client Authentication",
  }),
  exporter: ({ port }) => ({
    image: "postgres-exporter",
    args: ["--collector.long_running_transactions", "--no-collector.wal"],
    variables: [
      { name: "DATA_SOURCE_URI", value: `127.0.0.1:${port}/postgres?sslmode=disable` },
      { name: "DATA_SOURCE_USER", value: "monitoring" },
      { name: "DATA_SOURCE_PASS", credential: "exporter-password" },
    ],
    port: 9187,
    healthPath: "/",
    metricsPath: "/metrics",
    user: undefined,
  }),
  backup: {
    extension: "dump",
    retention: "7d",
    // The superuser's: a dump must see every object, and a restore makes and renames databases.
    variables: ({ database, username }) => [
      { name: "DATABASE", value: database },
      { name: "USERNAME", value: username },
      { name: "PGPASSWORD", credential: "admin-password" },
    ],
    restore: "network",
    crash: "A crash of the server alone loses nothing that was committed (`synchronous_commit = on`).",
    steps: [
      "A job restores the dump into a database of its own (`NAME_restore_TIME`) and counts the rows of every table; the services go on with the old one. If anything fails, that database is deleted, and nothing has changed.",
      "Clients are disconnected, and both databases change their names in one transaction: the old one is now `NAME_before_restore_TIME`. Clients connect again by themselves. What they wrote since the job began is in the old one.",
    ],
    kept: ({ database }) => {
      const psql = 'PGPASSWORD="$POSTGRES_PASSWORD" psql -h 127.0.0.1 -U postgres';
      return {
        list: `${psql} -Atc "SELECT datname FROM pg_database WHERE datname LIKE '%_before_restore_%'"`,
        remove: `${psql} -c 'DROP DATABASE "${database.slice(0, 30)}_before_restore_TIME"'`,
      };
    },
  },
  operator: cloudNativePg,
  monitoring: {
    up: "pg_up",
    recordings: postgresqlRecordings,
    alerts: postgresqlAlerts,
    drops: POSTGRESQL_DROPS,
  },
};
