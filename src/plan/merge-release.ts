// Owns: the changes that the generator makes to an overlay of the user's: entries of images that are new, and its kind where an
//       environment gains or loses clusters.
// Promises: everything else in the file stays as it is, to the byte: entries are put in as text.
// Must not: change or remove an entry; those are releases.

import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import { convertOverlay, kindOf } from "./convert-overlay.js";

const LISTS = [
  { list: "images", what: "the image of", key: (item: YAMLMap) => String(item.get("name")) },
  {
    list: "patches",
    what: "the patch of",
    key: (item: YAMLMap) => String(item.getIn(["target", "labelSelector"])),
  },
] as const;

/**
 * Adds to `edited` the entries of `rendered` that `base` did not have. Line ends are LF.
 * @returns the text and what was added; the same text when that is nothing
 */
export function mergeRelease(
  base: string,
  edited: string,
  rendered: string,
): { text: string; added: string[] } {
  if (!isOverlay(parseDocument(edited))) return { text: edited, added: [] };
  const source = parseDocument(rendered);
  const isOfAnotherKind = kindOf(parseDocument(base)) !== kindOf(source);
  let text = isOfAnotherKind ? convertOverlay(edited, rendered) : edited;
  const added = text === edited ? [] : [`the kind ${kindOf(source)}`];
  const target = parseDocument(text);
  for (const { list, what, key } of LISTS) {
    const known = new Set([...items(parseDocument(base), list), ...items(target, list)].map(key));
    for (const item of items(source, list)) {
      if (known.has(key(item))) continue;
      text = addItem(text, list, item, rendered);
      added.push(`${what} ${key(item)}`);
    }
  }
  return { text, added };
}

function isOverlay(document: Document): boolean {
  return document.errors.length === 0 && isMap(document.contents);
}

function items(document: Document, list: string): YAMLMap[] {
  const value = document.get(list);
  return isSeq(value) ? (value as YAMLSeq).items.filter((item): item is YAMLMap => isMap(item)) : [];
}

/** As text where that reads back as what was meant, else by writing the document anew, which keeps comments too. */
function addItem(text: string, list: string, item: YAMLMap, rendered: string): string {
  const document = parseDocument(text);
  const existing = document.get(list);
  const lines = linesOf(item, rendered);
  const insertion = isSeq(existing) ? tryInsert(text, existing, lines) : appendList(text, list, lines);
  if (isSeq(existing)) existing.items.push(item);
  else document.set(list, [item]);
  const isMeant = insertion !== undefined && isDeepStrictEqual(tryRead(insertion), document.toJS());
  return isMeant ? insertion : document.toString({ lineWidth: 0 });
}

function tryRead(text: string): unknown {
  const document = parseDocument(text);
  return document.errors.length > 0 ? undefined : document.toJS();
}

/** The lines of a block item, without their indentation. */
function linesOf(item: YAMLMap, source: string): string[] {
  const [start, end] = item.range ?? [0, 0, 0];
  const indent = start - (source.lastIndexOf("\n", start - 1) + 1);
  const [first = "", ...rest] = source.slice(start, end).trimEnd().split("\n");
  return [first, ...rest.map((line) => line.slice(indent))];
}

/** After the last item of a block list, indented as its first one is. */
function tryInsert(text: string, list: YAMLSeq, lines: readonly string[]): string | undefined {
  const first = (list.items[0] as YAMLMap | undefined)?.range;
  const last = (list.items.at(-1) as YAMLMap | undefined)?.range;
  if (list.flow || !first || !last) return undefined;
  const dash = /^( *)-/.exec(text.slice(text.lastIndexOf("\n", first[0] - 1) + 1));
  const end = text.slice(0, last[1]).trimEnd().length;
  const place = text.indexOf("\n", end) < 0 ? text.length : text.indexOf("\n", end);
  if (dash === null) return undefined;
  return `${text.slice(0, place)}\n${asItem(lines, dash[1] ?? "")}${text.slice(place)}`;
}

function appendList(text: string, list: string, lines: readonly string[]): string {
  return `${text.trimEnd()}\n${list}:\n${asItem(lines, "  ")}\n`;
}

function asItem([first = "", ...rest]: readonly string[], indent: string): string {
  return [`${indent}- ${first}`, ...rest.map((line) => (line === "" ? "" : `${indent}  ${line}`))].join("\n");
}
