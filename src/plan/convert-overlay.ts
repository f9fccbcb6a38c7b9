// Owns: making a user's overlay a component, and a component an overlay again: what it is when an environment gains or loses
//       clusters.
// Promises: only kind, apiVersion and the reference to `managed` change, as text; comments, releases and patches stay.
// Must not: decide when; mergeRelease does.

import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLSeq } from "yaml";

/** Kustomize takes a kustomization without a kind as one. */
export function kindOf(document: Document): string {
  return String(document.get("kind") ?? "Kustomization");
}

/**
 * A component builds on nothing: what it patches comes with the overlays that include it. So `managed` goes from its
 * resources, or comes back; resources of the user's own stay.
 * @param rendered what the generator would write: its kind and apiVersion are taken
 */
export function convertOverlay(edited: string, rendered: string): string {
  const source = parseDocument(rendered);
  const isComponent = kindOf(source) === "Component";
  const meant = parseDocument(edited);
  if (kindOf(meant) === kindOf(source)) return edited;
  const head = { apiVersion: String(source.get("apiVersion")), kind: kindOf(source) };
  for (const [key, value] of Object.entries(head)) meant.set(key, value);
  setManaged(meant, !isComponent);
  let text = edited;
  for (const [key, value] of Object.entries(head)) text = withScalar(text, key, value);
  text = isComponent ? withoutManaged(text) : withManaged(text);
  const read = parseDocument(text);
  return read.errors.length === 0 && isDeepStrictEqual(read.toJS(), meant.toJS())
    ? text
    : meant.toString({ lineWidth: 0 });
}

const MANAGED = /^(?:\.\/)?managed\/?$/;

function isManaged(item: unknown): boolean {
  return isScalar(item) && MANAGED.test(String(item.value));
}

function resourcesOf(document: Document): YAMLSeq | undefined {
  const resources = document.get("resources");
  return isSeq(resources) ? (resources as YAMLSeq) : undefined;
}

function setManaged(document: Document, isThere: boolean): void {
  const resources = resourcesOf(document);
  if (isThere) {
    if (resources === undefined) document.set("resources", document.createNode(["managed"]));
    else if (!resources.items.some(isManaged)) resources.items.unshift(document.createNode("managed"));
    return;
  }
  if (resources === undefined) return;
  resources.items = resources.items.filter((item) => !isManaged(item));
  if (resources.items.length === 0) document.delete("resources");
}

function withScalar(text: string, key: string, value: string): string {
  const document = parseDocument(text);
  const node = document.get(key, true);
  if (isScalar(node) && node.range)
    return `${text.slice(0, node.range[0])}${value}${text.slice(node.range[1])}`;
  const start = document.contents?.range?.[0] ?? 0;
  return `${text.slice(0, start)}${key}: ${value}\n${text.slice(start)}`;
}

function withoutManaged(text: string): string {
  const document = parseDocument(text);
  const resources = resourcesOf(document);
  const item = resources?.items.find(isManaged);
  if (!resources?.range || !isScalar(item) || !item.range) return text;
  const start = resources.items.length === 1 ? keyStart(document, "resources") : item.range[0];
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const newline = text.indexOf("\n", item.range[1]);
  return `${text.slice(0, from)}${newline < 0 ? "" : text.slice(newline + 1)}`;
}

function keyStart(document: Document, name: string): number {
  const pairs = isMap(document.contents) ? (document.contents.items as Pair[]) : [];
  const key = pairs.find((pair) => isScalar(pair.key) && pair.key.value === name)?.key;
  return (isScalar(key) && key.range?.[0]) || 0;
}

function withManaged(text: string): string {
  const document = parseDocument(text);
  const first = resourcesOf(document)?.items[0];
  if (isScalar(first) && first.range) {
    const from = text.lastIndexOf("\n", first.range[0] - 1) + 1;
    return `${text.slice(0, from)}${text.slice(from, first.range[0])}managed\n${text.slice(from)}`;
  }
  const kind = document.get("kind", true);
  const after = isScalar(kind) && kind.range ? text.indexOf("\n", kind.range[1]) : -1;
  return after < 0 ? text : `${text.slice(0, after)}\nresources:\n  - managed${text.slice(after)}`;
}
