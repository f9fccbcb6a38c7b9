// Owns: `create-prod-stack validate [dir]`: the report of src/validate, for people or scripts.
// Promises: a failed check is exit code 4; that nothing can be built, for lack of a tool, is the user's to mend.
// Must not: check; the core does.

import { resolve } from "node:path";
import { formatValidation, validateRepository } from "../../validate/index.js";
import type { Outcome } from "../command-table.js";
import { type Arguments, isOn, textOf } from "../parse-arguments.js";
import { findStackDirectory } from "../place/work-tree.js";
import { toJson } from "../reporters/json-report.js";
import { hasColor, print, type Terminal, widthOf, withProgress } from "../terminal.js";

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const [given] = args.positionals;
  const directory =
    given === undefined ? (findStackDirectory(terminal.cwd) ?? terminal.cwd) : resolve(terminal.cwd, given);
  const kubernetes = textOf(args, "kubernetes");
  const environment = textOf(args, "environment");
  const work = validateRepository({
    directory,
    searchPath: terminal.env.PATH ?? "",
    ...(kubernetes === undefined ? {} : { kubernetes }),
    ...(environment === undefined ? {} : { environments: [environment] }),
  });
  const report = await withProgress(terminal, "Building and checking every environment", work);
  if (isOn(args, "json")) print(terminal, toJson(report));
  else
    terminal.stdout.write(
      formatValidation(report, { width: widthOf(terminal), color: hasColor(terminal.stdout, terminal.env) }),
    );
  return report.status === "passed" ? "done" : "invalid";
}
