// Owns: what every root object has in common: its own apiVersion and kind, and metadata with a name.
// Promises: works on a copy, so that the same type nested elsewhere (volumeClaimTemplates) stays as it was.
// Must not: change anything below the root.
import { convertValueRules } from "./convert-values.js";
import type { GroupVersionKind, JsonSchema, OpenApiNode } from "./open-api.js";

/**
 * @param body the schema of the kind, with or without its own apiVersion, kind and metadata
 * @param definitions local definitions; must hold `ObjectMeta`
 * @param ownMetadata what a CustomResourceDefinition says about metadata; only a limit on the name is allowed there
 */
export function pinRoot(
  body: JsonSchema,
  { group, version, kind }: GroupVersionKind,
  definitions: Record<string, JsonSchema>,
  ownMetadata?: OpenApiNode,
): JsonSchema {
  const required = new Set(["apiVersion", "kind", "metadata", ...(body.required ?? [])]);
  return {
    ...body,
    $schema: "http://json-schema.org/draft-07/schema#",
    properties: {
      ...body.properties,
      apiVersion: { enum: [group === "" ? version : `${group}/${version}`], type: "string" },
      kind: { enum: [kind], type: "string" },
      metadata: { allOf: [{ $ref: "#/definitions/ObjectMeta" }, nameRules(ownMetadata)] },
    },
    required: [...required].sort(),
    definitions,
  };
}

/** An object in Git needs a name: without one it can be created once, but never be applied. */
function nameRules(ownMetadata: OpenApiNode | undefined): JsonSchema {
  const anyOf = [{ required: ["name"] }, { required: ["generateName"] }];
  const name = ownMetadata?.properties?.name;
  return name === undefined ? { anyOf } : { anyOf, properties: { name: convertValueRules(name) } };
}
