// Owns: the way from one version's swagger.json to strict JSON schemas of the built-in kinds.
// Promises: one self-contained schema per kind that can be applied, with the enums of the generated Go code.
// Must not: know custom resources.
import { convertValueRules } from "./convert-values.js";
import { type FieldEnum, readFieldEnums } from "./core-enums.js";
import { QUANTITY_PATTERN } from "./format-patterns.js";
import type { ConvertedKind, GroupVersionKind, JsonSchema, OpenApiNode } from "./open-api.js";
import { pinRoot } from "./pin-root.js";

interface Swagger {
  readonly definitions: Record<string, OpenApiNode>;
  readonly paths: Record<string, Record<string, SwaggerOperation>>;
}

interface SwaggerOperation {
  readonly "x-kubernetes-action"?: string;
  readonly "x-kubernetes-group-version-kind"?: GroupVersionKind;
}

type Definitions = Record<string, JsonSchema>;

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
const MACHINERY = "io.k8s.apimachinery.pkg.";

/** Types whose Go code reads JSON in its own way, so that swagger.json does not describe them. */
const SPECIAL: Readonly<Record<string, JsonSchema>> = {
  [`${MACHINERY}api.resource.Quantity`]: { type: ["string", "number"], pattern: QUANTITY_PATTERN },
  [`${MACHINERY}util.intstr.IntOrString`]: {
    type: ["integer", "string"],
    minimum: -(2 ** 31),
    maximum: 2 ** 31 - 1,
  },
  [`${MACHINERY}runtime.RawExtension`]: { type: "object" },
  [`${META}FieldsV1`]: { type: "object" },
  [`${META}Patch`]: { type: "object" },
};

/** The built-in kinds of one version, and what custom resources need of it. */
export interface CoreSchemas {
  readonly kinds: readonly ConvertedKind[];
  /** `ObjectMeta` and everything it refers to. */
  readonly metadata: Definitions;
  readonly enums: number;
}

/**
 * @param swaggerText `api/openapi-spec/swagger.json`
 * @param goSource `pkg/generated/openapi/zz_generated.openapi.go` of the same module
 * @param minor e.g. `1.37`
 * @throws Error where the two files do not agree about enums, or a keyword is not known.
 */
export function convertCore(
  swaggerText: string,
  goSource: string,
  minor: string,
  source: string,
): CoreSchemas {
  const swagger = JSON.parse(swaggerText) as Swagger;
  const converted = mapEntries(swagger.definitions, convertDefinition);
  const enums = addEnums(converted, readFieldEnums(goSource), swagger);
  allowNullTimestamp(converted);
  const kinds = appliedKinds(swagger).map(({ scope, ...identity }) => {
    const name = findDefinition(swagger, identity);
    const { metadata: _, ...properties } = converted[name]?.properties ?? {};
    const body = { ...converted[name], properties };
    const definitions = { ...collect(body, converted), ...collect(objectMeta, converted) };
    const schema = pinRoot(body, identity, renameMetadata(definitions));
    return { ...identity, scope, kubernetes: [minor], source, schema: renameReferences(schema) };
  });
  return { kinds, metadata: renameMetadata(collect(objectMeta, converted)), enums };
}

const objectMeta: JsonSchema = { $ref: `#/definitions/${META}ObjectMeta` };

function convertDefinition(name: string, definition: OpenApiNode): JsonSchema {
  return SPECIAL[name] ?? convertNode(definition);
}

function convertNode(node: OpenApiNode): JsonSchema {
  if (node.$ref !== undefined) return { $ref: node.$ref };
  const schema = convertValueRules(node);
  if (node.items) schema.items = convertNode(node.items);
  if (node.properties) schema.properties = mapEntries(node.properties, (_, child) => convertNode(child));
  if (typeof node.additionalProperties === "object") {
    schema.additionalProperties = convertNode(node.additionalProperties);
  } else if (node.type === "object") {
    schema.additionalProperties = false;
  }
  if (node.required?.length) schema.required = [...node.required].sort();
  return schema;
}

/** Every kind that has a PATCH of its own, not only of a subresource: what `apply` can manage. */
function appliedKinds(swagger: Swagger): (GroupVersionKind & { scope: ConvertedKind["scope"] })[] {
  const kinds = new Map<string, GroupVersionKind & { scope: ConvertedKind["scope"] }>();
  for (const [path, operations] of Object.entries(swagger.paths)) {
    const identity = operations.patch?.["x-kubernetes-group-version-kind"];
    if (!path.endsWith("/{name}") || identity === undefined) continue;
    const { group, version, kind } = identity;
    const scope = path.includes("/namespaces/{namespace}/") ? "Namespaced" : "Cluster";
    kinds.set(`${group}/${version}/${kind}`, { group, version, kind, scope });
  }
  return [...kinds.values()];
}

