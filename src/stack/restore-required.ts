// Owns: what null means where a stack cannot be without a value: the preset comes back.
// Promises: a merged tree has every key that its type says is there, whatever the layers removed.
// Must not: check values; src/stack/rules does.

import type { EffectiveSpec } from "./effective.js";
import { type Layer, mergeLayers, type Origins, type Tree } from "./merge-layers.js";

const NAMED = ["services", "datastores", "externals", "secrets"] as const;

/** Maps whose keys are the user's: removed means empty. */
const OPEN_MAPS: readonly string[] = [
  ...NAMED,
  "monitoring.labels",
  "monitoring.grafanaLabel",
  "registries",
  "nodes",
  "priorityClasses",
  "exceptions",
  "argocd.syncWindows",
  "quota.storageClasses",
  "gateway.defaults",
  "gateway.proxyLabels",
];

/** By map of named things: what each of them must have. */
const REQUIRED: Readonly<Record<(typeof NAMED)[number], readonly string[]>> = {
  services: ["runtime", "replicas", "shutdown", "resources"],
  datastores: ["version", "role", "storage", "resources"],
  externals: ["host"],
  secrets: ["keys"],
};

/** What makes a named thing what it is: without it only overrides are left of something that a layer removed. */
const IDENTITY: Readonly<Record<string, string>> = { services: "type", datastores: "engine" };

/**
 * Merges layers into a complete spec.
 * @param presets the layers that no file gives, lowest first
 * @param declared the stack's own declarations, without nulls
 */
export function mergeView(
  layers: readonly Layer[],
  presets: readonly Layer[],
  declared: object,
  origins?: Origins,
): EffectiveSpec {
  const merged = mergeLayers(layers, origins);
  const presetOrigins: Origins | undefined = origins && new Map();
  const fallback = mergeLayers([{ origin: "stack", value: identities(declared) }, ...presets], presetOrigins);
  const restore = (target: Tree, source: Tree, key: string, path: string) => {
    if (target[key] !== undefined || source[key] === undefined) return;
    if (OPEN_MAPS.includes(path)) {
      target[key] = Object.create(null);
      return;
    }
    target[key] = source[key];
    for (const [place, origin] of presetOrigins ?? [])
      if (place === path || place.startsWith(`${path}.`)) origins?.set(place, origin);
  };
  restoreSettings(merged, fallback, "", restore);
  for (const map of NAMED) restoreNamed(merged, fallback, map, restore);
  return merged as unknown as EffectiveSpec;
}

type Restore = (target: Tree, source: Tree, key: string, path: string) => void;

function restoreSettings(target: Tree, source: Tree, prefix: string, restore: Restore): void {
  for (const key of Object.keys(source)) {
    const path = `${prefix}${key}`;
    restore(target, source, key, path);
    if (!OPEN_MAPS.includes(path) && isTree(source[key]))
      restoreSettings(target[key] as Tree, source[key], `${path}.`, restore);
  }
}

function restoreNamed(merged: Tree, fallback: Tree, map: (typeof NAMED)[number], restore: Restore): void {
  const things = merged[map] as Record<string, Tree>;
  const presets = fallback[map] as Record<string, Tree>;
  const identity = IDENTITY[map];
  for (const [name, thing] of Object.entries(things)) {
    if (identity !== undefined && thing[identity] === undefined) delete things[name];
    else for (const key of REQUIRED[map]) restore(thing, presets[name] ?? {}, key, `${map}.${name}.${key}`);
  }
}

/** The declarations that no preset knows: where an external is, and which keys a secret has. */
function identities(declared: object): object {
  const { externals = {}, secrets = {} } = declared as { externals?: object; secrets?: object };
  return { services: {}, datastores: {}, externals, secrets };
}

function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
