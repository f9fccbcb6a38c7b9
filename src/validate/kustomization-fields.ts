// Owns: which fields of a kustomization name files, directories or addresses.
// Promises: finds every entry that kustomize would load, whatever the case of its field: Go's JSON decoder ignores case.
// Must not: look whether they exist.

import { asRecord, type Values } from "./values.js";

export interface KustomizationReference {
  readonly field: string;
  readonly target: string;
  /** The file can name further ones. */
  readonly isPlugin: boolean;
}

/** Fields that list files or directories. */
const LISTS = ["resources", "bases", "components", "crds", "configurations", "patchesStrategicMerge"];
/** As above; their files can make kustomize load further ones. */
const PLUGIN_LISTS = ["generators", "transformers", "validators"];
/** Fields whose entries may be YAML themselves. */
const INLINE_LISTS = [...PLUGIN_LISTS, "patchesStrategicMerge"];
/** Fields that hold one or more mappings with a `path`. */
const WITH_PATH = ["patches", "patchesJson6902", "replacements", "openapi"];
const GENERATORS = ["configMapGenerator", "secretGenerator"];

/** All entries that kustomize would load. */
export function referencesOf(data: Values): KustomizationReference[] {
  return [
    ...[...LISTS, ...PLUGIN_LISTS].flatMap((field) => toReferences(field, listOf(data, field))),
    ...WITH_PATH.flatMap((field) => toReferences(`${field}.path`, inEach(data, field, "path"))),
    ...GENERATORS.flatMap((field) => [
      ...toReferences(`${field}.files`, inEach(data, field, "files").map(withoutKey)),
      ...toReferences(`${field}.envs`, [...inEach(data, field, "envs"), ...inEach(data, field, "env")]),
    ]),
  ];
}

function toReferences(field: string, targets: readonly unknown[]): KustomizationReference[] {
  const isPlugin = PLUGIN_LISTS.includes(field);
  return targets
    .filter((target) => typeof target === "string")
    .map((target) => ({ field, target, isPlugin }));
}

/** Values of a field in each mapping of a list. */
function inEach(data: Values, list: string, field: string): unknown[] {
  return listOf(data, list).flatMap((item) => listOf(item, field));
}

/** `files` may say `key=path`; the other fields may not. */
function withoutKey(entry: unknown): unknown {
  return typeof entry === "string" ? entry.slice(entry.indexOf("=") + 1) : entry;
}

/** Values of a field, whatever its case. */
export function fieldsOf(value: unknown, name: string): unknown[] {
  const wanted = name.toLowerCase();
  return Object.entries(asRecord(value))
    .filter(([key]) => key.toLowerCase() === wanted)
    .map(([, found]) => found);
}

function listOf(value: unknown, name: string): unknown[] {
  return fieldsOf(value, name).flatMap((found) => (Array.isArray(found) ? found : [found]));
}

/** YAML in place of a path, where kustomize takes it. */
export function isInline(field: string, target: string): boolean {
  if (!INLINE_LISTS.includes(field) || /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(target)) return false;
  return target.includes("\n") || /^\s*[{[]/.test(target);
}

const PLUGIN_PATHS = new Set(["path", "paths", "file", "files", "env", "envs", "repo", "chart", "charthome"]);

/** What the configuration of a generator or transformer would load. */
export function pluginPaths(value: unknown, isPath = false): string[] {
  if (typeof value === "string") return isPath ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => pluginPaths(item, isPath));
  return Object.entries(asRecord(value)).flatMap(([key, item]) =>
    pluginPaths(item, PLUGIN_PATHS.has(key.toLowerCase())),
  );
}
