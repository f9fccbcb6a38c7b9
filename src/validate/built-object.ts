// Owns: the objects that kustomize made of an overlay.
// Promises: what is not an object of Kubernetes is a problem, never left out in silence.
// Must not: judge them.

import { readDocuments } from "./read-yaml.js";
import { asRecord, labelsAt, textAt, type Values } from "./values.js";

export interface BuiltObject {
  /** `Kind/name`, as kubectl takes it. */
  readonly id: string;
  readonly apiVersion: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** Empty where the object names none. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly data: Values;
}

export interface BuiltObjects {
  readonly objects: readonly BuiltObject[];
  readonly problems: readonly string[];
}

/** Reads the output of kustomize. */
export function readObjects(text: string): BuiltObjects {
  const { documents, problems } = readDocuments(text);
  const read = documents.map(({ value }) => toBuiltObject(value));
  const objects = read.filter((object) => object !== undefined);
  const strange = read.length - objects.length;
  const more =
    strange === 0
      ? []
      : [`${strange} documents are no Kubernetes objects: they lack apiVersion, kind or name`];
  return {
    objects,
    problems: [...problems.map(({ line, message }) => `line ${line} of the output ${message}`), ...more],
  };
}

/** @returns undefined for what has no apiVersion, kind or name */
export function toBuiltObject(value: unknown): BuiltObject | undefined {
  const data = asRecord(value);
  const apiVersion = textAt(data, "apiVersion");
  const kind = textAt(data, "kind");
  const name = textAt(data, "metadata", "name");
  if (apiVersion === undefined || kind === undefined || name === undefined) return undefined;
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const namespace = textAt(data, "metadata", "namespace") ?? "";
  return {
    id: `${kind}/${name}`,
    apiVersion,
    group,
    kind,
    name,
    namespace,
    labels: labelsAt(data, "metadata", "labels"),
    data,
  };
}
