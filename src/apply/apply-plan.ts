// Owns: WritePlan → Report: the only writer.
// Promises: a fresh directory appears whole or not at all; in an existing one, every change is staged and journaled first,
//           so that an interrupted run is finished or undone by the next.
// Must not: decide; the plan has.

import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { BASE_DIRECTORY, FILES_FILE, formatFiles, formatState, STATE_FILE } from "../plan/state.js";
import { countActions, type WritePlan } from "../plan/write-plan.js";
import { StackError } from "../stack-error.js";
import { type JournalEntry, runJournal } from "./journal.js";
import { inStack, type Location } from "./read-repository.js";
import { withLock } from "./repository-lock.js";
import { lstat, SafeRoot } from "./safe-path.js";

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
  const nonce = options.nonce ?? `${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
  if (isFresh(location)) writeFresh(plan, location, nonce);
  else withLock(location, nonce, () => runJournal(location, journalEntries(plan, location), nonce));
  return {
    directory: location.root,
    counts: countActions(plan),
    conflicts: plan.files.filter(({ action }) => action === "conflict").map(({ path }) => path),
  };
}

/** Nothing is there yet, or an empty directory. */
export function isFresh({ root }: Location): boolean {
  const stats = lstat(root);
  return stats === undefined || (stats.isDirectory() && readdirSync(root).length === 0);
}

/** Everything that a plan writes beside the files themselves. */
function stateFiles(plan: WritePlan, location: Location): { path: string; contents: string }[] {
  const bases = [...plan.bases].map(([hash, contents]) => ({
    path: inStack(location, `${BASE_DIRECTORY}/${hash}`),
    contents,
  }));
  // The version comes last: a run that was interrupted before has not upgraded anything.
  return [
    ...bases,
    { path: inStack(location, FILES_FILE), contents: formatFiles(plan.records) },
    { path: inStack(location, STATE_FILE), contents: formatState(plan.generator) },
  ];
}

/** Staged beside its place and renamed once. */
function writeFresh(plan: WritePlan, location: Location, nonce: string): void {
  const staging = join(dirname(location.root), `.${basename(location.root)}.${nonce}.tmp`);
  const root = new SafeRoot(staging);
  mkdirSync(dirname(location.root), { recursive: true });
  mkdirSync(staging);
  try {
    const made = new Set<string>();
    for (const { path, contents, mode } of plan.files)
      if (contents !== undefined) writeNew(root, made, path, contents, mode);
    for (const { path, contents } of stateFiles(plan, location)) writeNew(root, made, path, contents, 0o644);
    if (existsSync(location.root)) rmdirSync(location.root);
    renameSync(staging, location.root);
  } catch (cause) {
    rmSync(staging, { recursive: true, force: true });
    throw writeFailure(location.root, cause);
  }
}

function writeNew(root: SafeRoot, made: Set<string>, path: string, contents: string, mode: number): void {
  const absolute = root.resolve(path);
  const parent = dirname(absolute);
  if (!made.has(parent)) {
    mkdirSync(parent, { recursive: true });
    made.add(parent);
  }
  writeFileSync(absolute, contents, { flag: "wx", mode });
}

function journalEntries(plan: WritePlan, location: Location): JournalEntry[] {
  const files = plan.files.flatMap(({ path, action, contents, mode, before }): JournalEntry[] => {
    if (action === "delete") return [{ path, before, contents: undefined, mode }];
    return contents === undefined ? [] : [{ path, before, contents, mode }];
  });
  const state = stateFiles(plan, location);
  const stale = staleBases(plan, location);
  return [
    ...files,
    ...state.map(({ path, contents }): JournalEntry => ({ path, before: "any", contents, mode: 0o644 })),
    ...stale.map((path): JournalEntry => ({ path, before: "any", contents: undefined, mode: 0o644 })),
  ];
}

/** Bases that no record names any more. */
function staleBases(plan: WritePlan, location: Location): string[] {
  const directory = inStack(location, BASE_DIRECTORY);
  const absolute = new SafeRoot(location.root).resolve(`${directory}/x`).slice(0, -2);
  if (lstat(absolute)?.isDirectory() !== true) return [];
  const needed = new Set(plan.records.map(({ hash }) => hash));
  return readdirSync(absolute)
    .filter((name) => /^[a-f0-9]{64}$/.test(name) && !needed.has(name))
    .map((name) => `${directory}/${name}`);
}

export function writeFailure(place: string, cause: unknown): unknown {
  if (cause instanceof StackError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const reasons: Record<string, string> = {
    ENOSPC: "the disk is full",
    EDQUOT: "the disk quota is used up",
    EACCES: "permission denied",
    EPERM: "permission denied",
    EROFS: "the file system is read-only",
    ENOTDIR: "a part of the path is not a directory",
    EEXIST: "something is in the way",
    ENOTEMPTY: "the directory is not empty any more",
  };
  const reason = reasons[code];
  if (reason === undefined) return cause;
  return new StackError("input", "WRITE", `cannot write ${place}: ${reason}`, {
    hint: "Nothing was changed.",
    cause,
  });
}
