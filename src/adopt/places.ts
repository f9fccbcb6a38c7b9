// Owns: which environments a repository has, and the objects of each.
// Promises: Kustomize's overlays first, then directories that are called like environments, else one environment.
// Must not: read a disk; what Kustomize built is handed in.

import { posix } from "node:path";
import type { TierName } from "../spec/schema/spec-types.js";
import { toBuiltObject } from "../validate/built-object.js";
import { referencesOf } from "../validate/kustomization-fields.js";
import { readDocuments } from "../validate/read-yaml.js";
import { asRecord, type Values } from "../validate/values.js";
import { Manifest, type Origin, type Source } from "./manifest.js";
import { manifestOf, readKustomization } from "./read-kustomization.js";
import type { Kustomization, Reading } from "./read-manifests.js";

export interface Place {
  readonly name: string;
  readonly tier: TierName;
  /** What the repository says of it; undefined where the environment is assumed. */
  readonly origin: Origin | undefined;
  readonly objects: readonly Manifest[];
  /** The tier is a guess. */
  readonly isTierAssumed: boolean;
}

const WORDS: readonly (readonly [TierName, RegExp])[] = [
  ["production", /^(?:prod|production|prd|live)(?:$|[-_.\d])|[-_.](?:prod|production|prd|live)$/i],
  [
    "staging",
    /^(?:stag|staging|stage|stg|uat|qa|test|testing|preprod|pre-prod|acceptance|int|integration)(?:$|[-_.\d])|[-_.](?:staging|stage|stg|uat|qa|test|preprod)$/i,
  ],
  [
    "development",
    /^(?:dev|development|devel|local|sandbox|minikube|kind)(?:$|[-_.\d])|[-_.](?:dev|development|local)$/i,
  ],
];
const PARENTS = /^(?:overlays?|environments?|envs?|clusters?|stages?|variants?)$/i;
const NAME = /^[a-z]([-a-z0-9]{0,51}[a-z0-9])?$/;
/** Names that directories of the generated repository have. */
const TAKEN = ["argocd", "operators", "previews", "alertmanager", "grafana", "prometheus"];

export function tierOf(name: string): TierName | undefined {
  return WORDS.find(([, pattern]) => pattern.test(name))?.[0];
}

/** The environment that a path speaks of, by its innermost directory that does. */
function environmentIn(directory: string): string | undefined {
  const parts = directory.split("/");
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const part = parts[index] ?? "";
    if (tierOf(part) !== undefined || PARENTS.test(parts[index - 1] ?? "")) return nameOf(part);
  }
  return undefined;
}

function nameOf(part: string): string | undefined {
  const name = part
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return NAME.test(name) && !TAKEN.includes(name) ? name : undefined;
}

/** Directories whose kustomizations nobody else refers to: what people apply. */
export function rootsOf(reading: Reading): readonly string[] {
  const used = new Set<string>();
  for (const { directory, data } of reading.kustomizations.values())
    for (const { target } of referencesOf(data)) used.add(posix.join(directory, target).replace(/\/$/, ""));
  return [...reading.kustomizations.values()]
    .filter(({ directory, data }) => !used.has(directory) && data.kind !== "Component")
    .map(({ directory }) => directory)
    .sort();
}

/** Every file that some kustomization refers to, patches included. */
function loadedFiles(reading: Reading): Set<string> {
  return new Set(
    [...reading.kustomizations.values()].flatMap(({ directory, data }) =>
      referencesOf(data).map(({ target }) => posix.join(directory, target)),
    ),
  );
}

export interface PlaceInput {
  readonly reading: Reading;
  readonly texts: ReadonlyMap<string, string>;
  /** What Kustomize made of the directories of `rootsOf`; those that are not here are read structurally. */
  readonly built: ReadonlyMap<string, string>;
}

interface Group {
  readonly environment: string | undefined;
  readonly origin: Origin;
  readonly objects: readonly Manifest[];
}

const WORKLOADS =
  /^(?:Deployment|StatefulSet|DaemonSet|CronJob|Job|InferenceService|Pod|ReplicaSet|Rollout)$/;

