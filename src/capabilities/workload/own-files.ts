// Owns: the user's own configuration files below config/: written once, and the ConfigMaps that Kustomize makes of them.
// Promises: the first build works, the files are never written again, an environment may have another version of each.
// Must not: read them.

import type { ServiceAcross } from "../../stack/across-environments.js";
import { ownMapName } from "../../stack/derive-volumes.js";
import type { Service } from "../../stack/service.js";
import type { Stack } from "../../stack/stack.js";
import { type FileSpec, file, type GeneratedConfigMap } from "../capability.js";
import { labelsOf } from "../labels.js";
import { deletion } from "../layered-object.js";
import { oncePerEnvironment } from "../places.js";
import { changeOf } from "./about.js";

/** Directory of the users' files: Kustomize loads none from outside of a kustomization's own. */
export const CONFIG = "config";

interface Entry {
  readonly key: string;
  readonly from: string;
}

function entriesOf(service: Service | undefined): Entry[] {
  return (service?.files ?? []).flatMap(({ key, from }) => (from === undefined ? [] : [{ key, from }]));
}

/** What an environment has otherwise; a key that it does without stays in the map, where nobody mounts it. */
function changed(own: readonly Entry[], base: readonly Entry[]): Entry[] {
  return own.filter(({ key, from }) => !base.some((entry) => entry.key === key && entry.from === from));
}

function listed(entries: readonly Entry[], directory: string): string[] {
  return entries.map(({ key, from }) => `${key}=${from.slice(directory.length + 1)}`);
}

export function ownMaps(
  stack: Stack,
  { name, any, base, inEnvironment }: ServiceAcross,
): GeneratedConfigMap[] {
  const labels = labelsOf(stack, name, any.component);
  const below = entriesOf(base);
  const map = (directory: string, entries: readonly Entry[], behavior: "create" | "merge") => ({
    kustomization: directory,
    name: ownMapName(name),
    behavior,
    literals: [],
    files: listed(entries, directory),
    labels: behavior === "create" ? labels : {},
  });
  const made: GeneratedConfigMap[] = below.length === 0 ? [] : [map(CONFIG, below, "create")];
  // The clusters of an environment share its files: the directory is the environment's.
  for (const environment of oncePerEnvironment(stack)) {
    const own = changed(entriesOf(inEnvironment(environment)), below);
    if (own.length > 0)
      made.push(map(`${CONFIG}/${environment.name}`, own, below.length === 0 ? "create" : "merge"));
  }
  return made;
}

/** The map of the base where an environment has none of the files, or not the service. */
export function deletedOwnMaps(stack: Stack, { name, base, inEnvironment }: ServiceAcross): FileSpec[] {
  if (entriesOf(base).length === 0) return [];
  const about = { what: `Your files of ${name}.`, why: "None are needed here.", change: changeOf(name) };
  const object = { apiVersion: "v1", kind: "ConfigMap", name: ownMapName(name) };
  return stack.environments
    .filter((environment) => entriesOf(inEnvironment(environment)).length === 0)
    .map((environment) => deletion(object, environment, about, "own-files.yaml"));
}

/** Each file once, however many services and environments have it. */
export function seededFiles(stack: Stack, all: readonly ServiceAcross[]): FileSpec[] {
  const found = new Map<string, string>();
  for (const { name, base, inEnvironment } of all)
    for (const place of [base, ...stack.environments.map(inEnvironment)])
      for (const { from } of entriesOf(place)) if (!found.has(from)) found.set(from, name);
  return [...found].sort().map(([path, service]) =>
    file(
      path,
      `workload/${seedOf(path)}`,
      { path, service },
      {
        what: `A configuration file of ${service}. It is yours; create-prod-stack wrote it once, empty.`,
        why: "Kustomize puts it into a ConfigMap whose name has a hash of the content, so that a change rolls the pods.",
        change: "this file",
      },
      { ownership: "seeded" },
    ),
  );
}

/** How a format says that there is nothing yet. */
function seedOf(path: string): string {
  if (/\.json$/.test(path)) return "seed.json";
  return /\.(xml|html?|svg)$/.test(path) ? "seed.xml" : "seed.text";
}
