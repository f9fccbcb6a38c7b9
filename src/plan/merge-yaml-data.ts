// Owns: YAML as values, without style.
// Promises: each different text of one merge is parsed once.
// Must not: merge.

import { isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments, parseDocument } from "yaml";
import type { Data } from "./merge-identity.js";
import { NotTaken } from "./merge-tree.js";

export class InvalidYaml extends Error {}

/** Reads documents for one merge. */
export class YamlReader {
  private readonly contents = new Map<string, unknown>();
  private readonly data = new Map<string, Data>();

  /** @throws InvalidYaml */
  contentsOf(text: string): unknown {
    if (!this.contents.has(text)) {
      const document = parseDocument(text, { uniqueKeys: true });
      refuseErrors(document.errors);
      this.contents.set(text, document.contents);
    }
    return this.contents.get(text);
  }

  /** @throws InvalidYaml; NotTaken */
  dataOf(text: string): Data {
    const data = this.data.get(text) ?? dataOf(this.contentsOf(text));
    this.data.set(text, data);
    return data;
  }
}

/** Only whether it is valid. */
export function readYamlStream(text: string): void {
  for (const { errors } of parseAllDocuments(text, { uniqueKeys: true })) refuseErrors(errors);
}

function refuseErrors([error]: readonly Error[]): void {
  if (error !== undefined) throw new InvalidYaml(error.message.split("\n", 1)[0]);
}

/** The value without style. Numbers stay as they are written: 1.10 is not 1.1 to whom wrote it. */
export function dataOf(node: unknown): Data {
  if (node === null || node === undefined) return "null";
  if (isScalar(node)) {
    refuseProperties(node);
    if (typeof node.value === "string") return JSON.stringify(node.value);
    return typeof node.value === "number" ? (node.source ?? String(node.value)) : String(node.value);
  }
  if (!isMap(node) && !isSeq(node)) throw new NotTaken();
  refuseProperties(node);
  if (isSeq(node)) return node.items.map(dataOf);
  return new Map((node.items as Pair[]).map((pair) => [nameOf(pair), dataOf(pair.value)]));
}

export function refuseProperties(node: Node): void {
  if ("anchor" in node && node.anchor) throw new NotTaken();
  if (node.tag) throw new NotTaken();
}

export function nameOf({ key }: Pair): string {
  if (!isScalar(key) || key.value === "<<") throw new NotTaken();
  refuseProperties(key);
  return String(key.value);
}
