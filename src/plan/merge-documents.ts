// Owns: a YAML file as a stream of documents, each of which is told by what object it describes.
// Promises: splits text without parsing it; `---` lines belong to the document that they open.
// Must not: merge.

import type { Data } from "./merge-identity.js";
import { NotTaken } from "./merge-tree.js";

export interface YamlText {
  /** Comments before the first `---`. */
  readonly open: string;
  readonly documents: readonly DocumentText[];
}

export interface DocumentText {
  /** The `---` line, or nothing for a first document without one. */
  readonly head: string;
  readonly body: string;
}

/** @throws NotTaken where a document ends in `...` or opens with a directive or a value on its `---` line */
export function splitDocuments(text: string): YamlText {
  if (/^(?:\.\.\.|%)/m.test(text)) throw new NotTaken();
  const starts = [...text.matchAll(/^---(?=\s|$).*\n?/gm)];
  const first = text.slice(0, starts[0]?.index ?? text.length);
  const isOpening = starts.length > 0 && /^(?:[ \t]*(?:#.*)?\n)*$/.test(first);
  const documents = starts.map((start, index): DocumentText => {
    if (!/^---[ \t]*(?:#.*)?\n?$/.test(start[0])) throw new NotTaken();
    const from = start.index + start[0].length;
    return { head: start[0], body: text.slice(from, starts[index + 1]?.index ?? text.length) };
  });
  return isOpening
    ? { open: first, documents }
    : { open: "", documents: [{ head: "", body: first }, ...documents] };
}

/** What object it is, read from the lines that say so; the version of its API may change. Undefined if they do not. */
export function nameInText({ body }: DocumentText): string | undefined {
  const kind = /^kind:[ ]*(\S+)/m.exec(body)?.[1];
  const group = /^apiVersion:[ ]*["']?([^\s"']+)/m.exec(body)?.[1];
  const metadata = /^metadata:.*\n(?:(?:[ ].*|[ \t]*(?:#.*)?)\n)*/m.exec(body)?.[0] ?? "";
  const indentation = /^( +)[^ #\n]/m.exec(metadata)?.[1] ?? " ";
  const field = (name: string) =>
    new RegExp(`^${indentation}${name}:[ ]*["']?([^\\s"'#]+)`, "m").exec(metadata)?.[1];
  const name = field("name");
  return kind === undefined || group === undefined || name === undefined
    ? undefined
    : joined(kind, group, name, field("namespace"));
}

/** The same, from data. */
export function nameInData(data: Data): string | undefined {
  if (!(data instanceof Map)) return undefined;
  const metadata = data.get("metadata");
  const [kind, group] = [plain(data.get("kind")), plain(data.get("apiVersion"))];
  const name = metadata instanceof Map ? plain(metadata.get("name")) : undefined;
  if (kind === undefined || group === undefined || name === undefined) return undefined;
  return joined(kind, group, name, metadata instanceof Map ? plain(metadata.get("namespace")) : undefined);
}

function plain(data: Data | undefined): string | undefined {
  return typeof data === "string" ? data.replaceAll('"', "") : undefined;
}

function joined(kind: string, group: string, name: string, namespace?: string): string {
  const owner = group.includes("/") ? `.${group.split("/", 1)[0]}` : "";
  return `${kind}${owner} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** Names for the documents of several versions of a file: what they describe, else where they stand. */
export function namesFor<Version>(
  versions: readonly (readonly Version[])[],
  nameOf: (version: Version) => string | undefined,
): string[][] | undefined {
  if (versions.every((documents) => documents.length === 1)) return versions.map(() => [""]);
  const names = versions.map((documents) => documents.map(nameOf));
  const isTold = names.every((list) => !list.includes(undefined) && new Set(list).size === list.length);
  if (isTold) return names as string[][];
  const isEven = versions.every((documents) => documents.length === versions[0]?.length);
  return isEven
    ? versions.map((documents) => documents.map((_, index) => `document ${index + 1}`))
    : undefined;
}
