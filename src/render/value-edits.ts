// Owns: edits of values in YAML and JSON texts: found between two states of the data, and made in a text.
// Promises: a YAML file keeps its comments, order and quoting around an edit; what an edit writes is read alike by YAML 1.1,
//           which Kubernetes reads, and 1.2.
// Must not: know whose edits they are.

import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  Pair,
  parseAllDocuments,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { StackError } from "../stack-error.js";
import { isPlainSafe } from "./format-value.js";

type Key = string | number;

/** Of a file of several documents, the first key is the number of the document. */
export type ValueEdit =
  | { readonly op: "set"; readonly path: readonly Key[]; readonly value: unknown }
  | { readonly op: "append"; readonly path: readonly Key[]; readonly value: readonly unknown[] }
  | { readonly op: "remove"; readonly path: readonly Key[] };

/** What leads from `before` to `after`; both plain data. */
export function editsBetween(before: unknown, after: unknown, path: readonly Key[] = []): ValueEdit[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after)) return editsOfMap(before, after, path);
  if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length === after.length)
      return before.flatMap((item, index) => editsBetween(item, after[index], [...path, index]));
    if (after.length > before.length && isDeepStrictEqual(after.slice(0, before.length), before))
      return [{ op: "append", path, value: after.slice(before.length) }];
  }
  return [{ op: "set", path, value: after }];
}

type Data = Readonly<Record<string, unknown>>;

function editsOfMap(before: Data, after: Data, path: readonly Key[]): ValueEdit[] {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  return [
    ...gone.map((key): ValueEdit => ({ op: "remove", path: [...path, key] })),
    ...Object.entries(after).flatMap(([key, value]): ValueEdit[] =>
      Object.hasOwn(before, key)
        ? editsBetween(before[key], value, [...path, key])
        : [{ op: "set", path: [...path, key], value }],
    ),
  ];
}

