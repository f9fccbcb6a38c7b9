// Owns: exceptions to checks: whose they are, whom they are for, and how each tool is told.
// Promises: sorted; the annotations of a component carry every exception that is for it, and no other.
// Must not: know the date: whether one has expired is for `validate`.

import { ADMISSION_IDS } from "./presets/admission-rules.js";
import type { View } from "./stack.js";

export type CheckTool = "admission" | "checkov" | "kube-linter" | "kube-score" | "trivy";

export interface Exception {
  readonly id: string;
  readonly tool: CheckTool | undefined;
  readonly reason: string;
  readonly owner: string;
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

export interface AnnotatedComponents {
  readonly components: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** What the workloads of each component carry, components with the same annotations together. */
export function annotatedComponents(view: View): AnnotatedComponents[] {
  const exceptions = exceptionsOf(view);
  const groups = new Map<string, { components: string[]; annotations: Record<string, string> }>();
  for (const component of [...view.services, ...view.datastores].map(({ name }) => name).sort()) {
    const annotations = annotationsOf(
      exceptions.filter(({ on }) => on.length === 0 || on.includes(component)),
    );
    if (Object.keys(annotations).length === 0) continue;
    const key = JSON.stringify(annotations);
    const group = groups.get(key) ?? { components: [], annotations };
    group.components.push(component);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The annotations that the tools themselves read. */
function annotationsOf(exceptions: readonly Exception[]): Record<string, string> {
  const by = (tool: CheckTool) => exceptions.filter((exception) => exception.tool === tool);
  const told = ({ reason, owner, expires }: Exception) => `${reason} (${owner}, until ${expires})`;
  const scored = by("kube-score").map(({ id }) => id);
  return {
    ...Object.fromEntries(
      by("checkov").map((exception, index) => [
        `checkov.io/skip${index + 1}`,
        `${exception.id}=${told(exception)}`,
      ]),
    ),
    ...Object.fromEntries(
      by("kube-linter").map((exception) => [`ignore-check.kube-linter.io/${exception.id}`, told(exception)]),
    ),
    ...(scored.length === 0 ? {} : { "kube-score/ignore": scored.join(",") }),
  };
}
