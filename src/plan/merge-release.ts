// Owns: the one change that the generator makes to an overlay of the user's: entries of images that are new.
// Promises: everything else in the file stays as it is, to the byte where nothing is added.
// Must not: change or remove an entry; those are releases.

import { isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";

const LISTS = [
  { list: "images", key: (item: YAMLMap) => String(item.get("name")) },
  { list: "patches", key: (item: YAMLMap) => String(item.getIn(["target", "labelSelector"])) },
] as const;

/**
 * Adds to `edited` the entries of `rendered` that `base` did not have.
 * @returns the text and the names added; the same text when there are none
 */
export function mergeRelease(
  base: string,
  edited: string,
  rendered: string,
): { text: string; added: string[] } {
  const target = parseDocument(edited);
  if (target.errors.length > 0 || !isMap(target.contents)) return { text: edited, added: [] };
  const added: string[] = [];
  for (const { list, key } of LISTS) {
    const known = new Set([...items(parseDocument(base).get(list)), ...items(target.get(list))].map(key));
    for (const item of items(parseDocument(rendered).get(list))) {
      if (known.has(key(item))) continue;
      append(target, list, item);
      if (list === "images") added.push(key(item));
    }
  }
  return added.length === 0 ? { text: edited, added } : { text: target.toString({ lineWidth: 0 }), added };
}

function items(list: unknown): YAMLMap[] {
  return isSeq(list) ? (list as YAMLSeq).items.filter((item): item is YAMLMap => isMap(item)) : [];
}

function append(document: ReturnType<typeof parseDocument>, list: string, item: YAMLMap): void {
  const existing = document.get(list);
  if (isSeq(existing)) existing.items.push(item);
  else document.set(list, [item]);
}
