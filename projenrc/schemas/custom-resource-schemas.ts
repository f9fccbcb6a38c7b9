// Owns: the way from a CustomResourceDefinition to one strict JSON schema per served version.
// Promises: what an API server would prune under strict field validation is refused; what it keeps is accepted.
// Must not: read modules, or know Kubernetes versions.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { Ajv } from "ajv";
import { parseAllDocuments } from "yaml";
import { convertValueRules } from "./convert-values.js";
import type { ConvertedKind, JsonSchema, OpenApiNode } from "./open-api.js";
import { pinRoot } from "./pin-root.js";
import { shareRepeatedParts } from "./share-repeated-parts.js";

interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage?: boolean;
  readonly deprecated?: boolean;
  readonly schema?: { readonly openAPIV3Schema?: OpenApiNode };
}

export interface CustomResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly scope: "Namespaced" | "Cluster";
    readonly versions: readonly DefinitionVersion[];
  };
}

/** What is converted besides the schemas themselves. */
export interface CustomResources {
  readonly kinds: readonly ConvertedKind[];
  /** CEL rules (`x-kubernetes-validations`) that no JSON schema can express. */
  readonly celRules: number;
  readonly definitions: readonly CustomResourceDefinition[];
}

/**
 * Converts every CustomResourceDefinition in a file or folder.
 * @param path file or folder, read recursively
 * @param filePrefix takes only files whose name starts so
 * @param metadata definitions that `#/definitions/ObjectMeta` needs
 * @throws Error for a file that is not YAML, or a definition without a structural schema.
 */
export function convertCustomResources(
  path: string,
  filePrefix: string,
  source: string,
  metadata: Record<string, JsonSchema>,
): CustomResources {
  const kinds: ConvertedKind[] = [];
  let celRules = 0;
  const definitions = listYamlFiles(path, filePrefix).flatMap(readDefinitions);
  for (const definition of definitions) {
    for (const version of definition.spec.versions.filter(({ served }) => served)) {
      const root = version.schema?.openAPIV3Schema;
      const { group, names, scope } = definition.spec;
      if (root === undefined) throw new Error(`${group}/${version.name} ${names.kind} has no schema`);
      const identity = { group, version: version.name, kind: names.kind };
      const schema = pinRoot(
        convertNode(withoutMetadata(root)),
        identity,
        metadata,
        root.properties?.metadata,
      );
      kinds.push({ ...identity, scope, source, schema: shareRepeatedParts(schema) });
      celRules += countCelRules(root);
    }
  }
  return { kinds, celRules, definitions };
}

function listYamlFiles(path: string, filePrefix: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .map((name) => join(path, name))
    .flatMap((child) => (statSync(child).isDirectory() ? listYamlFiles(child, filePrefix) : [child]))
    .filter((file) => /\.ya?ml$/.test(file) && basename(file).startsWith(filePrefix));
}

