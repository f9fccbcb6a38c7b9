// Owns: the three-way merge of text by lines.
// Promises: no edit is lost; changes of both sides to the same or touching lines are a conflict, equal changes are not.
// Must not: know what the lines mean.

import { diffArrays } from "diff";

/** Lines [start, end) of the base, replaced by lines of one side. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

export type Merge = { readonly merged: string } | { readonly conflicts: number };

/** Merges two descendants of a base. Line ends count as part of their line. */
export function mergeText(base: string, ours: string, theirs: string): Merge {
  const lines = splitLines(base);
  const mine = hunks(lines, splitLines(ours));
  const other = hunks(lines, splitLines(theirs));
  const result: string[] = [];
  let position = 0;
  let conflicts = 0;
  while (mine.length > 0 || other.length > 0) {
    const group = takeGroup(mine, other);
    append(result, lines.slice(position, group.start));
    const left = apply(lines, group.mine, group);
    const right = apply(lines, group.other, group);
    if (group.mine.length === 0 || equal(left, right)) append(result, right);
    else if (group.other.length === 0) append(result, left);
    else conflicts += 1;
    position = group.end;
  }
  append(result, lines.slice(position));
  return conflicts > 0 ? { conflicts } : { merged: result.join("") };
}

/** One by one: `push(...lines)` passes them as arguments, and a stack holds some 100,000. */
function append(result: string[], lines: readonly string[]): void {
  for (const line of lines) result.push(line);
}

/** Lines with their ends. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What differs between the lines that both have. */
function hunks(base: readonly string[], side: readonly string[]): Hunk[] {
  const found: Hunk[] = [];
  let start = 0;
  let from = 0;
  for (const [inBase, inSide] of [...matches(base, side), [base.length, side.length] as const]) {
    if (inBase > start || inSide > from) found.push({ start, end: inBase, lines: side.slice(from, inSide) });
    start = inBase + 1;
    from = inSide + 1;
  }
  return found;
}

/** More edits than this take seconds to align; such a file counts as rewritten. */
const MOST_EDITS = 2000;

/**
 * Index pairs of equal lines, in order. Lines that the other side has nowhere cannot match: they are left out before, as
 * diff(1) does, so that a file whose every line has changed (reindented, exported anew) takes no time.
 */
function matches(base: readonly string[], side: readonly string[]): (readonly [number, number])[] {
  const inBase = sharedIndexes(base, side);
  const inSide = sharedIndexes(side, base);
  const linesAt = (lines: readonly string[], indexes: readonly number[]) =>
    indexes.map((index) => lines[index] ?? "");
  const changes = diffArrays(linesAt(base, inBase), linesAt(side, inSide), { maxEditLength: MOST_EDITS });
  const pairs: (readonly [number, number])[] = [];
  let left = 0;
  let right = 0;
  for (const { value, added, removed } of changes ?? []) {
    if (!added && !removed)
      value.forEach((_, index) => {
        pairs.push([inBase[left + index] ?? 0, inSide[right + index] ?? 0]);
      });
    if (!added) left += value.length;
    if (!removed) right += value.length;
  }
  return pairs;
}

function sharedIndexes(lines: readonly string[], others: readonly string[]): number[] {
  const known = new Set(others);
  return [...lines.keys()].filter((index) => known.has(lines[index] ?? ""));
}

interface Group {
  readonly start: number;
  readonly end: number;
  readonly mine: readonly Hunk[];
  readonly other: readonly Hunk[];
}

/** The next hunks that overlap or touch, taken off both lists. */
function takeGroup(mine: Hunk[], other: Hunk[]): Group {
  const group = { start: Number.POSITIVE_INFINITY, end: -1, mine: [] as Hunk[], other: [] as Hunk[] };
  for (let hunk = next(mine, other, group); hunk !== undefined; hunk = next(mine, other, group)) {
    group.start = Math.min(group.start, hunk.start);
    group.end = Math.max(group.end, hunk.end);
  }
  return group;
}

function next(
  mine: Hunk[],
  other: Hunk[],
  group: { end: number; mine: Hunk[]; other: Hunk[] },
): Hunk | undefined {
  const isMine = other[0] === undefined || (mine[0] !== undefined && mine[0].start <= other[0].start);
  const from = isMine ? mine : other;
  const hunk = from[0];
  if (hunk === undefined || (group.end >= 0 && hunk.start > group.end)) return undefined;
  from.shift();
  (isMine ? group.mine : group.other).push(hunk);
  return hunk;
}

function apply(
  base: readonly string[],
  changes: readonly Hunk[],
  { start, end }: { start: number; end: number },
): string[] {
  const lines: string[] = [];
  let position = start;
  for (const change of changes) {
    append(lines, base.slice(position, change.start));
    append(lines, change.lines);
    position = change.end;
  }
  append(lines, base.slice(position, end));
  return lines;
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
