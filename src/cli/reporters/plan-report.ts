// Owns: a WritePlan as lines for people.
// Promises: every file that changes, or that needs an explanation, with its reason; the rest as a count.
// Must not: print, or decide.

import { type Action, countActions, type PlannedFile, type WritePlan } from "../../index.js";
import { paint, type Style, type Terminal } from "../terminal.js";
import { count } from "./tree-report.js";

const STYLES: Readonly<Record<Action, Style>> = {
  create: "green",
  update: "cyan",
  merge: "cyan",
  keep: "dim",
  delete: "red",
  conflict: "yellow",
};

/** Keeping what nobody has touched needs no line. */
const SILENT = ["up to date", "yours since it was written", "yours and the releases'", "gone already"];

export function planLines(plan: WritePlan, terminal: Terminal): string[] {
  const shown = plan.files.filter(({ action, reason }) => action !== "keep" || !SILENT.includes(reason));
  const width = Math.max(0, ...shown.map(({ path }) => path.length));
  return shown.map(
    ({ action, path, reason }) =>
      `  ${paint(terminal, STYLES[action], action.padEnd(8))}  ${path.padEnd(width)}  ${paint(terminal, "dim", reason)}`,
  );
}

const WORDS: Readonly<Record<Action, string>> = {
  create: "to create",
  update: "to update",
  merge: "to merge",
  delete: "to delete",
  conflict: "in conflict",
  keep: "unchanged",
};

/** `1 file to update, 2 to merge, 60 unchanged` */
export function countLine(plan: WritePlan): string {
  const counts = countActions(plan);
  const parts = (Object.keys(WORDS) as Action[])
    .filter((action) => counts[action] > 0)
    .map((action) => `${counts[action]} ${WORDS[action]}`);
  return parts.length === 0 ? "no files" : `${count(plan.files.length, "file")}: ${parts.join(", ")}`;
}

export function conflictsOf(plan: WritePlan): PlannedFile[] {
  return plan.files.filter(({ action }) => action === "conflict");
}

export function conflictLines(plan: WritePlan, terminal: Terminal): string[] {
  const conflicts = conflictsOf(plan);
  if (conflicts.length === 0) return [];
  return [
    paint(
      terminal,
      "yellow",
      `${count(conflicts.length, "conflict")} to resolve; these files were left as they are:`,
    ),
    ...conflicts.map(({ path, reason }) => `  ${path}: ${reason}`),
    "Move your change to overlays/ENVIRONMENT/kustomization.yaml, which is yours, or into prod-stack.yaml;",
    "undo it in the file (git diff shows it), and run create-prod-stack again.",
  ];
}
