// Owns: what the pinned modules say of API versions that go away: the text of src/validate/schemas/lifecycle.json.
// Promises: the same pins give the same text; a newer module's word counts more than an older one's.
// Must not: download, or know which of it anybody uses.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CustomResourceDefinition } from "./custom-resource-schemas.js";

/** What is to be known of one kind in one version; minor versions of Kubernetes such as `1.25`. */
interface Lifecycle {
  readonly deprecated?: string;
  readonly removed?: string;
  /** `policy/v1 PodDisruptionBudget`. */
  readonly use?: string;
}

/** A version of a custom resource that its module deprecates, or defines and serves no longer. */
interface CustomLifecycle {
  readonly state: "deprecated" | "unserved";
  readonly use?: string;
  readonly source: string;
}

type ByKind<Value> = Map<string, Value>;

export interface LifecycleSource {
  readonly source: string;
  readonly folder: string;
}

/** @param known the newest minor version that the modules are of; modules newest first */
export function lifecycleText(
  known: string,
  modules: readonly LifecycleSource[],
  custom: readonly { readonly source: string; readonly definitions: readonly CustomResourceDefinition[] }[],
): string {
  const kinds: ByKind<Lifecycle> = new Map();
  for (const { folder } of modules)
    for (const [kind, lifecycle] of coreLifecycle(folder)) if (!kinds.has(kind)) kinds.set(kind, lifecycle);
  const customResources: ByKind<CustomLifecycle> = new Map();
  for (const { source, definitions } of custom)
    for (const [kind, lifecycle] of customLifecycle(definitions, source))
      if (!customResources.has(kind)) customResources.set(kind, lifecycle);
  const about = "Made by projenrc/schemas/make.ts from the modules in projenrc/schemas/modules.json.";
  const sources = modules.map(({ source }) => source);
  const text = { about, known, sources, kinds: sorted(kinds), customResources: sorted(customResources) };
  return `${JSON.stringify(text, null, 1)}\n`;
}

function sorted<Value>(kinds: ByKind<Value>): Record<string, Value> {
  return Object.fromEntries([...kinds].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const GENERATED = "zz_generated.prerelease-lifecycle.go";

/** Every kind of a module that is deprecated or removed at some time, by `policy/v1beta1 PodDisruptionBudget`. */
function coreLifecycle(folder: string): [string, Lifecycle][] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(GENERATED))
    .flatMap((path) => {
      const directory = join(folder, dirname(path));
      const register = readFileSync(join(directory, "register.go"), "utf8");
      const group = /^\s*(?:const )?GroupName\s*=\s*"([^"]*)"/m.exec(register)?.[1];
      const version = /GroupVersion\{Group: GroupName, Version: "([^"]+)"\}/.exec(register)?.[1];
      if (group === undefined || version === undefined)
        throw new Error(`${directory} names no group version`);
      const apiVersion = group === "" ? version : `${group}/${version}`;
      return kindsIn(readFileSync(join(directory, GENERATED), "utf8")).map(
        ([kind, lifecycle]): [string, Lifecycle] => [`${apiVersion} ${kind}`, lifecycle],
      );
    });
}

const METHOD =
  /^func \(in \*(\w+)\) APILifecycle(Deprecated|Removed|Replacement)\(\) .*\{\n\treturn (.*)\n\}/gm;

function kindsIn(source: string): [string, Lifecycle][] {
  const kinds = new Map<string, Lifecycle>();
  for (const [, kind = "", method = "", value = ""] of source.matchAll(METHOD)) {
    if (kind.endsWith("List")) continue;
    kinds.set(kind, { ...kinds.get(kind), ...partOf(method, value) });
  }
  return [...kinds]
    .filter(([, { deprecated, removed }]) => (deprecated ?? removed) !== undefined)
    .map(([kind, { deprecated, removed, use }]) => [
      kind,
      { ...(deprecated && { deprecated }), ...(removed && { removed }), ...(use && { use }) },
    ]);
}

function partOf(method: string, value: string): Lifecycle {
  if (method !== "Replacement") {
    const version = /^(\d+), (\d+)$/.exec(value);
    if (version === null) throw new Error(`${value} is no version`);
    const minor = `${version[1]}.${version[2]}`;
    return method === "Removed" ? { removed: minor } : { deprecated: minor };
  }
  const [, group = "", version = "", kind = ""] =
    /Group: "([^"]*)", Version: "([^"]*)", Kind: "([^"]*)"/.exec(value) ?? [];
  return { use: `${group === "" ? "" : `${group}/`}${version} ${kind}` };
}

function customLifecycle(
  definitions: readonly CustomResourceDefinition[],
  source: string,
): [string, CustomLifecycle][] {
  return definitions.flatMap(({ spec: { group, names, versions } }) => {
    const living = versions.filter(({ served, deprecated }) => served && deprecated !== true);
    const next = living.find(({ storage }) => storage) ?? living[0];
    const use = next && `${group}/${next.name} ${names.kind}`;
    return versions
      .filter((version) => !living.includes(version))
      .map(({ name, served }): [string, CustomLifecycle] => [
        `${group}/${name} ${names.kind}`,
        { state: served ? "deprecated" : "unserved", ...(use && { use }), source },
      ]);
  });
}
