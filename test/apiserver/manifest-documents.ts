// Owns: YAML text → the documents in it, each with its own text.
// Promises: the text goes to the server as it was written, so that the server, not this reader, judges it.
// Must not: refuse what the server would refuse with a better message, such as a duplicate key.
import { type DocumentOptions, type ParseOptions, parseAllDocuments, type SchemaOptions } from "yaml";

/** The part of a Kubernetes object that the harness reads. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** The part of an object's metadata that the harness reads. */
export interface ObjectMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** One manifest: what it says, as text and parsed, and where it comes from. */
export interface ManifestDocument {
  readonly text: string;
  readonly object: KubernetesObject;
  readonly source: string;
}

/** YAML 1.1 as Kubernetes reads it: its YAML library turns neither dates nor `12:30` into other types. */
const kubernetesYaml = {
  version: "1.1",
  merge: true,
  customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !isDateOrTime(tag)),
} satisfies ParseOptions & DocumentOptions & SchemaOptions;

/**
 * Splits a stream of YAML documents; empty ones and comments are left out, a `List` is replaced by its items.
 * Throws when a document is not YAML, or is not an object with apiVersion and kind. `source` names the stream in reports.
 */
export function readManifests(stream: string, source: string): ManifestDocument[] {
  // A duplicate key is the server's to report.
  const documents = parseAllDocuments(stream, { ...kubernetesYaml, uniqueKeys: false });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, index) => {
    const where = `${source}, document ${index + 1}`;
    const [error] = document.errors;
    if (error) throw new Error(`${where}: ${error.message}`);
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return [];
    const object = asKubernetesObject(value, where);
    if (object.kind === "List" && Array.isArray(object.items)) {
      return object.items.map((item, position) => manifestFromObject(item, `${where}, item ${position + 1}`));
    }
    const [start, , end] = document.range;
    return [{ text: stream.slice(start, end), object, source: where }];
  });
}

/** A manifest made from a value instead of from text. Throws when it has no apiVersion or kind. */
export function manifestFromObject(value: unknown, source: string): ManifestDocument {
  return { text: JSON.stringify(value), object: asKubernetesObject(value, source), source };
}

function isDateOrTime({ tag, format }: { readonly tag: string; readonly format?: string }): boolean {
  return tag.endsWith(":timestamp") || format === "TIME";
}

function asKubernetesObject(value: unknown, where: string): KubernetesObject {
  if (!isRecord(value) || typeof value.apiVersion !== "string" || typeof value.kind !== "string") {
    throw new Error(`${where}: not a Kubernetes object: apiVersion and kind must be strings`);
  }
  const metadata = isRecord(value.metadata) ? value.metadata : {};
  return { ...value, apiVersion: value.apiVersion, kind: value.kind, metadata };
}

/** Whether `value` is an object with fields: neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
