// Owns: the SQL servers of these tests, started by the very scripts that are generated for a StatefulSet.
// Promises: on 127.0.0.1 alone, as the server's own user, in the test's own folder, ended by process id.
// Must not: outlive the test.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import type { FileTree } from "../../src/render/file-tree.js";
import { freePort } from "./servers.js";

/** Where Debian keeps the programs that the image has on its PATH. */
export async function postgresqlBin(): Promise<string> {
  const { stdout } = await execa("pg_config", ["--bindir"], { reject: false });
  if (stdout === "")
    throw new Error("pg_config is not there. These tests need it: apt-get install postgresql");
  return stdout.trim();
}

export interface SqlServer {
  readonly port: number;
  readonly passwords: Readonly<Record<"admin" | "app" | "exporter", string>>;
  /** Runs SQL as a user; throws where it fails. */
  run(sql: string, options?: { user?: string; password?: string; database?: string }): Promise<string>;
  /** Stops it as a kubelet does, and starts it again, with other passwords where given. */
  restart(passwords?: Partial<SqlServer["passwords"]>): Promise<void>;
  stop(): Promise<void>;
  readonly log: () => string;
}

/** Nothing that a shell, SQL, an address or a connection string could be tripped up by is left out. */
export const HOSTILE = "p@ss'w\"o%r d$`\\:/?#[]{}&=+;,!~^|<>ä-";

/** Runs a command as the server's user where the tests run as root. */
export function asUser(user: string, command: readonly string[]): [string, string[]] {
  if (process.getuid?.() !== 0) return [command[0] ?? "", command.slice(1)];
  return ["setpriv", [`--reuid=${user}`, `--regid=${user}`, "--clear-groups", ...command]];
}

/** PostgreSQL with the generated configuration of `base/NAME`, its paths and port moved into the test's folder. */
export async function startPostgresql(tree: FileTree, name: string, directory: string): Promise<SqlServer> {
  const port = await freePort();
  const bin = await postgresqlBin();
  const config = join(directory, "config");
  const socket = join(directory, "s");
  for (const folder of [directory, config, socket, join(directory, "data")])
    mkdirSync(folder, { recursive: true });
  for (const { path, contents } of tree) {
    const [, file] = new RegExp(`base/${name}/([^/]+\\.(?:conf|sql|sh))$`).exec(path) ?? [];
    if (file === undefined) continue;
    const moved = contents
      .replace("listen_addresses = '*'", "listen_addresses = '127.0.0.1'")
      .replace("port = 5432", `port = ${port}`)
      .replaceAll("/etc/postgresql/pg_hba.conf", join(config, "pg_hba.conf"))
      .replaceAll("/var/run/postgresql", socket);
    writeFileSync(join(config, file), moved);
  }
  for (const folder of [dirname(directory), directory]) chmodSync(folder, 0o755);
  if (process.getuid?.() === 0) await execa("chown", ["-R", "postgres", directory]);
  const passwords = { admin: HOSTILE, app: `${HOSTILE}app`, exporter: "exporter" };
  let output = "";
  const spawn = () => {
    const [command, args] = asUser("postgres", ["sh", join(config, "start.sh")]);
    const child = execa(command, args, {
      env: {
        PATH: `${bin}:${process.env.PATH}`,
        CONFIG: config,
        SOCKET: socket,
        PGDATA: join(directory, "data", "pgdata"),
        DATABASE: "shop-db",
        USERNAME: "shop-app",
        POSTGRES_PASSWORD: passwords.admin,
        APP_PASSWORD: passwords.app,
        EXPORTER_PASSWORD: passwords.exporter,
      },
      extendEnv: false,
      reject: false,
      all: true,
    });
    child.all?.on("data", (text: Buffer) => {
      output += text.toString();
    });
    return child;
  };
  const run: SqlServer["run"] = async (sql, { user = "postgres", password, database = "shop-db" } = {}) => {
    const { stdout } = await execa(
      "psql",
      [
        "-h",
        "127.0.0.1",
        "-p",
        String(port),
        "-U",
        user,
        "-d",
        database,
        "-X",
        "-A",
        "-t",
        "-v",
        "ON_ERROR_STOP=1",
      ],
      {
        input: sql,
        env: { PGPASSWORD: password ?? (user === "postgres" ? passwords.admin : passwords.app) },
      },
    );
    return stdout;
  };
  let child = spawn();
  const ready = async () => {
    const deadline = performance.now() + 120_000;
    for (;;) {
      try {
        await run("SELECT 1");
        return;
      } catch (error) {
        if (child.exitCode !== null || performance.now() > deadline)
          throw new Error(`PostgreSQL did not start:\n${output}`, { cause: error });
        await delay(200);
      }
    }
  };
  const stop = async () => {
    // The image's stop signal.
    child.kill("SIGINT");
    await child;
  };
  await ready();
  return {
    port,
    passwords,
    run,
    stop,
    log: () => output,
    restart: async (changed = {}) => {
      await stop();
      Object.assign(passwords, changed);
      child = spawn();
      await ready();
    },
  };
}
