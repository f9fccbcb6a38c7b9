// Owns: answers of a form → text of prod-stack.yaml.
// Promises: lists of named things become maps, wherever the schema has a map; what a form leaves empty is not said; nothing is lost:
//           two of one name, and one answer said in two ways, are refused.
// Must not: know defaults, or judge values; the core's parser does.

import { InputError } from "@backstage/errors";
import { core, specSchema } from "./core.js";

type Schema = {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
};
export type Data = { readonly [key: string]: unknown };

export interface Answers {
  /** Values of a form: what prod-stack.yaml holds, with lists of `{ name, … }` in the place of maps. */
  readonly answers?: Data | undefined;
  /** Text of a prod-stack.yaml, whole or in part. */
  readonly spec?: string | undefined;
  /** As Backstage's RepoUrlPicker gives it: host?owner=…&repo=…; becomes source.url. */
  readonly repoUrl?: string | undefined;
}

/** The text, and whether it is the user's own, whose positions mean something. */
export interface SpecText {
  readonly text: string;
  readonly isOwn: boolean;
}

const LARGEST = 256 * 1024;

/** @throws InputError where answers do not fit together */
export function specText({ answers = {}, spec, repoUrl }: Answers): SpecText {
  const size = Buffer.byteLength(JSON.stringify(answers)) + Buffer.byteLength(spec ?? "");
  if (size > LARGEST) throw new InputError(`the answers are larger than ${LARGEST / 1024} KiB`);
  const form = withSource(toMaps(answers, root(), root(), "") as Data | undefined, repoUrl);
  if (spec !== undefined && spec.trim() !== "" && Object.keys(form).length === 0)
    return { text: spec, isOwn: true };
  const rest = spec === undefined ? {} : core().readSpecDraft(spec, "prod-stack.yaml").data;
  const { apiVersion = "prod-stack/v1", ...data } = united(form, rest, "") as Data;
  return { text: core().writeSpec({ apiVersion, ...data }), isOwn: false };
}

function root(): Schema {
  return specSchema().stack as Schema;
}

function resolved(schema: Schema | undefined, top: Schema): Schema {
  const name = schema?.$ref?.replace("#/$defs/", "");
  return (name === undefined ? schema : top.$defs?.[name]) ?? {};
}

/** The alternative that can hold a list or a map, where a value may be several things. */
function structured(schema: Schema, top: Schema): Schema {
  const options = (schema.anyOf ?? []).map((option) => resolved(option, top));
  return options.find(({ properties, additionalProperties }) => properties ?? additionalProperties) ?? schema;
}

/** With maps for lists of named things; undefined for what a form leaves empty, which it sends as an empty text, list or object. */
function toMaps(value: unknown, given: Schema | undefined, top: Schema, path: string): unknown {
  if (value === "" || value === null || value === undefined) return undefined;
  const schema = structured(resolved(given, top), top);
  const entries = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    if (entries !== undefined) return namedMap(value, entries, top, path);
    return value.map((item, index) => toMaps(item, schema.items, top, `${path}.${index}`) ?? item);
  }
  if (typeof value !== "object") return value;
  const fields = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const inner = toMaps(
      item,
      schema.properties?.[key] ?? entries,
      top,
      path === "" ? key : `${path}.${key}`,
    );
    // An entry of a map says something by its name alone: `uses: { redis: {} }`.
    if (inner === undefined && entries !== undefined && isMap(item)) return [[key, {}]];
    return inner === undefined ? [] : [[key, inner]];
  });
  return fields.length === 0 ? undefined : fromEntries(fields);
}

/** `[{ name: api, type: web-api }]` → `{ api: { type: web-api } }`; of a map of plain values `[{ name, value }]`; `[api]` → `{ api: {} }`. */
function namedMap(items: readonly unknown[], entry: Schema, top: Schema, path: string): Data {
  const pairs = items.map((item, index): [string, unknown] => {
    if (typeof item === "string") return [item, {}];
    const { name, ...rest } = (item ?? {}) as Data;
    if (typeof name !== "string" || name === "")
      throw new InputError(`${path}: entry ${index + 1} of the list has no name`);
    const plain = Object.keys(rest).join() === "value";
    return [name, plain ? rest.value : (toMaps(rest, entry, top, `${path}.${name}`) ?? {})];
  });
  const double = pairs.find(([name], index) => pairs.findIndex(([other]) => other === name) < index);
  if (double !== undefined)
    throw new InputError(`${path}: two entries of the list are called ${shown(double[0])}`);
  return fromEntries(pairs);
}

function withSource(form: Data | undefined, repoUrl: string | undefined): Data {
  if (repoUrl === undefined) return form ?? {};
  const source = (form?.source ?? {}) as Data;
  return { ...form, source: { url: sourceUrl(repoUrl), ...source } };
}

/** The address from which Argo CD reads. */
export function sourceUrl(repoUrl: string): string {
  const match = /^([A-Za-z0-9.-]+(?::[0-9]{1,5})?)\?([^\s]{1,1000})$/.exec(repoUrl);
  const query = new URLSearchParams(match?.[2] ?? "");
  const [owner, repo] = [query.get("owner") ?? "", query.get("repo") ?? ""];
  if (match === null || owner === "" || repo === "")
    throw new InputError("repoUrl: expected HOST?owner=OWNER&repo=REPOSITORY, as RepoUrlPicker gives it");
  return `https://${match[1]}/${owner.split("/").map(encodeURIComponent).join("/")}/${encodeURIComponent(repo)}`;
}

/** Both, where they do not contradict each other. */
function united(form: unknown, rest: unknown, path: string): unknown {
  if (form === undefined) return rest;
  if (rest === undefined) return form;
  if (isMap(form) && isMap(rest)) {
    const keys = [...new Set([...Object.keys(form), ...Object.keys(rest)])];
    return fromEntries(
      keys.map((key) => [key, united(own(form, key), own(rest, key), path === "" ? key : `${path}.${key}`)]),
    );
  }
  if (JSON.stringify(form) === JSON.stringify(rest)) return form;
  throw new InputError(`${shown(path)} is answered twice: in the form, and otherwise in the YAML`);
}

function isMap(value: unknown): value is Data {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function own(data: Data, key: string): unknown {
  return Object.hasOwn(data, key) ? data[key] : undefined;
}

/** Keys are anybody's: `__proto__` is one like any other. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): Data {
  const data = Object.create(null);
  for (const [key, value] of entries)
    Object.defineProperty(data, key, { value, enumerable: true, configurable: true, writable: true });
  return data;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
