/**
 * Owns the running of other programs while metrics are captured: tools that end, and servers that are ended.
 * Promises array-form spawning, bounded times, and that every server it started is stopped by its process id.
 * Must not listen on, or connect to, anything but loopback.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Return the output even if the tool reports failure. */
  readonly mayFail?: boolean;
}

/** Runs a tool to its end, at most 20 minutes, and returns its standard output. Throws if it fails. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): string {
  const result = spawnSync(command, [...args], {
    ...(options.cwd && { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
    encoding: "utf8",
    timeout: 20 * 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error) throw result.error;
  if (result.status !== 0 && !options.mayFail) {
    throw new Error(`${command} ${args.join(" ")} ended with ${result.status}:\n${result.stderr}`);
  }
  return result.stdout;
}

/** A TCP port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (!address || typeof address === "string") throw new Error("No port was assigned.");
  return address.port;
}

/** Runs `body` while a server runs; stops the server however `body` ends. */
export async function whileRunning<T>(
  command: string,
  args: readonly string[],
  body: () => Promise<T>,
  options: RunOptions = {},
): Promise<T> {
  const server = spawn(command, [...args], {
    ...(options.cwd && { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
    stdio: "ignore",
  });
  await once(server, "spawn");
  try {
    return await body();
  } finally {
    await stop(server);
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  const patience = setTimeout(() => server.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(patience);
}

/** Fetches text, trying for at most a minute until the server answers with one of the accepted statuses. */
export async function fetchText(url: string, accepted: readonly number[] = [200]): Promise<string> {
  const deadline = Date.now() + 60_000;
  let last = "nothing";
  while (Date.now() < deadline) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      const text = await response.text();
      if (accepted.includes(response.status)) return text;
      last = `status ${response.status}`;
    } catch (error) {
      last = String(error);
    }
    await sleep(300);
  }
  throw new Error(`${url} did not answer within a minute; last: ${last}`);
}

/** Waits until something listens on a port of loopback, for at most a minute. */
export async function listening(port: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (await accepts(port)) return;
    await sleep(200);
  }
  throw new Error(`Nothing listened on port ${port} within a minute.`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const settle = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}
