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
