// Owns: running the built or packed command in a scratch directory, as a user does.
// Promises: a clean environment: no terminal, no colours, no git identity but the one that is asked for.
// Must not: build; `npm run build` has.

import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { inject, onTestFinished } from "vitest";

/** Unpacked from the tarball, where the suite has packed one (test/acceptance/pack-once.ts). */
const PACKED: string | undefined = inject("packageFolder");

/** The command under test: one that is given, the packed one, or the one that was built. */
export const COMMAND = resolve(
  process.env.CREATE_PROD_STACK ?? (PACKED === undefined ? "lib/cli.cjs" : join(PACKED, "lib/cli.cjs")),
);

if (!existsSync(COMMAND)) throw new Error(`${COMMAND} is missing: npm run build`);

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
}

export const IDENTITY = {
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@example.com",
};

/** The environment of a user without any configuration. */
export function plainEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    LANG: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CEILING_DIRECTORIES: dirname(home),
  };
}

export function run(args: readonly string[], { cwd, input = "", env = {}, uid }: RunOptions): Promise<Run> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { ...plainEnvironment(cwd), ...env },
    stdio: "pipe",
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output.stderr += chunk;
  });
  // The command may refuse without reading.
  child.stdin.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  child.stdin.end(input);
  return new Promise((finish, fail) => {
    child.on("error", fail);
    child.on("close", (code) => finish({ code, ...output }));
  });
}

/** An empty directory outside of any git repository, for one test. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), "cps-cli-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function put(directory: string, path: string, text: string | Buffer): string {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

export function read(directory: string, path: string, encoding: "utf8" | "latin1" = "utf8"): string {
  return readFileSync(join(directory, path), encoding);
}

/** Every path below a directory, .git apart. */
export function listing(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((path) => !/(^|\/)\.git(\/|$)/.test(path))
    .sort();
}

/** Every file with its content, .git apart. */
export function contents(directory: string): Record<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/.git/"));
  return Object.fromEntries(
    paths.sort().map((path) => [path.slice(directory.length + 1), readFileSync(path, "latin1")]),
  );
}

export const COMPLETE = `apiVersion: prod-stack/v1
name: hello
source: { url: https://github.com/example-org/hello-deploy }
services:
  hello: { type: web-api, runtime: nodejs, image: ghcr.io/example-org/hello:1.4.2, ports: { http: 3000 }, expose: { host: hello } }
environments:
  dev: { tier: development, domain: dev.example.com }
  prod: { tier: production, domain: example.com }
`;
