// Owns: text → StackSpec or PlatformSpec.
// Promises: all problems at once, each with line, column, path, what was expected and a suggestion.
// Must not: read files, resolve defaults.

import { type Problem, StackError } from "../stack-error.js";
import { SPEC_FORMAT } from "./migrations/index.js";
import { isNewerSpec } from "./migrations/migrate-document.js";
import type { Migrated, SpecFormat } from "./migrations/migration.js";
import { type ReadDocument, readDocument } from "./migrations/read-document.js";
import { checkPlatformRules, checkRules, checkText } from "./rules/check-rules.js";
import { API_VERSION, type PlatformSpec, type StackSpec } from "./schema/spec-types.js";
import { explainViolations, findViolations, MAX_PROBLEMS, type SchemaName } from "./schema-errors.js";
import type { SpecDocument } from "./spec-document.js";
import type { Violation } from "./validate-schema.js";

/** A valid spec with the document that it came from. */
export interface ParsedSpec<T> {
  readonly spec: T;
  /** The same data with the nulls that remove what a layer below says. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly source: SpecDocument;
  /** How a file of an older version was read; undefined for one of today's. */
  readonly migrated?: Migrated | undefined;
}

/**
 * Parses prod-stack.yaml, of today's version or an older one.
 * @param text the file's content
 * @param file its name, for positions
 * @param format the versions that are known
 * @throws StackError (input, SPEC) with every problem found
 */
export function parseSpec(
  text: string,
  file = "prod-stack.yaml",
  format = SPEC_FORMAT,
): ParsedSpec<StackSpec> {
  return parseAs<StackSpec>(readDocument(file, text, format), "stack", checkRules, format);
}

/** Parses platform.yaml. Same promises as parseSpec. */
export function parsePlatform(text: string, file = "platform.yaml"): ParsedSpec<PlatformSpec> {
  return parseAs<PlatformSpec>(readDocument(file, text), "platform", checkPlatformRules, SPEC_FORMAT);
}

function parseAs<T>(
  { source, migrated }: ReadDocument,
  schemaName: SchemaName,
  check: (spec: T, source: SpecDocument) => Problem[],
  format: SpecFormat,
): ParsedSpec<T> {
  const { file } = source;
  refuseIf(source.problems, file);
  const data = dataOf(source);
  refuseIf(schemaName === "stack" ? foreignFile(data, source, format) : notAMap(data, source), file);
  const spec = withoutNulls(data);
  const violations = findViolations(spec, schemaName);
  const problems = explainViolations(violations, source, schemaName);
  const rules =
    problems.length < MAX_PROBLEMS && violations.every(keepsShape) ? check(spec as T, source) : [];
  refuseIf(inOrder([...problems, ...rules, ...checkText(source)]), file);
  return { spec: spec as T, data: data as Record<string, unknown>, source, migrated };
}

function dataOf(source: SpecDocument): unknown {
  try {
    return source.toData();
  } catch (cause) {
    throw refusal(
      [source.problem([], `is not YAML: ${cause instanceof Error ? cause.message : String(cause)}`)],
      source.file,
    );
  }
}

/** Findings after which the rules can still read the spec: every map and list is where they look for it. */
function keepsShape({ keyword, path }: Violation): boolean {
  if (keyword === "required")
    return path.length === 2 && ["services", "datastores", "environments"].includes(String(path[0]));
  return keyword !== "type" && keyword !== "anyOf";
}

/** In the order of the file; one problem a place, and what the schema says of it comes before what a rule says. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const places = new Set<string>();
  const first = problems.filter(({ line, column, path }) => {
    const place = `${line}:${column} ${path}`;
    return !places.has(place) && places.add(place);
  });
  return first.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** One problem instead of forty when the file is another tool's. */
function foreignFile(data: unknown, source: SpecDocument, format: SpecFormat): Problem[] {
  const [problem] = notAMap(data, source);
  if (problem !== undefined) return [problem];
  const { apiVersion, kind } = data as Record<string, unknown>;
  if (apiVersion === API_VERSION) return [];
  if (typeof apiVersion === "string" && apiVersion.startsWith("prod-stack/"))
    return [unknownVersion(apiVersion.slice(0, 60), source, format)];
  if (typeof kind === "string")
    return [
      source.problem(["kind"], `is a Kubernetes manifest (${kind.slice(0, 60)})`, {
        expected: `a document that begins with "apiVersion: ${API_VERSION}"`,
      }),
    ];
  if (apiVersion === undefined && "environments" in (data as object)) return [];
  return [
    source.problem(apiVersion === undefined ? [] : ["apiVersion"], "is not a prod-stack.yaml", {
      expected: `a document that begins with "apiVersion: ${API_VERSION}"`,
    }),
  ];
}

function unknownVersion(version: string, source: SpecDocument, format: SpecFormat): Problem {
  const isAhead = isNewerSpec(version, format);
  return source.problem(
    ["apiVersion"],
    isAhead
      ? `version ${version} of the schema is newer than this create-prod-stack`
      : `version ${version} of the schema is not known`,
    {
      expected: API_VERSION,
      suggestion: isAhead
        ? "npx create-prod-stack@latest knows it"
        : "install the version of create-prod-stack that wrote it",
    },
  );
}

function notAMap(data: unknown, source: SpecDocument): Problem[] {
  if (data !== null && typeof data === "object" && !Array.isArray(data)) return [];
  return [
    source.problem([], data === null ? "is empty" : "is not a map", {
      expected: `a document that begins with "apiVersion: ${API_VERSION}"`,
    }),
  ];
}

/** Without keys whose value is null; a null in a list stays and is refused by the schema. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.assign(
    Object.create(null),
    Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)])),
  );
}

function refuseIf(problems: readonly Problem[], file: string): void {
  if (problems.length > 0) throw refusal(problems, file);
}

function refusal(problems: readonly Problem[], file: string): StackError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new StackError("input", "SPEC", `${file} has ${count}`, { problems });
}
