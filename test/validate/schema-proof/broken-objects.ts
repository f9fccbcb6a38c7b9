// Owns: the ways to break a valid object, and the places where each way applies.
// Promises: a broken object differs from its valid twin in one place only.
// Must not: expect a verdict; whoever asks the validators does.
import { MAP_KEY } from "./example-object.js";
import { type SchemaNode, typeOf } from "./schema-node.js";
import { ELEMENT, type Place, VALUE, type Way } from "./schema-places.js";

/** Ways to break an object, in the words of the report. */
export const BREAKAGES = [
  "unknown field at the root",
  "unknown field in a top-level field",
  "unknown field deep inside",
  "field of the wrong type",
  "required field left out",
  "value outside the enum",
  "string that breaks its pattern",
  "null where it is not declared",
] as const;

export type Breakage = (typeof BREAKAGES)[number];

/** The place to break, and how. */
export interface Break {
  readonly breakage: Breakage;
  /** The way that the valid twin must contain. */
  readonly way: Way;
  /** Breaks the object in place. */
  readonly apply: (object: Record<string, unknown>) => void;
}

const UNKNOWN_FIELD = "noSuchField";

/** Candidates per breakage, the best first: deep places for "deep inside", and for the rest those far from the root. */
export function listBreaks(root: SchemaNode, places: readonly Place[]): Record<Breakage, Break[]> {
  const deepFirst = [...places].sort((one, other) => other.way.length - one.way.length);
  const closed = deepFirst.filter(({ node }) => node.additionalProperties === false);
  const single = deepFirst.filter(({ node }) => node.type !== undefined && typeof node.type === "string");
  return {
    "unknown field at the root": [{ breakage: BREAKAGES[0], way: [], apply: setAt([], UNKNOWN_FIELD, 1) }],
    "unknown field in a top-level field": closed
      .filter(({ way }) => way.length === 1)
      .map(({ way }) => ({ breakage: BREAKAGES[1], way, apply: setAt(way, UNKNOWN_FIELD, 1) })),
    "unknown field deep inside": closed
      .filter(({ way }) => way.length > 1)
      .map(({ way }) => ({ breakage: BREAKAGES[2], way, apply: setAt(way, UNKNOWN_FIELD, 1) })),
    "field of the wrong type": single.map(({ way, node }) =>
      replace(BREAKAGES[3], way, typeOf(node) === "string" ? 7 : "text"),
    ),
    "required field left out": requiredFields(root, deepFirst).map((way) => ({
      breakage: BREAKAGES[4],
      way,
      apply: removeAt(way),
    })),
    "value outside the enum": deepFirst
      .filter(({ node }) => node.enum !== undefined)
      .map(({ way }) => replace(BREAKAGES[5], way, "NoSuchValue")),
    "string that breaks its pattern": single
      .filter(({ node }) => node.pattern !== undefined && !new RegExp(node.pattern, "u").test("\n\u0000"))
      .map(({ way }) => replace(BREAKAGES[6], way, "\n\u0000")),
    "null where it is not declared": single.map(({ way }) => replace(BREAKAGES[7], way, null)),
  };
}

/** Fields that are required where they stand; at the root, `metadata` always is. */
function requiredFields(root: SchemaNode, places: readonly Place[]): Way[] {
  const nested = places.flatMap(({ way, node }) =>
    (node.required ?? []).filter((name) => node.properties?.[name]).map((name) => [...way, name]),
  );
  const atRoot = (root.required ?? []).filter((name) => !["apiVersion", "kind"].includes(name));
  return [...nested, ...atRoot.map((name) => [name])];
}

function replace(breakage: Breakage, way: Way, value: unknown): Break {
  return { breakage, way, apply: setAt(way.slice(0, -1), way.at(-1) ?? "", value) };
}

function setAt(way: Way, step: string, value: unknown): Break["apply"] {
  return (object) => {
    valueAt(object, way)[keyOf(step)] = value;
  };
}

function removeAt(way: Way): Break["apply"] {
  return (object) => {
    delete valueAt(object, way.slice(0, -1))[keyOf(way.at(-1) ?? "")];
  };
}

function valueAt(object: Record<string, unknown>, way: Way): Record<string | number, unknown> {
  return way.reduce<Record<string | number, unknown>>(
    (value, step) => value[keyOf(step)] as Record<string | number, unknown>,
    object,
  );
}

function keyOf(step: string): string | number {
  if (step === ELEMENT) return 0;
  return step === VALUE ? MAP_KEY : step;
}
