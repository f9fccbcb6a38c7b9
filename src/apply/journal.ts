// Owns: changing many files of an existing repository as if at once.
// Promises: everything is staged and synced before the first rename; a run that dies is finished by the next one
//           once its journal is complete, and leaves no trace before that.
// Must not: know what the files are.

import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { hashOf, STATE_DIRECTORY } from "../plan/state.js";
import { StackError } from "../stack-error.js";
import { inStack, type Location } from "./read-repository.js";
import { lstat, SafeRoot } from "./safe-path.js";

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

const STAGING = "staging";
const JOURNAL = "journal.json";

/** Applies all entries, or none where staging fails. */
export function runJournal(location: Location, entries: readonly JournalEntry[], nonce: string): void {
  const root = new SafeRoot(location.root);
  recoverJournal(location);
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
export function recoverJournal(location: Location): "none" | "finished" | "discarded" {
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

function check(root: SafeRoot, { path, before }: Step): void {
  const absolute = root.resolve(path);
  const stats = lstat(absolute);
  if (before === "any" && (stats === undefined || stats.isFile())) return;
  const now = stats === undefined ? null : stats.isFile() ? hashOf(readFileSync(absolute)) : "not a file";
  if (now !== before)
    throw new StackError("input", "CHANGED", `${path} has changed since the plan was made`, {
      hint: "Nothing was written; run it again.",
    });
}

function stage(
  root: SafeRoot,
  location: Location,
  entries: readonly JournalEntry[],
  steps: readonly Step[],
): void {
  mkdirSync(root.resolve(inStack(location, `${STATE_DIRECTORY}/${STAGING}`)), { recursive: true });
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

function finish(root: SafeRoot, location: Location, steps: readonly Step[]): void {
  for (const step of steps) applyStep(root, location, step);
  discard(root, location);
}

/** Idempotent: a step that is done already, or whose file someone else changed meanwhile, is left alone. */
function applyStep(root: SafeRoot, location: Location, { path, before, after, staged }: Step): void {
  const target = root.resolve(path);
  if (staged === null) {
    const stats = lstat(target);
    if (stats?.isFile() && (before === "any" || hashOf(readFileSync(target)) === before)) rmSync(target);
    return;
  }
  const source = stagedPath(root, location, staged);
  if (lstat(source) === undefined || after === null) return;
  mkdirSync(dirname(target), { recursive: true });
  renameSync(source, target);
}

function readJournal(root: SafeRoot, location: Location): Step[] | undefined {
  const path = stagedPath(root, location, JOURNAL);
  if (lstat(path)?.isFile() !== true) return undefined;
  try {
    const steps = JSON.parse(readFileSync(path, "utf8")) as Step[];
    return steps.every(isStep) ? steps : undefined;
  } catch {
    return undefined; // Written by rename, so this is not our journal: nothing of it is trusted.
  }
}

function isStep(step: unknown): step is Step {
  const { path, before, after, staged } = (step ?? {}) as Record<string, unknown>;
  const isText = (value: unknown) => value === null || typeof value === "string";
  return (
    typeof path === "string" &&
    isText(before) &&
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

function discard(root: SafeRoot, location: Location): void {
  rmSync(root.resolve(inStack(location, `${STATE_DIRECTORY}/${STAGING}`)), { recursive: true, force: true });
}
