// Owns: one lock file per path, held by one process at a time.
// Promises: two workers never do the same costly work at once, and a lock whose holder is gone is taken over.
// Must not: know what is protected, or hold a lock over several hosts.
import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const pollMilliseconds = 200;

/**
 * Runs `action` while holding the lock file at `path`, waiting for the current holder first. The waiting is bounded by
 * the holder's work: nothing here knows how long a build may take.
 */
export async function withExclusiveLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  while (!(await tryAcquire(path))) {
    await removeAbandoned(path);
    await delay(pollMilliseconds);
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}

/** A hard link appears with its content or not at all, so a lock file always names its holder. */
async function tryAcquire(path: string): Promise<boolean> {
  const claim = `${path}.${randomUUID()}`;
  await writeFile(claim, String(process.pid));
  try {
    await link(claim, path);
    return true;
  } catch (error) {
    if (isErrorWithCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(claim, { force: true });
  }
}

async function removeAbandoned(path: string): Promise<void> {
  const holder = await tryReadHolder(path);
  if (holder === undefined || isRunning(holder)) return;
  // Renamed before it is removed: of two waiters only one gets it, and it looks again at what it got.
  const taken = `${path}.${randomUUID()}`;
  try {
    await rename(path, taken);
  } catch (error) {
    if (isErrorWithCode(error, "ENOENT")) return;
    throw error;
  }
  if ((await tryReadHolder(taken)) === holder) await rm(taken, { force: true });
  else await rename(taken, path);
}

async function tryReadHolder(path: string): Promise<number | undefined> {
  try {
    return Number(await readFile(path, "utf8"));
  } catch (error) {
    if (isErrorWithCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Whether a process with this id exists. */
export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return isErrorWithCode(error, "EPERM");
  }
}

/** Whether `error` is a system error with this code, such as `ENOENT`. */
export function isErrorWithCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
