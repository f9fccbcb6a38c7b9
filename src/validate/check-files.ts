// Owns: what holds for every text file: it can be read, and no merge has been left half done.
// Promises: looks only at what was read.
// Must not: know formats.

import type { StackFile, UnreadReason } from "./stack-files.js";
import { type CheckOutcome, type Finding, outcomeOf } from "./validation-report.js";

/** Git's marks around a conflict, and the third one of `merge.conflictStyle=diff3`; they stand in the first column. */
const CONFLICT_START = /^(?:<{7}|>{7}|\|{7})(?: |$)/;

const UNREAD: Readonly<Record<UnreadReason, readonly [message: string, hint: string] | undefined>> = {
  binary: undefined,
  "link-inside": undefined,
  // Large files matter where a check needs their content: check-yaml reports them.
  "too-large": undefined,
  "not-utf8": ["is not UTF-8 text", "Save it as UTF-8."],
  unreadable: ["cannot be read", "Look at its permissions."],
  "link-outside": [
    "is a symbolic link that leads out of the stack's directory, or nowhere",
    "Put the file itself here; Argo CD refuses repositories with such links.",
  ],
};

/** @param more findings about files that need more than the files to be made */
export function checkFiles(files: readonly StackFile[], more: readonly Finding[] = []): CheckOutcome {
  return outcomeOf(files.length, "files", [...files.flatMap(checkFile), ...more]);
}

function checkFile({ path, text, unread }: StackFile): Finding[] {
  if (text !== undefined) return findConflictMarker(path, text);
  const problem = unread && UNREAD[unread];
  if (problem === undefined) return [];
  const [message, hint] = problem;
  return [{ severity: "error", rule: `file-${unread}`, file: path, message, hint }];
}

/** The first one says it; the rest of the conflict is around it. */
function findConflictMarker(path: string, text: string): Finding[] {
  if (!text.includes("<<<<<<<") && !text.includes(">>>>>>>") && !text.includes("|||||||")) return [];
  const line = text.split(/\r?\n/).findIndex((candidate) => CONFLICT_START.test(candidate));
  if (line < 0) return [];
  return [
    {
      severity: "error",
      rule: "conflict-marker",
      file: `${path}:${line + 1}`,
      message: "holds the marks of a merge conflict",
      hint: "Decide between the two sides and remove the lines with <<<<<<<, ======= and >>>>>>>.",
    },
  ];
}