function readDefinitions(file: string): CustomResourceDefinition[] {
  // YAML 1.2 core: `=` stays a string and dates stay strings, as the definitions of Prometheus need it.
  return parseAllDocuments(readFileSync(file, "utf8"), { version: "1.2", logLevel: "error" })
    .map((document) => {
      if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]?.message}`);
      return document.toJS() as unknown;
    })
    .filter(isDefinition);
}

/** Kustomize patches of definitions have the same kind, but neither names nor versions. */
function isDefinition(document: unknown): document is CustomResourceDefinition {
  const { kind, spec } = (document ?? {}) as {
    kind?: string;
    spec?: { names?: unknown; versions?: unknown };
  };
  return kind === "CustomResourceDefinition" && spec?.names !== undefined && spec.versions !== undefined;
}

function withoutMetadata(root: OpenApiNode): OpenApiNode {
  const { apiVersion: _, kind: __, metadata: ___, ...properties } = root.properties ?? {};
  const required = (root.required ?? []).filter((name) => name in properties);
  return { ...root, properties, required };
}

/** Converts a node of the structural schema proper, where unknown fields would be pruned. */
function convertNode(node: OpenApiNode, keepsUnknown = false): JsonSchema {
  const keeps = keepsUnknown || node["x-kubernetes-preserve-unknown-fields"] === true;
  // An API server carries "preserve" from an array to its items, but not to declared properties
  // (apiextensions-apiserver, schema/pruning/algorithm.go, skipPrune).
  const items =
    node.items === undefined ? undefined : convertNode(node.items, keeps && node.type === "array");
  const schema: JsonSchema = {
    ...convertValueRules(node),
    ...convertLogic(node, node),
    ...(items && { items }),
  };
  if (node["x-kubernetes-list-type"] === "set") schema.uniqueItems = true;
  return { ...schema, ...convertFields(node, keeps) };
}

function convertFields(node: OpenApiNode, keepsUnknown: boolean): JsonSchema {
  if (node["x-kubernetes-embedded-resource"]) throw new Error("embedded resources are not supported yet");
  const { properties, additionalProperties } = node;
  const fields: JsonSchema = {};
  if (properties !== undefined) fields.properties = mapValues(properties, (child) => convertNode(child));
  if (typeof additionalProperties === "object")
    fields.additionalProperties = convertNode(additionalProperties);
  else if (node.type === "object" && !keepsUnknown && additionalProperties !== true) {
    fields.additionalProperties = false;
  }
  const required = requiredWithoutDefault(node);
  if (required.length > 0) fields.required = required;
  return fields;
}

/** Defaults are filled in before validation, so that a field with one may be left out. */
function requiredWithoutDefault(node: OpenApiNode): string[] {
  return (node.required ?? []).filter((name) => node.properties?.[name]?.default === undefined).toSorted();
}

/** Value validations: fields named here are declared in the structural part, so nothing is closed. */
function convertLogic(node: OpenApiNode, structural: OpenApiNode): JsonSchema {
  const convert = (branch: OpenApiNode) => convertBranch(branch, structural);
  const logic: JsonSchema = {};
  const own = convertValueRules(node).allOf ?? [];
  const allOf = [...own, ...(node.allOf ?? []).map(convert)];
  if (allOf.length > 0) logic.allOf = allOf;
  // anyOf beside int-or-string repeats the two types.
  if (node.anyOf && !node["x-kubernetes-int-or-string"]) logic.anyOf = node.anyOf.map(convert);
  if (node.oneOf) logic.oneOf = node.oneOf.map(convert);
  if (node.not) logic.not = convert(node.not);
  return logic;
}

/** @param structural the declaration of the same value, which may give defaults; undefined where nothing is declared */
function convertBranch(node: OpenApiNode, structural: OpenApiNode = {}): JsonSchema {
  const { properties, items, additionalProperties } = node;
  const schema: JsonSchema = { ...convertValueRules(node), ...convertLogic(node, structural) };
  if (properties) {
    const convert = (child: OpenApiNode, name: string) => convertBranch(child, structural.properties?.[name]);
    schema.properties = mapValues(properties, convert);
  }
  if (items) schema.items = convertBranch(items, structural.items);
  if (typeof additionalProperties === "object") {
    const declared = structural.additionalProperties;
    const values = typeof declared === "object" ? declared : undefined;
    schema.additionalProperties = convertBranch(additionalProperties, values);
  }
  const required = requiredOfBranch(node, structural, schema);
  if (required.length > 0) schema.required = required;
  return schema;
}

/**
 * Defaults are filled in before a branch is tried. So a field with a default that suits the branch may be left out, and
 * one with a default that does not must be there: an address of a Gateway without a type *is* an IPAddress.
 */
function requiredOfBranch(node: OpenApiNode, structural: OpenApiNode, schema: JsonSchema): string[] {
  const defaultOf = (name: string) => structural.properties?.[name]?.default;
  const required = new Set((node.required ?? []).filter((name) => defaultOf(name) === undefined));
  for (const [name, rule] of Object.entries(schema.properties ?? {})) {
    const value = defaultOf(name);
    if (value !== undefined && !accepts(rule, value)) required.add(name);
  }
  return [...required].sort();
}

function accepts(rule: JsonSchema, value: unknown): boolean {
  return new Ajv({ strict: false }).compile(rule)(value);
}

function countCelRules(node: OpenApiNode): number {
  const children = [
    ...Object.values(node.properties ?? {}),
    ...(node.items ? [node.items] : []),
    ...(typeof node.additionalProperties === "object" ? [node.additionalProperties] : []),
  ];
  const own = node["x-kubernetes-validations"]?.length ?? 0;
  return children.reduce((sum, child) => sum + countCelRules(child), own);
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  convert: (value: From, key: string) => To,
) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value, key)]));
}
