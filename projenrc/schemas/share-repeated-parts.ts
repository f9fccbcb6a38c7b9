// Owns: storing equal parts of one schema once. CustomResourceDefinitions repeat whole pod templates.
// Promises: the result accepts exactly what the input accepts; names of parts depend on the input only.
// Must not: share between kinds: a file that refers to another is reloaded by kubeconform for each kind.
import type { JsonSchema } from "./open-api.js";

/** A distinct part: its subschemas are replaced by `{ $ref: "<number of the part>" }`. */
interface Part {
  readonly schema: JsonSchema;
  /** Characters of the whole part, written out. */
  readonly size: number;
  /** Places that name it, counted once per distinct part around it. */
  uses: number;
}

/** Below this many characters, a reference is hardly shorter than the part. */
const WORTH_SHARING = 160;

/** Replaces each repeated part of a schema by a reference to `#/definitions/partN`. */
export function shareRepeatedParts(root: JsonSchema): JsonSchema {
  const parts: Part[] = [];
  const { definitions, ...body } = root;
  const rootNumber = intern(body, parts, new Map());
  const names = new Map<Part, string>();
  for (const part of parts) {
    if (part.uses > 1 && part.size >= WORTH_SHARING) names.set(part, `part${names.size + 1}`);
  }
  const expand = (part: Part): JsonSchema =>
    mapSubschemas(part.schema, ({ $ref }) => {
      const child = partAt(parts, Number($ref));
      const name = names.get(child);
      return name === undefined ? expand(child) : { $ref: `#/definitions/${name}` };
    });
  const shared = Object.fromEntries([...names].map(([part, name]) => [name, expand(part)]));
  return { ...expand(partAt(parts, rootNumber)), definitions: { ...definitions, ...shared } };
}

/** Finds or adds the distinct part equal to a node; returns its number. */
function intern(node: JsonSchema, parts: Part[], numbers: Map<string, number>): number {
  const children: number[] = [];
  const schema = mapSubschemas(node, (child) => {
    const number = intern(child, parts, numbers);
    children.push(number);
    return { $ref: String(number) };
  });
  const text = JSON.stringify(schema);
  const known = numbers.get(text);
  if (known !== undefined) return known;
  const size = children.reduce((sum, child) => sum + partAt(parts, child).size, text.length);
  for (const child of children) partAt(parts, child).uses++;
  numbers.set(text, parts.length);
  return parts.push({ schema, size, uses: 0 }) - 1;
}

function partAt(parts: readonly Part[], number: number): Part {
  const part = parts[number];
  if (part === undefined) throw new Error(`no part ${number}`);
  return part;
}

/** Applies a function to each direct subschema, by position: a property may be named like a keyword. */
function mapSubschemas(schema: JsonSchema, change: (child: JsonSchema) => JsonSchema): JsonSchema {
  const mapped: JsonSchema = { ...schema };
  if (schema.properties) {
    const entries = Object.entries(schema.properties).map(([name, child]) => [name, change(child)]);
    mapped.properties = Object.fromEntries(entries);
  }
  for (const keyword of ["items", "not", "additionalProperties"] as const) {
    const child = schema[keyword];
    if (typeof child === "object") mapped[keyword] = change(child);
  }
  for (const keyword of ["allOf", "anyOf", "oneOf"] as const) {
    const branches = schema[keyword];
    if (branches) mapped[keyword] = branches.map(change);
  }
  return mapped;
}
