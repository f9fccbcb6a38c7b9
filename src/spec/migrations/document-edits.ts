// Owns: what migrations do to a document: keys renamed or moved, values split, lists made into maps.
// Promises: in place: comments, order and positions of what is edited stay; what is of another shape than expected is left alone.
// Must not: know the schema.

import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  Pair,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

/** Keys down to a value; `*` stands for every key of a map. */
export type Pattern = readonly string[];

export function renameKey(document: Document, pattern: Pattern, name: string): void {
  for (const { map, pair } of pairsAt(document, pattern)) {
    if (map.has(name)) continue;
    const key = pair.key;
    if (isScalar(key)) key.value = name;
    else pair.key = new Scalar(name);
  }
}

/** A value becomes a map of what is made of it: `replicas: 2` → `scale: { fixed: 2 }`. */
export function splitScalar(
  document: Document,
  pattern: Pattern,
  split: (value: unknown) => Readonly<Record<string, unknown>> | undefined,
): void {
  for (const { pair } of pairsAt(document, pattern)) {
    const old = pair.value;
    if (!isScalar(old)) continue;
    const parts = split(old.value);
    if (parts === undefined) continue;
    const map = document.createNode(parts) as YAMLMap;
    map.flow = true;
    for (const { value } of map.items) standAt(value, old);
    pair.value = standing(map, old);
  }
}

/** A list of maps that each carry their name becomes a map by name. */
export function nameList(document: Document, pattern: Pattern, nameField: string): void {
  for (const { pair } of pairsAt(document, pattern)) {
    const list = pair.value;
    if (!isSeq(list)) continue;
    const entries = list.items.map((item) => named(item, nameField));
    if (entries.some((entry) => entry === undefined)) continue;
    const map = document.createNode({}) as YAMLMap;
    map.items = entries as Pair[];
    map.flow = list.flow ?? false;
    pair.value = standing(map, list);
  }
}

function named(item: unknown, nameField: string): Pair | undefined {
  if (!isMap(item)) return undefined;
  const index = item.items.findIndex(({ key }) => isScalar(key) && key.value === nameField);
  const own = item.items[index];
  if (own === undefined || !isScalar(own.value)) return undefined;
  const key = own.value;
  const first = item.items[0]?.key;
  const comments = [item.commentBefore, isScalar(first) && index === 0 ? first.commentBefore : undefined];
  key.commentBefore = comments.filter((comment) => typeof comment === "string").join("\n") || null;
  item.commentBefore = null;
  item.items.splice(index, 1);
  // What stood behind the name stands behind it still.
  if (key.comment && !item.flow) {
    item.commentBefore = key.comment;
    key.comment = null;
  }
  return new Pair(key, item);
}

/** Sets what was only meant until now: a default that a new version changes. */
export function setMissing(document: Document, path: readonly string[], value: unknown): void {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isMap(parent) && !parent.has(path.at(-1))) parent.set(path.at(-1), value);
}

interface Place {
  readonly map: YAMLMap;
  readonly pair: Pair;
}

function pairsAt(document: Document, pattern: Pattern): Place[] {
  return below(document.contents, pattern);
}

function below(node: unknown, [name, ...rest]: Pattern): Place[] {
  if (!isMap(node) || name === undefined) return [];
  const pairs = (node.items as Pair[]).filter(({ key }) => name === "*" || nameOf(key) === name);
  return rest.length === 0
    ? pairs.map((pair) => ({ map: node, pair }))
    : pairs.flatMap(({ value }) => below(value, rest));
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** In the place of the old: with its comments, and where errors point. */
function standing(node: YAMLMap, old: Scalar | YAMLSeq): YAMLMap {
  if (old.commentBefore) node.commentBefore = old.commentBefore;
  if (old.comment) node.comment = old.comment;
  standAt(node, old);
  return node;
}

function standAt(node: unknown, { range }: Node): void {
  if (range && node !== null && typeof node === "object") (node as Node).range = range;
}
