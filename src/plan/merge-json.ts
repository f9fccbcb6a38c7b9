// Owns: JSON as a tree of its parts, and its three-way merge by structure.
// Promises: the parts are the text again; a key that stands twice is an error.
// Must not: judge the result; merge-check does.

import type { Side } from "./merge-data.js";
import { type Entry, type Leaf, NotTaken, type Tree } from "./merge-tree.js";
import { mergeTree } from "./merge-tree-entries.js";
import type { Merging, Structured } from "./merge-tree-values.js";

/** @throws InvalidJson */
export function mergeJson(base: string, ours: string, theirs: string, side: Side): Structured {
  const merging: Merging = { side, conflicts: [] };
  const versions = { base: jsonTree(base), ours: jsonTree(ours), theirs: jsonTree(theirs) };
  return { text: mergeTree(merging, "", "", versions), conflicts: merging.conflicts };
}

export class InvalidJson extends Error {}

/** A tree of one entry without a name: the value of the whole text. */
export function jsonTree(text: string): Tree {
  const reader = new Reader(text);
  const open = reader.space();
  const value = reader.value(0);
  const end = reader.at;
  const close = reader.space();
  if (reader.at < text.length) throw reader.unexpected();
  const entry = {
    name: "",
    lead: "",
    key: "",
    gap: "",
    value,
    comment: "",
    text: text.slice(open.length, end),
  };
  return { style: "json", kind: "map", column: 0, open, entries: [entry], close, data: value.data };
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const OTHER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true|false|null/y;
const DEEPEST = 200;

class Reader {
  at = 0;
  constructor(private readonly text: string) {}

  unexpected(what = JSON.stringify(this.text.slice(this.at, this.at + 20))): InvalidJson {
    const line = this.text.slice(0, this.at).split("\n").length;
    return new InvalidJson(`unexpected ${what} in line ${line}`);
  }

  private take(expression: RegExp): string {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private takeIf(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  space(): string {
    return this.take(SPACE);
  }

  value(depth: number): Leaf | Tree {
    if (depth > DEEPEST) throw new NotTaken();
    if (this.takeIf("{")) return this.collection("map", "{", "}", depth);
    if (this.takeIf("[")) return this.collection("list", "[", "]", depth);
    const text = this.take(STRING);
    if (text !== "") return { text, data: JSON.stringify(JSON.parse(text)) };
    const other = this.take(OTHER);
    if (other === "") throw this.unexpected();
    return { text: other, data: other };
  }

  private collection(kind: Tree["kind"], open: string, end: string, depth: number): Tree {
    const entries: Entry[] = [];
    const names = new Set<string>();
    let close = this.space();
    while (!this.takeIf(end)) {
      if (entries.length > 0 && !this.takeIf(",")) throw this.unexpected();
      const lead = entries.length > 0 ? this.space() : close;
      const entry = this.entry(kind, lead, entries.length, depth);
      if (names.has(entry.name)) throw this.unexpected(`second ${JSON.stringify(entry.name)}`);
      names.add(entry.name);
      close = this.space();
      const comment = this.text[this.at] === "," ? close : "";
      entries.push({ ...entry, comment, text: `${entry.text}${comment}` });
    }
    const first = entries[0]?.lead ?? "";
    const column = first.includes("\n") ? first.length - first.lastIndexOf("\n") - 1 : 0;
    const data =
      kind === "map"
        ? new Map(entries.map(({ name, value }) => [name, value.data]))
        : entries.map(({ value }) => value.data);
    return { style: "json", kind, column, open, entries, close: `${close}${end}`, data };
  }

  private entry(kind: Tree["kind"], lead: string, index: number, depth: number): Entry {
    const start = this.at;
    const key = kind === "map" ? this.take(STRING) : "";
    if (kind === "map" && key === "") throw this.unexpected();
    const from = this.at;
    this.space();
    if (kind === "map" && !this.takeIf(":")) throw this.unexpected();
    if (kind === "map") this.space();
    const gap = this.text.slice(from, this.at);
    const value = this.value(depth + 1);
    const name = kind === "map" ? (JSON.parse(key) as string) : String(index);
    return { name, lead, key, gap, value, comment: "", text: this.text.slice(start, this.at) };
  }
}
