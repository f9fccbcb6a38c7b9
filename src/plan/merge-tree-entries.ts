// Owns: the three-way merge of trees: which entries there are, in which order, each merged for itself.
// Promises: what one side has not touched is the other side's text; a conflict is as small as the entry that both changed.
// Must not: parse; judge the result.

import { canonical, clash, identify, mergeOrder } from "./merge-identity.js";
import { alignThree, type Span } from "./merge-lines.js";
import { type Entry, isBeside, isTree, type Leaf, shift, type Tree } from "./merge-tree.js";
import {
  decide,
  isSame,
  type Merging,
  mergeComment,
  mergeLead,
  mergeLeaf,
  movedTo,
  unfolded,
  type Versions,
} from "./merge-tree-values.js";

/** A merged entry: what stands above it, and itself from its key on. */
interface Part {
  readonly lead: string;
  readonly text: string;
}

/** The merged text of a collection, in the columns of ours. */
export function mergeTree(
  merging: Merging,
  path: string,
  name: string,
  { base, ours, theirs }: Versions<Tree>,
  isBesideDash = false,
): string {
  const entriesOf = (tree: Tree | undefined) => tree?.entries.map(movedTo(ours, tree)) ?? [];
  const lists = { base: entriesOf(base), ours: ours.entries, theirs: entriesOf(theirs) };
  const parts =
    ours.kind === "map" ? mergeKeyed(merging, path, lists) : mergeList(merging, path, name, lists);
  if (ours.style === "json") return joinJson(parts, ours, theirs);
  if (parts.length === 0) return "";
  const indentation = " ".repeat(ours.column);
  const text = parts.map(({ lead, text }, index) => {
    if (!isBesideDash || index > 0) return `${lead}${indentation}${text}`;
    return lead.trim() === "" ? text : `${lead.trimStart()}${indentation}${text}`;
  });
  const around = (key: "open" | "close") => {
    const [before = "", other = ""] = [base, theirs].map(
      (tree) => tree && shift(tree[key], ours.column - tree.column, true),
    );
    return mergeLead(merging, path, { base: before, ours: ours[key], theirs: other });
  };
  return `${around("open")}${text.join("")}${around("close")}`;
}

/** With commas between; what is new stands as its neighbours do. */
function joinJson(parts: readonly Part[], ours: Tree, theirs: Tree): string {
  const [first, second] = ours.entries.length > 0 ? ours.entries : theirs.entries;
  const between = second?.lead ?? (first?.lead.includes("\n") ? first.lead : " ");
  const text = parts.map(({ lead, text }, index) => {
    if (index === 0) return `${first?.lead ?? ""}${text}`;
    const isOwn = ours.entries.slice(1).some((entry) => entry.lead === lead);
    return `${isOwn ? lead : between}${text}`;
  });
  const close = parts.length === 0 ? ours.close.trim() : (ours.entries.length > 0 ? ours : theirs).close;
  return `${ours.open}${text.join(",")}${close}`;
}

interface Lists {
  readonly base: readonly Entry[];
  readonly ours: readonly Entry[];
  readonly theirs: readonly Entry[];
}

function mergeList(merging: Merging, path: string, name: string, lists: Lists): Part[] {
  const dataOf = (entries: readonly Entry[]) => entries.map(({ value }) => value.data);
  const data = { base: dataOf(lists.base), ours: dataOf(lists.ours), theirs: dataOf(lists.theirs) };
  const { names, isStrict } = identify(name, [data.base, data.ours, data.theirs]);
  if (names === undefined) return mergeSequence(merging, path, isStrict, lists);
  const [base = [], ours = [], theirs = []] = [lists.base, lists.ours, lists.theirs].map((entries, version) =>
    entries.map((entry, index) => ({ ...entry, name: names[version]?.[index] ?? "" })),
  );
  return mergeKeyed(merging, path, refuse(merging, path, name, { base, ours, theirs }), true);
}

/** Where what both have added cannot stand together, the additions of one side are left out. */
function refuse(merging: Merging, path: string, name: string, lists: Lists): Lists {
  const names = (entries: readonly Entry[]) => new Set(entries.map((entry) => entry.name));
  const [inBase, inOurs, inTheirs] = [names(lists.base), names(lists.ours), names(lists.theirs)];
  const mine = lists.ours.filter((entry) => !inBase.has(entry.name) && !inTheirs.has(entry.name));
  const other = lists.theirs.filter((entry) => !inBase.has(entry.name) && !inOurs.has(entry.name));
  if (mine.length === 0 || other.length === 0) return lists;
  const isReplaced = lists.base.some(
    (entry) => typeof entry.value.data === "string" && !inOurs.has(entry.name) && !inTheirs.has(entry.name),
  );
  const data = (entries: readonly Entry[]) => entries.map(({ value }) => value.data);
  if (!isReplaced && !clash(name, data(mine), data(other))) return lists;
  const refused = new Set(decide(merging, path, other, mine));
  const left = (entries: readonly Entry[]) => entries.filter((entry) => !refused.has(entry));
  return { base: lists.base, ours: left(lists.ours), theirs: left(lists.theirs) };
}

