// Owns: what a proposal does to the cluster, for every verb that writes into a generated repository.
// Promises: an object that holds data is deleted, renamed or replaced only if the user named it.
// Must not: compare objects; src/impact does.

import type { Impact, ObjectChange } from "../../impact/index.js";
import { LOST, lostData, StackError, type WritePlan } from "../../index.js";
import { cancellable } from "../cancellation.js";
import { withProgress } from "../progress.js";
import { count } from "../reporters/tree-report.js";
import type { Terminal } from "../terminal.js";
import type { Proposal } from "./write-stack.js";

export function changedFiles({ files }: WritePlan): WritePlan["files"] {
  return files.filter(({ action, contents }) => contents !== undefined || action === "delete");
}

export async function impactOn(
  { plan, location, directory, isFirst }: Proposal,
  terminal: Terminal,
): Promise<Impact> {
  if (isFirst || changedFiles(plan).length === 0) return { changes: [], gaps: [] };
  // Loaded when it is needed: it brings what validation builds with.
  const { impactOf } = await import("../../impact/index.js");
  const work = () =>
    cancellable((signal) =>
      impactOf({ directory, location, plan, searchPath: terminal.env.PATH ?? "", signal }),
    );
  return withProgress(terminal, "Comparing what the clusters will get", work);
}

/**
 * @param allowed `Kind/name` of the objects that may go
 * @throws StackError (input, DATA_LOSS)
 */
export function refuseLoss(impact: Impact, allowed: readonly string[]): void {
  const lost = lostData(impact, allowed);
  if (lost.length === 0) return;
  const ids = [...new Set(lost.map(({ id }) => id))];
  const flags = ids.map((id) => `--allow-replace ${id}`).join(" ");
  throw new StackError(
    "input",
    "DATA_LOSS",
    `${count(ids.length, "object")} with data would be ${howLost(lost)}: ${ids.join(", ")}`,
    { hint: `Nothing was written. ${wayOf(lost)} and give ${flags}` },
  );
}

function howLost(lost: readonly ObjectChange[]): string {
  return [...new Set(lost.map(({ effect }) => LOST[effect as keyof typeof LOST]))].join(" or ");
}

/** A volume can grow under its data; everything else needs a copy of it. */
function wayOf(lost: readonly ObjectChange[]): string {
  const isGrowth = lost.every(
    ({ reason }) => /volumeClaimTemplates\S*\.storage cannot/.test(reason) && !reason.includes(", "),
  );
  return isGrowth
    ? 'Grow the volumes first, as docs/runbook/README.md says under "Grow a volume",'
    : "If that is meant, take a backup";
}
