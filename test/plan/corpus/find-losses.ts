// Owns: what a clean merge has lost or made up.
// Promises: counts what each version says, without regard to order, names or the way it was merged.
// Must not: use anything of the merge.

import { isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import type { EditPair } from "./edit-pairs.js";

/** Statements that should stand in the result and do not, or the reverse; `invalid` where it does not parse. */
export function findLosses({ format, base, ours, theirs }: EditPair, merged: string): string[] {
  try {
    const [before, mine, other, result] = [base, ours, theirs, merged].map((text) =>
      statements(format, text),
    );
    const all = new Set([before, mine, other, result].flatMap((one) => [...(one?.keys() ?? [])]));
    return [...all].flatMap((statement) => {
      const [b = 0, o = 0, t = 0, m = 0] = [before, mine, other, result].map(
        (one) => one?.get(statement) ?? 0,
      );
      // Where both changed in one direction, it may have been the same change.
      const expected = [o + t - b, o === b ? t : t === b ? o : o > b ? Math.max(o, t) : Math.min(o, t)];
      const isRight = m >= Math.min(...expected) && m <= Math.max(...expected);
      return isRight ? [] : [`${statement}: ${m} instead of ${expected[0]}`];
    });
  } catch (error) {
    return [`invalid: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/** Why a text does not parse. */
export function problemsIn(format: EditPair["format"], text: string): string[] {
  try {
    statements(format, text);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

type Count = Map<string, number>;

function statements(format: EditPair["format"], text: string): Count {
  const count: Count = new Map();
  const add = (statement: string) => count.set(statement, (count.get(statement) ?? 0) + 1);
  if (format === "text") for (const line of text.split(/\r?\n/)) add(line.trimEnd());
  if (format === "json") walkJson(JSON.parse(text), "", add);
  if (format !== "yaml") return count;
  for (const document of parseAllDocuments(text, { uniqueKeys: true })) {
    if (document.errors[0]) throw document.errors[0];
    walkYaml(document.contents, "", add);
  }
  for (const line of text.split(/\r?\n/)) {
    const comment = /(?:^|\s)(#.*)$/.exec(line)?.[1];
    if (comment !== undefined) add(comment);
  }
  return count;
}

function walkYaml(node: unknown, path: string, add: (statement: string) => void): void {
  if (isMap(node))
    for (const { key, value } of node.items)
      walkYaml(value, `${path}.${isScalar(key) ? String(key.value) : "?"}`, add);
  else if (isSeq(node)) for (const item of node.items) walkYaml(item, `${path}[]`, add);
  else for (const line of isScalar(node) ? String(node.value).split("\n") : [""]) add(`${path} = ${line}`);
}

function walkJson(value: unknown, path: string, add: (statement: string) => void): void {
  if (Array.isArray(value)) for (const item of value) walkJson(item, `${path}[]`, add);
  else if (value !== null && typeof value === "object")
    for (const [key, inner] of Object.entries(value)) walkJson(inner, `${path}.${key}`, add);
  else add(`${path} = ${JSON.stringify(value)}`);
}
