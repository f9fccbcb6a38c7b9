// Owns: taking the state away from a repository.
// Promises: all of it or nothing of it, as every other change.
// Must not: decide what else changes.

import { readdirSync, rmdirSync } from "node:fs";
import { STATE_DIRECTORY } from "../plan/state.js";
import type { PlannedFile } from "../plan/write-plan.js";
import { newNonce } from "./apply-plan.js";
import { type JournalEntry, recoverJournal, runJournal } from "./journal.js";
import { inStack, type Location } from "./read-repository.js";
import { withLock } from "./repository-lock.js";
import { lstat, SafeRoot } from "./safe-path.js";
import { writeFailure } from "./write-failure.js";

/** @throws StackError (input) when the disk has changed since the plan, or another run holds the lock */
export function ejectRepository(files: readonly PlannedFile[], location: Location): void {
  const nonce = newNonce();
  const own = new SafeRoot(location.root).resolve(inStack(location, STATE_DIRECTORY));
  try {
    withLock(location, nonce, () => {
      recoverJournal(location);
      const entries = [...files, ...stateFiles(location, own)];
      runJournal(
        location,
        entries.map(({ path, before, contents, mode }): JournalEntry => ({ path, before, contents, mode })),
        nonce,
      );
    });
    // The journal has removed what was left empty; the lock stood in it meanwhile.
    if (lstat(own) !== undefined && readdirSync(own).length === 0) rmdirSync(own);
  } catch (cause) {
    throw writeFailure(location.root, cause);
  }
}

function stateFiles(location: Location, own: string): JournalEntry[] {
  const names = readdirSync(own, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => lstat(`${own}/${name}`)?.isFile() === true && !name.startsWith("lock"))
    .map((name) => ({
      path: inStack(location, `${STATE_DIRECTORY}/${name.replaceAll("\\", "/")}`),
      before: "any",
      contents: undefined,
      mode: 0o644,
    }));
}
