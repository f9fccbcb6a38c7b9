// Owns: one YAML document as a tree of its parts.
// Promises: the parts are the text again; anything that would make that doubtful is refused as not taken.
// Must not: merge.

import { isCollection, isMap, isScalar, type Node, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { type Entry, type Leaf, NotTaken, type Tree } from "./merge-tree.js";
import { dataOf, nameOf, refuseProperties } from "./merge-yaml-data.js";

/** A document whose first key stands in the first column; `text` is without its `---` line, and ends in a newline. */
export function yamlTree(text: string, node: unknown): Tree {
  const reader = new Reader(text);
  if (node === null || (isScalar(node) && node.value === null && node.source === ""))
    return { style: "yaml", kind: "map", column: 0, open: text, entries: [], close: "", data: "null" };
  if (!isCollection(node) || node.flow) throw new NotTaken();
  const open = reader.trivia();
  const tree = reader.block(node as YAMLMap | YAMLSeq, false, -1);
  return { ...tree, open, close: tree.close + reader.rest() };
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  rest(): string {
    const rest = this.text.slice(this.at);
    if (rest.replace(/^[ \t]*(#.*)?$/gm, "").trim() !== "") throw new NotTaken();
    return rest;
  }

  /** Takes what the expression matches here; it is sticky and always matches. */
  private take(expression: RegExp): string {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private takeTo(end: number): string {
    if (end < this.at) throw new NotTaken();
    const taken = this.text.slice(this.at, end);
    this.at = end;
    return taken;
  }

  /** Lines that are empty or comments. */
  trivia(): string {
    return this.take(/(?:[ \t]*(?:#[^\n]*)?\n)*/y);
  }

  /** @param outer the column of what the collection belongs to: comments that stand deeper behind it are its own */
  block(node: YAMLMap | YAMLSeq, isBeside: boolean, outer: number): Tree {
    const start = node.range?.[0] ?? 0;
    const column = start - (this.text.lastIndexOf("\n", start - 1) + 1);
    refuseProperties(node);
    const entries = (node.items as unknown[]).map((item, index) => {
      const isFirstBeside = isBeside && index === 0;
      const lead = isFirstBeside ? "" : this.trivia();
      if (!isFirstBeside && this.take(/ */y).length !== column) throw new NotTaken();
      return isMap(node) ? this.pair(item as Pair, lead, column) : this.element(item, lead, column, index);
    });
    const close = outer < 0 ? "" : this.closing(Math.max(column, outer + 1));
    return {
      style: "yaml",
      kind: isMap(node) ? "map" : "list",
      column,
      open: "",
      entries,
      close,
      data: isMap(node)
        ? new Map(entries.map((entry) => [entry.name, entry.value.data]))
        : entries.map((entry) => entry.value.data),
    };
  }

  /** The comments behind a collection that are indented as its entries are. */
  private closing(column: number): string {
    const start = this.at;
    const lines = this.trivia().match(/[^\n]*\n/g) ?? [];
    let length = 0;
    let taken = 0;
    for (const line of lines) {
      const indentation = line.search(/\S/);
      if (indentation >= 0 && indentation < column) break;
      length += line.length;
      if (indentation >= 0) taken = length;
    }
    this.at = start + taken;
    return this.text.slice(start, this.at);
  }

  private pair(pair: Pair, lead: string, column: number): Entry {
    const key = pair.key as Node;
    const start = this.at;
    if (key.range?.[0] !== start) throw new NotTaken();
    this.at = key.range[1];
    const colon = this.take(/[ \t]*:/y);
    if (colon === "") throw new NotTaken();
    const name = nameOf(pair);
    return this.value(pair.value, { name, lead, key: this.text.slice(start, this.at) }, start, column);
  }

  private element(node: unknown, lead: string, column: number, index: number): Entry {
    const start = this.at;
    if (this.take(/-/y) === "") throw new NotTaken();
    return this.value(node, { name: String(index), lead, key: "-" }, start, column);
  }

  private value(
    node: unknown,
    head: { name: string; lead: string; key: string },
    start: number,
    column: number,
  ): Entry {
    if (isCollection(node) && !node.flow) {
      const block = node as YAMLMap | YAMLSeq;
      const line = this.take(/[ \t]*(?:#[^\n]*)?(?:\n|$)/y);
      const isBesideKey = line === "";
      const gap = isBesideKey ? this.take(/ */y) : "";
      if (isBesideKey && this.at !== block.range?.[0]) throw new NotTaken();
      const value = this.block(block, isBesideKey, column);
      return { ...head, gap, value, comment: line.replace(/\n$/, ""), text: this.text.slice(start, this.at) };
    }
    const value = this.leaf(node);
    const gap = value.gap;
    const comment = value.leaf.text.endsWith("\n") ? "" : this.take(/[ \t]*(?:#[^\n]*)?/y);
    if (!value.leaf.text.endsWith("\n") && this.take(/\n/y) === "") throw new NotTaken();
    return { ...head, gap, value: value.leaf, comment, text: this.text.slice(start, this.at) };
  }

  private leaf(node: unknown): { gap: string; leaf: Leaf } {
    const data = dataOf(node);
    const range = (node as Node | null)?.range;
    if (!range || range[0] === range[1]) return { gap: "", leaf: { text: "", data } };
    const gap = this.takeTo(range[0]);
    if (gap.trim() !== "") throw new NotTaken();
    return { gap, leaf: { text: this.takeTo(range[1]), data } };
  }
}
