// Owns: each row of the checklist, before and after: as the repository stands to it, and as the generated one does.
// Promises: every row that a stack can have, in the checklist's order.
// Must not: render; the statuses of the generated stack are handed in.

import type { RowStatus } from "../../capabilities/checklist/row-status.js";
import type { StackProposal } from "../propose-stack.js";
import { DETECTORS } from "./detectors.js";
import { type Before, invisible, type Seen } from "./seen.js";

export interface ComparedRow {
  readonly id: string;
  readonly title: string;
  readonly before: Before;
  readonly after: {
    readonly state: RowStatus["state"];
    /** Which environments, how, or how to have it. */
    readonly evidence: string;
  };
  /** gained: the generated repository has it where today's had not, or not all of it; lost: the other way round. */
  readonly change: "gained" | "kept" | "lost" | "open";
}

/** @param paths every path of the repository; @param statuses of the proposed stack */
export function compareChecklist(
  proposal: Pick<StackProposal, "scenes" | "reading">,
  paths: readonly string[],
  statuses: readonly RowStatus[],
): readonly ComparedRow[] {
  const seen = seenOf(proposal, paths);
  return statuses.map((status) => {
    const before = (DETECTORS[status.id] ?? invisible)(seen);
    return {
      id: status.id,
      title: status.title,
      before,
      after: { state: status.state, evidence: afterText(status) },
      change: changeOf(before, status),
    };
  });
}

function seenOf(
  { scenes, reading }: Pick<StackProposal, "scenes" | "reading">,
  paths: readonly string[],
): Seen {
  return {
    scenes,
    places: scenes.map(({ place }) => place),
    objects: scenes.flatMap(({ place }) => place.objects),
    workloads: scenes.flatMap(({ services, datastores }) =>
      [...services, ...datastores].map(({ workload }) => workload),
    ),
    datastores: scenes.flatMap(({ datastores }) => datastores),
    reading,
    paths,
  };
}

function afterText({ state, files, places, note }: RowStatus): string {
  if (state === "not asked for") return note === "" ? "" : `by ${note}`;
  const [first] = files;
  const where = places.length === 0 ? "" : `in ${places.join(", ")}`;
  const what =
    first === undefined ? "" : `${first.path}${files.length > 1 ? ` and ${files.length - 1} more` : ""}`;
  return [where, what, note].filter((part) => part !== "").join("; ");
}

function changeOf({ state }: Before, { state: after }: RowStatus): ComparedRow["change"] {
  const isMet = after === "met" || after === "page";
  if (state === "yes") return isMet ? "kept" : after === "not for this stack" ? "open" : "lost";
  return isMet ? "gained" : "open";
}
