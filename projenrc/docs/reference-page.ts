// Owns: docs/reference.md, the reference of prod-stack.yaml.
// Promises: derived from the one schema; a test holds that the committed page is what this makes.
// Must not: say anything that the schema does not.

import { PlatformSpec, StackSpec } from "../../src/spec/schema/stack-spec.js";
import { toJsonSchema } from "../build/spec-modules.js";

type Json = { [key: string]: unknown };

/** The page as Markdown. */
export function referencePage(): string {
  const stack = toJsonSchema(StackSpec, "urn:prod-stack:v1:stack");
  const defs = stack.$defs as Record<string, Json>;
  const sections = [
    section("prod-stack.yaml", stack, defs),
    ...Object.entries(defs).map(([name, schema]) => section(name, schema, defs)),
    section("platform.yaml", toJsonSchema(PlatformSpec, "urn:prod-stack:v1:platform"), defs),
  ];
  return `# Reference of prod-stack.yaml

Made from the schema by \`npm run docs\`. A key that may be left out may also be \`null\`, which removes what a layer below says.
Layers, lowest first: type, runtime, tier defaults, \`platform.yaml\`, the stack, \`tiers.T\`, the environment. Maps merge, lists and
single values replace.

${sections.join("\n")}`;
}

function section(name: string, schema: Json, defs: Record<string, Json>): string {
  const intro = typeof schema.description === "string" ? `${schema.description}\n\n` : "";
  return `## ${name}\n\n${intro}| key | type | meaning |\n| --- | --- | --- |\n${rows(schema, defs, "").join("\n")}\n`;
}

/** A row per key; keys of a map that has no section of its own follow below it, with a dot. */
function rows(schema: Json, defs: Record<string, Json>, prefix: string): string[] {
  const required = (schema.required as string[] | undefined) ?? [];
  return Object.entries((schema.properties as Record<string, Json> | undefined) ?? {}).flatMap(
    ([key, value]) => {
      const place = `${prefix}${key}`;
      const mark = required.includes(key) ? " (required)" : "";
      const own = `| \`${place}\`${mark} | ${typeOf(value)} | ${cell(meaning(value, defs))} |`;
      return [own, ...(value.type === "object" ? rows(value, defs, `${place}.`) : [])];
    },
  );
}

function meaning(schema: Json, defs: Record<string, Json>): string {
  const target = typeof schema.$ref === "string" ? defs[schema.$ref.slice("#/$defs/".length)] : undefined;
  const expected = schema.expected && `Expected: ${schema.expected}.`;
  const initial = schema.default !== undefined && `Default: \`${String(schema.default)}\`.`;
  return [schema.description ?? target?.description, expected, initial].filter(Boolean).join(" ");
}

function typeOf(schema: Json): string {
  if (typeof schema.$ref === "string") return link(schema.$ref);
  if (Array.isArray(schema.enum)) return schema.enum.map((word) => `\`${String(word)}\``).join(", ");
  if (schema.type === "array") return `list of ${typeOf(schema.items as Json)}`;
  if (schema.type === "object" && typeof schema.additionalProperties === "object")
    return `map of ${typeOf(schema.additionalProperties as Json)}`;
  if (schema.type === "object")
    return `map with ${Object.keys((schema.properties as Json | undefined) ?? {})
      .map((key) => `\`${key}\``)
      .join(", ")}`;
  if (schema.anyOf) return "string or map";
  return [schema.type].flat().join(" or ");
}

function link(reference: string): string {
  const name = reference.slice("#/$defs/".length);
  return `[${name}](#${name.toLowerCase()})`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
