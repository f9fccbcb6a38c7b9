// Owns: services, datastores, secrets and externals of all environments, each put where it holds: in the base, or in some.
// Promises: what all agree on stands once; a thing that one environment lacks is taken away there.
// Must not: read manifests.

import type { ByPlace } from "./combine-places.js";
import { combine } from "./combine-places.js";
import { datastoreFacts } from "./datastore-facts.js";
import { domainOf } from "./exposure-facts.js";
import { Fact, type Facts, put } from "./facts.js";
import { parseImage } from "./known-images.js";
import { hostsOf } from "./place-facts.js";
import type { Place } from "./places.js";
import type { Scene } from "./scene.js";
import { secretFacts } from "./secret-facts.js";
import { modelFacts, serviceFacts } from "./service-facts.js";

/** Adds everything with a name to the facts of a stack. */
export function putAllThings(facts: Facts, scenes: readonly Scene[]): void {
  const places = scenes.map(({ place }) => place.name);
  const gathered = gather(scenes);
  putThings(facts, { kind: "services", things: gathered.services, whole: ["type", "runtime"] }, places);
  putThings(facts, { kind: "datastores", things: gathered.datastores, whole: ["engine"] }, places);
  putThings(facts, { kind: "secrets", things: gathered.secrets, whole: ["keys"] }, places);
  putThings(facts, { kind: "externals", things: gathered.externals, whole: ["host", "port"] }, places);
  agreeOnSeeds(facts);
}

type Things = Map<string, Map<string, Facts>>;

interface Gathered {
  readonly services: Things;
  readonly datastores: Things;
  readonly secrets: Things;
  readonly externals: Things;
}

/** Everything with a name, by place. */
function gather(scenes: readonly Scene[]): Gathered {
  const gathered: Gathered = {
    services: new Map(),
    datastores: new Map(),
    secrets: new Map(),
    externals: new Map(),
  };
  const add = (things: Things, name: string, place: Place, facts: Facts) =>
    things.set(name, (things.get(name) ?? new Map<string, Facts>()).set(place.name, facts));
  for (const scene of scenes) {
    const { place } = scene;
    const externals: Facts = {};
    const secrets = new Map<string, Map<string, Fact>>();
    const hosts = hostsOf(scene);
    const context = { scene, domain: domainOf(hosts), ownHosts: new Set(hosts), externals, secrets };
    for (const role of scene.services) add(gathered.services, role.key, place, serviceFacts(role, context));
    for (const { key, object } of scene.models) add(gathered.services, key, place, modelFacts(object));
    for (const role of scene.datastores)
      add(gathered.datastores, role.key, place, datastoreFacts(role, scene));
    for (const [name, facts] of secretFacts(secrets, scene)) add(gathered.secrets, name, place, facts);
    for (const [name, facts] of Object.entries(externals))
      if (!(facts instanceof Fact)) add(gathered.externals, name, place, facts);
  }
  return gathered;
}

interface Group {
  readonly kind: "services" | "datastores" | "secrets" | "externals";
  readonly things: Things;
  /** Keys that only the base has. */
  readonly whole: readonly string[];
}

function putThings(facts: Facts, { kind, things, whole }: Group, places: readonly string[]): void {
  const last = places.at(-1) ?? "";
  // The stack itself needs a service: where the last place has none, all stand in the base.
  const hasBase = [...things.values()].some((byPlace) => byPlace.has(last));
  // By name: in which order files or Kustomize give them says nothing.
  for (const [name, byPlace] of [...things].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (kind === "services") agreeOnImage(byPlace, places);
    if (kind === "secrets") uniteKeys(byPlace);
    if (kind === "services" && hasBase && !byPlace.has(last))
      for (const [place, own] of byPlace) put(facts, ["environments", place, kind, name], own);
    else putCombined(facts, [kind, name], { byPlace, places, whole });
  }
}

interface Combining {
  readonly byPlace: ByPlace;
  readonly places: readonly string[];
  readonly whole: readonly string[];
}

function putCombined(facts: Facts, path: readonly string[], { byPlace, places, whole }: Combining): void {
  const { base, differing } = combine(byPlace, places, whole);
  put(facts, path, base);
  for (const [place, own] of differing) put(facts, ["environments", place, ...path], own);
  if (path[0] !== "services" && path[0] !== "datastores") return;
  for (const place of places.filter((one) => !byPlace.has(one)))
    put(facts, ["environments", place, ...path], new Fact(null, undefined, "it is not there today"));
}

/** One repository has one seed: that of the place nearest to production; releases are the overlays'. */
function agreeOnImage(byPlace: Map<string, Facts>, places: readonly string[]): void {
  const own = places.filter((place) => byPlace.has(place));
  const reference = byPlace.get(own.at(-1) ?? "")?.image;
  if (!(reference instanceof Fact)) return;
  const repositoryOf = (fact: Fact) => parseImage(String(fact.value)).repository;
  for (const facts of byPlace.values())
    if (facts.image instanceof Fact && repositoryOf(facts.image) === repositoryOf(reference))
      facts.image = reference;
}

function uniteKeys(byPlace: ReadonlyMap<string, Facts>): void {
  const all = [...byPlace.values()].flatMap(({ keys }) =>
    keys instanceof Fact ? (keys.value as string[]) : [],
  );
  const union = [...new Set(all)].sort();
  for (const facts of byPlace.values())
    if (facts.keys instanceof Fact) facts.keys = new Fact(union, facts.keys.origin, facts.keys.note);
}

/** Two services of one image are released together. */
function agreeOnSeeds({ services }: Facts): void {
  if (services === undefined || services instanceof Fact) return;
  const seeds = new Map<string, string>();
  for (const service of Object.values(services)) {
    if (service instanceof Fact || !(service.image instanceof Fact)) continue;
    const { image } = service;
    const { repository } = parseImage(String(image.value));
    const seed = String(image.value).slice(repository.length);
    const other = seeds.get(repository);
    if (other === undefined) seeds.set(repository, seed);
    else if (other !== seed)
      service.image = new Fact(
        `${repository}${other}`,
        image.origin,
        `${seed.slice(1) || "no tag"} here; services of one image are released together`,
      );
  }
}
