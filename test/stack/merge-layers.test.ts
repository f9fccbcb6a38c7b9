// Owns: mergeLayers against a definition of its own, for any layers.
// Promises: for each key the topmost layer that says anything decides; origins name every leaf and nothing else.
// Must not: know what values mean.

import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeLayers, type Origins } from "../../src/stack/merge-layers.js";
import { fuzzOptions } from "../spec/fuzz-options.js";

type Model = Map<string, unknown>;

const tree = fc.letrec((tie) => ({
  leaf: fc.constantFrom<unknown>(1, "x", null, [1], [], true, undefined),
  node: fc.dictionary(
    fc.constantFrom("a", "b", "__proto__", "constructor"),
    fc.oneof(tie("leaf"), tie("node")),
    { maxKeys: 3 },
  ),
})).node;

const isMap = (value: unknown): value is object =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** One layer on top of what is there. */
function put(below: Model, layer: object): Model {
  const result = new Map(below);
  for (const [key, value] of Object.entries(layer)) {
    const old = result.get(key);
    if (value === null) result.delete(key);
    else if (isMap(value)) result.set(key, put(old instanceof Map ? old : new Map(), value));
    else if (value !== undefined) result.set(key, value);
  }
  return result;
}

/** As nested lists of sorted entries, in which no name is special. */
function entriesOf(value: unknown): unknown {
  if (!isMap(value)) return value;
  const entries: [string, unknown][] = value instanceof Map ? [...value] : Object.entries(value);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, entriesOf(item)]);
}

function leaves(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([key, item]) =>
    isMap(item) ? leaves(item, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

test("merging is putting one layer on the other, for any layers", () => {
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 4 }), (values) => {
      const origins: Origins = new Map();
      const merged = mergeLayers(
        values.map((value, index) => ({ origin: `layer ${index}`, value })),
        origins,
      );
      const expected = values.reduce<Model>((model, layer) => put(model, layer as object), new Map());
      expect(entriesOf(merged)).toEqual(entriesOf(expected));
      expect([...origins.keys()].sort()).toEqual(leaves(merged).sort());
    }),
    fuzzOptions(10),
  );
});
