// Owns: the words for a broken schema rule, and the dotted path to it.
// Promises: says what was found and what is expected; for a misspelt field, the nearest valid ones.
// Must not: decide whether something is wrong.
import type { ErrorObject } from "ajv";
import { distance } from "fastest-levenshtein";

/** A broken rule in words. */
export interface Violation {
  readonly path: string;
  readonly message: string;
  readonly expected: string;
}

/** How many names to offer for a misspelt one. */
const SUGGESTIONS = 3;

/**
 * @param error as ajv reports it; the schemas of this package use no other keywords than those handled here
 * @param object what was checked
 */
export function describeViolation(error: ErrorObject, object: unknown): Violation {
  const segments = readPointer(error.instancePath, object);
  const path = formatPath(segments);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "additionalProperties": {
      const field = String(params.additionalProperty);
      return { path: formatPath([...segments, field]), ...unknownField(field, error) };
    }
    case "required": {
      const field = String(params.missingProperty);
      return {
        path: formatPath([...segments, field]),
        message: "is missing",
        expected: `the field ${field}, which is required`,
      };
    }
    case "type":
      return {
        path,
        message: `is ${describeType(valueAt(segments, object))}`,
        expected: [params.type].flat().join(" or "),
      };
    case "enum": {
      const allowed = params.allowedValues as unknown[];
      const found = JSON.stringify(valueAt(segments, object));
      return { path, message: `is ${found}`, expected: nearestFirst(String(found), allowed).join(", ") };
    }
    case "pattern": {
      const found = JSON.stringify(valueAt(segments, object));
      return { path, message: `is ${found}`, expected: `a string that matches ${params.pattern}` };
    }
    default:
      return { path, message: error.message ?? error.keyword, expected: `${error.keyword} to hold` };
  }
}

function unknownField(field: string, error: ErrorObject): Omit<Violation, "path"> {
  const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
  const expected = known.length === 0 ? "no fields here" : `one of ${nearestFirst(field, known).join(", ")}`;
  return { message: `is no field of this API version`, expected };
}

function nearestFirst(word: string, candidates: readonly unknown[]): string[] {
  const sorted = candidates.map(String).sort((one, other) => distance(word, one) - distance(word, other));
  return sorted.length > SUGGESTIONS ? [...sorted.slice(0, SUGGESTIONS), "…"] : sorted;
}

function describeType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : `the ${typeof value} ${JSON.stringify(value)}`;
}

/** Splits a JSON pointer; list positions become numbers. */
function readPointer(pointer: string, object: unknown): (string | number)[] {
  const segments: (string | number)[] = [];
  for (const raw of pointer.split("/").slice(1)) {
    const name = raw.replaceAll("~1", "/").replaceAll("~0", "~");
    segments.push(Array.isArray(valueAt(segments, object)) ? Number(name) : name);
  }
  return segments;
}

function valueAt(segments: readonly (string | number)[], object: unknown): unknown {
  return segments.reduce((value, segment) => (value as Record<string | number, unknown>)[segment], object);
}

/** `["spec", "containers", 0]` → `spec.containers[0]`; a name that needs it is quoted: `labels["a.b/c"]`. */
export function formatPath(segments: readonly (string | number)[], tail = ""): string {
  const head = segments.reduce<string>((path, segment) => {
    if (typeof segment === "number") return `${path}[${segment}]`;
    if (!/^[\w-]+$/.test(segment)) return `${path}[${JSON.stringify(segment)}]`;
    return path === "" ? segment : `${path}.${segment}`;
  }, "");
  return tail === "" || tail.startsWith("[") || head === "" ? head + tail : `${head}.${tail}`;
}