function isRecord(value: unknown): value is Data {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Whether a file holds data that edits can reach. */
export function isData(path: string): boolean {
  return /\.(?:ya?ml|json)$/.test(path);
}

/**
 * What a file holds; of several documents a list.
 * @returns undefined for a text that is no data
 */
export function dataOf(path: string, text: string): unknown {
  if (path.endsWith(".json")) return JSON.parse(text);
  const documents = documentsOf(path, text);
  return documents.length === 1 ? documents[0]?.toJS() : documents.map((document) => document.toJS());
}

/** @throws StackError (internal) for a text that is no data */
export function withEdits(path: string, text: string, edits: readonly ValueEdit[]): string {
  if (path.endsWith(".json")) return editedJson(text, edits);
  const documents = documentsOf(path, text);
  const isMany = documents.length > 1;
  for (const edit of edits) {
    const [first, ...rest] = edit.path;
    const document = documents[isMany ? Number(first) : 0];
    // A file that has fewer documents by now has nothing to edit there.
    if (document !== undefined) applyEdit(document, isMany ? { ...edit, path: rest } : edit);
  }
  const indentSeq = !/^( *)[^\s#-][^\n]*:\n(?: *#[^\n]*\n)*\1- /m.test(text);
  return documents.map((document) => document.toString({ lineWidth: 0, indentSeq })).join("");
}

function documentsOf(path: string, text: string): Document[] {
  const documents = parseAllDocuments(text) as Document[];
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined)
    throw new StackError("internal", "OVERRIDE", `${path} is not YAML: ${error.message}`, { cause: error });
  return documents;
}

function applyEdit(document: Document, edit: ValueEdit): void {
  const last = edit.path.at(-1);
  if (last === undefined) {
    if (edit.op !== "remove") document.contents = nodeOf(document, edit.value) as never;
    return;
  }
  const holder = holderOf(document, edit.path.slice(0, -1), edit.op !== "remove");
  if (holder === undefined) return;
  const before = valueAt(holder, last);
  if (edit.op === "remove") removeAt(holder, last);
  else if (edit.op === "append" && isSeq(before))
    before.items.push(...edit.value.map((item) => nodeOf(document, item)));
  else putAt(holder, last, before, nodeOf(document, edit.value));
}

/** The collection at a path. Where there is none one is made, if that is wanted; an alias is made what it stands for. */
function holderOf(document: Document, path: readonly Key[], isMade: boolean): YAMLMap | YAMLSeq | undefined {
  if (!isCollection(document.contents)) {
    if (!isMade) return undefined;
    document.contents = document.createNode({}) as never;
  }
  let holder = document.contents as unknown as YAMLMap | YAMLSeq;
  for (const key of path) {
    let next = valueAt(holder, key);
    if (isAlias(next)) putAt(holder, key, next, nodeOf(document, next.toJS(document)));
    if (isAlias(next)) next = valueAt(holder, key);
    if (!isCollection(next)) {
      if (!isMade) return undefined;
      next = document.createNode({});
      putAt(holder, key, undefined, next);
    }
    holder = next as YAMLMap | YAMLSeq;
  }
  return holder;
}

/** Data knows keys as text, whatever they are in YAML. */
function pairAt(map: YAMLMap, key: Key): Pair | undefined {
  return map.items.find((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === String(key));
}

function valueAt(holder: YAMLMap | YAMLSeq, key: Key): unknown {
  return isMap(holder) ? pairAt(holder, key)?.value : holder.items[Number(key)];
}

function removeAt(holder: YAMLMap | YAMLSeq, key: Key): void {
  const at = isMap(holder) ? holder.items.indexOf(pairAt(holder, key) as never) : Number(key);
  if (at >= 0) holder.items.splice(at, 1);
}

function putAt(holder: YAMLMap | YAMLSeq, key: Key, before: unknown, node: unknown): void {
  // What stands beside a value explains it, and stays.
  if (isScalar(before) && isScalar(node)) {
    before.value = node.value;
    before.type = node.type ?? "PLAIN";
    delete before.source;
    return;
  }
  if (isSeq(holder)) {
    holder.items[Number(key)] = node;
    return;
  }
  const pair = pairAt(holder, key);
  if (pair !== undefined) pair.value = node;
  else {
    if (holder.items.length === 0) holder.flow = false;
    holder.items.push(new Pair(keyOf(String(key)), node));
  }
}

function keyOf(name: string): Scalar {
  const key = new Scalar(name);
  if (!isPlainSafe(name)) key.type = "QUOTE_DOUBLE";
  return key;
}

function nodeOf(document: Document, value: unknown): unknown {
  const node = document.createNode(value, { aliasDuplicateObjects: false });
  visit(node as never, {
    Scalar: (_, scalar) => {
      const { value: text } = scalar;
      if (typeof text !== "string" || isPlainSafe(text)) return;
      scalar.type = /^\S.*\n/.test(text) ? "BLOCK_LITERAL" : "QUOTE_DOUBLE";
    },
    Pair: (_, pair) => {
      pair.key = keyOf(String(isScalar(pair.key) ? pair.key.value : pair.key));
    },
  });
  return node;
}

function editedJson(text: string, edits: readonly ValueEdit[]): string {
  const root = { root: JSON.parse(text) as unknown };
  for (const edit of edits) editJson(root, edit);
  return `${JSON.stringify(root.root, null, 2)}\n`;
}

function editJson(root: { root: unknown }, edit: ValueEdit): void {
  const path = ["root", ...edit.path];
  if (path.includes("__proto__")) return;
  let holder = root as unknown as Record<Key, unknown>;
  for (const key of path.slice(0, -1)) {
    if (holder[key] === null || typeof holder[key] !== "object") {
      if (edit.op === "remove") return;
      holder[key] = {};
    }
    holder = holder[key] as Record<Key, unknown>;
  }
  const last = path.at(-1) as Key;
  if (edit.op === "remove") delete holder[last];
  else if (edit.op === "append" && Array.isArray(holder[last])) holder[last].push(...edit.value);
  else holder[last] = edit.value;
}