function findDefinition(swagger: Swagger, { group, version, kind }: GroupVersionKind): string {
  const found = Object.entries(swagger.definitions).find(([, definition]) => {
    const identities = definition["x-kubernetes-group-version-kind"];
    const [only] = identities ?? [];
    return (
      identities?.length === 1 && only?.group === group && only.version === version && only.kind === kind
    );
  });
  if (!found) throw new Error(`no definition of ${group}/${version} ${kind}`);
  return found[0];
}

/** Sets the enums in place, and holds them against the prose of swagger.json. */
function addEnums(converted: Definitions, enums: readonly FieldEnum[], swagger: Swagger): number {
  let set = 0;
  for (const { definition, field, at, values } of enums) {
    // The Go code also describes versions that are no longer served.
    if (!(definition in converted)) continue;
    const schema = converted[definition]?.properties?.[field];
    const target = at === "elements" ? elementsOf(schema) : schema;
    if (target?.type !== "string") throw new Error(`no string for the enum of ${definition}.${field}`);
    target.enum = values;
    set++;
  }
  checkEnumsAgainstProse(converted, swagger);
  return set;
}

/** What a list or a map holds. */
function elementsOf(schema: JsonSchema | undefined): JsonSchema | undefined {
  const { items, additionalProperties } = schema ?? {};
  return items ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
}

function checkEnumsAgainstProse(converted: Definitions, swagger: Swagger): void {
  for (const [name, definition] of Object.entries(swagger.definitions)) {
    for (const [field, node] of Object.entries(definition.properties ?? {})) {
      if (!node.description?.includes("Possible enum values:")) continue;
      const schema = converted[name]?.properties?.[field];
      if (!schema?.enum && !elementsOf(schema)?.enum)
        throw new Error(`the enum of ${name}.${field} was not found`);
    }
  }
}

/**
 * `kubectl create --dry-run=client` and controller-gen print `creationTimestamp: null`. Any other null that is not
 * declared is refused: an API server drops it in silence, and in Git it is nearly always a slip of the indentation.
 */
function allowNullTimestamp(converted: Definitions): void {
  const properties = converted[`${META}ObjectMeta`]?.properties;
  const time = converted[`${META}Time`];
  if (!properties || !time) throw new Error("no ObjectMeta in swagger.json");
  properties.creationTimestamp = { ...time, type: ["string", "null"] };
}

/** The definitions that a schema refers to, over any number of steps. */
function collect(from: JsonSchema, all: Definitions, found: Definitions = {}): Definitions {
  for (const name of references(from)) {
    const definition = all[name];
    if (definition === undefined) throw new Error(`a reference to nothing: ${name}`);
    if (name in found) continue;
    found[name] = definition;
    collect(definition, all, found);
  }
  return found;
}

function references(schema: JsonSchema): string[] {
  const own = schema.$ref === undefined ? [] : [schema.$ref.replace("#/definitions/", "")];
  return [...own, ...children(schema).flatMap(references)];
}

/** Subschemas by position: properties may be named `$ref` or `items` (JSONSchemaProps is). */
function children(schema: JsonSchema): JsonSchema[] {
  const { properties = {}, items, additionalProperties } = schema;
  return [
    ...Object.values(properties),
    ...(items ? [items] : []),
    ...(typeof additionalProperties === "object" ? [additionalProperties] : []),
  ];
}

function renameMetadata(definitions: Definitions): Definitions {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => [shortName(name), renameReferences(schema)]),
  );
}

/** The package path says nothing to a reader of an error, and ObjectMeta is shared with custom resources. */
function shortName(name: string): string {
  return name.startsWith(META) ? name.slice(META.length) : name.replace(/^io\.k8s\./, "");
}

function renameReferences(schema: JsonSchema): JsonSchema {
  const { $ref, properties, items, additionalProperties } = schema;
  const renamed = { ...schema };
  if ($ref) renamed.$ref = `#/definitions/${shortName($ref.replace("#/definitions/", ""))}`;
  if (properties) renamed.properties = mapEntries(properties, (_, child) => renameReferences(child));
  if (items) renamed.items = renameReferences(items);
  if (typeof additionalProperties === "object") {
    renamed.additionalProperties = renameReferences(additionalProperties);
  }
  return renamed;
}

function mapEntries<From, To>(record: Record<string, From>, convert: (key: string, value: From) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(key, value)]));
}
