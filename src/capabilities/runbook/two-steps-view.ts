// Owns: what the runbook's procedures of two steps speak of: replicas that an autoscaler takes over, volumes that grow.
// Promises: names and numbers of this stack; nothing that an operator or another place does by itself.
// Must not: hold text.

import type { Datastore } from "../../stack/datastore.js";
import type { Service } from "../../stack/service.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { rowsByPlace } from "../places.js";
import { applicationOf } from "./runbook-facts.js";

export function twoStepsView(stack: Stack, main: Environment) {
  const places = [main, ...stack.environments.filter((place) => place !== main)];
  const [example] = places.flatMap((place) =>
    place.services.filter(isUnscaled).map((service) => rowOf(place, service)),
  );
  const own = places.flatMap((place) =>
    place.datastores
      .filter(hasOwnVolume)
      .map((datastore) => ({ application: applicationOf(stack, place), ...growthOf(place, datastore) })),
  );
  return {
    handOver: example,
    unscaled: rowsByPlace(stack, (place) =>
      place.services.filter(isUnscaled).map((service) => rowOf(place, service)),
    ),
    growing: own[0],
    operated: [
      ...new Set(places.flatMap(({ datastores }) => datastores.filter(isOperated).map(({ name }) => name))),
    ].map((name) => ({ name })),
  };
}

/** Its number of pods stands in git. */
function isUnscaled({ kind, scaling }: Service): boolean {
  return (kind === "Deployment" || kind === "StatefulSet") && scaling === undefined;
}

function rowOf({ namespace }: Environment, { name, kind, replicas }: Service) {
  return { service: name, kind, resource: kind.toLowerCase(), namespace, replicas };
}

const hasOwnVolume = ({ mode, server, role }: Datastore) =>
  mode !== "external" && server !== undefined && role === "store";
const isOperated = ({ mode, operator }: Datastore) => mode !== "external" && operator !== undefined;

function growthOf({ namespace }: Environment, { name, replicas }: Datastore) {
  const claims = Array.from({ length: replicas }, (_, index) => ({ claim: `data-${name}-${index}` }));
  return { name, namespace, claims };
}
