// Owns: rules about the characters of text.
// Promises: what no UTF-8 file or Kubernetes object can carry is refused where the user wrote it.
// Must not: restrict text that YAML, JSON and a shell can carry.

import type { Problem } from "../../stack-error.js";
import type { Path, SpecDocument } from "../spec-document.js";

/** NUL ends a C string, so no process gets it; half of a surrogate pair has no UTF-8 form. */
const UNCARRIED = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

export function textProblems(source: SpecDocument): Problem[] {
  return findUncarried(source.toData(), [], source);
}

function findUncarried(value: unknown, path: Path, source: SpecDocument): Problem[] {
  if (typeof value === "string") {
    return UNCARRIED.test(value)
      ? [
          source.problem(path, "holds a character that no process can be given", {
            expected: "text without NUL and without halves of surrogate pairs",
          }),
        ]
      : [];
  }
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => findUncarried(item, [...path, key], source));
}
