// Owns: how a stack stands to each row of the checklist.
// Promises: a row is met only where what it asks for is there, with the files that say so; else how to have it, or why it is not for this stack.
// Must not: judge by capabilities alone: one that is on answers only what it was asked.

import type { Stack } from "../../stack/stack.js";
import type { FileSpec, Yield } from "../capability.js";
import { CHECKLIST, type ChecklistRow } from "../checklist.js";
import type { RowEvidence, Seen } from "./evidence-terms.js";
import { ROW_EVIDENCE } from "./row-evidence.js";

/**
 * met: what the row asks for is there. page: a page says how; people and the platform do it.
 * not asked for: an answer turns it on. switched off: the user did so. not for this stack: it is about what it has not.
 * not generated: this version makes nothing of it.
 */
export type RowState =
  | "met"
  | "page"
  | "not asked for"
  | "switched off"
  | "not for this stack"
  | "not generated";

export interface RowStatus extends Pick<ChecklistRow, "id" | "title"> {
  readonly state: RowState;
  /** Environments in which it is met, where not in all. */
  readonly places: readonly string[];
  /** Capabilities that meet it. */
  readonly by: readonly string[];
  readonly files: readonly FileSpec[];
  /** How to have it, why not, or what is left open. */
  readonly note: string;
}

/** Rows about examples of this project, which no stack has. */
const EXAMPLES = /^SYS-/;
const PAGES = /^docs\/platform\//;

export function rowStatuses(stack: Stack, yields: readonly Yield[]): RowStatus[] {
  return CHECKLIST.filter(({ id }) => !EXAMPLES.test(id)).map((row) => statusOf(stack, row, yields));
}

function statusOf(stack: Stack, { id, title }: ChecklistRow, yields: readonly Yield[]): RowStatus {
  const claiming = yields.filter(({ capability }) => capability.rows.includes(id));
  const active = claiming.filter(({ capability }) => !stack.disabled.includes(capability.id));
  const evidence = ROW_EVIDENCE[id] ?? {};
  const without = (state: RowState, note: string): RowStatus => ({
    ...{ id, title, state, note, places: [], by: [], files: [] },
  });
  if (claiming.length === 0) return without("not generated", "this version makes nothing of it");
  const foreign = evidence.foreign?.(stack);
  if (foreign !== undefined) return without("not for this stack", foreign);
  const [off] = claiming;
  if (active.length === 0) return without("switched off", `capabilities.${off?.capability.id} is false`);
  const known = new Map<Seen, boolean>();
  // A row of a large stack asks the same of the same view for each of its files.
  const has = (view: Seen) => {
    const answer = known.get(view) ?? hasIt(evidence, view);
    known.set(view, answer);
    return answer;
  };
  const places = stack.environments.filter(has);
  const meeting = active
    .map(({ capability, files }) => ({
      title: capability.title,
      files: files.filter((file) => isInStack(file) && meets(stack, evidence, file, has)),
    }))
    .filter(({ files }) => files.length > 0);
  const files = meeting.flatMap((one) => one.files);
  if (places.length === 0 || files.length === 0) return without("not asked for", evidence.ask ?? "");
  const state = files.every(({ path }) => PAGES.test(path)) ? "page" : "met";
  const names = [...new Set(places.map(({ name }) => name))];
  const isEverywhere = places.length === stack.environments.length;
  return {
    ...{ id, title, state, files, by: meeting.map((one) => one.title) },
    places: isEverywhere ? [] : names,
    note: openParts(evidence, places),
  };
}

function isInStack({ root, path }: FileSpec): boolean {
  return root === "repository" || !path.startsWith(".");
}

function hasIt(evidence: RowEvidence, view: Seen): boolean {
  const { datastore } = evidence;
  const asksServices = evidence.service !== undefined || evidence.parts !== undefined;
  return (
    (evidence.view?.(view) ?? true) &&
    (!asksServices || view.services.some((service) => serviceHasIt(evidence, service, view))) &&
    (datastore === undefined || view.datastores.some(datastore))
  );
}

function serviceHasIt(
  { service, parts }: RowEvidence,
  ...[one, view]: Parameters<NonNullable<RowEvidence["service"]>>
): boolean {
  const ofParts = Object.values(parts ?? {}).some((has) => has(one, view));
  return service === undefined ? parts === undefined || ofParts : service(one, view);
}

function meets(stack: Stack, evidence: RowEvidence, file: FileSpec, has: (view: Seen) => boolean): boolean {
  if (evidence.templates !== undefined && !evidence.templates.test(file.template)) return false;
  if (file.template === "kustomize/delete.patch.yaml") return false;
  const views = viewsOf(stack, evidence, file.path);
  return views.some((view) => has(view) && namesNobodyElse(evidence, view, file.path));
}

/** Directories of places, after which the environment's name stands. */
const PLACE = /^(?:overlays|clusters|bootstrap|monitoring)\/([^/]+)\//;

/** Whose file it is: that of an environment, of the base, or of all. */
function viewsOf(stack: Stack, { datastore }: RowEvidence, path: string): readonly Seen[] {
  // What only some environments have of a datastore, such as its backup, stands in the base, and the others delete it.
  if (path.startsWith("base/") && datastore === undefined) return [stack.base];
  const name = PLACE.exec(path)?.[1];
  const places = stack.environments.filter((place) => place.name === name);
  return places.length > 0 ? places : stack.environments;
}

/** A file that has the name of a service or datastore is about that one alone. */
function namesNobodyElse(evidence: RowEvidence, view: Seen, path: string): boolean {
  const asksServices = (evidence.service ?? evidence.parts) !== undefined;
  if (!asksServices && evidence.datastore === undefined) return true;
  const named = namesIn(path);
  const service = firstOf(view.services, named);
  if (service !== undefined && asksServices) return serviceHasIt(evidence, service, view);
  if (evidence.datastore === undefined) return true;
  const datastore = firstOf(view.datastores, named);
  return datastore === undefined ? service === undefined : evidence.datastore(datastore);
}

/** What a path may be about: each of its parts, whole and up to each dot. */
function namesIn(path: string): string[] {
  return path.split("/").flatMap((segment) => {
    const words = segment.split(".");
    return words.map((_, index) => words.slice(0, index + 1).join("."));
  });
}

const indexes = new WeakMap<readonly object[], Map<string, number>>();

/** The first of a list that has one of the names. */
function firstOf<Named extends { readonly name: string }>(
  list: readonly Named[],
  names: readonly string[],
): Named | undefined {
  const byName = indexes.get(list) ?? new Map(list.map(({ name }, index) => [name, index]));
  indexes.set(list, byName);
  const found = names.map((name) => byName.get(name)).filter((index) => index !== undefined);
  return found.length === 0 ? undefined : list[Math.min(...found)];
}

/** Parts of the row that nobody asked for. */
function openParts({ parts }: RowEvidence, places: readonly Seen[]): string {
  const open = Object.entries(parts ?? {})
    .filter(([, has]) => !places.some((view) => view.services.some((service) => has(service, view))))
    .map(([name]) => name);
  return open.length === 0 ? "" : `not asked for: ${open.join(", ")}`;
}
