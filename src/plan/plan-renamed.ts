// Owns: what the plan says of files that people have renamed.
// Promises: the user's name for it stays, nothing comes back under the old one, and what the generator changes goes where it is now.
// Must not: look for them.

import type { TreeFile } from "../render/file-tree.js";
import type { Move } from "./follow-moves.js";
import type { Rename } from "./follow-renames.js";
import type { RecordedFile } from "./state.js";
import type { PlannedFile } from "./write-plan.js";

type Rendered = TreeFile & { readonly hash: string };

/** What is rendered for a file that the user has renamed: under its old name, or under the one that a new version gives it. */
export interface StandIn {
  readonly file: Rendered;
  readonly rename: Rename;
}

export function standIns(
  renames: ReadonlyMap<string, Rename>,
  moves: readonly Move[],
  rendered: readonly Rendered[],
): StandIn[] {
  const byPath = new Map(rendered.map((file) => [file.path, file]));
  return [...renames.values()].flatMap((rename) => {
    const move = moves.find(({ from }) => from.path === rename.from.path);
    const path = move?.to.length === 1 ? move.to[0]?.path : rename.from.path;
    const file = byPath.get(path ?? "");
    return file === undefined ? [] : [{ file, rename }];
  });
}

/** The user's name for it stays, and what the generator changes goes there. */
export function planRenamed(
  files: readonly PlannedFile[],
  followed: readonly StandIn[],
  plan: (file: Rendered, from: RecordedFile) => PlannedFile,
): PlannedFile[] {
  const byPath = new Map(followed.map(({ file, rename }) => [file.path, rename]));
  const kept = files.map((file): PlannedFile => {
    const rename = byPath.get(file.path);
    if (rename === undefined || file.action !== "keep") return file;
    return { ...file, reason: `you renamed ${rename.from.path} to ${rename.to}, stays so` };
  });
  const theirs = followed
    .map(({ file, rename: { from, to } }) => {
      const planned = plan({ ...file, path: to }, from);
      return { ...planned, reason: `${from.path} before you renamed it: ${planned.reason}` };
    })
    .filter(({ action }) => action !== "keep");
  return [...kept, ...theirs];
}

/** With those that a conflict in a renamed file leaves as they were: what is rendered for it, and what it was. */
export function conflictsWithRenamed(
  conflicts: ReadonlySet<string>,
  followed: readonly StandIn[],
): Set<string> {
  const more = followed.filter(({ rename }) => conflicts.has(rename.to));
  return new Set([...conflicts, ...more.flatMap(({ file, rename }) => [file.path, rename.from.path])]);
}
