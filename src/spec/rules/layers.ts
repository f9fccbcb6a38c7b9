// Owns: walking the places of a spec where services, datastores and settings may be given or overridden.
// Promises: each place once, with its path, in the order of the file.
// Must not: merge; src/stack does.

import type { StackSpec } from "../schema/spec-types.js";
import type { Path } from "../spec-document.js";

type Overrides = NonNullable<NonNullable<StackSpec["tiers"]>["production"]>;

export interface Layer {
  readonly path: Path;
  readonly value: Overrides;
}

/** The stack itself, its tiers, its environments, their clusters, and its previews. */
export function layersOf(spec: StackSpec): Layer[] {
  const tiers = Object.entries(spec.tiers ?? {}).map(([name, value]) => ({
    path: ["tiers", name],
    value: value as Overrides,
  }));
  const environments = Object.entries(spec.environments).map(([name, value]) => ({
    path: ["environments", name],
    value: value as Overrides,
  }));
  const clusters = Object.entries(spec.environments).flatMap(([name, { clusters = {} }]) =>
    Object.entries(clusters).map(([cluster, value]) => ({
      path: ["environments", name, "clusters", cluster],
      value: value as Overrides,
    })),
  );
  const previews =
    spec.previews === undefined ? [] : [{ path: ["previews"], value: spec.previews as Overrides }];
  return [{ path: [], value: spec as Overrides }, ...tiers, ...environments, ...clusters, ...previews];
}

export type ServiceFields = NonNullable<Overrides["services"]>[string];

interface ServicePlace {
  readonly path: Path;
  readonly name: string;
  readonly value: ServiceFields;
}

/** What rules ask of services again and again, worked out once for a spec: a file may hold thousands. */
interface ServiceIndex {
  readonly places: readonly ServicePlace[];
  readonly byName: ReadonlyMap<string, readonly ServicePlace[]>;
  /** Services that some place declares. */
  readonly names: readonly string[];
  readonly declared: ReadonlySet<string>;
}

const known = new WeakMap<StackSpec, ServiceIndex>();

function indexOf(spec: StackSpec): ServiceIndex {
  const index = known.get(spec) ?? indexServices(spec);
  known.set(spec, index);
  return index;
}

function indexServices(spec: StackSpec): ServiceIndex {
  const places = layersOf(spec).flatMap(({ path, value }) =>
    Object.entries(value.services ?? {}).map(([name, service]) => ({
      path: [...path, "services", name],
      name,
      value: service,
    })),
  );
  const byName = new Map<string, ServicePlace[]>();
  for (const place of places) {
    const same = byName.get(place.name);
    if (same === undefined) byName.set(place.name, [place]);
    else same.push(place);
  }
  const declared = new Set(
    places.filter(({ value, path }) => path.length === 2 || value.type !== undefined).map(({ name }) => name),
  );
  return { places, byName, names: [...declared], declared };
}

/** Every service wherever it is given, with its path. */
export function servicesOf(spec: StackSpec): readonly ServicePlace[] {
  return indexOf(spec).places;
}

/** Names of all services, those that only a tier or an environment declares included. */
export function serviceNames(spec: StackSpec): readonly string[] {
  return indexOf(spec).names;
}

/** Whether some place declares a service of that name. */
export function isService(spec: StackSpec, name: string): boolean {
  return indexOf(spec).declared.has(name);
}

/** The type of a service, wherever it is declared. */
export function typeOf(spec: StackSpec, name: string): ServiceFields["type"] {
  return indexOf(spec)
    .byName.get(name)
    ?.find(({ value }) => value.type !== undefined)?.value.type;
}

/** Every port that a service has in some place: its own and its sidecars'. */
export function declaredPorts(spec: StackSpec, name: string): string[] {
  const own = (indexOf(spec).byName.get(name) ?? []).flatMap(({ value }) => [
    value.ports,
    ...Object.values(value.containers ?? {}).map(({ ports }) => ports),
  ]);
  // What KServe and most model servers listen on.
  const usual = typeOf(spec, name) === "model" ? ["http"] : [];
  return [...new Set([...usual, ...own.flatMap((ports) => Object.keys(ports ?? {}))])];
}

type Variables = NonNullable<ServiceFields["env"]>;

/** The environment variables of a service's containers, with their places below it. */
export function environmentsOf({ env, containers }: ServiceFields): [Path, Variables][] {
  const others = Object.entries(containers ?? {}).map(([name, container]): [Path, Variables] => [
    ["containers", name, "env"],
    container.env ?? {},
  ]);
  return [[["env"], env ?? {}], ...others];
}
