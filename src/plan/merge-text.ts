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
    result.push(...lines.slice(position, group.start));
    const left = apply(lines, group.mine, group);
    const right = apply(lines, group.other, group);
    if (group.mine.length === 0 || equal(left, right)) result.push(...right);
    else if (group.other.length === 0) result.push(...left);
    else conflicts += 1;
    position = group.end;
  }
  result.push(...lines.slice(position));
  return conflicts > 0 ? { conflicts } : { merged: result.join("") };
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunks(base: string[], side: string[]): Hunk[] {
  const found: Hunk[] = [];
  let at = 0;
  let open: { start: number; end: number; lines: string[] } | undefined;
  for (const { value, added, removed } of diffArrays(base, side)) {
    if (!added && !removed) {
      at += value.length;
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = { start: at, end: at, lines: [] };
      found.push(open);
    }
    if (added) open.lines.push(...value);
    else {
      at += value.length;
      open.end = at;
    }
  }
  return found;
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
    lines.push(...base.slice(position, change.start), ...change.lines);
    position = change.end;
  }
  lines.push(...base.slice(position, end));
  return lines;
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
