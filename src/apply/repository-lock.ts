// Owns: the lock against a second run in the same stack.
// Promises: at most one of two runs goes on; the lock of a process that is gone on this host is taken over, by one.
// Must not: wait.

import {
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { STATE_DIRECTORY } from "../plan/state.js";
import { StackError } from "../stack-error.js";
import { makeDirectory } from "./make-directory.js";
import { inStack, type Location } from "./read-repository.js";
import { SafeRoot } from "./safe-path.js";

/** File below .prod-stack/. */
export const LOCK = "lock";

/** Runs `work` while holding the lock. */
export function withLock<T>(location: Location, nonce: string, work: () => T): T {
  const path = new SafeRoot(location.root).resolve(inStack(location, `${STATE_DIRECTORY}/${LOCK}`));
  makeDirectory(dirname(path));
  acquire(path, nonce);
  try {
    return work();
  } finally {
    release(path);
  }
}

/**
 * The right to follow a holder that is gone is a lock of its own, named after that holder: one process gets it, ever,
 * and it becomes the lock by a rename, so that there is no moment without one.
 */
function acquire(path: string, nonce: string): void {
  if (tryCreate(path, nonce)) return;
  const gone = tryFindAbandoned(path);
  if (gone === undefined) throw busy(path);
  const right = `${path}.${gone}`;
  acquire(right, nonce);
  if (tryFindAbandoned(path) !== gone) {
    rmSync(right, { force: true });
    throw busy(path);
  }
  renameSync(right, path);
}

/** By a hard link, so that the lock names its holder from its first moment on; some file systems have none. */
function tryCreate(path: string, nonce: string): boolean {
  const content = JSON.stringify({ pid: process.pid, host: hostname(), nonce });
  const own = `${path}.${nonce}`;
  try {
    writeFileSync(own, content);
    linkSync(own, path);
    return true;
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    if (["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) return tryCreateInPlace(path, content);
    // ENOENT: a run that just ended has tidied up.
    if (code !== "EEXIST" && code !== "ENOENT") throw cause;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

function tryCreateInPlace(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    return false;
  }
}

/** With the rights of processes that died while they followed others; an empty directory is not left behind. */
function release(path: string): void {
  const directory = dirname(path);
  const names = readdirSync(directory);
  for (const name of names)
    if (name.startsWith(`${basename(path)}.`)) rmSync(join(directory, name), { force: true });
  rmSync(path, { force: true });
  if (readdirSync(directory).length === 0) rmdirSync(directory);
}

/** After this time a lock without a holder's name is not one that is being written this very moment. */
const UNREADABLE_AFTER_MS = 60_000;

/** The nonce of a holder that is gone; undefined where it works, or may do so on another host. */
function tryFindAbandoned(path: string): string | undefined {
  const text = tryRead(path);
  if (text === undefined) return undefined;
  const holder = parseHolder(text);
  if (holder === undefined) {
    const age = Date.now() - (lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    return age > UNREADABLE_AFTER_MS ? "unreadable" : undefined;
  }
  return holder.host === hostname() && !isRunning(holder.pid) ? holder.nonce : undefined;
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (["ENOENT", "EISDIR"].includes((cause as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw cause;
  }
}

function parseHolder(text: string): { pid: number; host: string; nonce: string } | undefined {
  const match = /^\{"pid":([1-9][0-9]{0,9}),"host":("[^"\\]*"),"nonce":"([A-Za-z0-9-]{1,64})"\}$/.exec(text);
  if (match === null) return undefined;
  const [, pid, host = "", nonce = ""] = match;
  return { pid: Number(pid), host: host.slice(1, -1), nonce };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}

function busy(path: string): StackError {
  return new StackError("input", "LOCKED", "another run of create-prod-stack works on this stack", {
    hint: `Wait for it, or remove ${path} if it is gone.`,
  });
}
