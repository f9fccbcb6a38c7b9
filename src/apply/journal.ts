// Owns: changing many files of an existing repository as if at once.
// Promises: everything is staged and synced before the first rename; a run that dies is finished by the next one
//           once its journal is complete, and leaves no trace before that.
// Must not: know what the files are.

import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { hashOf, STATE_DIRECTORY } from "../plan/state.js";
import { StackError } from "../stack-error.js";
import { makeDirectory, removeEmptyParents } from "./make-directory.js";
import { inStack, type Location } from "./read-repository.js";
import { lstat, SafeRoot } from "./safe-path.js";
import { writeFailure } from "./write-failure.js";

export interface JournalEntry {
  readonly path: string;
  /** Hash of what must be on disk before; undefined for nothing, "any" for files of the state itself. */
  readonly before: string | undefined;
  /** Undefined deletes. */
  readonly contents: string | undefined;
  readonly mode: number;
}

interface Step {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Name of the staged file. */
  readonly staged: string | null;
}

/** What became of an interrupted run. */
export type Recovery = "none" | "finished" | "discarded";

/** Directory below .prod-stack/ in which a run prepares its changes; it is there only while one works. */
export const STAGING = "staging";
const JOURNAL = "journal.json";
const ANY = "any";

/** Applies all entries, or none where staging fails. The caller holds the lock and has recovered what was interrupted. */
export function runJournal(location: Location, entries: readonly JournalEntry[], nonce: string): void {
  if (entries.length === 0) return;
  const root = new SafeRoot(location.root);
  const steps = entries.map(
    (entry, index): Step => ({
      path: entry.path,
      before: entry.before ?? null,
      after: entry.contents === undefined ? null : hashOf(entry.contents),
      staged: entry.contents === undefined ? null : `${nonce}-${index}`,
    }),
  );
  for (const step of steps) check(root, step);
  try {
    stage(root, location, entries, steps);
  } catch (cause) {
    discard(root, location);
    throw cause;
  }
  finish(root, location, steps);
}

/** Finishes what an earlier run staged completely, and removes what it did not. */
export function recoverJournal(location: Location): Recovery {
  const root = new SafeRoot(location.root);
  const staging = root.resolve(inStack(location, `${STATE_DIRECTORY}/${STAGING}`));
  if (lstat(staging) === undefined) return "none";
  const steps = readJournal(root, location);
  if (steps === undefined) {
    discard(root, location);
    return "discarded";
  }
  finish(root, location, steps);
  return "finished";
}

/** The disk is as the plan saw it, and can be written to where it will be. */
function check(root: SafeRoot, { path, before }: Step): void {
  const now = hashAt(root.resolve(path));
  const isExpected = before === ANY ? now !== NO_FILE : now === before;
  if (!isExpected)
    throw new StackError("input", "CHANGED", `${path} has changed since the plan was made`, {
      hint: "Nothing was written; run it again.",
    });
  let parent = dirname(path);
  while (parent !== "." && lstat(root.resolve(parent)) === undefined) parent = dirname(parent);
  accessSync(parent === "." ? root.root : root.resolve(parent), constants.W_OK | constants.X_OK);
}

const NO_FILE = "not a file";

function hashAt(path: string): string | null {
  const stats = lstat(path);
  if (stats === undefined) return null;
  return stats.isFile() ? hashOf(readFileSync(path)) : NO_FILE;
}

function stage(
  root: SafeRoot,
  location: Location,
  entries: readonly JournalEntry[],
  steps: readonly Step[],
): void {
  makeDirectory(root.resolve(inStack(location, `${STATE_DIRECTORY}/${STAGING}`)));
  for (const [index, { contents, mode }] of entries.entries()) {
    const name = steps[index]?.staged;
    if (contents === undefined || name === undefined || name === null) continue;
    const path = stagedPath(root, location, name);
    writeDurably(path, contents);
    chmodSync(path, mode);
    if (hashOf(readFileSync(path)) !== steps[index]?.after)
      throw new StackError("input", "WRITE", `${path} was not written whole`, {
        hint: "Nothing was changed.",
      });
  }
  const journal = stagedPath(root, location, JOURNAL);
  writeDurably(`${journal}.tmp`, JSON.stringify(steps));
  renameSync(`${journal}.tmp`, journal);
  syncDirectory(dirname(journal));
}

/**
 * Where someone has changed a file since the run was interrupted, that file is left alone and the state stays the old
 * one, so that the next plan merges their edit from what it came from.
 */
function finish(root: SafeRoot, location: Location, steps: readonly Step[]): void {
  try {
    const files = steps.filter(({ before }) => before !== ANY).map((step) => applyStep(root, location, step));
    if (files.every(Boolean))
      for (const step of steps) if (step.before === ANY) applyStep(root, location, step);
  } catch (cause) {
    const hint = "Some files are written, others not: mend it and run it again, and it will be finished.";
    throw writeFailure(location.root, cause, hint);
  }
  discard(root, location);
}

/** Idempotent. @returns whether the file is as the step wants it */
function applyStep(root: SafeRoot, location: Location, { path, before, after, staged }: Step): boolean {
  const target = root.resolve(path);
  const now = hashAt(target);
  const isExpected = before === ANY ? now !== NO_FILE : now === before || now === after;
  if (staged === null) {
    if (!isExpected) return false;
    rmSync(target, { force: true });
    removeEmptyParents(root, path);
    return true;
  }
  const source = stagedPath(root, location, staged);
  if (lstat(source)?.isFile() !== true) return true; // Renamed already.
  if (!isExpected) return false;
  makeDirectory(dirname(target));
  renameSync(source, target);
  return true;
}

function readJournal(root: SafeRoot, location: Location): Step[] | undefined {
  const path = stagedPath(root, location, JOURNAL);
  if (lstat(path)?.isFile() !== true) return undefined;
  try {
    const steps = JSON.parse(readFileSync(path, "utf8")) as unknown[];
    const own = inStack(location, `${STATE_DIRECTORY}/`);
    return steps.every((step) => isStep(step, own)) ? (steps as Step[]) : undefined;
  } catch {
    return undefined; // Written by rename, so this is not our journal: nothing of it is trusted.
  }
}

/** Only files of the state itself may be replaced or deleted whatever they hold. */
function isStep(step: unknown, own: string): boolean {
  const { path, before, after, staged } = (step ?? {}) as Record<string, unknown>;
  const isText = (value: unknown) => value === null || typeof value === "string";
  return (
    typeof path === "string" &&
    isText(before) &&
    (before !== ANY || path.startsWith(own)) &&
    isText(after) &&
    (staged === null || (typeof staged === "string" && /^[A-Za-z0-9-]+$/.test(staged)))
  );
}

function stagedPath(root: SafeRoot, location: Location, name: string): string {
  return root.resolve(inStack(location, `${STATE_DIRECTORY}/${STAGING}/${name}`));
}

/** Writes in a loop (a short write is no error to the kernel) and syncs. */
function writeDurably(path: string, contents: string): void {
  const bytes = Buffer.from(contents);
  const descriptor = openSync(path, "w", 0o600);
  try {
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The journal goes first: without it what is left means nothing, with it it would be carried out in part. */
function discard(root: SafeRoot, location: Location): void {
  rmSync(stagedPath(root, location, JOURNAL), { force: true });
  rmSync(root.resolve(inStack(location, `${STATE_DIRECTORY}/${STAGING}`)), { recursive: true, force: true });
}
