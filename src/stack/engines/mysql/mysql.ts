// Owns: MariaDB and MySQL: one server as a StatefulSet, or one that runs elsewhere.
// Promises: a user for the services that has its database and nothing else, an exporter that reads no data.
// Must not: alert; alerts.ts beside it does.

import type { Engine, EngineInput, EngineProbe, EngineServer } from "../engine.js";
import { guaranteed } from "../guaranteed.js";
import { mysqlAlerts } from "./alerts.js";
import { connectionOf } from "./connection.js";
import { MYSQL_DROPS } from "./drops.js";
import { sizingOf } from "./sizing.js";
import { SYMPTOMS } from "./symptoms.js";

const PORT = { name: "mysql", number: 3306 } as const;
const CONFIG = "/etc/mysql-server";
/** The root of the volume, which may hold lost+found; the server's files are in a directory of it. */
const DATA = "/data";
const SOCKET = "/tmp/mysql.sock";

/** What tells one from the other: the schema's word, the name for people, image, client, and the version of who says none. */
interface Flavour {
  readonly engine: "mariadb" | "mysql";
  readonly summary: string;
  readonly version: string;
  readonly client: string;
}

function server({ database, username }: EngineInput): EngineServer {
  const alive: Omit<EngineProbe, "periodSeconds" | "failureThreshold"> = {
    command: ["sh", `${CONFIG}/alive.sh`],
    timeoutSeconds: 10,
  };
  return {
    command: ["sh", `${CONFIG}/start.sh`],
    args: [],
    commandReason:
      "Makes the data directory, then becomes the server, which takes users and passwords of the secret over at every start.",
    variables: [
      { name: "DATA", value: DATA },
      { name: "DATABASE", value: database },
      { name: "USERNAME", value: username },
      { name: "ROOT_PASSWORD", credential: "root-password" },
      { name: "APP_PASSWORD", credential: "password" },
      { name: "EXPORTER_PASSWORD", credential: "exporter-password" },
    ],
    dataPath: DATA,
    writable: { "/tmp": "64Mi" },
    probes: {
      startup: {
        ...alive,
        periodSeconds: 5,
        failureThreshold: 720,
        reason: "After a crash the server replays its log before it answers: up to an hour for a large one.",
      },
      readiness: { ...alive, periodSeconds: 10, failureThreshold: 3 },
      liveness: { ...alive, periodSeconds: 20, failureThreshold: 6 },
    },
    graceSeconds: 120,
    graceReason: "Time to end statements, and to write the pages that are in memory alone.",
  };
}

function configuration(input: EngineInput): ReturnType<Engine["configuration"]> {
  return {
    path: CONFIG,
    files: [
      { name: "alive.sh", template: "engines/mysql/alive.sh", view: {} },
      {
        name: "my.cnf",
        template: "engines/mysql/my.cnf",
        view: { name: input.name, port: input.port, ...sizingOf(input) },
      },
      { name: "start.sh", template: "engines/mysql/start.sh", view: {} },
    ],
    standard: "MySQL Reference Manual and MariaDB docs, Server System Variables and InnoDB",
  };
}

const backup: Engine["backup"] = {
  extension: "sql.gz",
  retention: "7d",
  // Root's: a dump must see every object, and a restore makes databases and moves tables between them.
  variables: ({ database, username }) => [
    { name: "DATABASE", value: database },
    { name: "USERNAME", value: username },
    { name: "MYSQL_PWD", credential: "root-password" },
  ],
  restore: "network",
  crash:
    "A crash of the server alone loses nothing that was committed (`innodb_flush_log_at_trx_commit = 1`).",
  steps: [
    "A job restores the dump into a database of its own (`NAME_restore_TIME`) and counts the rows of every table; the services go on with the old one. If anything fails, that database is deleted, and nothing has changed.",
    "The services' user is locked out for the exchange, which takes seconds: one statement moves all old tables to `NAME_before_restore_TIME` and all restored ones to their place; views, triggers, routines and events are made again around both. Clients connect again by themselves. What they wrote since the job began is in the old tables.",
  ],
  kept: ({ database }) => {
    const client = `MYSQL_PWD="$ROOT_PASSWORD" "$(command -v mariadb || command -v mysql)" --socket=${SOCKET} --user=root`;
    return {
      list: `${client} --batch --skip-column-names --execute="SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE '%\\_before\\_restore\\_%'"`,
      remove: `${client} --execute='DROP DATABASE \`${database.slice(0, 30)}_before_restore_TIME\`'`,
    };
  },
};

/** What the two do about a second password; MySQL docs, "Dual password support". */
const ROTATION: Readonly<Record<"mariadb" | "mysql", (username: string) => readonly string[]>> = {
  mariadb: (username) => [
    `Sooner than the restart: \`EXEC 'MYSQL_PWD="$ROOT_PASSWORD" mariadb --socket=${SOCKET} --user=root'\`, and there \`ALTER USER '${username}'@'%' IDENTIFIED BY 'NEW';\`. Open connections stay; new ones need the new password.`,
  ],
  mysql: (username) => [
    `Both passwords at a time, until that restart: \`EXEC 'MYSQL_PWD="$ROOT_PASSWORD" mysql --socket=${SOCKET} --user=root'\`, and there \`ALTER USER '${username}'@'%' IDENTIFIED BY 'NEW' RETAIN CURRENT PASSWORD;\`. Clients may then have either, and none is refused; \`DISCARD OLD PASSWORD\` ends it.`,
  ],
};

function engineOf({ engine, summary, version, client }: Flavour): Engine {
  return {
    summary,
    family: "mysql",
    modes: ["statefulset", "external"],
    defaults: { version, role: "store", storage: "20Gi", ...guaranteed("500m", "1Gi", "512Mi") },
    tiers: {
      development: guaranteed("250m", "768Mi", "512Mi"),
      production: guaranteed("2", "4Gi", "512Mi"),
    },
    image: engine,
    tagOf: (asked) => asked,
    // mysql in both images.
    user: 999,
    group: 999,
    port: PORT,
    client,
    check: () => `MYSQL_PWD="$ROOT_PASSWORD" ${client} --socket=${SOCKET} --user=root --execute='SELECT 1'`,
    rotation: ({ username }) => [
      "The server sets all passwords of the secret whenever it starts: a restart is enough, and takes seconds without it.",
      ...ROTATION[engine](username),
    ],
    symptoms: SYMPTOMS,
    credentials: ["password", "root-password", "exporter-password"],
    connection: connectionOf(engine),
    server,
    configuration,
    exporter: ({ port }) => ({
      image: "mysqld-exporter",
      // A server without replicas has no state of replication, and would have to grant a right to see none.
      args: [
        `--mysqld.address=127.0.0.1:${port}`,
        "--mysqld.username=monitoring",
        "--no-collect.slave_status",
      ],
      variables: [{ name: "MYSQLD_EXPORTER_PASSWORD", credential: "exporter-password" }],
      port: 9104,
      healthPath: "/",
      metricsPath: "/metrics",
      user: undefined,
    }),
    backup,
    monitoring: { up: "mysql_up", recordings: () => [], alerts: mysqlAlerts, drops: MYSQL_DROPS },
  };
}

export const mariadb = engineOf({
  engine: "mariadb",
  summary: "MariaDB",
  version: "11.8",
  client: "mariadb",
});
export const mysql = engineOf({ engine: "mysql", summary: "MySQL", version: "8.4", client: "mysql" });
