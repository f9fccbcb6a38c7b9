// Owns: the three-way merge of text by lines.
// Promises: no edit is lost; changes of both sides to the same or touching lines are a conflict, equal changes are not.
// Must not: know what the lines mean.

import { alignThree, type Region, type Span } from "./merge-lines.js";

export interface Conflicts {
  /** Where, as lines of ours, counted from one. */
  readonly lines: readonly Span[];
  /** Everything merged, and each conflict decided for one side. */
  readonly ours: string;
  readonly theirs: string;
}

export type Merge = { readonly merged: string } | Conflicts;

/** Merges two descendants of a base. Line ends count as part of their line. */
export function mergeText(base: string, ours: string, theirs: string): Merge {
  const lines = { base: splitLines(base), ours: splitLines(ours), theirs: splitLines(theirs) };
  const plain = mergeLines(lines, false);
  if ("merged" in plain) return plain;
  const slid = mergeLines(lines, true);
  return "merged" in slid || slid.lines.length < plain.lines.length ? slid : plain;
}

interface Sides {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

function mergeLines(lines: Sides, isSlid: boolean): Merge {
  const ours: string[] = [];
  const theirs: string[] = [];
  const conflicts: Span[] = [];
  for (const region of alignThree(lines.base, lines.ours, lines.theirs, { isSlid })) {
    const isConflict = region.change === "both" && !isEqual(lines, region);
    append(ours, region.change === "theirs" ? lines.theirs : lines.ours, spanOf(region));
    if (isConflict) conflicts.push([region.ours[0] + 1, Math.max(region.ours[0] + 1, region.ours[1])]);
    if (isConflict) append(theirs, lines.theirs, region.theirs);
    else append(theirs, region.change === "theirs" ? lines.theirs : lines.ours, spanOf(region));
  }
  if (conflicts.length === 0) return { merged: ours.join("") };
  return { lines: conflicts, ours: ours.join(""), theirs: theirs.join("") };
}

function spanOf({ change, ours, theirs }: Region): Span {
  return change === "theirs" ? theirs : ours;
}

function isEqual({ ours, theirs }: Sides, region: Region): boolean {
  const length = region.ours[1] - region.ours[0];
  if (length !== region.theirs[1] - region.theirs[0]) return false;
  for (let index = 0; index < length; index += 1)
    if (ours[region.ours[0] + index] !== theirs[region.theirs[0] + index]) return false;
  return true;
}

/** One by one: `push(...lines)` passes them as arguments, and a stack holds some 100,000. */
function append(result: string[], lines: readonly string[], [start, end]: Span): void {
  for (let index = start; index < end; index += 1) result.push(lines[index] ?? "");
}

export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
