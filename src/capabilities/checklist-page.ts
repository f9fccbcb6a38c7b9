// Owns: docs/checklist.md: which rows of the production checklist this stack meets, and by which files.
// Promises: derived from what the capabilities have yielded for this very stack.
// Must not: claim a row for a capability that yields nothing here.

import type { Stack } from "../stack/stack.js";
import { type Contributions, type FileSpec, file, type Index } from "./capability.js";
import { CHECKLIST } from "./checklist.js";

/** Files shown for a row; the directory says the rest. */
const SHOWN = 3;

function linkTo(path: string): string {
  return `[${path}](../${path})`;
}

function rowsOf({ yields }: Contributions) {
  return CHECKLIST.flatMap(({ id, title }) => {
    const meeting = yields.filter(
      ({ capability, files }) => capability.rows.includes(id) && files.length > 0,
    );
    if (meeting.length === 0) return [];
    const paths = meeting.flatMap(({ files }) => files.filter(isInStack).map(({ path }) => path));
    const rest = paths.length > SHOWN ? `, and ${paths.length - SHOWN} more` : "";
    return [
      {
        id,
        title,
        by: meeting.map(({ capability }) => capability.title).join(", "),
        files: `${paths.slice(0, SHOWN).map(linkTo).join(", ")}${rest}`,
      },
    ];
  });
}

function isInStack({ root, path }: FileSpec): boolean {
  return root === "stack" && !path.startsWith(".");
}

export const checklistPage: Index = {
  id: "checklist",
  title: "Checklist",
  summary: "The rows of the production checklist that this stack meets, with the files that do.",
  rows: ["OPS-04"],
  withoutIt: undefined,
  files: (stack: Stack, others) => [
    file(
      "docs/checklist.md",
      "documentation/checklist.md",
      { name: stack.name, rows: rowsOf(others) },
      {
        what: "The production checklist, with this repository's files.",
        why: "Shows what is met, and by what.",
        change: "prod-stack.yaml",
      },
    ),
  ],
};
