// Owns: the JSON Schemas of prod-stack.yaml, made from the one schema in src/spec/schema.
// Promises: schemas marked `def` stand once, in `$defs`; the editor's copy also takes null where a key may be left out.
// Must not: add rules of its own.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlatformSpec, StackSpec } from "../../src/spec/schema/stack-spec.js";

type Json = { [key: string]: unknown };

/** A plain JSON Schema of `root`, with every schema that carries `def` moved to `$defs`. */
export function toJsonSchema(root: object, id: string): Json {
  const defs: Json = {};
  const convert = (node: unknown, isRoot = false): unknown => {
    if (Array.isArray(node)) return node.map((item) => convert(item));
    if (node === null || typeof node !== "object") return node;
    const { def, ...rest } = node as Json & { def?: string };
    if (def !== undefined && !isRoot) {
      if (!(def in defs)) {
        defs[def] = {};
        defs[def] = convert(rest);
      }
      return { $ref: `#/$defs/${def}` };
    }
    return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, convert(value)]));
  };
  const schema = convert(root, true) as Json;
  return { $schema: "https://json-schema.org/draft/2020-12/schema", $id: id, ...schema, $defs: defs };
}

/** The editor's copy: a key that may be left out may also be null, which removes what a layer below says. */
export function allowNull(schema: Json): Json {
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk);
    if (node === null || typeof node !== "object") return node;
    const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, walk(value)])) as Json;
    if (copy.type !== "object") return copy;
    const required = new Set((copy.required as string[] | undefined) ?? []);
    const orNull = (value: unknown) => ({ anyOf: [value, { type: "null" }] });
    if (copy.properties) {
      copy.properties = Object.fromEntries(
        Object.entries(copy.properties).map(([key, value]) => [
          key,
          required.has(key) ? value : orNull(value),
        ]),
      );
    }
    if (copy.additionalProperties && typeof copy.additionalProperties === "object")
      copy.additionalProperties = orNull(copy.additionalProperties);
    return copy;
  };
  return walk(schema) as Json;
}

const ANNOTATIONS = ["expected", "flag", "question", "def"];

/** Writes spec-schema.json and editor-schema.json below src/generated. */
export function generateSpecModules(root: string): void {
  const target = join(root, "src/generated");
  mkdirSync(target, { recursive: true });
  const stack = toJsonSchema(StackSpec, "urn:prod-stack:v1:stack");
  const platform = toJsonSchema(PlatformSpec, "urn:prod-stack:v1:platform");
  writeFileSync(join(target, "spec-schema.json"), `${JSON.stringify({ stack, platform })}\n`);
  writeFileSync(join(target, "editor-schema.json"), `${JSON.stringify(strip(allowNull(stack)))}\n`);
}

/** Without the project's own annotations, which editors do not know. */
function strip(node: unknown, isMap = false): unknown {
  if (Array.isArray(node)) return node.map((item) => strip(item));
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([key]) => isMap || !ANNOTATIONS.includes(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, strip(value, key === "properties" || key === "$defs")]),
  );
}
