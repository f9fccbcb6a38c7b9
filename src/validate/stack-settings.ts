// Owns: what the checks need to know of prod-stack.yaml: name and place, the Kubernetes version, tiers and namespaces.
// Promises: reads a broken spec as far as it goes; `create-prod-stack check` is what judges it.
// Must not: resolve defaults of anything else.

import { readDocuments } from "./read-yaml.js";
import type { StackFile } from "./stack-files.js";
import { asRecord, textAt } from "./values.js";

export const SPEC_FILE = "prod-stack.yaml";

export interface StackSettings {
  readonly name: string | undefined;
  /** Directory of the stack below the git repository's root, as the spec says; "." for the root. */
  readonly path: string;
  /** Minor version as the spec says, if it does. */
  readonly kubernetes: string | undefined;
  readonly environments: readonly EnvironmentSettings[];
}

export interface EnvironmentSettings {
  readonly name: string;
  readonly tier: string | undefined;
  readonly namespace: string | undefined;
  /** Names of its clusters; none for an environment in one cluster. */
  readonly clusters: readonly string[];
}

/** Reads them from the files of a stack; a repository without a readable spec has none. */
export function readStackSettings(files: readonly StackFile[]): StackSettings {
  const file = files.find(({ path }) => path === SPEC_FILE);
  const document = file?.text === undefined ? undefined : readDocuments(file.text).documents[0];
  const spec = asRecord(document?.value);
  const environments = Object.entries(asRecord(spec.environments)).map(([name, value]) => ({
    name,
    tier: textAt(value, "tier"),
    namespace: textAt(value, "namespace"),
    clusters: Object.keys(asRecord(asRecord(value).clusters)),
  }));
  const { kubernetes } = spec;
  const isVersion = typeof kubernetes === "string" || typeof kubernetes === "number";
  return {
    name: textAt(spec, "name"),
    path: textAt(spec, "source", "path") ?? ".",
    kubernetes: isVersion ? String(kubernetes) : undefined,
    environments,
  };
}

/** The environment that an overlay belongs to: its own name, prod of prod/west, or what a directory's name starts with. */
export function environmentOf(
  overlay: string,
  { environments }: StackSettings,
): EnvironmentSettings | undefined {
  const candidates = environments.filter(
    ({ name }) => overlay === name || overlay.startsWith(`${name}/`) || overlay.startsWith(`${name}-`),
  );
  return candidates.sort((one, other) => other.name.length - one.name.length)[0];
}
