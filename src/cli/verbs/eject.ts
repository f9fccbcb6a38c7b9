// Owns: `create-prod-stack eject`: the repository without the generator.
// Promises: only state and words go; every place builds what it built before.
// Must not: touch what was never generated.

import { ejectRepository, locate, planEject, readSnapshot, renderStack } from "../../index.js";
import { type Arguments, isOff, isOn } from "../parse-arguments.js";
import { refuseUncommitted } from "../place/refuse-uncommitted.js";
import { toJson } from "../reporters/json-report.js";
import { count } from "../reporters/tree-report.js";
import { note, print, type Terminal } from "../terminal.js";
import type { Outcome } from "../verb.js";
import { readGeneratedStack } from "./generated-stack.js";
import { readPlatform } from "./stack-files.js";

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const { directory, spec, state } = readGeneratedStack(args, terminal);
  const { stack } = renderStack({ spec, platform: readPlatform(args, directory, terminal) });
  const location = locate(directory, stack);
  const files = planEject(state, readSnapshot(location, [], state));
  const paths = files.map(({ path }) => path);
  const isDry = isOn(args, "dry-run");
  if (!isDry && !isOff(args, "git")) await refuseUncommitted(paths, location, terminal);
  if (!isDry) ejectRepository(files, location);
  if (isOn(args, "json")) print(terminal, toJson({ directory, written: !isDry, files: paths }));
  else {
    for (const { path, action } of files) print(terminal, `  ${action.padEnd(9)} ${path}`);
    print(
      terminal,
      `${count(paths.length, "file")} without words of the generator, .prod-stack/ ${isDry ? "to be removed" : "removed"}.`,
    );
    if (isDry) note(terminal, "Dry run: nothing was written.");
    else
      print(
        terminal,
        "What is left is yours: edit the manifests themselves. prod-stack.yaml says how they came to be, and nothing reads it any more.",
      );
  }
  return "done";
}
