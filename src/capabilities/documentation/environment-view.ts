// Owns: an environment as the README and the requirements show it: addresses, pods, secrets, commands.
// Promises: its length grows with the environments alone: of many services or clusters the first are shown, and the rest is counted.
// Must not: leave out what nobody can look up; the overlays and `show` say all of it.

import { derivePolicies } from "../../stack/derive-policies.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { appliedDirectory, bootstrapDirectory, placesByEnvironment } from "../places.js";

/** Of a list in a cell of a table. More is no help to a reader. */
const SHOWN = 8;

/** Clusters of an environment that have a section each; of more the first stands for all. */
const SECTIONS = 4;

/** The first of a list, and how many there are beside. */
export function shown(all: readonly string[], what: string): string[] {
  return all.length <= SHOWN ? [...all] : [...all.slice(0, SHOWN), `and ${all.length - SHOWN} more ${what}`];
}

function podsText({ services }: Environment): string {
  const bounds = services.map(({ name, replicas, scaling }) => ({
    name,
    min: scaling?.min ?? replicas,
    max: scaling?.max ?? replicas,
  }));
  if (bounds.length <= SHOWN)
    return bounds.map(({ name, min, max }) => `${name} ${min === max ? min : `${min} to ${max}`}`).join(", ");
  const sum = (which: "min" | "max") => bounds.reduce((total, bound) => total + bound[which], 0);
  return `${bounds.length} services: ${sum("min")} to ${sum("max")}`;
}

export function environmentView(stack: Stack, environment: Environment) {
  const exposed = environment.services.flatMap(({ exposure }) => (exposure === undefined ? [] : [exposure]));
  const scheme = environment.settings.gateway.https ? "https" : "http";
  const addresses = [...new Set(exposed.map(({ host, path }) => `${scheme}://${host}${path}`))];
  return {
    name: environment.name,
    label: environment.label,
    target: environment.label.replace("/", " "),
    tier: environment.tier,
    namespace: environment.namespace,
    overlay: appliedDirectory(environment),
    bootstrap: bootstrapDirectory(environment),
    application: `${stack.name}-${environment.id}`,
    server: environment.server,
    addresses: addresses.slice(0, SHOWN),
    moreAddresses: Math.max(0, addresses.length - SHOWN),
    policies: derivePolicies(environment).length,
    replicas: podsText(environment),
    promotesFrom: environment.promotesFrom,
    hasNamespace: environment.settings.namespaces === "managed",
    secrets: environment.secrets.map(({ name, store, storeKind, path, keys }) => ({
      name,
      store: `${storeKind} ${store}`,
      path,
      keys: keys.join(", "),
    })),
    exposed: environment.services.filter(({ exposure }) => exposure !== undefined).map(({ name }) => name),
  };
}

/**
 * What has a section of its own: each place, but of an environment with many clusters the first, which names the others.
 */
export function sectionsOf(stack: Stack) {
  return placesByEnvironment(stack).flatMap((places) =>
    places.length <= SECTIONS
      ? places.map((place) => ({ ...environmentView(stack, place), others: "" }))
      : places.slice(0, 1).map((place) => ({
          ...environmentView(stack, place),
          others: shown(
            places.slice(1).map(({ label }) => label.replace("/", " ")),
            "clusters",
          ).join(", "),
        })),
  );
}
