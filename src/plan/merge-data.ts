// Owns: the three-way merge of values, and what two values mean the same.
// Promises: decided without looking at the text: what a merged text is held against.
// Must not: keep comments or style; merge-tree does.

import { canonical, clash, type Data, identify, mergeOrder } from "./merge-identity.js";
import { alignThree, type Region } from "./merge-lines.js";
import { mergeText } from "./merge-text.js";

export type Side = "ours" | "theirs";

/** What came up while merging. */
export interface DataConflicts {
  /** Both sides changed one thing. */
  conflicts: number;
  /** Both changed one place of a sequence whose elements have no key; lines may still be told apart. */
  unclear: number;
}

export function mergeData(
  base: Data | undefined,
  ours: Data,
  theirs: Data,
  side: Side = "ours",
): DataConflicts & { readonly data: Data } {
  const found = { conflicts: 0, unclear: 0 };
  const data = mergeValue({ name: "", side, found }, base, ours, theirs);
  return { ...found, data };
}

/** Equal for values that mean the same: keys, sets and lists with keys in any order. */
export function meaningOf(data: Data, name = ""): string {
  if (typeof data === "string") return data;
  if (data instanceof Map)
    return `{${[...data]
      .map(([key, value]) => `${key}:${meaningOf(value, key)}`)
      .sort()
      .join(",")}}`;
  const list = data as readonly Data[];
  const elements = list.map((element) => meaningOf(element));
  return `[${(identify(name, [list]).names ? elements.sort() : elements).join(",")}]`;
}

interface Context {
  /** The key under which the value stands. */
  readonly name: string;
  readonly side: Side;
  readonly found: DataConflicts;
}

function isSame(a: Data, b: Data): boolean {
  return canonical(a) === canonical(b);
}

function mergeValue(context: Context, base: Data | undefined, ours: Data, theirs: Data): Data {
  if (isSame(ours, theirs)) return ours;
  if (base !== undefined && isSame(base, ours)) return theirs;
  if (base !== undefined && isSame(base, theirs)) return ours;
  if (ours instanceof Map && theirs instanceof Map)
    return mergeMap(context, base instanceof Map ? base : new Map(), ours, theirs);
  if (Array.isArray(ours) && Array.isArray(theirs))
    return mergeList(context, Array.isArray(base) ? base : [], ours, theirs);
  const lines = mergeLinesOf(base, ours, theirs);
  if (lines !== undefined) return lines;
  context.found.conflicts += 1;
  return context.side === "ours" ? ours : theirs;
}

/** Texts of several lines, such as scripts, are merged by line. */
function mergeLinesOf(base: Data | undefined, ours: Data, theirs: Data): Data | undefined {
  const texts = [base, ours, theirs].map(textOf);
  if (!texts.every((text) => text?.includes("\n"))) return undefined;
  const [before = "", mine = "", other = ""] = texts;
  const merge = mergeText(before, mine, other);
  return "merged" in merge ? JSON.stringify(merge.merged) : undefined;
}

function textOf(data: Data | undefined): string | undefined {
  return typeof data === "string" && data.startsWith('"') ? (JSON.parse(data) as string) : undefined;
}

type Values = ReadonlyMap<string, Data>;
const NONE: Values = new Map();

function mergeMap(context: Context, base: Values, ours: Values, theirs: Values): Data {
  const merged = new Map<string, Data>();
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const value = mergePresence({ ...context, name: key }, base.get(key), ours.get(key), theirs.get(key));
    if (value !== undefined) merged.set(key, value);
  }
  return merged;
}

/** Undefined where it is gone. */
function mergePresence(
  context: Context,
  base: Data | undefined,
  ours: Data | undefined,
  theirs: Data | undefined,
): Data | undefined {
  if (ours !== undefined && theirs !== undefined) return mergeValue(context, base, ours, theirs);
  const left = ours ?? theirs;
  if (base === undefined || left === undefined) return left;
  if (isSame(base, left)) return undefined;
  context.found.conflicts += 1;
  return context.side === "ours" ? ours : theirs;
}

function mergeList(
  context: Context,
  base: readonly Data[],
  ours: readonly Data[],
  theirs: readonly Data[],
): Data {
  const { names, isStrict } = identify(context.name, [base, ours, theirs]);
  if (names === undefined) return mergeSequence(context, isStrict, { base, ours, theirs });
  const [before = NONE, mine = NONE, other = NONE] = [base, ours, theirs].map(
    (list, version) => new Map(list.map((element, index) => [names[version]?.[index] ?? "", element])),
  );
  const dropped = refused(context, before, mine, other);
  const merged = new Map<string, Data>();
  for (const id of new Set([...mine.keys(), ...other.keys()])) {
    const value = dropped.has(id)
      ? undefined
      : mergePresence({ ...context, name: "" }, before.get(id), mine.get(id), other.get(id));
    if (value !== undefined) merged.set(id, value);
  }
  const order = mergeOrder([...before.keys()], [...mine.keys()], [...other.keys()], (id) => merged.has(id));
  return order.map((id) => merged.get(id) ?? "");
}

/** What one side has added and cannot stand beside what the other has: the additions of the side that loses. */
function refused(context: Context, base: Values, ours: Values, theirs: Values): ReadonlySet<string> {
  const mine = [...ours.keys()].filter((id) => !base.has(id) && !theirs.has(id));
  const other = [...theirs.keys()].filter((id) => !base.has(id) && !ours.has(id));
  if (mine.length === 0 || other.length === 0) return new Set();
  const isReplaced = [...base].some(
    ([id, data]) => typeof data === "string" && !ours.has(id) && !theirs.has(id),
  );
  const at = (values: Values, ids: readonly string[]) => ids.map((id) => values.get(id) ?? "");
  if (!isReplaced && !clash(context.name, at(ours, mine), at(theirs, other))) return new Set();
  context.found.conflicts += 1;
  return new Set(context.side === "ours" ? other : mine);
}

interface Lists {
  readonly base: readonly Data[];
  readonly ours: readonly Data[];
  readonly theirs: readonly Data[];
}

function mergeSequence(context: Context, isStrict: boolean, { base, ours, theirs }: Lists): Data {
  const names = [base, ours, theirs].map((list) => list.map(canonical)) as [string[], string[], string[]];
  return alignThree(...names, { isTouchingApart: true }).flatMap((region) => {
    const part: Lists = {
      base: base.slice(...region.base),
      ours: ours.slice(...region.ours),
      theirs: theirs.slice(...region.theirs),
    };
    return region.change === "both" ? mergePlace(context, isStrict, part) : partOf(region, part);
  });
}

function partOf({ change }: Region, { ours, theirs }: Lists): readonly Data[] {
  return change === "theirs" ? theirs : ours;
}

function mergePlace(context: Context, isStrict: boolean, { base, ours, theirs }: Lists): readonly Data[] {
  if (isSame(ours, theirs)) return ours;
  if (base.length === ours.length && base.length === theirs.length)
    return base.map((element, index) =>
      mergeValue({ ...context, name: "" }, element, ours[index] ?? "", theirs[index] ?? ""),
    );
  if (base.length === 0 && !isStrict) return [...ours, ...theirs];
  context.found.unclear += 1;
  return context.side === "ours" ? ours : theirs;
}
