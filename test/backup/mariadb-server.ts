// Owns: the MariaDB server of these tests, started by the very scripts that are generated for a StatefulSet.
// Promises: on 127.0.0.1 alone, as the server's own user, in the test's own folder, ended by process id.
// Must not: outlive the test.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import type { FileTree } from "../../src/render/file-tree.js";
import { freePort } from "./servers.js";
import { asUser, HOSTILE, type SqlServer } from "./sql-servers.js";

/** MariaDB with the generated configuration of `base/NAME`, its paths and port moved into the test's folder. */
export async function startMariadb(tree: FileTree, name: string, directory: string): Promise<SqlServer> {
  const port = await freePort();
  const config = join(directory, "config");
  const data = join(directory, "data");
  const socket = join(directory, "mysql.sock");
  for (const folder of [directory, config, data]) mkdirSync(folder, { recursive: true });
  for (const { path, contents } of tree) {
    const [, file] = new RegExp(`base/${name}/([^/]+\\.(?:cnf|sh))$`).exec(path) ?? [];
    if (file === undefined) continue;
    const moved = contents
      .replace("bind-address = *", "bind-address = 127.0.0.1")
      .replace("port = 3306", `port = ${port}`)
      .replaceAll("/tmp/mysql", join(directory, "mysql"));
    writeFileSync(join(config, file), moved);
  }
  for (const folder of [dirname(directory), directory]) chmodSync(folder, 0o755);
  if (process.getuid?.() === 0) await execa("chown", ["-R", "mysql", directory]);
  const passwords = { admin: HOSTILE, app: `${HOSTILE}app`, exporter: `${HOSTILE}exporter` };
  let output = "";
  const spawn = () => {
    const [command, args] = asUser("mysql", ["sh", join(config, "start.sh")]);
    const child = execa(command, args, {
      env: {
        PATH: process.env.PATH,
        CONFIG: config,
        DATA: data,
        DATABASE: "shop_db",
        USERNAME: "shop-app",
        ROOT_PASSWORD: passwords.admin,
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
  const run: SqlServer["run"] = async (sql, { user = "root", password, database = "shop_db" } = {}) => {
    const { stdout } = await execa(
      "mariadb",
      [
        "--no-defaults",
        "--host=127.0.0.1",
        `--port=${port}`,
        "--protocol=tcp",
        `--user=${user}`,
        "--batch",
        "--raw",
        "--skip-column-names",
        "--default-character-set=utf8mb4",
        database,
      ],
      { input: sql, env: { MYSQL_PWD: password ?? (user === "root" ? passwords.admin : passwords.app) } },
    );
    return stdout;
  };
  let child = spawn();
  /** The probe of the manifests. */
  const ready = async () => {
    const deadline = performance.now() + 120_000;
    for (;;) {
      const { exitCode, stderr } = await execa("sh", [join(config, "alive.sh")], {
        env: { SOCKET: socket, EXPORTER_PASSWORD: passwords.exporter },
        reject: false,
      });
      if (exitCode === 0) return;
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error(`MariaDB did not start:\n${output}\n${stderr}`);
      await delay(200);
    }
  };
  const stop = async () => {
    child.kill("SIGTERM");
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
