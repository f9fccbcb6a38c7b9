// Owns: the text of a prod-stack.yaml as a door writes it: a new one from answers, or edits of an existing one.
// Promises: pure; an edit keeps the user's comments and the order of what is there; a new file is in canonical order.
// Must not: validate; parseSpec reads what comes out, like any other text.

import {
  type Document,
  isMap,
  isScalar,
  type Pair,
  parseDocument,
  Scalar,
  stringify,
  type YAMLMap,
} from "yaml";
import { StackError } from "../stack-error.js";
import { describeField, fieldNames } from "./describe-field.js";
import { SPEC_FORMAT } from "./migrations/index.js";
import { migrateDocument } from "./migrations/migrate-document.js";
import type { Migrated } from "./migrations/migration.js";
import { readDocument } from "./migrations/read-document.js";
import { API_VERSION } from "./schema/words.js";
import type { SpecDocument } from "./spec-document.js";

/** One answer at its place. */
export interface SpecEdit {
  readonly path: readonly string[];
  /** Plain data; undefined removes. */
  readonly value: unknown;
}

/** A spec that may still lack answers. */
export type SpecDraft = { readonly [key: string]: unknown };

/**
 * Reads a prod-stack.yaml that may be incomplete.
 * @throws StackError (input, SPEC) when it is not a YAML map
 */
export function readSpecDraft(text: string, file: string): { data: SpecDraft; source: SpecDocument } {
  const { source } = readDocument(file, text);
  if (source.problems.length > 0) throw unreadable(file, source.problems);
  const data = source.toData() ?? {};
  if (typeof data !== "object" || Array.isArray(data)) {
    throw unreadable(file, [
      source.problem([], "is not a map", { expected: "answers such as name: my-stack" }),
    ]);
  }
  return { data: data as SpecDraft, source };
}

function unreadable(file: string, problems: SpecDocument["problems"]): StackError {
  return new StackError("input", "SPEC", `${file} cannot be read as prod-stack.yaml`, { problems });
}

/** Sets or removes values in plain data; maps on the way are made. */
export function editDraft(data: SpecDraft, edits: readonly SpecEdit[]): SpecDraft {
  return edits.reduce((result, { path, value }) => withValue(result, path, value), data);
}

function withValue(data: SpecDraft, [key, ...rest]: readonly string[], value: unknown): SpecDraft {
  if (key === undefined) return data;
  const { [key]: old, ...others } = data;
  if (rest.length === 0 && value === undefined) return others;
  const inner = old !== null && typeof old === "object" && !Array.isArray(old) ? (old as SpecDraft) : {};
  return { ...data, [key]: rest.length === 0 ? value : withValue(inner, rest, value) };
}

/** Applies edits to the text of a prod-stack.yaml; one of an older version becomes one of today's, which the edits are meant for. */
export function editSpec(text: string, edits: readonly SpecEdit[]): string {
  const document = parseDocument(text);
  migrateDocument(document, SPEC_FORMAT);
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never;
  const needed: SpecEdit[] = document.has("apiVersion") ? [] : [{ path: ["apiVersion"], value: API_VERSION }];
  for (const { path, value } of [...needed, ...edits]) {
    if (value === undefined) document.deleteIn(path);
    else setIn(document, path, ordered(path, value));
  }
  return document.toString({ lineWidth: 0 });
}

export interface MigratedText extends Migrated {
  readonly text: string;
  /** The text before, as the YAML library writes it: what differs from `text` is the migration alone. */
  readonly before: string;
}

/** A prod-stack.yaml of an older version as one of today's; undefined where it is that already, or cannot be read. */
export function migrateSpec(text: string, format = SPEC_FORMAT): MigratedText | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const before = document.toString({ lineWidth: 0 });
  const migrated = migrateDocument(document, format);
  return migrated && { ...migrated, before, text: document.toString({ lineWidth: 0 }) };
}

