// Owns: what a plan changes in each file, as a unified diff.
// Promises: the form that git apply and every review tool read.
// Must not: print.

import { createTwoFilesPatch } from "diff";
import type { PlannedFile, WritePlan } from "../../index.js";
import { paint, type Style, type Terminal } from "../terminal.js";

export function diffLines(plan: Pick<WritePlan, "files">, terminal: Terminal): string[] {
  return plan.files.flatMap((file) => patchOf(file, terminal));
}

function patchOf({ path, action, old, contents }: PlannedFile, terminal: Terminal): string[] {
  if (action === "keep" || (contents === undefined && action !== "delete")) return [];
  return unifiedDiff(path, old, action === "delete" ? undefined : contents, terminal);
}

/** @param before, after undefined where there is no such file */
export function unifiedDiff(
  path: string,
  before: string | undefined,
  after: string | undefined,
  terminal: Terminal,
): string[] {
  if (before === after) return [];
  const from = before === undefined ? "/dev/null" : `a/${path}`;
  const to = after === undefined ? "/dev/null" : `b/${path}`;
  const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", "", "", { context: 3 });
  return patch
    .split("\n")
    .slice(1, -1)
    .map((line) => colored(line.replace(/^(---|\+\+\+) (.*?)\t$/, "$1 $2"), terminal));
}

function colored(line: string, terminal: Terminal): string {
  const style: Style | undefined = /^(---|\+\+\+)/.test(line)
    ? "bold"
    : line.startsWith("@@")
      ? "cyan"
      : line.startsWith("+")
        ? "green"
        : line.startsWith("-")
          ? "red"
          : undefined;
  return style === undefined ? line : paint(terminal, style, line);
}
