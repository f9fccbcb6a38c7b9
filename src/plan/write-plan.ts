// Owns: what will happen to each path, and why.
// Promises: a plain value; a dry run prints it, and nothing decides anything after it.
// Must not: write.

import type { Ownership } from "../capabilities/capability.js";
import type { RecordedFile } from "./state.js";

/**
 * create: a new file; update: ours and untouched; merge: the user's edits and ours, both kept; keep: nothing to do;
 * delete: ours and no longer wanted, untouched or with its edits in the file that it became; conflict: edits that disagree;
 * nothing is written, or both sides between markers.
 */
export type Action = "create" | "update" | "merge" | "keep" | "delete" | "conflict";

export interface PlannedFile {
  /** Below the repository's root. */
  readonly path: string;
  readonly action: Action;
  readonly reason: string;
  readonly ownership: Ownership;
  /** What will be on disk; undefined for keep, delete, and a conflict that leaves the file alone. */
  readonly contents: string | undefined;
  readonly mode: 0o644 | 0o755;
  /** SHA-256 of what is on disk now; undefined where nothing is. The apply refuses if it has changed meanwhile. */
  readonly before: string | undefined;
  /** Text that is on disk now, with LF as line end; undefined where there is none. */
  readonly old: string | undefined;
  /** The three texts of a conflict with markers, for git's index. */
  readonly stages?: { readonly base: string; readonly ours: string; readonly theirs: string };
}

export interface WritePlan {
  readonly files: readonly PlannedFile[];
  /** What to record once everything is applied. */
  readonly records: readonly RecordedFile[];
  /** Rendered contents by hash: the bases of the next merge. */
  readonly bases: ReadonlyMap<string, string>;
  readonly generator: string;
}

/** What is on disk where the plan looks. */
export interface Snapshot {
  readonly files: ReadonlyMap<string, DiskFile>;
  /** What was last rendered, by hash; entries whose bytes do not have that hash are left out. */
  readonly bases: ReadonlyMap<string, string>;
  /** Files that nobody knows, where one that was rendered is gone: it may have been renamed. */
  readonly strays?: ReadonlyMap<string, DiskFile>;
}

export interface DiskFile {
  /** Text, with LF as line end; undefined for anything that is not a regular text file: a directory, a link, a binary. */
  readonly contents: string | undefined;
  /** SHA-256 of the bytes; empty where there are none. */
  readonly hash: string;
  /** SHA-256 of `contents`, which compares with what was rendered whatever the line ends are; else the same as `hash`. */
  readonly textHash: string;
  /** What every line ends in; LF for a file that mixes both, whose contents then keep their CR. */
  readonly lineEnd: "\n" | "\r\n";
  readonly executable: boolean;
  readonly kind: "text" | "binary" | "link" | "directory" | "other";
}

export function countActions(plan: WritePlan): Record<Action, number> {
  const counts: Record<Action, number> = { create: 0, update: 0, merge: 0, keep: 0, delete: 0, conflict: 0 };
  for (const { action } of plan.files) counts[action] += 1;
  return counts;
}
