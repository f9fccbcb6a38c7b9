// Owns: looking up what the schema says of a field: what it is for, what is expected, its words, its flag and question.
// Promises: the schema's own annotations, found by path; doors write none of it again.
// Must not: validate, or know doors.

import schemas from "../generated/spec-schema.json" with { type: "json" };

type Schema = { readonly [key: string]: unknown };

/** What the schema says of one field. */
export interface FieldDescription {
  /** Dotted path; `*` stands for a name that the user chooses, such as services.*.image. */
  readonly path: string;
  /** One sentence, or empty. */
  readonly description: string;
  /** What a valid value looks like. */
  readonly expected: string | undefined;
  /** The words that are allowed, where there is a fixed list. */
  readonly choices: readonly string[];
  readonly default: string | undefined;
  /** Its command-line flag, without dashes. */
  readonly flag: string | undefined;
  /** Its question at a terminal. */
  readonly question: string | undefined;
}

/**
 * Describes a field of prod-stack.yaml.
 * @param path dotted; a name that the user chooses may stand for itself or be `*`
 * @returns undefined where the schema has no such field
 */
export function describeField(path: string): FieldDescription | undefined {
  let schema: Schema | undefined = schemas.stack as Schema;
  for (const part of path.split(".")) schema = schema && stepInto(schema, part);
  return schema && describe(path, schema);
}

/** The keys that a map of the schema names, in the order in which the reference lists them. */
export function fieldNames(path = ""): string[] {
  let schema: Schema | undefined = schemas.stack as Schema;
  for (const part of path === "" ? [] : path.split(".")) schema = schema && stepInto(schema, part);
  return Object.keys((schema?.properties as Schema | undefined) ?? {});
}

function stepInto(schema: Schema, part: string): Schema | undefined {
  const properties = (schema.properties as Schema | undefined) ?? {};
  const next = Object.hasOwn(properties, part) ? properties[part] : schema.additionalProperties;
  if (next === null || typeof next !== "object") return undefined;
  const { $ref: reference, ...own } = next as Schema;
  if (typeof reference !== "string") return next as Schema;
  return { ...((schemas.stack.$defs as Schema)[reference.slice("#/$defs/".length)] as Schema), ...own };
}

function describe(path: string, schema: Schema): FieldDescription {
  const text = (key: string) => (typeof schema[key] === "string" ? (schema[key] as string) : undefined);
  return {
    path,
    description: text("description") ?? "",
    expected: text("expected"),
    choices: Array.isArray(schema.enum) ? schema.enum.map(String) : [],
    default: schema.default === undefined ? undefined : String(schema.default),
    flag: text("flag"),
    question: text("question"),
  };
}
