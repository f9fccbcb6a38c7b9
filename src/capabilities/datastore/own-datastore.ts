// Owns: which datastores the stack runs itself, and the names of their objects.
// Promises: the names never change: they are part of addresses, claims and selectors.
// Must not: make files.

import type { Datastore } from "../../stack/datastore.js";
import type { Environment, Stack, View } from "../../stack/stack.js";

export const COMPONENT = "datastore";

/** A datastore whose server the stack runs itself. */
export type Own = Datastore & {
  readonly server: NonNullable<Datastore["server"]>;
  readonly image: NonNullable<Datastore["image"]>;
};

export function isOwn(datastore: Datastore): datastore is Own {
  return datastore.server !== undefined && datastore.image !== undefined;
}

/** The datastore of that name in a view, where the stack runs it itself there. */
export function ownIn({ datastores }: Pick<View, "datastores">, name: string): Own | undefined {
  return datastores.filter(isOwn).find((own) => own.name === name);
}

/** Environments that do not run a datastore which the base runs. */
export function absentIn({ environments }: Stack, name: string): Environment[] {
  return environments.filter((environment) => ownIn(environment, name) === undefined);
}

/** The datastore in the first view that runs it itself: the base, or an environment. */
export function referenceOf(stack: Stack, name: string): Own | undefined {
  return [stack.base, ...stack.environments]
    .map((view) => ownIn(view, name))
    .find((found) => found !== undefined);
}

export function configMapName(datastore: string): string {
  return `${datastore}-config`;
}

/** What to edit. */
export function changeOf({ name }: Pick<Datastore, "name">): string {
  return `datastores.${name} in prod-stack.yaml`;
}
