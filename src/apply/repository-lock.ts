// Owns: the lock against a second run in the same stack.
// Promises: exactly one of two runs goes on; the lock of a process that is gone on this host is taken over.
// Must not: wait.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { STATE_DIRECTORY } from "../plan/state.js";
import { StackError } from "../stack-error.js";
import { inStack, type Location } from "./read-repository.js";
import { SafeRoot } from "./safe-path.js";

/** Runs `work` while holding the lock. */
export function withLock<T>(location: Location, nonce: string, work: () => T): T {
  const path = new SafeRoot(location.root).resolve(inStack(location, `${STATE_DIRECTORY}/lock`));
  mkdirSync(dirname(path), { recursive: true });
  acquire(path, nonce);
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

function acquire(path: string, nonce: string): void {
  const content = JSON.stringify({ pid: process.pid, host: hostname(), nonce });
  try {
    writeFileSync(path, content, { flag: "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    if (!isAbandoned(path))
      throw new StackError("input", "LOCKED", "another run of create-prod-stack works on this stack", {
        hint: `Wait for it, or remove ${path} if it is gone.`,
      });
    rmSync(path, { force: true });
    writeFileSync(path, content, { flag: "wx" });
  }
}

function isAbandoned(path: string): boolean {
  try {
    const { pid, host } = JSON.parse(readFileSync(path, "utf8")) as { pid: number; host: string };
    return host === hostname() && !isRunning(pid);
  } catch {
    return false; // Unreadable: someone may be writing it this very moment.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}
