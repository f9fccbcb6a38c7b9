// Owns: exceptions to checks: whose they are, whom they are for, and how each tool is told.
// Promises: sorted; the annotations of a component carry every exception that is for it, and no other.
// Must not: know the date: whether one has expired is for `validate`.

import { backupName } from "./backup-name.js";
import { decidedExceptions } from "./decided-exceptions.js";
import { ADMISSION_IDS } from "./presets/admission-rules.js";
import type { View } from "./stack.js";

export type CheckTool = "admission" | "checkov" | "kube-linter" | "kube-score" | "trivy";

export interface Exception {
  readonly id: string;
  readonly tool: CheckTool | undefined;
  readonly reason: string;
  readonly owner: string;
  /** Last day; empty for what the generator decided. */
  readonly expires: string;
  /** Names of components; empty for all. */
  readonly on: readonly string[];
}

/** By the form of the id, where that says it. */
export function toolOf(id: string): CheckTool | undefined {
  if (ADMISSION_IDS.includes(id)) return "admission";
  if (/^CKV2?_/.test(id)) return "checkov";
  return /^(AVD-)?KSV-?[0-9]+$/.test(id) ? "trivy" : undefined;
}

export function exceptionsOf({ settings }: Pick<View, "settings">): Exception[] {
  return Object.entries(settings.exceptions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { tool, reason, owner, expires, on }]) => ({
      id,
      tool: tool ?? toolOf(id),
      reason: reason ?? "",
      owner: owner ?? "",
      expires: expires ?? "",
      on: [...(on ?? [])].sort(),
    }));
}

/** The user's, and the generator's own decisions but where the user has said something else of the same check. */
export function allExceptionsOf(view: View): Exception[] {
  const given = exceptionsOf(view);
  const isGiven = (id: string, name: string) =>
    given.some((exception) => exception.id === id && isFor(exception, name));
  const decided = decidedExceptions(view)
    .map((exception) => ({ ...exception, on: exception.on.filter((name) => !isGiven(exception.id, name)) }))
    .filter(({ on }) => on.length > 0);
  return [...given, ...decided];
}

/** What is for all is for backups too, and what is for a datastore is for its backup. */
function isFor({ on }: Exception, component: string): boolean {
  return on.length === 0 || on.includes(component) || on.some((name) => backupName(name) === component);
}

export interface AnnotatedComponents {
  readonly components: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** What the workloads of each component carry, components with the same annotations together. */
export function annotatedComponents(view: View): AnnotatedComponents[] {
  const exceptions = allExceptionsOf(view);
  const groups = new Map<string, { components: string[]; annotations: Record<string, string> }>();
  for (const component of componentNames(view)) {
    const annotations = annotationsOf(exceptions.filter((exception) => isFor(exception, component)));
    if (Object.keys(annotations).length === 0) continue;
    const key = JSON.stringify(annotations);
    const group = groups.get(key) ?? { components: [], annotations };
    group.components.push(component);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function componentNames({ services, datastores }: View): string[] {
  const backups = datastores.filter(({ backup }) => backup !== undefined).map(({ name }) => backupName(name));
  return [...[...services, ...datastores].map(({ name }) => name), ...backups].sort();
}

function told({ reason, owner, expires }: Exception): string {
  return expires === "" ? reason : `${reason} (${owner}, until ${expires})`;
}

/** kube-score takes ids alone, so the reasons stand in an annotation beside. */
export const SCORE_REASONS = "create-prod-stack/kube-score";

/** The annotations that the tools themselves read. */
function annotationsOf(exceptions: readonly Exception[]): Record<string, string> {
  const by = (tool: CheckTool) => exceptions.filter((exception) => exception.tool === tool);
  const scored = by("kube-score");
  return {
    ...Object.fromEntries(
      by("checkov").map((exception, index) => [
        `checkov.io/skip${index + 1}`,
        // Checkov takes an annotation with a second equals sign for a fault of its own, and ends.
        `${exception.id}=${told(exception).replaceAll("=", ":")}`,
      ]),
    ),
    ...Object.fromEntries(
      by("kube-linter").map((exception) => [`ignore-check.kube-linter.io/${exception.id}`, told(exception)]),
    ),
    ...(scored.length === 0
      ? {}
      : {
          "kube-score/ignore": scored.map(({ id }) => id).join(","),
          [SCORE_REASONS]: scored.map((exception) => `${exception.id}: ${told(exception)}`).join("; "),
        }),
  };
}