function setIn(document: Document, path: readonly string[], value: unknown): void {
  const [top] = path;
  if (top === undefined) return;
  if (document.has(top)) {
    growParents(document, path);
    document.setIn(path, toNode(document, path, value));
    return;
  }
  const whole = path.slice(1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  insertInOrder(document, top, toNode(document, [top], whole));
}

/** `services:` without a value is null, and a map is what the edit needs. */
function growParents(document: Document, path: readonly string[]): void {
  for (let depth = 1; depth < path.length; depth += 1) {
    const parent = document.getIn(path.slice(0, depth), true);
    if (!isMap(parent)) document.setIn(path.slice(0, depth), document.createNode({}));
    else if (parent.items.length === 0) parent.flow = false;
  }
}

function insertInOrder(document: Document, key: string, node: unknown): void {
  const order = fieldNames();
  const map = document.contents as YAMLMap;
  const place = map.items.findIndex((pair) => order.indexOf(nameOf(pair)) > order.indexOf(key));
  const pair = document.createPair(key, node) as Pair;
  const next = map.items[place];
  if (place === 0 && next !== undefined) keepHeader(next, pair);
  if (map.items.some(({ key: other }) => isScalar(other) && other.spaceBefore) && isMap(node))
    spaceBefore(pair);
  map.items.splice(place < 0 ? map.items.length : place, 0, pair);
}

/** A comment above the first key is the file's header, whatever the first key is. */
function keepHeader(from: Pair, to: Pair): void {
  if (!isScalar(from.key)) return;
  keyOf(to).commentBefore = from.key.commentBefore ?? null;
  from.key.commentBefore = null;
}

function spaceBefore(pair: Pair): void {
  keyOf(pair).spaceBefore = true;
}

/** The key as a node, which can carry comments. */
function keyOf(pair: Pair): Scalar {
  const key = isScalar(pair.key) ? pair.key : new Scalar(pair.key);
  pair.key = key;
  return key;
}

function nameOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

/** Maps that read better on one line. */
const ON_ONE_LINE = /^(services\.[^.]+\.(ports|expose|uses)|datastores\.[^.]+)$/;

function toNode(document: Document, path: readonly string[], value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return document.createNode(value);
  const map = document.createNode({}) as YAMLMap;
  const inOrder = Object.entries(value).filter(([, item]) => item !== undefined);
  for (const [key, item] of inOrder)
    map.items.push(document.createPair(key, toNode(document, [...path, key], item)) as Pair);
  if (ON_ONE_LINE.test(path.join(".")) || inOrder.length === 0) map.flow = true;
  return map;
}

/** A new prod-stack.yaml from answers, in canonical order, with what each section is for. */
export function writeSpec(data: SpecDraft): string {
  const text = editSpec(
    "",
    Object.entries(data).map(([key, value]) => ({ path: [key], value })),
  );
  const document = parseDocument(text);
  for (const pair of (document.contents as YAMLMap).items) {
    if (!isScalar(pair.key) || !isMap(pair.value)) continue;
    pair.key.spaceBefore = true;
    pair.key.commentBefore = ` ${describeField(nameOf(pair as Pair))?.description ?? ""}`.trimEnd();
  }
  return document.toString({ lineWidth: 0 });
}

function sortedEntries(data: SpecDraft, path: string): [string, unknown][] {
  const order = fieldNames(path);
  const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => rank(a) - rank(b));
}

/** The fields of a service, datastore or environment in the order of the schema; names stay as they were given. */
function ordered(path: readonly string[], value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  const entries = sortedEntries(value as SpecDraft, path.join("."));
  return Object.fromEntries(entries.map(([key, item]) => [key, ordered([...path, key], item)]));
}

/** One value as it stands in a YAML file, on one line. */
export function formatValue(value: unknown): string {
  return stringify(value, {
    collectionStyle: "flow",
    lineWidth: 0,
    flowCollectionPadding: true,
    defaultStringType: typeof value === "string" && value.includes("\n") ? "QUOTE_DOUBLE" : "PLAIN",
  }).trimEnd();
}

/** Reads one value as YAML, as `--set path=value` gives it. */
export function readValue(text: string): unknown {
  const document = parseDocument(text);
  if (document.errors.length > 0) return text;
  return text === "" ? "" : document.toJS({ maxAliasCount: 0 });
}
