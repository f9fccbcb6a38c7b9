// Owns: the check against the schema, held against ajv.
// Promises: the same findings in the same order, over valid, broken and arbitrary data; no keyword that the check does not know.
// Must not: know what people are told.

import { Ajv2020, type AnySchema, type ErrorObject } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import schemas from "../../src/generated/spec-schema.json" with { type: "json" };
import { KEYWORDS, type Schema, violationsOf } from "../../src/spec/validate-schema.js";
import type { Data } from "./arbitrary-service.js";
import { specData } from "./arbitrary-spec.js";
import { FUZZ_RUNS, fuzzOptions } from "./fuzz-options.js";

const ANNOTATIONS = ["$schema", "$id", "title", "description", "expected", "flag", "question", "default"];
const ajv = new Ajv2020({ allErrors: true, strict: false, inlineRefs: false, unicode: false });

/** As text, one finding a line. */
function ofAjv(schema: AnySchema, data: unknown): string[] {
  const validate = ajv.compile(schema);
  validate(data);
  const errors = validate.errors ?? [];
  const unions = errors.filter(({ keyword }) => keyword === "anyOf").map(({ schemaPath }) => schemaPath);
  return errors
    .filter(({ schemaPath }) => !unions.some((union) => schemaPath.startsWith(`${union}/`)))
    .filter(({ keyword }) => keyword !== "propertyNames")
    .map((error) => `${error.instancePath} ${error.keyword} ${keyOf(error) ?? ""}`);
}

function keyOf({ params, propertyName }: ErrorObject): string | undefined {
  return propertyName ?? params.additionalProperty ?? params.missingProperty;
}

function ofOurs(schema: Schema, data: unknown): string[] {
  const pointer = (part: string | number) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return violationsOf(schema, data).map(
    ({ path, keyword, key }) => `${path.map(pointer).join("")} ${keyword} ${key ?? ""}`,
  );
}

function withoutPrototype(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototype);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withoutPrototype(item)]);
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

/** Replaces values all over the data by the values given, or adds them under the keys given. */
function damage(data: unknown, acts: readonly (readonly [number, string | undefined, unknown])[]): unknown {
  const copy = structuredClone(data) as Data;
  for (const [seed, name, value] of acts) {
    let place: Data = copy;
    let rest = seed;
    for (;;) {
      const keys = Object.keys(place);
      const key = keys[rest % Math.max(keys.length, 1)];
      const below = key === undefined ? undefined : place[key];
      rest = Math.floor(rest / Math.max(keys.length, 1));
      if (below !== null && typeof below === "object" && rest % 8 !== 0) place = below as Data;
      else {
        place[Array.isArray(place) ? (key ?? "0") : (name ?? key ?? "x")] = structuredClone(value);
        break;
      }
    }
  }
  return copy;
}

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(0, -1, 1.5, 1e9, "", "x".repeat(600), "Not A Name", "1h", "8080", true, null, [], {}),
  fc.constantFrom([], ["a", "a"], [1, "a"], { x: 1 }, { "not a name!": {} }, { constructor: 1 }),
);
const act = fc.tuple(
  fc.nat({ max: 2 ** 30 }),
  fc.option(fc.constantFrom("x", "constructor", "Not A Name", "name", "image", "0"), { nil: undefined }),
  value,
);

/** Each keyword by itself, for data on both sides of its limit. */
const SMALL: readonly Schema[] = [
  ...["string", "boolean", "integer", "number", "array", "object"].map((type) => ({ type })),
  // With a minimum above 1.5 ajv would find that too small besides being no integer.
  { type: ["integer", "string"], minimum: 1, pattern: "^a+$" },
  { minimum: 2, maximum: 3 },
  { exclusiveMinimum: 2, exclusiveMaximum: 3 },
  { maxLength: 2, minLength: 1, pattern: "^[a-b]*$" },
  { enum: ["a", 2] },
  { anyOf: [{ type: "string", maxLength: 1 }, { enum: [2] }] },
  { minItems: 2, items: { type: "string", maxLength: 1 } },
  { uniqueItems: true, items: { type: "string" } },
  { minProperties: 2, propertyNames: { maxLength: 1, pattern: "^[a-b]$" } },
  { required: ["a"], properties: { a: { type: "integer" }, b: { enum: [1] } }, additionalProperties: false },
  { properties: { a: {} }, additionalProperties: { type: "integer", minimum: 2 } },
];
const SAMPLES: readonly unknown[] = [
  ...[null, true, 0, 1, 1.5, 2, 2.5, 3, 4, "", "a", "aa", "aaa", "b", "c", "😀", [], ["a"], ["a", "a"]],
  ...[["a", "bb"], [1, 1], [{}, {}], {}, { a: 1 }, { b: 1 }, { a: "x", b: 2 }, { a: 1, c: 1, cc: "x" }],
  { constructor: 2 },
];

test.each(SMALL)("finds of %j what ajv finds", (schema) => {
  for (const data of SAMPLES.map(withoutPrototype))
    expect({ data, found: ofOurs(schema, data) }).toEqual({ data, found: ofAjv(schema, data) });
});

describe.each(Object.entries(schemas))("the schema of %s", (_name, schema) => {
  test("finds in damaged data what ajv finds", () => {
    fc.assert(
      fc.property(specData, fc.array(act, { maxLength: 6 }), (data, acts) => {
        const damaged = withoutPrototype(damage(data, acts));
        expect(ofOurs(schema, damaged)).toEqual(ofAjv(schema, damaged));
      }),
      { ...fuzzOptions(), numRuns: FUZZ_RUNS * 4 },
    );
  });

  test.each([null, [], "text", 7, true, {}])("finds in %j what ajv finds", (data) => {
    expect(ofOurs(schema, data)).toEqual(ofAjv(schema, data));
  });

  test("has no keyword that is not checked", () => {
    expect(keywordsOf(schema).filter((word) => !KNOWN.includes(word))).toEqual([]);
  });
});

const KNOWN: readonly string[] = [...KEYWORDS, ...ANNOTATIONS, "examples"];

/** Keywords of a schema and of all schemas in it. */
function keywordsOf(schema: unknown): string[] {
  if (schema === null || typeof schema !== "object") return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (["properties", "$defs"].includes(keyword))
      return [keyword, ...Object.values(value).flatMap(keywordsOf)];
    if (keyword === "anyOf") return [keyword, ...value.flatMap(keywordsOf)];
    return ["items", "propertyNames", "additionalProperties"].includes(keyword)
      ? [keyword, ...keywordsOf(value)]
      : [keyword];
  });
}
