// Owns: the one order of precedence: later layers win.
// Promises: maps merge, lists and scalars replace, null removes; the origin of every value can be recorded.
//           Maps have no prototype: a service may be called "constructor", and a variable "__proto__".
// Must not: know what the values mean.

/** Named after where its values come from. */
export interface Layer {
  readonly origin: string;
  readonly value: unknown;
}

export type Origins = Map<string, string>;

export type Tree = { [key: string]: unknown };

/** One tree from layers, lowest first. With `origins`, dotted path of each leaf → name of the layer that gave it. */
export function mergeLayers(layers: readonly Layer[], origins?: Origins): Tree {
  const result: Tree = Object.create(null);
  for (const { origin, value } of layers) mergeInto(result, value as Tree, { origin, origins }, "");
  return result;
}

interface Merging {
  readonly origin: string;
  readonly origins: Origins | undefined;
}

/** `result` belongs to the merge: its trees were all made here, so that they can be changed in place. */
function mergeInto(result: Tree, above: Tree, merging: Merging, path: string): void {
  const { origin, origins } = merging;
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const place = origins === undefined ? "" : `${path}${key}`;
    const below = result[key];
    if (isTree(value)) {
      const tree = isTree(below) ? below : Object.create(null);
      if (tree !== below) origins?.delete(place);
      result[key] = tree;
      mergeInto(tree, value, merging, `${place}.`);
      continue;
    }
    if (isTree(below)) forgetBelow(origins, place);
    if (value === null) {
      delete result[key];
      origins?.delete(place);
    } else {
      result[key] = value;
      origins?.set(place, origin);
    }
  }
}

function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function forgetBelow(origins: Origins | undefined, place: string): void {
  for (const known of origins?.keys() ?? []) if (known.startsWith(`${place}.`)) origins?.delete(known);
}
