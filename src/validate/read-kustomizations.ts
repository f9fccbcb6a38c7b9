// Owns: which files a kustomization would load, followed from an overlay through all that it refers to.
// Promises: what does not stand in the stack's directory as a regular file is a finding, and the overlay is then not built:
//           no remote base is fetched (kustomize runs git and HTTP on its own), and nothing outside is read.
// Must not: run kustomize.

import { posix } from "node:path";
import {
  fieldsOf,
  isInline,
  type KustomizationReference,
  pluginPaths,
  referencesOf,
} from "./kustomization-fields.js";
import { readDocuments } from "./read-yaml.js";
import { isRemote } from "./remote-reference.js";
import type { StackFile } from "./stack-files.js";
import type { Finding } from "./validation-report.js";
import { asRecord, type Values } from "./values.js";

export interface Kustomization {
  /** Path of the file. */
  readonly path: string;
  readonly directory: string;
  readonly data: Values;
}

export interface KustomizationGraph {
  /** The overlay's own one first, then those it refers to, outer before inner. */
  readonly kustomizations: readonly Kustomization[];
  /** Paths of every file that kustomize would load, the kustomizations included. */
  readonly loaded: readonly string[];
  readonly findings: readonly Finding[];
}

export const KUSTOMIZATION_FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

const HELM = ["helmCharts", "helmChartInflationGenerator"];

interface Reading {
  readonly files: ReadonlyMap<string, StackFile>;
  readonly kustomizations: Kustomization[];
  readonly findings: Finding[];
  readonly seen: Set<string>;
}

/** Follows the kustomization in `directory` (below the stack's). */
export function readKustomizations(files: readonly StackFile[], directory: string): KustomizationGraph {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reading: Reading = { files: byPath, kustomizations: [], findings: [], seen: new Set() };
  readDirectory(reading, directory);
  const { kustomizations, findings, seen } = reading;
  return { kustomizations, loaded: [...seen], findings };
}

/** The file that makes a directory a kustomization. */
export function kustomizationIn(files: ReadonlyMap<string, unknown>, directory: string): string | undefined {
  return KUSTOMIZATION_FILES.map((name) => posix.join(directory, name)).find((path) => files.has(path));
}

function readDirectory(reading: Reading, directory: string): void {
  const path = kustomizationIn(reading.files, directory);
  if (path === undefined || reading.seen.has(path)) return;
  reading.seen.add(path);
  const data = readData(reading, path);
  if (data === undefined) return;
  reading.kustomizations.push({ path, directory, data });
  for (const field of HELM) {
    if (fieldsOf(data, field).length > 0)
      report(
        reading,
        path,
        field,
        "remote-base",
        "would run helm and download a chart",
        "Render the chart once and commit the result.",
      );
  }
  for (const reference of referencesOf(data)) follow(reading, { path, directory }, reference);
}

/** One document, without problems: where parsers could disagree, nothing is built. */
function readData(reading: Reading, path: string): Values | undefined {
  const text = reading.files.get(path)?.text;
  const { documents, problems } = readDocuments(text ?? "");
  const [document, second] = documents;
  if (text !== undefined && problems.length === 0 && document !== undefined && second === undefined)
    return asRecord(document.value);
  report(
    reading,
    path,
    "",
    "kustomization-unreadable",
    "is not one readable YAML document",
    "See what the checks files and yaml say of it.",
  );
  return undefined;
}

type Place = Pick<Kustomization, "path" | "directory">;

function follow(reading: Reading, place: Place, reference: KustomizationReference): void {
  const { field, target, isPlugin } = reference;
  if (isInline(field, target)) {
    if (isPlugin) readPlugin(reading, place.path, field, target);
    return;
  }
  const path = posix.join(place.directory, target).replace(/\/$/, "");
  const refusal = refuse(reading, target, path);
  if (refusal !== undefined) report(reading, place.path, field, ...refusal);
  else if (reading.files.has(path)) followFile(reading, place, field, path, isPlugin);
  else readDirectory(reading, path);
}

type Refusal = readonly [rule: string, message: string, hint: string];

/** Why an entry is not followed, and its overlay not built. */
function refuse({ files }: Reading, target: string, path: string): Refusal | undefined {
  if (isRemote(target)) {
    const hint = "Copy it into the repository; then a build needs no network and cannot change by itself.";
    return ["remote-base", `refers to ${target}, which kustomize would fetch from the network`, hint];
  }
  if (path.startsWith("..") || posix.isAbsolute(target)) {
    const message = `refers to ${target}, outside of the stack's directory`;
    return ["outside", message, "Move it into the stack's directory."];
  }
  if (files.has(path) || kustomizationIn(files, path) !== undefined) return undefined;
  const message = `refers to ${target}, where there is no file and no kustomization`;
  return ["missing-file", message, "Mend the path, or restore the file."];
}

function followFile(reading: Reading, place: Place, field: string, path: string, isPlugin: boolean): void {
  const file = reading.files.get(path);
  reading.seen.add(path);
  if (file?.unread?.startsWith("link")) {
    report(
      reading,
      place.path,
      field,
      "outside",
      `refers to ${path}, which is a symbolic link`,
      "Put the file itself there.",
    );
  } else if (isPlugin && file?.text !== undefined) {
    readPlugin(reading, path, field, file.text);
  }
}

/** A generator or transformer may name paths of its own: none of them may be remote. */
function readPlugin(reading: Reading, path: string, field: string, text: string): void {
  const { documents, problems } = readDocuments(text);
  if (problems.length > 0)
    report(
      reading,
      path,
      field,
      "kustomization-unreadable",
      "is not readable YAML",
      "See what the check yaml says of it.",
    );
  for (const { value } of documents) {
    const isHelm = String(asRecord(value).kind).startsWith("HelmChart");
    const remote = pluginPaths(value).find(isRemote);
    if (!isHelm && remote === undefined) continue;
    report(
      reading,
      path,
      field,
      "remote-base",
      `would fetch ${remote ?? "a Helm chart"} from the network`,
      "Copy it into the repository.",
    );
  }
}

function report(
  reading: Reading,
  file: string,
  field: string,
  rule: string,
  message: string,
  hint: string,
): void {
  reading.findings.push({
    severity: "error",
    rule,
    file,
    ...(field === "" ? {} : { path: field }),
    message,
    hint,
  });
}
