// Owns: the shapes of what is read (OpenAPI v2 and v3 schema objects) and of what is written (JSON Schema draft 7).
// Promises: names only the keywords that the sources use; the converters refuse any other.
// Must not: convert anything.

/** A schema object of swagger.json (v2) or of a CustomResourceDefinition (v3). */
export interface OpenApiNode {
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, OpenApiNode>>;
  readonly additionalProperties?: boolean | OpenApiNode;
  readonly items?: OpenApiNode;
  readonly allOf?: readonly OpenApiNode[];
  readonly anyOf?: readonly OpenApiNode[];
  readonly oneOf?: readonly OpenApiNode[];
  readonly not?: OpenApiNode;
  readonly $ref?: string;
  readonly "x-kubernetes-group-version-kind"?: readonly GroupVersionKind[];
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-validations"?: readonly unknown[];
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A node of a JSON Schema, draft 7. Built up by the converters, hence writable. */
export interface JsonSchema {
  $schema?: string;
  $ref?: string;
  type?: string | string[];
  enum?: readonly unknown[];
  pattern?: string;
  required?: string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  allOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  not?: JsonSchema;
  definitions?: Record<string, JsonSchema>;
  [bound: string]: unknown;
}

/** One kind in one API version, ready for the archive. */
export interface ConvertedKind extends GroupVersionKind {
  readonly scope: "Namespaced" | "Cluster";
  /** Minor versions of Kubernetes that serve it; absent for custom resources. */
  readonly kubernetes?: readonly string[];
  /** `module@version` it was read from. */
  readonly source: string;
  readonly schema: JsonSchema;
}
