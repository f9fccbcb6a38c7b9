// Owns: whether RabbitMQ takes what is generated for it: configuration, definitions, plugins, rotation of the password.
// Promises: the real server, started by the generated script on loopback; ended by process id.
// Must not: look at manifests. Debian's server is older than the image: what is said for newer versions alone is left out.

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lowerAll } from "../../projenrc/build/template-module.js";
import { renderTree } from "../../src/render/render-tree.js";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";

const templates = lowerAll(join(import.meta.dirname, "../../templates"));
const LIBRARY = "/usr/lib/rabbitmq/lib";
/** Every character that JSON, a shell or an address could trip over. */
const AWKWARD = 'q"u\\o$te &% é';

const SPEC = `
apiVersion: prod-stack/v1
name: shop
source: { url: https://github.com/example-org/shop }
services: { api: { type: worker, runtime: go, image: example/api:1, uses: { queue: {} } } }
datastores: { queue: { engine: rabbitmq, version: "VERSION" } }
environments: { dev: { tier: development, domain: example.com } }
`;

let directory: string;
let programs: string;
let port: number;
let metricsPort: number;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "rabbitmq-"));
  programs = join(LIBRARY, found(), "sbin");
  [port, metricsPort] = [await freePort(), await freePort()];
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** rabbitmq_server-3.10.8, as Debian installs it; its wrapper in /usr/sbin insists on paths of its own. */
function found(): string {
  try {
    const [name] = readdirSync(LIBRARY).filter((entry) => entry.startsWith("rabbitmq_server-"));
    if (name !== undefined) return name;
  } catch {
    // Said below.
  }
  throw new Error(`there is no RabbitMQ in ${LIBRARY}. This test needs it: apt-get install rabbitmq-server`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The generated files, with ports and paths of this test. */
async function writeConfiguration(): Promise<void> {
  const version = found().replace(/^rabbitmq_server-(\d+\.\d+).*$/, "$1");
  const stack = resolveStack(parseSpec(SPEC.replace("VERSION", version)), { generator: "0.1.0" });
  const own = [
    ["= 5672", `= ${port}`],
    ["= 15672", `= ${await freePort()}`],
    ["= 15692", `= ${metricsPort}`],
    ["/tmp/definitions.json", join(directory, "definitions.json")],
  ] as const;
  for (const { path, contents } of renderTree(stack, { templates })) {
    if (!path.startsWith("base/queue/")) continue;
    const target = join(directory, "etc", path.replace("base/queue/", ""));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      own.reduce((text, [from, to]) => text.replace(from, to), contents),
    );
  }
}

function environment(password: string): Record<string, string> {
  const etc = join(directory, "etc");
  return {
    PATH: `${programs}:${process.env.PATH}`,
    HOME: join(directory, "data"),
    LANG: "C.UTF-8",
    RABBITMQ_CONFIG_FILE: join(etc, "rabbitmq.conf"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(etc, "enabled_plugins"),
    // A name that this machine resolves, in place of a pod's.
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    RABBITMQ_NODENAME: `test${port}@localhost`,
    RABBITMQ_DIST_PORT: String(port + 1),
    RABBITMQ_MNESIA_BASE: join(directory, "data", "mnesia"),
    RABBITMQ_LOG_BASE: join(directory, "data", "log"),
    RUNNING_UNDER_SYSTEMD: "true",
    DEFINITIONS: join(directory, "definitions.json"),
    VIRTUAL_HOST: "shop",
    USERNAME: "shop",
    CLIENT_PASSWORD: password,
    ERLANG_COOKIE: "cookie",
  };
}

function tool(name: string, args: readonly string[], password: string) {
  return execa(join(programs, name), args, {
    env: environment(password),
    extendEnv: false,
    reject: false,
    all: true,
  });
}

async function whileRunning(password: string, body: () => Promise<void>): Promise<void> {
  mkdirSync(join(directory, "data"), { recursive: true });
  const child = execa("sh", [join(directory, "etc", "start.sh")], {
    env: environment(password),
    extendEnv: false,
    reject: false,
    all: true,
  });
  try {
    for (let attempt = 0; ; attempt += 1) {
      const { exitCode, all } = await tool("rabbitmq-diagnostics", ["-q", "check_running"], password);
      if (exitCode === 0) break;
      if (attempt === 40 || child.exitCode !== null) throw new Error(`it does not start: ${all}`);
      await delay(2000);
    }
    await body();
  } finally {
    child.kill("SIGTERM");
    const { all } = await child;
    if (process.env.VERBOSE) process.stdout.write(all ?? "");
  }
}

test("the server starts with them, knows the user alone, and a new password after a restart", async () => {
  await writeConfiguration();
  await whileRunning(AWKWARD, async () => {
    expect((await tool("rabbitmqctl", ["-q", "--silent", "list_users"], AWKWARD)).stdout).toBe(
      "shop\t[management]",
    );
    expect((await tool("rabbitmqctl", ["-q", "--silent", "list_vhosts"], AWKWARD)).stdout).toBe("shop");
    expect((await tool("rabbitmqctl", ["-q", "authenticate_user", "shop", AWKWARD], AWKWARD)).exitCode).toBe(
      0,
    );
    const { stdout } = await tool("rabbitmqctl", ["-q", "environment"], AWKWARD);
    expect(stdout).toContain("{total_memory_available_override_value,1073741824}");
    expect(stdout).toContain("{disk_free_limit,1073741824}");
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    for (const name of [
      "rabbitmq_alarms_memory_used_watermark",
      "rabbitmq_queue_messages_ready",
      "rabbitmq_global_messages_unroutable_dropped_total",
    ])
      expect(metrics).toContain(`\n${name}`);
  });
  // The volume's fsGroup may open the cookie to the group, with which Erlang would not start.
  chmodSync(join(directory, "data", ".erlang.cookie"), 0o660);
  await whileRunning("rotated", async () => {
    expect(
      (await tool("rabbitmqctl", ["-q", "authenticate_user", "shop", "rotated"], "rotated")).exitCode,
    ).toBe(0);
    expect(
      (await tool("rabbitmqctl", ["-q", "authenticate_user", "shop", AWKWARD], "rotated")).exitCode,
    ).not.toBe(0);
  });
});
