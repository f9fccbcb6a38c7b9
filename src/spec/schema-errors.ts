// Owns: turning the validator's findings into problems that a person can act on.
// Promises: one problem per mistake, with its position, what was expected and the nearest right word.
// Must not: validate; src/spec/validate-schema.ts does.

import { closest, distance } from "fastest-levenshtein";
import schemas from "../generated/spec-schema.json" with { type: "json" };
import type { Problem } from "../stack-error.js";
import { looksLikeCredential } from "./credentials.js";
import type { Path, SpecDocument } from "./spec-document.js";
import { resolveSchema, type Schema, type Violation, violationsOf } from "./validate-schema.js";

/** Nobody reads more, and the nearest word of each takes time. */
export const MAX_PROBLEMS = 200;

export type SchemaName = "stack" | "platform";

/** Every way in which data differs from its schema. */
export function findViolations(data: unknown, schemaName: SchemaName): Violation[] {
  return violationsOf(schemas[schemaName], data);
}

/** Problems of a document that the validator refused. */
export function explainViolations(
  violations: readonly Violation[],
  source: SpecDocument,
  schemaName: SchemaName,
): Problem[] {
  const problems = violations
    .slice(0, MAX_PROBLEMS)
    .map((violation) => explain(violation, source, schemas[schemaName]));
  return problems
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .filter((problem, index, all) => !sameAs(problem, all[index - 1]));
}

function sameAs(problem: Problem, previous: Problem | undefined): boolean {
  return (
    previous !== undefined &&
    previous.line === problem.line &&
    previous.column === problem.column &&
    previous.message === problem.message
  );
}

function explain(violation: Violation, source: SpecDocument, root: Schema): Problem {
  const { keyword, path, schema, key } = violation;
  switch (keyword) {
    case "additionalProperties":
      return unknownKey(String(key), violation, source);
    case "required":
      return missingKey(String(key), violation, source, root);
    case "enum":
      return wrongWord(violation, source);
    default:
      if (key !== undefined) return wrongKey(key, violation, source);
      return source.problem(path, messageOf(keyword), {
        expected: expectedOf(schema, keyword),
        suggestion: quoteSuggestion(violation, source),
      });
  }
}

function unknownKey(key: string, { path, schema }: Violation, source: SpecDocument): Problem {
  const known = Object.keys((schema.properties as Schema | undefined) ?? {});
  return source.problem([...path, key], `unknown key "${key.length > 60 ? "…" : key}"`, {
    at: "key",
    expected: oneOf(known),
    suggestion: didYouMean(key, known),
  });
}

function missingKey(key: string, { path, schema }: Violation, source: SpecDocument, root: Schema): Problem {
  const property = resolveSchema(root, (schema.properties as Schema | undefined)?.[key]);
  return source.problem(path, `"${key}" is missing`, {
    expected: expectedOf(property, "required") ?? describe(property),
  });
}

function wrongWord({ path, schema }: Violation, source: SpecDocument): Problem {
  const allowed = (schema.enum as unknown[]).map(String);
  const actual = valueAt(source.toData(), path);
  return source.problem(path, `${show(actual)} is not allowed here`, {
    expected: allowed.length === 1 ? allowed[0] : `one of ${allowed.join(", ")}`,
    suggestion:
      isUnquoted(actual) && allowed.includes(String(actual))
        ? quote(actual)
        : didYouMean(String(actual), allowed),
  });
}

function wrongKey(key: string, { path, schema }: Violation, source: SpecDocument): Problem {
  const expected = typeof schema.expected === "string" ? schema.expected : undefined;
  return source.problem([...path, key], `"${key.length > 60 ? "…" : key}" cannot be a name here`, {
    at: "key",
    expected,
    suggestion: nameSuggestion(key, schema),
  });
}

function messageOf(keyword: string): string {
  switch (keyword) {
    case "type":
      return "is of the wrong type";
    case "pattern":
      return "is not well formed";
    case "minProperties":
    case "minItems":
      return "is empty";
    case "uniqueItems":
      return "holds the same item twice";
    case "anyOf":
      return "is of the wrong type";
    case "minimum":
    case "exclusiveMinimum":
      return "is too small";
    case "maximum":
    case "exclusiveMaximum":
      return "is too large";
    case "maxLength":
      return "is too long";
    case "minLength":
      return "is too short";
    default:
      return "is not valid";
  }
}

function expectedOf(schema: Schema, keyword: string): string | undefined {
  if (typeof schema.expected === "string") return schema.expected;
  if (keyword === "type") return typeName(schema.type);
  if (keyword === "minItems") return "at least one item";
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

/** A number or boolean where a string belongs, or text where a number does: quotes are the mend. */
function quoteSuggestion({ keyword, path, schema }: Violation, source: SpecDocument): string | undefined {
  if (keyword !== "type" && keyword !== "anyOf") return undefined;
  const actual = valueAt(source.toData(), path);
  const types = keyword === "anyOf" ? ["string"] : [schema.type].flat();
  if (isUnquoted(actual) && types.includes("string") && accepts(schema, String(actual))) return quote(actual);
  const isNumber = typeof actual === "string" && /^[0-9]+$/.test(actual) && types.includes("integer");
  return isNumber ? `write ${actual} without quotes` : undefined;
}

function isUnquoted(value: unknown): value is number | boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function quote(value: unknown): string {
  return `write "${value}" in quotes`;
}

function accepts({ pattern }: Schema, text: string): boolean {
  return typeof pattern !== "string" || new RegExp(pattern).test(text);
}

/** The same name in letters that are allowed: MY MODE → MY_MODE, Web_Site → web-site. */
function nameSuggestion(key: string, schema: Schema): string | undefined {
  // In other letters a credential would not be recognised, and be repeated.
  if (looksLikeCredential(key)) return undefined;
  const words = key.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const spellings = [
    words.join("_"),
    words.join("-"),
    words
      .join("-")
      .toLowerCase()
      .replace(/^[-0-9]+/, ""),
  ];
  const right = spellings.find((name) => name !== "" && name !== key && accepts(schema, name));
  return right === undefined ? undefined : `did you mean "${right}"?`;
}

/** "one of a, b, c", as far as a person reads. */
export function oneOf(known: readonly string[]): string {
  const shown = known.slice(0, 40).sort().join(", ");
  return `one of ${shown}${known.length > 40 ? ", …" : ""}`;
}

/** The nearest of the known words, if it is near enough to be meant. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || known.length > MAX_PROBLEMS || word === "" || word.length > 100) return undefined;
  const nearest = known.find((other) => isShortFor(word, other)) ?? closest(word, [...known]);
  return isShortFor(word, nearest) || isNear(word, nearest) ? `did you mean "${nearest}"?` : undefined;
}

/** prod for production, golang for go. */
function isShortFor(word: string, other: string): boolean {
  const [a, b] = [word.toLowerCase(), other.toLowerCase()];
  return Math.min(a.length, b.length) >= 2 && (a.startsWith(b) || b.startsWith(a));
}

/** One slip in a short word, two letters in the wrong order, or a third of a long word. */
function isNear(word: string, other: string): boolean {
  const letters = (text: string) => [...text].sort().join("");
  const slips = distance(word, other);
  if (word.length < 5) return slips <= (letters(word) === letters(other) ? 2 : 1);
  return slips <= Math.max(2, Math.floor(word.length / 3));
}

function show(value: unknown): string {
  if (typeof value === "string" && value.length > 40) return "this text";
  if (value !== null && typeof value === "object") return Array.isArray(value) ? "a list" : "a map";
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, name) => (value as Schema | undefined)?.[name], data);
}
