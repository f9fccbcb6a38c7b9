// Owns: turning the validator's findings into problems that a person can act on.
// Promises: one problem per mistake, with its position, what was expected and the nearest right word.
// Must not: validate; the compiled validators do.

import type { ErrorObject } from "ajv";
import { closest, distance } from "fastest-levenshtein";
import schemas from "../generated/spec-schema.json" with { type: "json" };
import type { Problem } from "../stack-error.js";
import type { Path, SpecDocument } from "./spec-document.js";

type Schema = { [key: string]: unknown };
export type SchemaName = "stack" | "platform";

/** Problems of a document that the validator refused. */
export function explainSchemaErrors(
  errors: readonly ErrorObject[],
  source: SpecDocument,
  schemaName: SchemaName,
): Problem[] {
  const unions = errors.filter(({ keyword }) => keyword === "anyOf").map(({ schemaPath }) => schemaPath);
  const relevant = errors.filter((error) => !isBranch(error, unions) && error.keyword !== "propertyNames");
  const problems = relevant.map((error) => explain(error, source, schemas[schemaName] as Schema));
  return problems
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .filter((problem, index, all) => !sameAs(problem, all[index - 1]));
}

/** The findings inside of a union's branches say less than the union's own. */
function isBranch(error: ErrorObject, unions: readonly string[]): boolean {
  return unions.some((union) => error.schemaPath !== union && error.schemaPath.startsWith(`${union}/`));
}

function sameAs(problem: Problem, previous: Problem | undefined): boolean {
  return (
    previous !== undefined &&
    previous.line === problem.line &&
    previous.column === problem.column &&
    previous.message === problem.message
  );
}

function explain(error: ErrorObject, source: SpecDocument, root: Schema): Problem {
  const path = pointerToPath(error.instancePath);
  const schema = schemaAt(root, error.schemaPath);
  switch (error.keyword) {
    case "additionalProperties":
      return unknownKey(error, path, source, schema);
    case "required":
      return missingKey(error, path, source, root, schema);
    case "enum":
      return wrongWord(error, path, source);
    default:
      if (error.propertyName !== undefined) return wrongKey(error, path, source, schema);
      return source.problem(path, messageOf(error), {
        expected: expectedOf(schema, error),
        suggestion: quoteSuggestion(error, path, source),
      });
  }
}

function unknownKey(error: ErrorObject, path: Path, source: SpecDocument, schema: Schema): Problem {
  const key = String(error.params.additionalProperty);
  const known = Object.keys((schema.properties as Schema | undefined) ?? {});
  return source.problem([...path, key], `unknown key "${key}"`, {
    at: "key",
    expected: `one of ${known.sort().join(", ")}`,
    suggestion: didYouMean(key, known),
  });
}

function missingKey(
  error: ErrorObject,
  path: Path,
  source: SpecDocument,
  root: Schema,
  schema: Schema,
): Problem {
  const key = String(error.params.missingProperty);
  const property = resolve(root, (schema.properties as Schema | undefined)?.[key]);
  return source.problem(path, `"${key}" is missing`, {
    expected: expectedOf(property, error) ?? describe(property),
  });
}

function wrongWord(error: ErrorObject, path: Path, source: SpecDocument): Problem {
  const allowed = (error.params.allowedValues as unknown[]).map(String);
  const actual = valueAt(source.toData(), path);
  return source.problem(path, `${show(actual)} is not allowed here`, {
    expected: allowed.length === 1 ? allowed[0] : `one of ${allowed.join(", ")}`,
    suggestion: didYouMean(String(actual), allowed),
  });
}

function wrongKey(error: ErrorObject, path: Path, source: SpecDocument, schema: Schema): Problem {
  const key = String(error.propertyName);
  const expected = typeof schema.expected === "string" ? schema.expected : undefined;
  return source.problem([...path, key], `"${key}" cannot be a name here`, {
    at: "key",
    expected,
    suggestion: labelSuggestion(key),
  });
}

function messageOf(error: ErrorObject): string {
  switch (error.keyword) {
    case "type":
      return "is of the wrong type";
    case "pattern":
      return "is not well formed";
    case "minProperties":
      return "is empty";
    default:
      return error.message ?? "is not valid";
  }
}

function expectedOf(schema: Schema, error: ErrorObject): string | undefined {
  if (typeof schema.expected === "string") return schema.expected;
  if (error.keyword === "type") return typeName(error.params.type);
  return undefined;
}

function typeName(type: unknown): string {
  const names: Record<string, string> = {
    object: "a map",
    array: "a list",
    string: "a string",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
  };
  return [type]
    .flat()
    .map((name) => names[String(name)] ?? String(name))
    .join(" or ");
}

function describe(schema: Schema): string | undefined {
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.join(", ")}`;
  return typeof schema.description === "string"
    ? `${schema.description[0]?.toLowerCase()}${schema.description.slice(1).replace(/\.$/, "")}`
    : undefined;
}

/** A number or boolean where a string belongs: quoting it is the mend. */
function quoteSuggestion(error: ErrorObject, path: Path, source: SpecDocument): string | undefined {
  if (error.keyword !== "type" && error.keyword !== "anyOf") return undefined;
  const actual = valueAt(source.toData(), path);
  return typeof actual === "number" || typeof actual === "boolean"
    ? `write "${actual}" in quotes`
    : undefined;
}

function labelSuggestion(key: string): string | undefined {
  const label = key
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+|-+$/g, "");
  return label === "" || label === key ? undefined : `did you mean "${label}"?`;
}

/** The nearest of the known words, if it is near enough to be meant. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || word.length > 100) return undefined;
  const nearest = closest(word, [...known]);
  return distance(word, nearest) <= Math.max(2, Math.floor(word.length / 3))
    ? `did you mean "${nearest}"?`
    : undefined;
}

function show(value: unknown): string {
  const text = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
  return text === undefined ? "nothing" : text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, name) => (value as Schema | undefined)?.[name], data);
}

function pointerToPath(pointer: string): Path {
  return pointer === ""
    ? []
    : pointer
        .slice(1)
        .split("/")
        .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The schema that holds the failed keyword. */
function schemaAt(root: Schema, schemaPath: string): Schema {
  const parts = schemaPath
    .replace(/^[^#]*#\/?/, "")
    .split("/")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"));
  let schema: unknown = root;
  for (const part of parts.slice(0, -1)) schema = (resolve(root, schema) as Schema)[part];
  return resolve(root, schema);
}

function resolve(root: Schema, schema: unknown): Schema {
  const reference = (schema as Schema | undefined)?.$ref;
  if (typeof reference !== "string") return (schema ?? {}) as Schema;
  return ((root.$defs as Schema)[reference.slice("#/$defs/".length)] ?? {}) as Schema;
}
