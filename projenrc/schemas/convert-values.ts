// Owns: the rules for single values that core and custom resources share: type, format, bounds, enum, null.
// Promises: every keyword is either converted, known to say nothing about validity, or refused.
// Must not: descend into properties or items; that differs between the two sources.
import { constraintsOfFormat } from "./format-patterns.js";
import type { JsonSchema, OpenApiNode } from "./open-api.js";
import { rewritePattern } from "./rewrite-pattern.js";

/** Copied as they are. */
const SAME_MEANING = [
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
  "multipleOf",
];
/** Converted here. */
const VALUE_KEYWORDS = [
  "type",
  "format",
  "nullable",
  "enum",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
];
/** Converted by the callers, which know the position. */
const STRUCTURE_KEYWORDS = [
  "properties",
  "additionalProperties",
  "items",
  "required",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
  "$ref",
];
const SILENT_KEYWORDS = ["description", "title", "default", "example", "externalDocs"];
const KNOWN_KEYWORDS = new Set([
  ...SAME_MEANING,
  ...VALUE_KEYWORDS,
  ...STRUCTURE_KEYWORDS,
  ...SILENT_KEYWORDS,
]);

/**
 * Converts what a node says about its own value.
 * @throws Error for a keyword or format that is not known.
 */
export function convertValueRules(node: OpenApiNode): JsonSchema {
  for (const keyword of Object.keys(node)) {
    if (!KNOWN_KEYWORDS.has(keyword) && !keyword.startsWith("x-kubernetes-")) {
      throw new Error(`unknown schema keyword "${keyword}": decide what it means`);
    }
  }
  return { ...convertType(node), ...convertEnum(node), ...convertBounds(node), ...convertPatterns(node) };
}

/** `x-kubernetes-int-or-string` and `nullable` are types in disguise. */
function convertType(node: OpenApiNode): JsonSchema {
  const types = node["x-kubernetes-int-or-string"] ? ["integer", "string"] : [node.type ?? []].flat();
  if (types.length === 0) return {};
  if (node.nullable) types.push("null");
  return { type: types.length === 1 ? types[0] : types } as JsonSchema;
}

function convertEnum(node: OpenApiNode): JsonSchema {
  if (node.enum === undefined) return {};
  return { enum: node.nullable && !node.enum.includes(null) ? [...node.enum, null] : node.enum };
}

function convertBounds(node: OpenApiNode): JsonSchema {
  const bounds: JsonSchema = {};
  for (const keyword of SAME_MEANING) {
    const bound = node[keyword as keyof OpenApiNode];
    if (bound !== undefined) bounds[keyword] = bound;
  }
  const format = node.format === undefined ? {} : constraintsOfFormat(node.format);
  const minimum = largest(node.minimum, format.minimum);
  const maximum = smallest(node.maximum, format.maximum);
  // OpenAPI 3.0 has the exclusive bounds as switches; draft 7 has them as numbers.
  if (minimum !== undefined) bounds[node.exclusiveMinimum ? "exclusiveMinimum" : "minimum"] = minimum;
  if (maximum !== undefined) bounds[node.exclusiveMaximum ? "exclusiveMaximum" : "maximum"] = maximum;
  return bounds;
}

function convertPatterns(node: OpenApiNode): JsonSchema {
  const own = node.pattern === undefined ? undefined : rewritePattern(node.pattern);
  const ofFormat = node.format === undefined ? undefined : constraintsOfFormat(node.format).pattern;
  if (own !== undefined && ofFormat !== undefined) return { pattern: own, allOf: [{ pattern: ofFormat }] };
  const pattern = own ?? ofFormat;
  return pattern === undefined ? {} : { pattern };
}

function largest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

function smallest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
