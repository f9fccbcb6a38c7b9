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

/** The stack itself, its tiers, its environments and their clusters. */
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
  return [{ path: [], value: spec as Overrides }, ...tiers, ...environments, ...clusters];
}

export type ServiceFields = NonNullable<Overrides["services"]>[string];

/** Every service wherever it is given, with its path. */
export function servicesOf(spec: StackSpec): { path: Path; name: string; value: ServiceFields }[] {
  return layersOf(spec).flatMap(({ path, value }) =>
    Object.entries(value.services ?? {}).map(([name, service]) => ({
      path: [...path, "services", name],
      name,
      value: service,
    })),
  );
}

/** Names of all services, those that only a tier or an environment declares included. */
export function serviceNames(spec: StackSpec): string[] {
  const all = servicesOf(spec).filter(({ value, path }) => path.length === 2 || value.type !== undefined);
  return [...new Set(all.map(({ name }) => name))];
}

/** The type of a service, wherever it is declared. */
export function typeOf(spec: StackSpec, name: string): ServiceFields["type"] {
  return servicesOf(spec).find((place) => place.name === name && place.value.type !== undefined)?.value.type;
}

/** Every port that a service has in some place: its own and its sidecars'. */
export function declaredPorts(spec: StackSpec, name: string): string[] {
  const places = servicesOf(spec).filter((place) => place.name === name);
  const own = places.flatMap(({ value }) => [
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
