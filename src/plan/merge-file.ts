// Owns: merging one file's edits with what is rendered now.
// Promises: what comes out parses as the format that it is; otherwise it is a conflict.
// Must not: write conflict markers.

import { parseAllDocuments } from "yaml";
import { mergeText } from "./merge-text.js";

export type FileMerge =
  | { readonly merged: string }
  | {
      readonly conflict: string;
      /** With both sides of what disagrees between git's markers. */
      readonly markers?: string;
      /** With the user's side of what disagrees; undefined where that is not valid. */
      readonly ours?: string;
      readonly theirs?: string;
    };

/** Merges `edited` (on disk) and `rendered` (now), both descendants of `base` (rendered last). */
export function mergeFile(path: string, base: string, edited: string, rendered: string): FileMerge {
  const result = mergeText(base, edited, rendered);
  if ("conflicts" in result)
    return {
      conflict: `${result.conflicts} place${result.conflicts === 1 ? "" : "s"} changed on both sides`,
    };
  const problem = formatProblem(path, result.merged);
  return problem === undefined ? result : { conflict: `the merged file would not be valid: ${problem}` };
}

function formatProblem(path: string, text: string): string | undefined {
  if (/\.ya?ml$/.test(path))
    return parseAllDocuments(text, { uniqueKeys: true })
      .flatMap(({ errors }) => errors)[0]
      ?.message.split("\n", 1)[0];
  if (!path.endsWith(".json")) return undefined;
  try {
    JSON.parse(text.replace(/^\uFEFF/, ""));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
