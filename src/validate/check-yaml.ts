// Owns: the syntax of every YAML file, as Kubernetes reads it.
// Promises: duplicate keys, tabs, byte order marks and scalars that change their type are found before kustomize hides
//           them; files that Kubernetes never reads are held to syntax alone.
// Must not: judge fields; the schemas do.

import { readDocuments, type YamlReading } from "./read-yaml.js";
import { MAX_FILE_BYTES, type StackFile } from "./stack-files.js";
import { type CheckOutcome, type Finding, outcomeOf, type Severity } from "./validation-report.js";
import { findAmbiguousScalars } from "./yaml-versions.js";

/** The generator's own files, which its parser reads as YAML 1.2. */
const SPEC_FILES = /(?:^|\/)(?:prod-stack|platform)\.ya?ml$/;
/** Files of CI systems, hooks and editors: `on:` is a key of every GitHub workflow. */
const HIDDEN = /(?:^|\/)\.[^/]/;

export function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path) || /(?:^|\/)Kustomization$/.test(path);
}

/** Whether kustomize or kubectl ever sees a file. */
function isForKubernetes(path: string): boolean {
  return !SPEC_FILES.test(path) && !HIDDEN.test(path);
}

export function checkYaml(files: readonly StackFile[]): CheckOutcome {
  const checked = files.filter(({ path }) => isYaml(path)).map(checkFile);
  const documents = checked.reduce((sum, { count }) => sum + count, 0);
  return outcomeOf(
    documents,
    "documents",
    checked.flatMap(({ findings }) => findings),
  );
}

interface Checked {
  readonly count: number;
  readonly findings: readonly Finding[];
}

function checkFile({ path, text, unread }: StackFile): Checked {
  if (text === undefined) return { count: 0, findings: unread === "too-large" ? [tooLarge(path)] : [] };
  const reading = readDocuments(text);
  const findings = [
    ...reading.problems.map(({ line, message }) =>
      finding("error", "yaml-syntax", path, line, message, SYNTAX_HINT),
    ),
    ...findByteOrderMark(path, text),
    ...(isForKubernetes(path) ? findAmbiguities(path, reading) : []),
  ];
  return { count: reading.documents.length, findings };
}

const SYNTAX_HINT = "Mend the line; nothing that reads this file agrees on what it means.";

function tooLarge(path: string): Finding {
  const message = `is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`;
  return {
    severity: "error",
    rule: "yaml-size",
    file: path,
    message,
    hint: "Split it; the API server refuses objects over 1.5 MiB.",
  };
}

function findByteOrderMark(path: string, text: string): Finding[] {
  if (!text.startsWith("\ufeff")) return [];
  const hint = "Save the file as UTF-8 without one.";
  return [
    finding(
      "error",
      "byte-order-mark",
      path,
      1,
      "starts with a byte order mark, which joins the first key",
      hint,
    ),
  ];
}

function findAmbiguities(path: string, { documents, lineOf }: YamlReading): Finding[] {
  return documents.flatMap((document) =>
    findAmbiguousScalars(document).map(({ severity, offset, message, hint }) =>
      finding(severity, "yaml-version", path, lineOf(offset), message, hint),
    ),
  );
}

function finding(
  severity: Severity,
  rule: string,
  path: string,
  line: number,
  message: string,
  hint: string,
): Finding {
  return { severity, rule, file: `${path}:${line}`, message, hint };
}
