// Owns: checking data against the schemas of prod-stack.yaml and platform.yaml: the keywords of JSON Schema that they use.
// Promises: the findings of ajv with allErrors, in its order (held by a differential test), but one for a union and its branches.
// Must not: know words for people; src/spec/schema-errors.ts does. Take a schema with other keywords: a test holds that none has.

import type { Path } from "./spec-document.js";

export interface Schema {
  readonly [keyword: string]: unknown;
}

/** One way in which data differs from its schema. */
export interface Violation {
  readonly keyword: string;
  /** Where in the data. */
  readonly path: Path;
  /** The schema that refuses it, references resolved. */
  readonly schema: Schema;
  /** The key that is missing, not known, or no name. */
  readonly key: string | undefined;
}

/** Keywords that decide validity; all others are for readers. */
export const KEYWORDS = [
  ...["$ref", "$defs", "type", "enum", "anyOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  ...["maxLength", "minLength", "pattern", "minItems", "uniqueItems", "items"],
  ...["minProperties", "required", "propertyNames", "additionalProperties", "properties"],
] as const;

type Data = Readonly<Record<string, unknown>>;

/** Every violation of `data`, whose maps have no prototype. */
export function violationsOf(root: Schema, data: unknown): Violation[] {
  const validation = new Validation(root);
  validation.check(root, data, []);
  return validation.found;
}

/** The schema itself, or the definition that it refers to. */
export function resolveSchema(root: Schema, schema: unknown): Schema {
  const reference = (schema as Schema | undefined)?.$ref;
  if (typeof reference !== "string") return (schema ?? {}) as Schema;
  return ((root.$defs as Schema)[reference.slice("#/$defs/".length)] ?? {}) as Schema;
}

class Validation {
  readonly found: Violation[] = [];

  constructor(private readonly root: Schema) {}

  check(unresolved: unknown, data: unknown, path: Path): void {
    const schema = resolveSchema(this.root, unresolved);
    if (schema.type !== undefined && ![schema.type].flat().some((type) => isOfType(data, type)))
      this.refuse("type", schema, path);
    else this.checkKeywords(schema, data, path);
  }

  private checkKeywords(schema: Schema, data: unknown, path: Path): void {
    if (typeof data === "number") this.checkNumber(schema, data, path);
    if (typeof data === "string") this.checkString(schema, data, path);
    if (schema.enum !== undefined && !(schema.enum as unknown[]).includes(data))
      this.refuse("enum", schema, path);
    if (
      schema.anyOf !== undefined &&
      !(schema.anyOf as unknown[]).some((branch) => this.accepts(branch, data))
    )
      this.refuse("anyOf", schema, path);
    if (Array.isArray(data)) this.checkList(schema, data, path);
    else if (data !== null && typeof data === "object") this.checkMap(schema, data as Data, path);
  }

  private accepts(schema: unknown, data: unknown): boolean {
    const branch = new Validation(this.root);
    branch.check(schema, data, []);
    return branch.found.length === 0;
  }

  private checkNumber(schema: Schema, data: number, path: Path): void {
    const { maximum, minimum, exclusiveMaximum, exclusiveMinimum } = schema as Record<string, number>;
    if (maximum !== undefined && data > maximum) this.refuse("maximum", schema, path);
    if (minimum !== undefined && data < minimum) this.refuse("minimum", schema, path);
    if (exclusiveMaximum !== undefined && data >= exclusiveMaximum)
      this.refuse("exclusiveMaximum", schema, path);
    if (exclusiveMinimum !== undefined && data <= exclusiveMinimum)
      this.refuse("exclusiveMinimum", schema, path);
  }

  private checkString(schema: Schema, data: string, path: Path, key?: string): void {
    const { maxLength, minLength, pattern } = schema;
    if (maxLength !== undefined && data.length > (maxLength as number))
      this.refuse("maxLength", schema, path, key);
    if (minLength !== undefined && data.length < (minLength as number))
      this.refuse("minLength", schema, path, key);
    if (pattern !== undefined && !expression(pattern as string).test(data))
      this.refuse("pattern", schema, path, key);
  }

  private checkList(schema: Schema, data: readonly unknown[], path: Path): void {
    const { minItems, uniqueItems, items } = schema;
    if (minItems !== undefined && data.length < (minItems as number)) this.refuse("minItems", schema, path);
    const words = uniqueItems === true ? data.filter((item) => typeof item === "string") : [];
    if (new Set(words).size < words.length) this.refuse("uniqueItems", schema, path);
    if (items !== undefined)
      for (const [index, item] of data.entries()) this.check(items, item, [...path, String(index)]);
  }

  private checkMap(schema: Schema, data: Data, path: Path): void {
    const { minProperties, required = [], propertyNames } = schema;
    const keys = Object.keys(data);
    if (minProperties !== undefined && keys.length < (minProperties as number))
      this.refuse("minProperties", schema, path);
    for (const key of required as string[])
      if (data[key] === undefined) this.refuse("required", schema, path, key);
    if (propertyNames !== undefined) {
      const names = resolveSchema(this.root, propertyNames);
      for (const key of keys) this.checkString(names, key, path, key);
    }
    this.checkValues(schema, data, keys, path);
  }

  private checkValues(schema: Schema, data: Data, keys: readonly string[], path: Path): void {
    const { additionalProperties: others } = schema;
    const properties = (schema.properties ?? {}) as Schema;
    const further = keys.filter((key) => !Object.hasOwn(properties, key));
    for (const key of further)
      if (others === false) this.refuse("additionalProperties", schema, path, key);
      else if (others !== undefined) this.check(others, data[key], [...path, key]);
    for (const [key, property] of Object.entries(properties))
      if (data[key] !== undefined) this.check(property, data[key], [...path, key]);
  }

  private refuse(keyword: string, schema: Schema, path: Path, key?: string): void {
    this.found.push({ keyword, path, schema, key });
  }
}

function isOfType(data: unknown, type: unknown): boolean {
  switch (type) {
    case "array":
      return Array.isArray(data);
    case "object":
      return data !== null && typeof data === "object" && !Array.isArray(data);
    case "integer":
      return Number.isInteger(data);
    case "number":
      return Number.isFinite(data);
    case "string":
      return typeof data === "string";
    default:
      return typeof data === "boolean";
  }
}

const expressions = new Map<string, RegExp>();

/** Compiled once: a spec has the same pattern at a hundred places. */
function expression(pattern: string): RegExp {
  const known = expressions.get(pattern) ?? new RegExp(pattern, "u");
  expressions.set(pattern, known);
  return known;
}
