// Owns: a text as a tree of its parts, for YAML and JSON alike.
// Promises: written one after the other, the parts are the text again, byte for byte.
// Must not: hold anything that the text does not say.

import type { Data } from "./merge-identity.js";

/** A scalar, or a collection in braces that is merged as one value. */
export interface Leaf {
  readonly text: string;
  readonly data: Data;
  readonly entries?: undefined;
}

export interface Tree {
  readonly style: "yaml" | "json";
  readonly kind: "map" | "list";
  /** The column in which its entries begin. */
  readonly column: number;
  /** What stands before the first entry: a brace, or the comment that opens a document. */
  readonly open: string;
  readonly entries: readonly Entry[];
  /** What stands behind the last: comments that belong to none, or a brace. */
  readonly close: string;
  readonly data: Data;
}

/** A key with its value, or an element of a list. */
export interface Entry {
  /** The key; of an element its place. */
  readonly name: string;
  /** Comments and empty lines above; in JSON the space before. */
  readonly lead: string;
  /** With the colon; in a YAML list the dash. */
  readonly key: string;
  /** The space between key and value; empty where a collection begins on the next line. */
  readonly gap: string;
  readonly value: Leaf | Tree;
  /** The comment that ends the line of a scalar, or that of the key of a collection; in JSON the space behind. */
  readonly comment: string;
  /** Everything from the key to the end, as it stands in its file. */
  readonly text: string;
}

/** The text holds something that is not taken apart: anchors, tags, merge keys, several keys in braces. */
export class NotTaken extends Error {}

export function isTree(value: Leaf | Tree): value is Tree {
  return value.entries !== undefined;
}

/** Moves lines by some columns; without the first, which stands where the key stands. */
export function shift(text: string, columns: number, isWithFirst = false): string {
  if (columns === 0) return text;
  if (columns > 0)
    return text.replace(isWithFirst ? /^(?=[^\n])/gm : /(?<=\n)(?=[^\n])/g, " ".repeat(columns));
  const spaces = ` {1,${-columns}}`;
  return text.replace(new RegExp(isWithFirst ? `^${spaces}` : `(?<=\\n)${spaces}`, "gm"), "");
}

/** Whether the value begins on the line of its dash: `- name: a`. */
export function isBeside({ gap, value }: Entry): boolean {
  return isTree(value) && gap !== "";
}