/** Entries by name. */
export function mergeKeyed(merging: Merging, path: string, lists: Lists, isList = false): Part[] {
  const byName = (entries: readonly Entry[]) => new Map(entries.map((entry) => [entry.name, entry]));
  const [base, ours, theirs] = [byName(lists.base), byName(lists.ours), byName(lists.theirs)];
  const parts = new Map<string, Part>();
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    const versions = { base: base.get(name), ours: ours.get(name), theirs: theirs.get(name) };
    const part = mergePresence(merging, pathTo(path, name, isList), versions);
    if (part !== undefined) parts.set(name, part);
  }
  const order = mergeOrder([...base.keys()], [...ours.keys()], [...theirs.keys()], (name) => parts.has(name));
  return order.map((name) => parts.get(name) ?? { lead: "", text: "" });
}

function pathTo(path: string, name: string, isList: boolean): string {
  if (isList) return `${path}[${name.replaceAll('"', "")}]`;
  return path === "" || path.endsWith(": ") ? `${path}${name}` : `${path}.${name}`;
}

/** Undefined where the entry is gone. */
function mergePresence(
  merging: Merging,
  path: string,
  { base, ours, theirs }: Versions<Entry | undefined>,
): Part | undefined {
  if (ours !== undefined && theirs !== undefined) return mergeEntry(merging, path, { base, ours, theirs });
  const left = ours ?? theirs;
  if (base === undefined || left === undefined) return left;
  const isUntouched =
    isSame(base.value.data, left.value.data) && (left === theirs || !hasNewComment(base, left));
  return isUntouched ? undefined : decide(merging, path, ours, theirs);
}

function hasNewComment(base: Entry, ours: Entry): boolean {
  const known = new Set(commentsOf(`${base.lead}${base.text}`));
  return commentsOf(`${ours.lead}${ours.text}`).some((comment) => !known.has(comment));
}

/** What stands behind a `#`, in a string, too: there it is kept as well. */
export function commentsOf(text: string): string[] {
  return text.match(/(?<=^|\s)#[^\n]*/g) ?? [];
}

function mergeEntry(merging: Merging, path: string, versions: Versions<Entry>): Part {
  const { base, ours, theirs } = versions;
  const isLine = ours.text.endsWith("\n");
  const lead = isLine
    ? mergeLead(merging, path, { base: base?.lead, ours: ours.lead, theirs: theirs.lead })
    : ours.lead;
  return { lead, text: mergeValue(merging, path, versions) };
}

function mergeValue(merging: Merging, path: string, versions: Versions<Entry>): string {
  const { base, ours, theirs } = versions;
  if (ours.text === theirs.text || base?.text === theirs.text) return ours.text;
  if (base?.text === ours.text) return theirs.text;
  const trees = treesOf(versions);
  if (trees === undefined) return mergeLeaf(merging, path, versions);
  const isAside = isBeside(ours);
  const text = mergeTree(merging, path, nameOf(ours), trees, isAside);
  if (trees.ours.style === "json" || ours.key === "") return `${ours.key}${ours.gap}${text}${ours.comment}`;
  const comment =
    isBeside(theirs) || !isTree(theirs.value)
      ? ours.comment
      : mergeComment(merging, path, { base: base?.comment, ours: ours.comment, theirs: theirs.comment });
  if (text === "") return `${ours.key} ${trees.ours.kind === "map" ? "{}" : "[]"}${comment}\n`;
  return isAside ? `${ours.key}${ours.gap}${text}` : `${ours.key}${comment}\n${text}`;
}

/** The key under which a list stands says how its elements are told apart. */
function nameOf({ key, name }: Entry): string {
  return key === "" || key === "-" || key.startsWith("---") ? "" : name;
}

/** Collections of one kind; where ours is one, the others are made so. */
function treesOf({ base, ours, theirs }: Versions<Entry>): Versions<Tree> | undefined {
  if (!isTree(ours.value)) return undefined;
  const { column, kind, style } = ours.value;
  const asTree = (value: Leaf | Tree | undefined) =>
    value === undefined || isTree(value) || style === "json" ? value : unfolded(value, column);
  const [before, other] = [asTree(base?.value), asTree(theirs.value)];
  if (other === undefined || !isTree(other) || other.kind !== kind) return undefined;
  const isOfKind = before !== undefined && isTree(before) && before.kind === kind;
  return { base: isOfKind ? before : undefined, ours: ours.value, theirs: other };
}

/** Elements that nothing names: those that stand at the same place are the same. */
function mergeSequence(merging: Merging, path: string, isStrict: boolean, lists: Lists): Part[] {
  const names = (entries: readonly Entry[]) => entries.map(({ value }) => value.data).map(canonical);
  const regions = alignThree(names(lists.base), names(lists.ours), names(lists.theirs), {
    isTouchingApart: true,
  });
  return regions.flatMap((region): Part[] => {
    const at = (entries: readonly Entry[], [start, end]: Span) => entries.slice(start, end);
    const [before, mine, other] = [
      at(lists.base, region.base),
      at(lists.ours, region.ours),
      at(lists.theirs, region.theirs),
    ];
    const isOneToOne = before.length === mine.length && before.length === other.length;
    if (isOneToOne || (before.length === 0 && mine.map(textOf).join("") === other.map(textOf).join("")))
      return mine.map((ours, index) => {
        const theirs = other[index] ?? ours;
        return mergeEntry(merging, `${path}[${region.ours[0] + index}]`, {
          base: before[index],
          ours,
          theirs,
        });
      });
    if (region.change !== "both") return region.change === "theirs" ? other : mine;
    if (names(mine).join() === names(other).join()) return mine;
    if (before.length === 0 && !isStrict) return [...mine, ...other];
    return decide(merging, `${path}[${region.ours[0]}]`, mine, other);
  });
}

function textOf({ text }: Entry): string {
  return text;
}
