// Owns: answers on their way to a prod-stack.yaml: the user's file, the edits of it, and what is half said.
// Promises: plain values; an answer makes a new draft, so that going back is taking the old one.
// Must not: ask, read or write.

import { editDraft, type SpecDraft, type SpecEdit } from "../../index.js";

/** A service, datastore or environment that is being described and may lack its name. */
export interface Pending {
  readonly kind: "services" | "datastores" | "environments";
  readonly name?: string;
  readonly fields: SpecDraft;
}

export interface Draft {
  /** What the user's file says. */
  readonly base: SpecDraft;
  readonly edits: readonly SpecEdit[];
  readonly pending?: Pending | undefined;
  /** Questions that have been answered without leaving a trace in the data, such as "another service?". */
  readonly decided: readonly string[];
}

/** What the flow of questions needs to know beside the draft. */
export interface FlowContext {
  /** Name that the directory suggests. */
  readonly name: string;
  /** Whether what has a default is asked too. */
  readonly optional: boolean;
  /** Ask about this service, datastore or environment only. */
  readonly only?: { readonly kind: Pending["kind"]; readonly name: string };
}

export function dataOf({ base, edits }: Draft): SpecDraft {
  return editDraft(base, edits);
}

export function withAnswer(draft: Draft, path: readonly string[], value: unknown): Draft {
  return { ...draft, edits: [...draft.edits, { path, value }] };
}

export function withDecision(draft: Draft, id: string): Draft {
  return { ...draft, decided: [...draft.decided, id] };
}

export function isDecided({ decided }: Draft, id: string): boolean {
  return decided.includes(id);
}

/** With more known of what is being described; once it has name and kind of its own, it stands in the data. */
export function describePending(draft: Draft, pending: Pending, isWhole: boolean): Draft {
  if (!isWhole || pending.name === undefined) return { ...draft, pending };
  const { [pending.kind]: existing } = dataOf(draft);
  const old = (existing as SpecDraft | undefined)?.[pending.name];
  return {
    ...withAnswer(draft, [pending.kind, pending.name], { ...(old as object | undefined), ...pending.fields }),
    pending: undefined,
  };
}

/** Entries of one of the maps of named things. */
export function entriesOf(
  draft: Draft,
  kind: "services" | "datastores" | "environments" | "externals",
): [string, SpecDraft][] {
  const map = dataOf(draft)[kind];
  if (map === null || typeof map !== "object" || Array.isArray(map)) return [];
  return Object.entries(map).map(([name, value]) => [
    name,
    (typeof value === "object" ? (value ?? {}) : {}) as SpecDraft,
  ]);
}

export function wordOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** A DNS label near to `text`; names of directories become names of stacks. */
export function labelOf(text: string): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+/, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return label === "" ? "my-stack" : label;
}
