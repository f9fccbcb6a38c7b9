// Owns: the ConfigMaps that Kustomize generates for a service: its settings, and its files by content.
// Promises: only what differs is said again; a change gives the ConfigMap a new name, which rolls the pods.
// Must not: make those of the user's own files; own-files.ts does.

import type { ServiceAcross } from "../../stack/across-environments.js";
import type { ConfigFile, Variable } from "../../stack/container.js";
import { contentMapName } from "../../stack/derive-volumes.js";
import type { Service } from "../../stack/service.js";
import type { Stack } from "../../stack/stack.js";
import { type FileSpec, file, type GeneratedConfigMap } from "../capability.js";
import { labelsOf } from "../labels.js";
import { deletion } from "../layered-object.js";
import { managedDirectory } from "../places.js";
import { changeOf } from "./about.js";
import { configMapName } from "./pod-view.js";

/** Kustomize strips one pair of quotes around a literal's value; a value that has them gets another pair. */
export function literal({ name, value }: Variable): string {
  return /^(["']).*\1$/s.test(value) ? `${name}="${value}"` : `${name}=${value}`;
}

interface Entry {
  readonly key: string;
  readonly text: string;
}

/** What a ConfigMap is made of: entries that can be compared, and how each is written. */
interface Source {
  readonly name: (service: string) => string;
  readonly what: (service: string) => string;
  readonly entries: (service: Service) => readonly Entry[];
  readonly written: (
    entries: readonly Entry[],
    service: Service,
  ) => Pick<GeneratedConfigMap, "literals" | "files">;
}

const settings: Source = {
  name: configMapName,
  what: (service) => `The settings of ${service}.`,
  entries: ({ config }) => config.map((variable) => ({ key: variable.name, text: literal(variable) })),
  written: (entries) => ({ literals: entries.map(({ text }) => text), files: [] }),
};

const contents: Source = {
  name: contentMapName,
  what: (service) => `The configuration files of ${service}.`,
  entries: (service) => contentFiles(service).map(({ key, content }) => ({ key, text: content ?? "" })),
  written: (entries, { name }) => ({
    literals: [],
    files: entries.map(({ key }) => `${key}=files/${name}/${key}`),
  }),
};

const SOURCES = [settings, contents] as const;

function contentFiles(service: Service | undefined): readonly ConfigFile[] {
  return service?.files.filter(({ content }) => content !== undefined) ?? [];
}

export function generatedMaps(stack: Stack, across: ServiceAcross): GeneratedConfigMap[] {
  return SOURCES.flatMap((source) => mapsOf(stack, across, source));
}

function mapsOf(stack: Stack, { name, any, base, inEnvironment }: ServiceAcross, source: Source) {
  const labels = labelsOf(stack, name, any.component);
  const below = base === undefined ? [] : source.entries(base);
  const made: GeneratedConfigMap[] = [];
  if (base !== undefined && below.length > 0)
    made.push({
      kustomization: `base/${name}`,
      name: source.name(name),
      behavior: "create",
      ...source.written(below, base),
      labels,
    });
  for (const environment of stack.environments) {
    const own = inEnvironment(environment);
    const change = own && changeIn(source.entries(own), below);
    if (own === undefined || change === undefined) continue;
    const isNew = change.behavior === "create";
    made.push({
      kustomization: managedDirectory(environment),
      name: source.name(name),
      behavior: change.behavior,
      ...source.written(change.entries, own),
      labels: isNew ? labels : {},
    });
  }
  return made;
}

/** Only what differs; all of it where something of the base is gone. */
function changeIn(
  own: readonly Entry[],
  base: readonly Entry[],
): { behavior: GeneratedConfigMap["behavior"]; entries: readonly Entry[] } | undefined {
  if (own.length === 0) return undefined;
  if (base.length === 0) return { behavior: "create", entries: own };
  if (base.some(({ key }) => !own.some((entry) => entry.key === key)))
    return { behavior: "replace", entries: own };
  const changed = own.filter(
    ({ key, text }) => !base.some((entry) => entry.key === key && entry.text === text),
  );
  return changed.length === 0 ? undefined : { behavior: "merge", entries: changed };
}

/** ConfigMaps of the base that an environment does without: the service is not there, or needs none. */
export function deletedMaps(stack: Stack, { name, base, inEnvironment }: ServiceAcross): FileSpec[] {
  return SOURCES.flatMap((source) => {
    if (base === undefined || source.entries(base).length === 0) return [];
    const about = { what: source.what(name), why: "None are needed here.", change: changeOf(name) };
    const object = { apiVersion: "v1", kind: "ConfigMap", name: source.name(name) };
    return stack.environments
      .filter((environment) => {
        const own = inEnvironment(environment);
        return own === undefined || source.entries(own).length === 0;
      })
      .map((environment) => deletion(object, environment, about, "configmap.yaml"));
  });
}

/** The files whose content stands in prod-stack.yaml: where they are listed, and only where they differ. */
export function contentFileSpecs(stack: Stack, across: ServiceAcross): FileSpec[] {
  const { name, base, inEnvironment } = across;
  const specs = (service: Service | undefined, directory: string, wanted: readonly string[]) =>
    contentFiles(service)
      .filter(({ key }) => wanted.includes(key))
      .map(({ key, path, content }) =>
        file(
          `${directory}/files/${name}/${key}`,
          "workload/content",
          { content: content ?? "" },
          {
            what: `${path} of ${name}.`,
            why: "Kustomize puts it into a ConfigMap whose name has a hash of the content, so that a change rolls the pods.",
            change: `services.${name}.files in prod-stack.yaml`,
          },
          { verbatim: true },
        ),
      );
  const below = base === undefined ? [] : contents.entries(base);
  const all = below.map(({ key }) => key);
  return [
    ...specs(base, `base/${name}`, all),
    ...stack.environments.flatMap((environment) => {
      const own = inEnvironment(environment);
      const change = own && changeIn(contents.entries(own), below);
      const wanted = change?.entries.map(({ key }) => key) ?? [];
      return specs(own, managedDirectory(environment), wanted);
    }),
  ];
}
