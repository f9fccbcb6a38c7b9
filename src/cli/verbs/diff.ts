// Owns: `create-prod-stack diff`: what is edited, and what generating again would change, line by line.
// Promises: unified diffs; the exit code of `check`.
// Must not: write.

import { type Arguments, isOn } from "../parse-arguments.js";
import { diffLines, unifiedDiff } from "../reporters/diff-report.js";
import { toJson } from "../reporters/json-report.js";
import { paint, print, type Terminal } from "../terminal.js";
import type { Outcome } from "../verb.js";
import { checkRepository, outcomeOf, type RepositoryCheck } from "./repository-check.js";

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  return report(checkRepository(args, terminal), args, terminal);
}

export function report(check: RepositoryCheck, args: Arguments, terminal: Terminal): Outcome {
  const plain: Terminal = { ...terminal, env: { ...terminal.env, NO_COLOR: "1" } };
  if (isOn(args, "json"))
    print(
      terminal,
      toJson({ edited: editLines(check, plain).join("\n"), pending: pendingLines(check, plain).join("\n") }),
    );
  else {
    section("What you have edited since it was generated:", editLines(check, terminal), terminal);
    section("What create-prod-stack would change:", pendingLines(check, terminal), terminal);
  }
  return outcomeOf(check, args);
}

function section(title: string, lines: readonly string[], terminal: Terminal): void {
  if (lines.length === 0) return;
  print(terminal, paint(terminal, "bold", `# ${title}`));
  for (const line of lines) print(terminal, line);
}

function editLines({ edits }: RepositoryCheck, terminal: Terminal): string[] {
  return edits.flatMap(({ path, before, after }) => unifiedDiff(path, before, after, terminal));
}

function pendingLines({ pending }: RepositoryCheck, terminal: Terminal): string[] {
  return diffLines({ files: pending }, terminal);
}
