// Owns: running test/apply/child/apply-tree.ts as a real process.
// Promises: bundled once per test file; faults, umask and user are set from outside, so that src knows nothing of tests.
// Must not: judge what happens.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { FileTree } from "../../src/render/file-tree.js";
import { scratchFolder } from "./scratch-repository.js";

export interface ChildOptions {
  readonly fault?: { readonly at: number; readonly as: string; readonly count?: string };
  readonly umask?: string;
  readonly uid?: number;
  /** In bytes. */
  readonly fileSizeLimit?: number;
}

export interface Ended {
  readonly signal: NodeJS.Signals | null;
  /** The report's counts, or the error; undefined where it was killed before. */
  readonly result: Readonly<Record<string, unknown>> | undefined;
  readonly stderr: string;
}

export interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  /** Resolves when it has planned, or has ended before. */
  readonly ready: Promise<void>;
  readonly ended: Promise<Ended>;
  /** Lets it apply. */
  readonly go: () => void;
}

/** Children may run as another user. */
function openFolder(): string {
  const folder = scratchFolder();
  chmodSync(folder, 0o755);
  return folder;
}

function bundle(): string {
  const bundled = join(openFolder(), "apply-tree.cjs");
  const entry = join(import.meta.dirname, "child/apply-tree.ts");
  buildSync({ entryPoints: [entry], outfile: bundled, bundle: true, platform: "node", format: "cjs" });
  return bundled;
}

/** The folder of one test file is gone when the next one of the same worker runs. */
let script: string | undefined;

export function startChild(root: string, tree: FileTree, options: ChildOptions = {}): Child {
  if (script === undefined || !existsSync(script)) script = bundle();
  const treeFile = join(openFolder(), "tree.json");
  writeFileSync(treeFile, JSON.stringify(tree));
  const { fault, umask, uid, fileSizeLimit } = options;
  const limit = fileSizeLimit === undefined ? [] : ["prlimit", `--fsize=${fileSizeLimit}`, "--"];
  const preload = fault === undefined ? [] : ["--require", join(import.meta.dirname, "child/fault.cjs")];
  // NODE_EXTRA_CA_CERTS makes every start of Node 20 twice as long.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const words = [...limit, process.execPath, ...preload, script, root, treeFile, ...(umask ? [umask] : [])];
  const child = spawn(words[0] ?? "", words.slice(1), {
    env: {
      ...env,
      ...(fault && { FAULT_AT: String(fault.at), FAULT_AS: fault.as, FAULT_COUNT: fault.count ?? "" }),
    },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { process: child, ...watch(child), go: () => child.stdin.end("\n") };
}

function watch(child: ChildProcessWithoutNullStreams): Pick<Child, "ready" | "ended"> {
  let stdout = "";
  let stderr = "";
  // A child that was killed reads no more.
  child.stdin.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const ended = once(child, "close").then(([, signal]): Ended => {
    const line = stdout.split("\n").find((text) => text.startsWith("{"));
    return { signal, result: line === undefined ? undefined : JSON.parse(line), stderr };
  });
  const ready = new Promise<void>((resolve) => {
    child.stdout.on("data", (data) => {
      stdout += data;
      if (stdout.includes("ready\n")) resolve();
    });
    child.on("close", () => resolve());
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  return { ready, ended };
}

/** Starts a child and lets it run to its end. */
export async function runChild(root: string, tree: FileTree, options: ChildOptions = {}): Promise<Ended> {
  const child = startChild(root, tree, options);
  child.go();
  return child.ended;
}
