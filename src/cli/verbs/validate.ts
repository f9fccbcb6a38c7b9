// Owns: `create-prod-stack validate [dir]`: the report of src/validate, for people or scripts.
// Promises: a failed check is exit code 4; a missing tool is the user's to mend; Ctrl-C stops the tools that run.
// Must not: check; the core does.

import { resolve } from "node:path";
import { formatValidation, type Progress, validateRepository } from "../../validate/index.js";
import { cancellable } from "../cancellation.js";
import { type Arguments, isOn, textOf } from "../parse-arguments.js";
import { findStackDirectory } from "../place/work-tree.js";
import { type Say, withProgress } from "../progress.js";
import { toJson } from "../reporters/json-report.js";
import { hasColor, print, type Terminal, widthOf } from "../terminal.js";
import type { Outcome } from "../verb.js";

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const [given] = args.positionals;
  const directory =
    given === undefined ? (findStackDirectory(terminal.cwd) ?? terminal.cwd) : resolve(terminal.cwd, given);
  const kubernetes = textOf(args, "kubernetes");
  const environment = textOf(args, "environment");
  const work = (say: Say) =>
    cancellable((signal) =>
      validateRepository({
        directory,
        searchPath: terminal.env.PATH ?? "",
        today: new Date().toISOString().slice(0, 10),
        ...(kubernetes === undefined ? {} : { kubernetes }),
        ...(environment === undefined ? {} : { environments: [environment] }),
        signal,
        onProgress: counting(say),
      }),
    );
  const report = await withProgress(terminal, `Checking ${environment ?? "every environment"}`, work);
  if (isOn(args, "json")) print(terminal, toJson(report));
  else
    terminal.stdout.write(
      formatValidation(report, { width: widthOf(terminal), color: hasColor(terminal.stdout, terminal.env) }),
    );
  return report.status === "passed" ? "done" : "invalid";
}

/** `12 of 33: prod schemas` */
function counting(say: Say): (progress: Progress) => void {
  let done = 0;
  return ({ environment, check, total }) => {
    done += 1;
    say(`${done} of ${total}: ${environment} ${check}`);
  };
}
