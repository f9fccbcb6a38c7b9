// Owns: draft → text of prod-stack.yaml.
// Promises: a new file is in canonical order with what each section is for; a file of the user's keeps its comments and order.
// Must not: validate.

import { API_VERSION, editSpec, type SpecDraft, type SpecEdit, writeSpec } from "../../index.js";
import { type Draft, dataOf } from "./draft.js";

const NAMED = ["services", "datastores", "environments"];

/** @param baseText the user's file; undefined where there is none */
export function draftText(draft: Draft, baseText: string | undefined): string {
  const data = dataOf(draft);
  if (baseText === undefined) return writeSpec({ apiVersion: API_VERSION, ...data });
  return draft.edits.length === 0 && "apiVersion" in draft.base
    ? baseText
    : editSpec(baseText, finalEdits(draft, data));
}

/** One edit per new service, datastore or environment, with all its fields; the others as they came. */
function finalEdits(draft: Draft, data: SpecDraft): SpecEdit[] {
  const edits = new Map<string, SpecEdit>();
  for (const { path, value } of draft.edits) {
    const [kind = "", name = ""] = path;
    const isNew = NAMED.includes(kind) && name !== "" && at(draft.base, [kind, name]) === undefined;
    const target = isNew ? [kind, name] : path;
    edits.set(JSON.stringify(target), { path: target, value: isNew ? at(data, target) : value });
  }
  return [...edits.values()];
}

export function at(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as SpecDraft | undefined | null)?.[key], data);
}
