// Owns: laying two descendants of a list beside their base: which parts nobody, one side or both have changed.
// Promises: every element of the three lists is in exactly one region; linear in what is equal.
// Must not: know what the elements mean.

import { diffArrays } from "diff";

/** Elements [start, end) of a list. */
export type Span = readonly [start: number, end: number];

export interface Region {
  readonly base: Span;
  readonly ours: Span;
  readonly theirs: Span;
  readonly change: "none" | "ours" | "theirs" | "both";
}

/** Elements [start, end) of the base, replaced by elements [from, to) of one side. */
interface Hunk {
  start: number;
  end: number;
  from: number;
  to: number;
}

export interface Alignment {
  /** Changes that only touch are of different regions: right where every element stands for itself, as lines do not. */
  readonly isTouchingApart?: boolean;
  /** Of several places where an insertion or deletion may be said to be, take the last, as git does. */
  readonly isSlid?: boolean;
}

export function alignThree(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
  alignment: Alignment = {},
): Region[] {
  const queues = [hunks(base, ours), hunks(base, theirs)] as const;
  if (alignment.isSlid) {
    slide(queues[0], base, ours);
    slide(queues[1], base, theirs);
  }
  const regions: Region[] = [];
  const at = { base: 0, ours: 0, theirs: 0 };
  const next = [0, 0] as [number, number];
  const pass = (end: number) => {
    const length = end - at.base;
    if (length > 0) regions.push(regionAt(at, end, length, length, "none"));
  };
  while (next[0] < queues[0].length || next[1] < queues[1].length) {
    const group = takeGroup(queues, next, alignment.isTouchingApart ?? false);
    pass(group.start);
    const size = group.end - group.start;
    const change = group.count[0] === 0 ? "theirs" : group.count[1] === 0 ? "ours" : "both";
    regions.push(regionAt(at, group.end, size + group.grown[0], size + group.grown[1], change));
  }
  pass(base.length);
  return regions;
}

function regionAt(
  at: { base: number; ours: number; theirs: number },
  end: number,
  ours: number,
  theirs: number,
  change: Region["change"],
): Region {
  const region: Region = {
    base: [at.base, end],
    ours: [at.ours, at.ours + ours],
    theirs: [at.theirs, at.theirs + theirs],
    change,
  };
  at.base = end;
  at.ours += ours;
  at.theirs += theirs;
  return region;
}

interface Group {
  start: number;
  end: number;
  readonly count: [number, number];
  readonly grown: [number, number];
}

/** The next changes that belong together; moves `next` past them. */
function takeGroup(
  queues: readonly [readonly Hunk[], readonly Hunk[]],
  next: [number, number],
  isTouchingApart: boolean,
): Group {
  const group: Group = { start: -1, end: -1, count: [0, 0], grown: [0, 0] };
  for (;;) {
    const [mine, other] = [queues[0][next[0]], queues[1][next[1]]];
    const side = other === undefined || (mine !== undefined && isFirst(mine, other)) ? 0 : 1;
    const hunk = side === 0 ? mine : other;
    if (hunk === undefined || (group.start >= 0 && !belongs(hunk, group, isTouchingApart))) return group;
    if (group.start < 0) group.start = hunk.start;
    group.end = Math.max(group.end, hunk.end);
    group.count[side] += 1;
    group.grown[side] += hunk.to - hunk.from - (hunk.end - hunk.start);
    next[side] += 1;
  }
}

function isFirst(a: Hunk, b: Hunk): boolean {
  return a.start < b.start || (a.start === b.start && a.end <= b.end);
}

function belongs(hunk: Hunk, group: Group, isTouchingApart: boolean): boolean {
  if (!isTouchingApart) return hunk.start <= group.end;
  return hunk.start < group.end || (hunk.end === group.start && group.start === group.end);
}

/** What differs between the elements that both have. */
function hunks(base: readonly string[], side: readonly string[]): Hunk[] {
  const found: Hunk[] = [];
  let start = 0;
  let from = 0;
  const close = (end: number, to: number) => {
    if (end > start || to > from) found.push({ start, end, from, to });
    start = end + 1;
    from = to + 1;
  };
  for (const [inBase, inSide] of matches(base, side)) close(inBase, inSide);
  close(base.length, side.length);
  return found;
}

/** An insertion before lines that it ends in, or a deletion before lines that it begins with, moves behind them. */
function slide(hunks: readonly Hunk[], base: readonly string[], side: readonly string[]): void {
  hunks.forEach((hunk, index) => {
    const limit = hunks[index + 1]?.start ?? base.length;
    const isInsertion = hunk.start === hunk.end;
    if (!isInsertion && hunk.from !== hunk.to) return;
    while (
      hunk.end < limit &&
      base[hunk.end] === (isInsertion ? side[hunk.from] : base[hunk.start]) &&
      (isInsertion || hunk.end + 1 < limit)
    ) {
      for (const key of ["start", "end", "from", "to"] as const) hunk[key] += 1;
    }
  });
}

/** More edits than this take seconds to align; such a file counts as rewritten. */
const MOST_EDITS = 2000;

/**
 * Index pairs of equal elements, in order. Elements that the other side has nowhere cannot match: they are left out before,
 * as diff(1) does, so that a file whose every line has changed (reindented, exported anew) takes no time.
 */
function* matches(base: readonly string[], side: readonly string[]): Generator<readonly [number, number]> {
  const inBase = sharedIndexes(base, side);
  const inSide = sharedIndexes(side, base);
  const elementsAt = (elements: readonly string[], indexes: readonly number[]) =>
    indexes.map((index) => elements[index] ?? "");
  const changes = diffArrays(elementsAt(base, inBase), elementsAt(side, inSide), {
    maxEditLength: MOST_EDITS,
  });
  let left = 0;
  let right = 0;
  for (const { value, added, removed } of changes ?? []) {
    if (!added && !removed)
      for (let index = 0; index < value.length; index += 1)
        yield [inBase[left + index] ?? 0, inSide[right + index] ?? 0];
    if (!added) left += value.length;
    if (!removed) right += value.length;
  }
}

function sharedIndexes(elements: readonly string[], others: readonly string[]): number[] {
  const known = new Set(others);
  return [...elements.keys()].filter((index) => known.has(elements[index] ?? ""));
}