export function placesOf(input: PlaceInput): readonly Place[] {
  const groups = [...overlayGroups(input), ...plainGroups(input)];
  const withWorkloads = groups.filter(({ objects }) => objects.some(({ kind }) => WORKLOADS.test(kind)));
  const names = [...new Set(withWorkloads.flatMap(({ environment }) => environment ?? []))];
  const shared = groups.filter(({ environment }) => environment === undefined);
  if (names.length === 0)
    return [
      {
        name: "prod",
        tier: "production",
        origin: undefined,
        objects: withoutTwins(groups.flatMap(({ objects }) => objects)),
        isTierAssumed: true,
      },
    ];
  const places = names.map((name): Place => {
    const own = groups.filter(({ environment }) => environment === name);
    const tier = tierOf(name);
    return {
      name,
      tier: tier ?? (names.length === 1 ? "production" : "staging"),
      origin: own[0]?.origin,
      objects: withoutTwins([...own, ...shared].flatMap(({ objects }) => objects)),
      isTierAssumed: tier === undefined,
    };
  });
  const order: readonly TierName[] = ["development", "staging", "production"];
  return places.sort((a, b) => order.indexOf(a.tier) - order.indexOf(b.tier) || (a.name < b.name ? -1 : 1));
}

function overlayGroups({ reading, texts, built }: PlaceInput): Group[] {
  return rootsOf(reading).map((directory) => {
    const kustomization = reading.kustomizations.get(directory);
    const text = built.get(directory);
    const objects =
      text === undefined || kustomization === undefined
        ? readKustomization(directory, reading, texts)
        : builtObjects(text, kustomization, reading, texts);
    return {
      environment: environmentIn(directory),
      origin: { file: kustomization?.path ?? directory, line: 1 },
      objects,
    };
  });
}

/** Files that no kustomization loads, by the environment that their directories or namespaces speak of. */
function plainGroups({ reading }: PlaceInput): Group[] {
  const loaded = loadedFiles(reading);
  return [...reading.sources]
    .filter(([path]) => !loaded.has(path))
    .flatMap(([path, sources]) =>
      sources.map((source) => {
        const object = manifestOf(source);
        return {
          environment: environmentIn(posix.dirname(path)) ?? environmentOfNamespace(object),
          origin: object.origin(),
          objects: [object],
        };
      }),
    );
}

/** shop-prod speaks of prod. */
function environmentOfNamespace({ namespace, kind, name }: Manifest): string | undefined {
  const parts = (kind === "Namespace" ? name : namespace).split(/[-_.]/);
  const word = parts.find((part) => tierOf(part) !== undefined);
  return word === undefined ? undefined : nameOf(word);
}

/** Objects as Kustomize built them, under the names that they have without an overlay's prefix, suffix or hash. */
function builtObjects(
  text: string,
  kustomization: Kustomization,
  reading: Reading,
  texts: ReadonlyMap<string, string>,
): Manifest[] {
  const expected = readKustomization(kustomization.directory, reading, texts);
  const objects = readDocuments(text).documents.flatMap(({ value }) => toBuiltObject(value) ?? []);
  const twins = objects.map(({ kind, name, data }) => ({ data, name, twin: twinOf(kind, name, expected) }));
  const names = new Map(
    twins.flatMap(({ name, twin }) => (twin === undefined || twin.name === name ? [] : [[name, twin.name]])),
  );
  return twins.map(({ data, twin }) => {
    const known = asRecord(names.size === 0 ? data : renamed(data, names));
    if (twin !== undefined) return twin.with(known);
    return new Manifest(known, [] as Source[], { file: kustomization.path, line: 1 });
  });
}

function twinOf(kind: string, name: string, expected: readonly Manifest[]): Manifest | undefined {
  const same = expected.filter((one) => one.kind === kind);
  return (
    same.find((one) => one.name === name) ??
    same
      .filter((one) => one.name !== "" && name.includes(one.name))
      .sort((a, b) => b.name.length - a.name.length)[0]
  );
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value as Values).map(([key, item]) => [key, renamed(item, names)]),
  );
}

/** Of objects that are declared twice the first: an overlay's before a loose file's. */
function withoutTwins(objects: readonly Manifest[]): readonly Manifest[] {
  const seen = new Set<string>();
  return objects.filter(({ id, group }) => {
    const key = `${group} ${id}`;
    return !seen.has(key) && seen.add(key);
  });
}
