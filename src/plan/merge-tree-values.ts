// Owns: the three-way merge of one value with its text: what stands behind a key or a dash.
// Promises: the user's key, quotes, spacing and comments stay wherever the other side has not changed the value.
// Must not: order entries; merge-tree-entries does.

import { mergeData, type Side } from "./merge-data.js";
import { canonical, type Data } from "./merge-identity.js";
import { alignThree } from "./merge-lines.js";
import { mergeText, splitLines } from "./merge-text.js";
import { type Entry, isTree, type Leaf, NotTaken, shift, type Tree } from "./merge-tree.js";

export interface Merging {
  /** For whom conflicts are decided. */
  readonly side: Side;
  /** Paths of what both sides changed. */
  readonly conflicts: string[];
}

export interface Structured {
  readonly text: string;
  /** Paths of what both sides changed, and `text` has from one. */
  readonly conflicts: readonly string[];
}

/** Three versions of one thing; all their texts stand in the columns of ours. */
export interface Versions<Version> {
  readonly base: Version | undefined;
  readonly ours: Version;
  readonly theirs: Version;
}

export function isSame(a: Data | undefined, b: Data | undefined): boolean {
  return a !== undefined && b !== undefined && canonical(a) === canonical(b);
}

export function decide<Version>(merging: Merging, path: string, ours: Version, theirs: Version): Version {
  merging.conflicts.push(path);
  return merging.side === "ours" ? ours : theirs;
}

/** The version that differs from the base; the same change counts once. Undefined where both differ. */
export function changed<Version>({ base, ours, theirs }: Versions<Version>): Version | undefined {
  if (ours === theirs || base === theirs) return ours;
  return base === ours ? theirs : undefined;
}

/** Lines of comments. What both have added at one place follows each other: nothing reads their order. */
export function mergeLead(
  merging: Merging,
  path: string,
  { base = "", ours, theirs }: Versions<string>,
): string {
  const one = changed({ base, ours, theirs });
  if (one !== undefined) return one;
  const [before, mine, other] = [base, ours, theirs].map(splitLines) as [string[], string[], string[]];
  const regions = alignThree(before, mine, other, { isTouchingApart: true });
  return regions
    .flatMap((region) => {
      const [left, right] = [mine.slice(...region.ours), other.slice(...region.theirs)];
      if (region.change !== "both") return region.change === "theirs" ? right : left;
      if (left.join("") === right.join("")) return left;
      const isAddition = region.base[0] === region.base[1];
      return isAddition
        ? [...left, ...right]
        : decide(merging, `the comment at ${path || "the top"}`, left, right);
    })
    .join("");
}

/** The comment at the end of a line; an entry that both have added has whichever there is. */
export function mergeComment(
  merging: Merging,
  path: string,
  { base, ours, theirs }: Versions<string>,
): string {
  const one = changed({ base: base ?? "", ours, theirs });
  return one ?? decide(merging, `the comment at ${path}`, ours, theirs);
}

/** The text of an entry of which at least one version holds no entries of its own. */
export function mergeLeaf(merging: Merging, path: string, versions: Versions<Entry>): string {
  const { base, ours, theirs } = versions;
  if (isTree(ours.value) || isTree(theirs.value)) {
    if (isSame(base?.value.data, ours.value.data) && !isTree(ours.value)) return theirs.text;
    if (isSame(base?.value.data, theirs.value.data) || isSame(ours.value.data, theirs.value.data))
      return ours.text;
    if (isTree(ours.value)) return decide(merging, path, ours.text, theirs.text);
  }
  const value = mergeScalar(merging, path, versions as Versions<Entry & { value: Leaf }>);
  const comment = mergeComment(merging, path, {
    base: base?.comment,
    ours: ours.comment,
    theirs: isTree(theirs.value) ? (base?.comment ?? "") : theirs.comment,
  });
  if (value.entry === undefined) return withValue(ours, value.text, comment);
  return value.entry === "theirs" && ours.gap.trim() === ours.gap
    ? withValue({ ...ours, gap: theirs.gap }, value.text, comment)
    : withValue(ours, value.text, comment);
}

function withValue({ key, gap, text: old }: Entry, text: string, comment: string): string {
  const space = gap === "" && text !== "" && key !== "" ? " " : gap;
  const isEnded = text.endsWith("\n") || !old.endsWith("\n");
  return `${key}${space}${text}${comment}${isEnded ? "" : "\n"}`;
}

interface Chosen {
  readonly text: string;
  readonly entry?: "theirs";
}

