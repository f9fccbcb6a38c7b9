// Owns: rules about the characters of text.
// Promises: what no UTF-8 file or Kubernetes object can carry is refused where the user wrote it.
// Must not: restrict text that YAML, JSON and a shell can carry.

import type { Problem } from "../../stack-error.js";
import type { Path, SpecDocument } from "../spec-document.js";

/**
 * NUL ends a C string, so no process gets it; half of a surrogate pair has no UTF-8 form; Kustomize writes U+007F to
 * U+009F, U+FFFE and U+FFFF bare and then refuses to read them; line separators mean one thing in YAML 1.1, another in 1.2.
 */
const UNCARRIED =
  /[\0\u007f-\u009f\u2028\u2029\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

export function textProblems(source: SpecDocument): Problem[] {
  return findUncarried(source.toData(), [], source);
}

function findUncarried(value: unknown, path: Path, source: SpecDocument): Problem[] {
  if (typeof value === "string") {
    const fault = faultOf(value);
    return fault === undefined ? [] : [source.problem(path, fault.message, { expected: fault.expected })];
  }
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => findUncarried(item, [...path, key], source));
}

function faultOf(text: string): { message: string; expected: string } | undefined {
  if (UNCARRIED.test(text))
    return {
      message: "holds a character that manifests cannot carry",
      expected: "text without NUL, U+007F to U+009F, line separators and halves of surrogate pairs",
    };
  // Kustomize writes such a text as a block whose indentation it then cannot tell (go-yaml).
  if (text.startsWith("\t") && text.includes("\n"))
    return {
      message: "has several lines and begins with a tab",
      expected: "a first line that begins otherwise",
    };
  return undefined;
}
