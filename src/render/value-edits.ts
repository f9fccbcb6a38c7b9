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
  parseAllDocuments,
  Scalar,
  visit,
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
  const path = withoutAliases(document, edit.path);
  if (edit.op === "remove") {
    if (isCollection(document.getIn(path.slice(0, -1), true)) || path.length === 1) document.deleteIn(path);
    return;
  }
  if (edit.op === "append") {
    const list = document.getIn(path, true);
    const items = edit.value.map((item) => nodeOf(document, item));
    if (isSeq(list)) list.items.push(...items);
    else setIn(document, path, nodeOf(document, edit.value));
    return;
  }
  setIn(document, path, nodeOf(document, edit.value));
}

/** Aliases of the way are made the values that they stand for. */
function withoutAliases(document: Document, path: readonly Key[]): readonly Key[] {
  for (let depth = 1; depth < path.length; depth += 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isAlias(node)) document.setIn(path.slice(0, depth), nodeOf(document, node.toJS(document)));
  }
  return path;
}

function setIn(document: Document, path: readonly Key[], node: unknown): void {
  if (path.length === 0) {
    document.contents = node as never;
    return;
  }
  const before = document.getIn(path, true);
  // What stands beside a value explains it, and stays.
  if (isScalar(before) && isScalar(node)) {
    before.value = node.value;
    before.type = node.type ?? "PLAIN";
    delete before.source;
    return;
  }
  for (let depth = 1; depth < path.length; depth += 1) {
    const parent = document.getIn(path.slice(0, depth), true);
    if (!isCollection(parent)) document.setIn(path.slice(0, depth), document.createNode({}));
    else if (isMap(parent) && parent.items.length === 0) parent.flow = false;
  }
  document.setIn(path, node);
}

function nodeOf(document: Document, value: unknown): unknown {
  const node = document.createNode(value, { aliasDuplicateObjects: false });
  const quote = (scalar: Scalar) => {
    if (typeof scalar.value === "string" && !isPlainSafe(scalar.value))
      scalar.type =
        scalar.value.includes("\n") && /^\S/.test(scalar.value) ? "BLOCK_LITERAL" : "QUOTE_DOUBLE";
  };
  visit(node as never, {
    Scalar: (_, scalar) => quote(scalar),
    Pair: (_, pair) => {
      if (typeof pair.key === "string") pair.key = new Scalar(pair.key);
      if (isScalar(pair.key)) {
        if (typeof pair.key.value === "string" && !isPlainSafe(pair.key.value))
          pair.key.type = "QUOTE_DOUBLE";
      }
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
