// Owns: reading a schema of the archive node by node: references resolved, branches of allOf, anyOf and oneOf merged.
// Promises: knows only keywords that the archive uses.
// Must not: validate; the two validators under test do that.

/** A node of a schema of the archive. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly allOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly not?: SchemaNode;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
}

/** Picks one of several branches; called in a fixed order, so that a counter can run through the combinations. */
export type ChooseBranch = (branches: number) => number;

/** The node with its references followed and its branches merged in. */
export function flatten(node: SchemaNode, root: SchemaNode, choose: ChooseBranch = () => 0): SchemaNode {
  if (node.$ref !== undefined) {
    const target = root.definitions?.[node.$ref.replace("#/definitions/", "")];
    if (target === undefined) throw new Error(`a reference to nothing: ${node.$ref}`);
    return flatten(target, root, choose);
  }
  const { allOf = [], anyOf, oneOf, ...own } = node;
  const chosen = [anyOf, oneOf].flatMap((branches) => branches?.[choose(branches.length)] ?? []);
  return [...allOf, ...chosen].reduce<SchemaNode>(
    (merged, branch) => merge(merged, flatten(branch, root, choose)),
    own,
  );
}

function merge(one: SchemaNode, other: SchemaNode): SchemaNode {
  const properties = { ...one.properties };
  for (const [name, child] of Object.entries(other.properties ?? {})) {
    const known = properties[name];
    properties[name] = known === undefined ? child : { allOf: [known, child] };
  }
  const required = [...new Set([...(one.required ?? []), ...(other.required ?? [])])];
  const additionalProperties = one.additionalProperties ?? other.additionalProperties;
  return {
    ...other,
    ...one,
    // A later pattern is the narrower one: a branch refines what the structural part allows.
    ...(other.pattern !== undefined && { pattern: other.pattern }),
    ...(other.enum !== undefined && { enum: other.enum }),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
    ...(additionalProperties !== undefined && { additionalProperties }),
  };
}

/** The type of a node; of several, the first that is not null. */
export function typeOf(node: SchemaNode): string | undefined {
  const types = [node.type ?? []].flat().filter((type) => type !== "null");
  return types[0] ?? (node.properties ? "object" : undefined);
}
