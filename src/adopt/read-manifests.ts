// Owns: texts of files → objects of Kubernetes, kustomizations, and what is neither.
// Promises: hostile or broken text is a remark with its line; nothing of it is guessed at. No secret value is in a remark.
// Must not: read a disk.

import { posix } from "node:path";
import { KUSTOMIZATION_FILES } from "../validate/read-kustomizations.js";
import { readDocuments } from "../validate/read-yaml.js";
import type { StackFile, UnreadReason } from "../validate/stack-files.js";
import { asRecord, listAt, textAt, type Values } from "../validate/values.js";
import { type Remark, Source, visible } from "./manifest.js";

export interface Kustomization {
  readonly path: string;
  readonly directory: string;
  readonly data: Values;
  readonly lineOf: (field: string) => number;
}

export interface Reading {
  /** Everything that could be read, by file. */
  readonly sources: ReadonlyMap<string, readonly Source[]>;
  readonly kustomizations: ReadonlyMap<string, Kustomization>;
  /** Files that could not be read, or that are no finished manifests. */
  readonly unread: readonly Remark[];
  /** YAML files that have nothing to do with Kubernetes. */
  readonly foreign: readonly string[];
}

const UNREAD: Readonly<Record<UnreadReason, string>> = {
  binary: "is binary",
  "too-large": "is too large for a manifest, and was not read",
  "not-utf8": "is not UTF-8 text",
  unreadable: "cannot be read",
  "link-inside": "is a link, which is not followed",
  "link-outside": "is a link out of the directory, which is not followed",
};

/** `{{ .Values.image }}`, and not `${{ … }}` of a CI workflow. */
const TEMPLATE =
  /(?<!\$)\{\{-?\s*(?:\.|\$|if\b|with\b|range\b|include\b|template\b|define\b|end\b|toYaml\b|\/\*)/;

export function readManifests(files: readonly StackFile[]): Reading {
  const sources = new Map<string, readonly Source[]>();
  const kustomizations = new Map<string, Kustomization>();
  const unread: Remark[] = [];
  const foreign: string[] = [];
  const charts = files
    .filter(({ path }) => posix.basename(path) === "Chart.yaml")
    .map(({ path }) => posix.dirname(path));
  const isOfChart = (path: string) =>
    charts.some((chart) => path.startsWith(chart === "." ? "templates/" : `${chart}/templates/`));
  for (const { path, text, unread: reason } of files.filter(
    (file) => isYaml(file.path) && !isOfChart(file.path),
  )) {
    const name = posix.basename(path);
    if (text === undefined) {
      if (reason !== undefined) unread.push(remark(path, 1, UNREAD[reason]));
    } else if (name === "Chart.yaml")
      unread.push(
        remark(
          path,
          1,
          "is a Helm chart, whose templates are not guessed at: render it (helm template) and adopt what comes out",
        ),
      );
    else if (TEMPLATE.test(text))
      unread.push(
        remark(path, lineOfTemplate(text), "is a template of Helm's that is not rendered: not guessed at"),
      );
    else readFile(path, text, { sources, kustomizations, unread, foreign });
  }
  return { sources, kustomizations, unread, foreign };
}

function lineOfTemplate(text: string): number {
  return text.slice(0, text.search(TEMPLATE)).split("\n").length;
}

interface Collected {
  readonly sources: Map<string, readonly Source[]>;
  readonly kustomizations: Map<string, Kustomization>;
  readonly unread: Remark[];
  readonly foreign: string[];
}

function readFile(path: string, text: string, into: Collected): void {
  const { documents, problems, lineOf } = readDocuments(text.replace(/^\uFEFF/, ""));
  const [problem] = problems;
  const looksLikeManifest = /^\s*(?:-\s*)?kind\s*:/m.test(text) || isKustomization(path);
  if (problem !== undefined && looksLikeManifest)
    into.unread.push(remark(path, problem.line, visible(problem.message)));
  const found = documents.flatMap(({ value, node }) => {
    const from = (data: Values, prefix: readonly (string | number)[]) =>
      new Source(path, data, node, prefix, lineOf);
    if (isKustomization(path)) {
      const whole = from(asRecord(value), []);
      into.kustomizations.set(posix.dirname(path), {
        path,
        directory: posix.dirname(path),
        data: asRecord(value),
        lineOf: (field) => whole.lineAt([field]) ?? 1,
      });
      return [];
    }
    return objectsIn(asRecord(value), from, []);
  });
  if (found.length > 0) into.sources.set(path, found);
  else if (problem === undefined && !isKustomization(path)) into.foreign.push(path);
}

export function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path) || isKustomization(path);
}

function isKustomization(path: string): boolean {
  return KUSTOMIZATION_FILES.includes(posix.basename(path));
}

/** A List stands for its items. */
function objectsIn(
  data: Values,
  from: (data: Values, prefix: readonly (string | number)[]) => Source,
  prefix: readonly (string | number)[],
): Source[] {
  const kind = textAt(data, "kind");
  if (kind === undefined || textAt(data, "apiVersion") === undefined) return [];
  if (/^[A-Za-z]*List$/.test(kind) && Array.isArray(data.items) && prefix.length < 8)
    return listAt(data, "items").flatMap((item, index) =>
      objectsIn(asRecord(item), from, [...prefix, "items", index]),
    );
  return textAt(data, "metadata", "name") === undefined ? [] : [from(data, prefix)];
}

function remark(file: string, line: number, what: string): Remark {
  return { what: `${file} ${what}`, origin: { file, line } };
}
