// Owns: the list of places in a schema: every field, list element and map value, with the way to it.
// Promises: visits a recursive definition once per way; leaves out what people do not write (status) or always do.
// Must not: follow value validations (anyOf …): the fields they name are declared beside them.
import { flatten, type SchemaNode } from "./schema-node.js";

/** Steps from the root: a field name, or one of the two below. */
export type Way = readonly string[];

/** Step into the elements of a list. */
export const ELEMENT = "[]";
/** Step into the values of a map. */
export const VALUE = "{}";

/** One place in a schema. */
export interface Place {
  readonly way: Way;
  /** What the schema says there; branches of anyOf and oneOf are not merged in. */
  readonly node: SchemaNode;
}

/** All places below the root that a manifest sets. */
export function listPlaces(root: SchemaNode): Place[] {
  const places: Place[] = [];
  for (const [name, child] of Object.entries(root.properties ?? {})) {
    if (["apiVersion", "kind", "metadata", "status"].includes(name)) continue;
    visit(child, [name], new Set(), root, places);
  }
  return places;
}

function visit(
  node: SchemaNode,
  way: Way,
  entered: ReadonlySet<string>,
  root: SchemaNode,
  places: Place[],
): void {
  if (node.$ref !== undefined && entered.has(node.$ref)) return;
  const inside = node.$ref === undefined ? entered : new Set([...entered, node.$ref]);
  const flat = flatten(withoutBranches(node), root);
  places.push({ way, node: flat });
  for (const [name, child] of Object.entries(flat.properties ?? {})) {
    visit(child, [...way, name], inside, root, places);
  }
  if (flat.items) visit(flat.items, [...way, ELEMENT], inside, root, places);
  if (typeof flat.additionalProperties === "object") {
    visit(flat.additionalProperties, [...way, VALUE], inside, root, places);
  }
}

function withoutBranches({ anyOf: _, oneOf: __, ...node }: SchemaNode): SchemaNode {
  return node;
}
