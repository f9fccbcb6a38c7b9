// Owns: docs/checklist.md: how this stack stands to each row of the production checklist, and by which files.
// Promises: derived from what the stack has and its capabilities have yielded.
// Must not: claim a row for a capability that was not asked for it.

import type { Stack } from "../stack/stack.js";
import { type Contributions, file, type Index } from "./capability.js";
import { type RowStatus, rowStatuses } from "./checklist/row-status.js";

/** Files shown for a row; the directory says the rest. */
const SHOWN = 3;

function linkTo(path: string, up: string): string {
  return `[${path}](${up}${path})`;
}

/** From docs/ to the directory of the stack, or to the root of its repository. */
function upTo(stack: Stack, root: "stack" | "repository"): string {
  if (root === "stack" || stack.source.path === ".") return "../";
  return `../${"../".repeat(stack.source.path.split("/").length)}`;
}

function statusText({ state, places }: RowStatus): string {
  return places.length === 0 ? state : `${state} in ${places.join(", ")}`;
}

function evidenceText(stack: Stack, { by, files, note }: RowStatus): string {
  const links = files.slice(0, SHOWN).map(({ path, root }) => linkTo(path, upTo(stack, root)));
  const rest = files.length > SHOWN ? `, and ${files.length - SHOWN} more` : "";
  const met = files.length === 0 ? [] : [`${by.join(", ")}: ${links.join(", ")}${rest}`];
  return [...met, ...(note === "" ? [] : [note])].join("; ");
}

function rowsOf(stack: Stack, { yields }: Contributions) {
  return rowStatuses(stack, yields).map((row) => ({
    id: row.id,
    title: row.title,
    status: statusText(row),
    evidence: evidenceText(stack, row),
  }));
}

export const checklistPage: Index = {
  id: "checklist",
  title: "Checklist",
  summary: "How this stack stands to each row of the production checklist, with the files that meet it.",
  rows: ["OPS-04"],
  withoutIt: undefined,
  files: (stack: Stack, others) => [
    file(
      "docs/checklist.md",
      "documentation/checklist.md",
      { name: stack.name, rows: rowsOf(stack, others) },
      {
        what: "The production checklist, with this repository's files.",
        why: "Shows what is met and by what, what an answer would turn on, and what is left to people and platform.",
        change: "prod-stack.yaml",
      },
    ),
  ],
};
