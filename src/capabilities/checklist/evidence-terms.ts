// Owns: the terms in which the rows of the checklist say by what of a stack they are met.
// Promises: nouns of the stack and names of templates; nothing of a single row.
// Must not: know rendered text.

import type { Datastore } from "../../stack/datastore.js";
import type { Exposure, Service } from "../../stack/service.js";
import type { Environment, Stack, View } from "../../stack/stack.js";

/** The base, or a place, which has a tier beside. */
export type Seen = View & Partial<Environment>;

export interface RowEvidence {
  /** What a view must have; each may be left out. A service or datastore that has it is enough. */
  readonly view?: (view: Seen) => boolean;
  readonly service?: (service: Service, view: Seen) => boolean;
  readonly datastore?: (datastore: Datastore) => boolean;
  /** Answers of the row that are apart, by name: one is enough, and the others are told. */
  readonly parts?: Readonly<Record<string, (service: Service, view: Seen) => boolean>>;
  /** Templates of the files that meet it, of those that its capabilities yield. */
  readonly templates?: RegExp;
  /** How to have it. */
  readonly ask?: string;
  /** Why the row is not about this stack; undefined where it is. */
  readonly foreign?: (stack: Stack) => string | undefined;
}

export const PODS =
  /(deployment|statefulset|replicated|cron-job|job|inference-service|cluster)(-spec)?\.(patch\.)?yaml$/;
export const REPLICATED = /(deployment|statefulset|replicated)\.(patch\.)?yaml$/;
export const BUDGETS = /disruption-budget\.(patch\.)?yaml$/;
export const IDENTITIES =
  /(service-account|identity|operator-role|inference-service|cluster)\.(patch\.)?yaml$/;
/** Where each gateway says how it treats requests. */
export const TRAFFIC = /(envoy-gateway\/traffic|traefik\/middlewares|ingress-nginx\/route)\.yaml$/;
export const BALANCING = /(envoy-gateway\/traffic|traefik\/route|ingress-nginx\/route)\.yaml$/;
export const RULES = /monitoring\/(rules|rule-file)\.yaml$/;

export const everywhere = (stack: Stack): readonly Seen[] => [stack.base, ...stack.environments];
export const inTier = (tier: Environment["tier"]) => (view: Seen) => view.tier === tier;
export const isExposed = ({ exposure }: Service) => exposure !== undefined;
export const exposing = (answer: (exposure: Exposure) => boolean) => (service: Service) =>
  service.exposure !== undefined && answer(service.exposure);
export const isReplicated = ({ kind }: Service) => kind === "Deployment" || kind === "StatefulSet";
export const isRunHere = ({ server, operator }: Datastore) => server !== undefined || operator !== undefined;
export const isBackedUp = ({ backup, operator }: Datastore) => (backup ?? operator?.backup) !== undefined;

export function withoutExposure(stack: Stack): string | undefined {
  return everywhere(stack).some(({ services }) => services.some(isExposed))
    ? undefined
    : "nothing is exposed: services.NAME.expose";
}

/** For rows about datastores of a kind. */
export function without(what: string, matches: (datastore: Datastore) => boolean) {
  return (stack: Stack) =>
    everywhere(stack).some(({ datastores }) => datastores.some(matches)) ? undefined : `no ${what} here`;
}

export function withoutTier(tier: Environment["tier"]) {
  return (stack: Stack) =>
    stack.environments.some((place) => place.tier === tier) ? undefined : `no environment of tier ${tier}`;
}

export function withoutData(stack: Stack): string | undefined {
  return without("store with data", ({ role }) => role === "store")(stack);
}

const isFamily =
  (...families: string[]) =>
  ({ family, role }: Datastore) =>
    families.includes(family) && role === "store";

export function backupOf(what: string, ...families: string[]): RowEvidence {
  const is = isFamily(...families);
  return {
    datastore: (datastore) => is(datastore) && isBackedUp(datastore),
    ask: "backup.store",
    foreign: without(what, is),
  };
}
