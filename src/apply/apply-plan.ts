// Owns: WritePlan → Report: the only writer.
// Promises: a fresh directory appears whole or not at all; in an existing one, every change is staged and journaled first,
//           so that an interrupted run is finished or undone by the next.
// Must not: decide; the plan has.

import { readdirSync } from "node:fs";
import { STATE_DIRECTORY } from "../plan/state.js";
import { countActions, type WritePlan } from "../plan/write-plan.js";
import { StackError } from "../stack-error.js";
import { type JournalEntry, type Recovery, recoverJournal, runJournal, STAGING } from "./journal.js";
import { inStack, type Location } from "./read-repository.js";
import { LOCK, withLock } from "./repository-lock.js";
import { lstat, SafeRoot } from "./safe-path.js";
import { changedStateFiles, staleBases } from "./state-files.js";
import { writeFailure } from "./write-failure.js";
import { writeFresh } from "./write-fresh.js";

/** What happened. */
export interface Report {
  readonly directory: string;
  readonly counts: Readonly<Record<"create" | "update" | "merge" | "keep" | "delete" | "conflict", number>>;
  readonly conflicts: readonly string[];
}

export interface ApplyOptions {
  /** Makes names of temporary files unique; random by default. */
  readonly nonce?: string;
}

/**
 * Applies a plan.
 * @throws StackError (input) when a path is unsafe, the disk has changed since the plan, or another run holds the lock
 */
export function applyPlan(plan: WritePlan, location: Location, options: ApplyOptions = {}): Report {
  const nonce = options.nonce ?? newNonce();
  if (lstat(location.root) === undefined) writeFresh(plan, location, nonce);
  else locked(location, nonce, () => update(plan, location, nonce));
  return {
    directory: location.root,
    counts: countActions(plan),
    conflicts: plan.files.filter(({ action }) => action === "conflict").map(({ path }) => path),
  };
}

/**
 * Finishes or discards what an interrupted run has left. A door that is going to write calls it before it plans.
 * @throws StackError (input) when another run holds the lock
 */
export function recoverRepository(location: Location): Recovery {
  const own = new SafeRoot(location.root).resolve(inStack(location, STATE_DIRECTORY));
  if (lstat(own)?.isDirectory() !== true) return "none";
  const hasTraces = readdirSync(own).some((name) => name === STAGING || name.startsWith(LOCK));
  if (!hasTraces) return "none";
  return locked(location, newNonce(), () => recoverJournal(location));
}

/** Nothing is there yet, or an empty directory. */
export function isFresh({ root }: Location): boolean {
  const stats = lstat(root);
  return stats === undefined || (stats.isDirectory() && readdirSync(root).length === 0);
}

/** Makes names of temporary files unique. */
export function newNonce(): string {
  return `${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
}

function locked<T>(location: Location, nonce: string, work: () => T): T {
  try {
    return withLock(location, nonce, work);
  } catch (cause) {
    throw writeFailure(location.root, cause);
  }
}

function update(plan: WritePlan, location: Location, nonce: string): void {
  if (recoverJournal(location) === "finished")
    throw new StackError("input", "INTERRUPTED", "an earlier run was interrupted; it has been finished now", {
      hint: "Nothing else was written: run it again for what is left.",
    });
  runJournal(location, journalEntries(plan, location), nonce);
}

function journalEntries(plan: WritePlan, location: Location): JournalEntry[] {
  const files = plan.files.flatMap(({ path, action, contents, mode, before }): JournalEntry[] => {
    if (action === "delete") return [{ path, before, contents: undefined, mode }];
    return contents === undefined ? [] : [{ path, before, contents, mode }];
  });
  const state = changedStateFiles(plan, location);
  const stale = staleBases(plan, location);
  return [
    ...files,
    ...state.map(({ path, contents }): JournalEntry => ({ path, before: "any", contents, mode: 0o644 })),
    ...stale.map((path): JournalEntry => ({ path, before: "any", contents: undefined, mode: 0o644 })),
  ];
}
