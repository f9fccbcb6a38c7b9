// Owns: what becomes of a file whose edits and whose new rendering disagree, as the user chose.
// Promises: nothing of the user's is replaced without being asked for by name (`theirs`); links and directories never.
// Must not: merge.

import type { FileConflict } from "./merge-file.js";
import type { DiskFile } from "./write-plan.js";

/**
 * leave: the file stays as it is; markers: both sides are written into it, as git does; ours: the user's side of what
 * disagrees; theirs: the generator's. What does not disagree is merged in each but the first.
 */
export const CONFLICT_CHOICES = ["leave", "markers", "ours", "theirs"] as const;
export type ConflictChoice = (typeof CONFLICT_CHOICES)[number];

/** A merge that failed, or why there was none. */
export type Disagreement = Pick<FileConflict, "conflict"> & Partial<FileConflict>;

export type Settled =
  | { readonly action: "conflict" | "keep"; readonly reason: string; readonly contents?: string }
  | { readonly action: "merge" | "update"; readonly reason: string; readonly contents: string };

export function settle(
  { conflict: reason, markers, ours, theirs }: Disagreement,
  choice: ConflictChoice,
  disk: DiskFile,
  rendered: string,
): Settled {
  if (choice === "markers" && markers !== undefined) return { action: "conflict", reason, contents: markers };
  if (choice === "ours") {
    const kept = `${reason}; yours stays`;
    return ours === undefined || ours === disk.contents
      ? { action: "keep", reason: kept }
      : { action: "merge", reason: kept, contents: ours };
  }
  if (choice === "theirs") {
    const replaced = `${reason}; the generator's replaces yours`;
    if (theirs !== undefined) return { action: "merge", reason: replaced, contents: theirs };
    if (disk.kind === "text" || disk.kind === "binary")
      return { action: "update", reason: replaced, contents: rendered };
  }
  return { action: "conflict", reason };
}

/** Whether someone has yet to resolve what git or an earlier run has written into a file. */
export function hasConflictMarkers(text: string): boolean {
  return /^<{7} /m.test(text) && /^={7}\r?$/m.test(text) && /^>{7} /m.test(text);
}
