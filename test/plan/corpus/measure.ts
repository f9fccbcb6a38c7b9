// Owns: the merge over the corpus beside `git merge-file`.
// Promises: one row for each class: pairs, conflicts of both, results of both that are wrong.
// Must not: judge.

import { type FileConflict, mergeFile } from "../../../src/plan/merge-file.js";
import { mergeWithGit } from "../git-merge-file.js";
import { type EditPair, editPairs } from "./edit-pairs.js";
import { findLosses, problemsIn } from "./find-losses.js";

export interface Outcome {
  readonly pair: EditPair;
  readonly merged: string | undefined;
  readonly losses: readonly string[];
  /** What is wrong with the ways out of a conflict. */
  readonly ways: readonly string[];
  readonly gitMerged: string | undefined;
  readonly gitLosses: readonly string[];
}

export function measure(perClass: number, seed: number): Outcome[] {
  const pairs = editPairs(perClass, seed);
  const expected = mergeWithGit(pairs);
  return pairs.map((pair, index) => {
    const merge = mergeFile(pair.path, pair.base, pair.ours, pair.theirs);
    const merged = "merged" in merge ? merge.merged : undefined;
    const gitMerged = expected[index];
    const losses = merged === undefined ? [] : findLosses(pair, merged);
    return {
      pair,
      merged,
      losses,
      ways: "merged" in merge ? [] : wrongWays(pair, merge),
      gitMerged,
      gitLosses: gitMerged === undefined ? [] : gitMerged === merged ? losses : findLosses(pair, gitMerged),
    };
  });
}

function wrongWays({ path, format }: EditPair, { markers, ours, theirs }: FileConflict): string[] {
  const wrong: string[] = [];
  const lines = markers.replaceAll("\r\n", "\n").split("\n");
  for (const marker of ["<<<<<<< yours", "=======", ">>>>>>> generated"])
    if (!lines.includes(marker)) wrong.push(`${path}: no ${marker}`);
  for (const text of [ours, theirs]) {
    if (text === undefined) wrong.push(`${path}: a way out is missing`);
    else if (format !== "text")
      wrong.push(...problemsIn(format, text).map((problem) => `${path}: ${problem}`));
  }
  return wrong;
}

export interface Row {
  readonly name: string;
  pairs: number;
  conflicts: number;
  wrong: number;
  gitConflicts: number;
  gitWrong: number;
}

export function rows(outcomes: readonly Outcome[], nameOf: (pair: EditPair) => string): Row[] {
  const byName = new Map<string, Row>();
  for (const { pair, merged, losses, gitMerged, gitLosses } of outcomes) {
    const name = nameOf(pair);
    const row = byName.get(name) ?? { name, pairs: 0, conflicts: 0, wrong: 0, gitConflicts: 0, gitWrong: 0 };
    row.pairs += 1;
    if (merged === undefined) row.conflicts += 1;
    if (losses.length > 0) row.wrong += 1;
    if (gitMerged === undefined) row.gitConflicts += 1;
    if (gitLosses.length > 0) row.gitWrong += 1;
    byName.set(name, row);
  }
  return [...byName.values()];
}

export function table(title: string, list: readonly Row[]): string {
  const cells = (row: Row) =>
    [row.pairs, row.conflicts, row.wrong, row.gitConflicts, row.gitWrong]
      .map((count) => String(count).padStart(9))
      .join("");
  const head = ["pairs", "conflicts", "wrong", "git confl", "git wrong"]
    .map((name) => name.padStart(9).slice(0, 9))
    .join("");
  return [`${title.padEnd(34)}${head}`, ...list.map((row) => `${row.name.padEnd(34)}${cells(row)}`)].join(
    "\n",
  );
}
