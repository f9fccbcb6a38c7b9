// Owns: where the files of an environment, or of one of its clusters, live; and tables about all of them.
// Promises: what the clusters of an environment have in common stands once, under the environment's name.
// Must not: know any file.

import type { Environment, Stack } from "../stack/stack.js";

type Place = Pick<Environment, "name" | "cluster">;

/** Directory of what the generator keeps current in a place. */
export function managedDirectory(place: Place): string {
  return `${appliedDirectory(place)}/managed`;
}

/** Directory of the kustomization that Argo CD syncs: the user's, around the managed one. */
export function appliedDirectory({ name, cluster }: Place): string {
  return cluster === undefined ? `overlays/${name}` : `clusters/${name}/${cluster}`;
}

/** Directory of the kustomization that holds the releases of an environment, for all of its clusters. */
export function releaseDirectory({ name }: Place): string {
  return `overlays/${name}`;
}

/** Directory of what monitors a place; its managed overlay includes it. */
export function monitoringDirectory({ name, cluster }: Place): string {
  return cluster === undefined ? `monitoring/${name}` : `monitoring/${name}/${cluster}`;
}

/** Directory of what the platform team applies in a place. */
export function bootstrapDirectory({ name, cluster }: Place): string {
  return cluster === undefined ? `bootstrap/${name}` : `bootstrap/${name}/${cluster}`;
}

/** The places of each environment, in the order of promotion. */
export function placesByEnvironment<P extends Place>({
  environments,
}: {
  readonly environments: readonly P[];
}): readonly (readonly P[])[] {
  const found = new Map<string, P[]>();
  for (const place of environments) found.set(place.name, [...(found.get(place.name) ?? []), place]);
  return [...found.values()];
}

/** The first place of each environment: for what is the same in all of its clusters. */
export function oncePerEnvironment<P extends Place>(stack: { readonly environments: readonly P[] }): P[] {
  return placesByEnvironment(stack).flatMap(([first]) => (first === undefined ? [] : [first]));
}

/** Rows of a table: once for an environment whose clusters agree, else for each of them under its own label. */
export function rowsByPlace<T extends object>(
  stack: Pick<Stack, "environments">,
  rows: (place: Environment) => readonly T[],
): (T & { readonly environment: string })[] {
  return placesByEnvironment(stack).flatMap((places) => {
    const tables = places.map((place) => ({ place, table: rows(place) }));
    const [first] = tables;
    const isSame = tables.every(({ table }) => JSON.stringify(table) === JSON.stringify(first?.table));
    const shown = isSame ? tables.slice(0, 1) : tables;
    return shown.flatMap(({ place, table }) =>
      table.map((row) => ({ ...row, environment: isSame ? place.name : place.label })),
    );
  });
}

/** Directories of the stack as a kustomization refers to them. */
export function belowStack(from: string, directories: readonly string[]): string[] {
  const up = "../".repeat(from.split("/").length);
  return directories.map((directory) => `${up}${directory}`);
}
