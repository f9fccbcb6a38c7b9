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
  let result: Tree = Object.create(null);
  for (const { origin, value } of layers) result = mergeTree(result, value as Tree, origin, "", origins);
  return result;
}

function mergeTree(
  below: Tree,
  above: Tree,
  origin: string,
  path: string,
  origins: Origins | undefined,
): Tree {
  const result: Tree = Object.assign(Object.create(null), below);
  for (const [key, value] of Object.entries(above)) {
    const place = path === "" ? key : `${path}.${key}`;
    if (value === undefined) continue;
    if (value === null) {
      delete result[key];
      forget(origins, place);
    } else if (isTree(value)) {
      const base = result[key];
      if (!isTree(base)) forget(origins, place);
      result[key] = mergeTree(isTree(base) ? base : {}, value, origin, place, origins);
    } else {
      forget(origins, place);
      result[key] = value;
      origins?.set(place, origin);
    }
  }
  return result;
}

function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function forget(origins: Origins | undefined, place: string): void {
  if (origins === undefined) return;
  for (const known of origins.keys())
    if (known === place || known.startsWith(`${place}.`)) origins.delete(known);
}
