// Owns: the servers of these tests: redis-server and versitygw, an S3-compatible object store.
// Promises: on 127.0.0.1 alone, in the test's own folder, ready when started, ended by process id.
// Must not: outlive the test.
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { buildGoProgram } from "../apiserver/build-go-program.js";
import { programPath } from "./test-programs.js";

/** What is needed of a started program. */
type Child = PromiseLike<unknown> & {
  readonly exitCode: number | null;
  kill(signal: "SIGKILL" | "SIGTERM"): boolean;
};

export interface Server {
  readonly port: number;
  readonly directory: string;
  stop(): Promise<void>;
}

const PASSWORD = "correct horse battery staple";

export interface RedisServer extends Server {
  readonly password: string;
  /** Runs redis-cli; input is one command a line. */
  run(commands: readonly string[]): Promise<string>;
}

/** A server as production has it: password, AOF. */
export async function startRedis(
  directory: string,
  options: { appendonly?: boolean; port?: number } = {},
): Promise<RedisServer> {
  mkdirSync(directory, { recursive: true });
  const port = options.port ?? (await freePort());
  const appendonly = options.appendonly === false ? "no" : "yes";
  const child = execa(
    programPath("redis-server"),
    [
      "--bind",
      "127.0.0.1",
      "--port",
      String(port),
      "--dir",
      directory,
      "--requirepass",
      PASSWORD,
      "--appendonly",
      appendonly,
      // Its default waits five seconds for further replicas before it sends a dump.
      "--repl-diskless-sync-delay",
      "0",
    ],
    { reject: false, buffer: false, stdout: "ignore", stderr: "ignore" },
  );
  const run = async (commands: readonly string[]) => {
    const { stdout } = await execa(programPath("redis-cli"), ["-p", String(port)], {
      input: `${commands.join("\n")}\n`,
      env: { REDISCLI_AUTH: PASSWORD },
    });
    return stdout;
  };
  await until("redis-server", child, async () => (await run(["PING"])) === "PONG");
  return { port, directory, password: PASSWORD, run, stop: () => end(child) };
}

/** As in the spec of these tests: a wrong region is refused, as by S3. */
export const REGION = "eu-central-1";
export const KEY_ID = "test-key";
export const SECRET_KEY = "test-secret-key";

export interface ObjectStore extends Server {
  readonly endpoint: string;
  /** Folder in which a bucket's objects are files. */
  bucket(name: string): string;
}

export async function startObjectStore(directory: string): Promise<ObjectStore> {
  const program = await buildGoProgram({
    name: "versitygw",
    cache: "versitygw",
    moduleFolder: join(import.meta.dirname, "versitygw"),
    main: "github.com/versity/versitygw/cmd/versitygw",
  });
  const data = join(directory, "data");
  const versions = join(directory, "versions");
  for (const folder of [data, versions]) mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const child = execa(
    program,
    [
      "--access",
      KEY_ID,
      "--secret",
      SECRET_KEY,
      "--region",
      REGION,
      "--port",
      `127.0.0.1:${port}`,
      "posix",
      "--versioning-dir",
      versions,
      data,
    ],
    { reject: false, buffer: false, stdout: "ignore", stderr: "ignore" },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  await until("versitygw", child, async () => (await fetch(endpoint)).status > 0);
  const bucket = (name: string) => {
    mkdirSync(join(data, name), { recursive: true });
    return join(data, name);
  };
  return { port, directory, endpoint, bucket, stop: () => end(child) };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port was assigned");
  return address.port;
}

async function until(name: string, child: Child, isReady: () => Promise<boolean>): Promise<void> {
  running.add(child);
  const deadline = performance.now() + 20_000;
  let last: unknown;
  while (performance.now() < deadline && child.exitCode === null) {
    try {
      if (await isReady()) return;
    } catch (error) {
      last = error;
    }
    await delay(50);
  }
  await end(child);
  throw new Error(`${name} did not start`, { cause: last });
}

const running = new Set<Child>();

/** Ends every server of this test file, also those of a test that failed half-way. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map(end));
}

async function end(child: Child): Promise<void> {
  running.delete(child);
  // As a kubelet does: a server that is killed at once may lose its last second of writes.
  child.kill("SIGTERM");
  const overdue = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await child;
  clearTimeout(overdue);
}