function mergeScalar(merging: Merging, path: string, { base, ours, theirs }: Versions<Entry>): Chosen {
  const [mine, other] = [ours.value, theirs.value];
  const before = base?.value;
  if (isTree(mine)) throw new NotTaken();
  if (isSame(before?.data, other.data) || isSame(mine.data, other.data)) return { text: mine.text };
  if (isSame(before?.data, mine.data) && !isTree(other))
    return { text: inQuotes(mine, other), entry: "theirs" };
  if (typeof mine.data !== "string" && typeof other.data !== "string") {
    const merge = mergeData(before?.data, mine.data, other.data, merging.side);
    if (merge.conflicts + merge.unclear > 0) merging.conflicts.push(path);
    if (mine.text.includes("#")) throw new NotTaken();
    return { text: spellFlow(merge.data) };
  }
  if (isTree(other) || before === undefined || isTree(before) || ![before, mine, other].every(isBlockScalar))
    return isTree(other)
      ? { text: decide(merging, path, mine.text, spellFlow(other.data)) }
      : { text: decide(merging, path, mine.text, other.text) };
  const merge = mergeText(before.text, mine.text, other.text);
  return { text: "merged" in merge ? merge.merged : decide(merging, path, merge.ours, merge.theirs) };
}

function isBlockScalar({ text }: { text?: string }): boolean {
  return text !== undefined && /^[|>]/.test(text);
}

/** A new string in the quotes that the user chose. */
function inQuotes(mine: Leaf, { text, data }: Leaf): string {
  const quote = /^(["'])[^\n]*\1$/.exec(mine.text)?.[1];
  if (quote === undefined || typeof data !== "string" || !data.startsWith('"') || text.includes("\n"))
    return text;
  return quote === '"' ? data : `'${(JSON.parse(data) as string).replaceAll("'", "''")}'`;
}

const WORDS = /^(?:true|false|null|yes|no|on|off|y|n|~)$/i;

/** Data in braces, on one line. */
export function spellFlow(data: Data): string {
  if (data instanceof Map)
    return data.size === 0
      ? "{}"
      : `{${[...data].map(([key, value]) => `${spellFlow(JSON.stringify(key))}: ${spellFlow(value)}`).join(", ")}}`;
  if (typeof data !== "string") return `[${(data as readonly Data[]).map(spellFlow).join(", ")}]`;
  const plain = data.slice(1, -1);
  return data.startsWith('"') && /^[A-Za-z][\w./-]*$/.test(plain) && !WORDS.test(plain) ? plain : data;
}

/** An empty collection, or one in braces, as one entry below the other. */
export function unfolded({ text, data }: Leaf, column: number): Tree | undefined {
  if (typeof data === "string" || text.includes("#")) return undefined;
  const isMap = data instanceof Map;
  const pairs: [string, Data][] = isMap
    ? [...data]
    : (data as readonly Data[]).map((element, index) => [String(index), element]);
  const entries = pairs.map(([name, value]): Entry => {
    const key = isMap ? `${spellFlow(JSON.stringify(name))}:` : "-";
    const leaf = { text: spellFlow(value), data: value };
    return { name, lead: "", key, gap: " ", value: leaf, comment: "", text: `${key} ${leaf.text}\n` };
  });
  return { style: "yaml", kind: isMap ? "map" : "list", column, open: "", entries, close: "", data };
}

/** An entry of a tree as it stands in the columns of another. */
export function movedTo(target: Tree, { column }: Tree): (entry: Entry) => Entry {
  const columns = target.column - column;
  if (target.style === "json") return column === target.column ? (entry) => entry : scaledTo(target, column);
  return (entry) => {
    if (columns === 0) return entry;
    const value: Leaf | Tree = isTree(entry.value)
      ? entry.value
      : { ...entry.value, text: shift(entry.value.text, columns) };
    return { ...entry, lead: shift(entry.lead, columns, true), value, text: shift(entry.text, columns) };
  };
}

/** Space means nothing in JSON: what is new is indented by as much for each level as what is there, with tabs or spaces. */
function scaledTo({ column: wanted, entries }: Tree, column: number): (entry: Entry) => Entry {
  const space = entries[0]?.lead.includes("\t") ? "\t" : " ";
  const scale = (text: string) =>
    text.replace(/\n[ \t]*/g, (found) =>
      column === 0 ? found : `\n${space.repeat(Math.round(((found.length - 1) * wanted) / column))}`,
    );
  return (entry) => ({ ...entry, text: scale(entry.text) });
}
