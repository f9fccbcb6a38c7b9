// Owns: the outcome of a run as JSON, for scripts.
// Promises: stable keys; no contents of files.
// Must not: print.

import type { Impact } from "../../impact/index.js";
import { countActions, type Migrated, type StackError, type WritePlan } from "../../index.js";

export interface JsonOutcome {
  readonly directory: string;
  readonly dryRun: boolean;
  readonly written: boolean;
  readonly plan: WritePlan;
  readonly assumed?: readonly { readonly path: string; readonly value: unknown }[];
  readonly git?: string | undefined;
  /** Version that wrote the repository last. */
  readonly from?: string;
  readonly impact?: Impact;
  /** How prod-stack.yaml was rewritten for a new version of its schema. */
  readonly spec?: Migrated | undefined;
}

export function planJson({ directory, dryRun, written, plan, ...more }: JsonOutcome): string {
  const { assumed, git, from, impact, spec } = more;
  return toJson({
    directory,
    ...(from === undefined ? {} : { from }),
    generator: plan.generator,
    dryRun,
    written,
    counts: countActions(plan),
    files: plan.files.map(({ path, action, reason, ownership }) => ({ path, action, reason, ownership })),
    conflicts: plan.files.filter(({ action }) => action === "conflict").map(({ path }) => path),
    ...(spec === undefined ? {} : { spec: { from: spec.from, to: spec.to, steps: spec.steps } }),
    ...(impact === undefined ? {} : { cluster: impact.changes, notCompared: impact.gaps }),
    ...(assumed === undefined ? {} : { assumed }),
    ...(git === undefined ? {} : { git }),
  });
}

export function errorJson({ kind, code, message, hint, problems }: StackError): string {
  return toJson({ error: { kind, code, message, ...(hint === undefined ? {} : { hint }), problems } });
}

export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
