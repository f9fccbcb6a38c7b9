// Owns: `create-prod-stack synth`: what .projenrc.mjs hands over, through the plan and apply of every other verb.
// Promises: the same refusals, reports and exit codes as the verbs that a person types.
// Must not: know projen; the door does.

import {
  applyPlan,
  type Customization,
  ejectRepository,
  locate,
  planEject,
  readSnapshot,
  readState,
  refuseNewer,
  renderStack,
  StackError,
  VERSION,
} from "../../index.js";
import { type Arguments, isOff, isOn } from "../parse-arguments.js";
import { readStandardInput } from "../place/read-text.js";
import { refuseUncommitted } from "../place/refuse-uncommitted.js";
import { print, type Terminal } from "../terminal.js";
import type { Outcome } from "../verb.js";
import { report as reportCheck } from "./check.js";
import { report as reportDiff } from "./diff.js";
import { readGeneratedStack } from "./generated-stack.js";
import { checkRepository } from "./repository-check.js";
import { readPlatform } from "./stack-files.js";
import { type CodeAnswers, type SpecText, specText } from "./synth-spec.js";
import { upgradeStack } from "./upgrade.js";
import { carryOut, type Proposal, propose } from "./write-stack.js";

/** What the door says on standard input. */
export type Handover =
  | ({ readonly task: "render" } & CodeAnswers)
  | {
      readonly task: "write" | "check" | "diff" | "eject";
      readonly spec: SpecText;
      readonly customization: Customization;
    };

type Change = Extract<Handover, { customization: Customization }>;

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const handover = parseHandover(await readStandardInput(terminal.stdin, Number.POSITIVE_INFINITY));
  switch (handover.task) {
    case "render":
      return render(handover, args, terminal);
    case "write":
      return write(handover, args, terminal);
    case "eject":
      return eject(handover, args, terminal);
    default:
      return check(handover, args, terminal);
  }
}

function parseHandover(text: string): Handover {
  try {
    return JSON.parse(text) as Handover;
  } catch (cause) {
    throw new StackError("input", "USAGE", "synth is for .projenrc.mjs: run npx projen", { cause });
  }
}

/** Prints the rendered files, before anything is changed in them. */
async function render(code: CodeAnswers, args: Arguments, terminal: Terminal): Promise<Outcome> {
  const spec = await specText(code, terminal);
  const { stack, tree } = renderStack({
    spec: { text: spec.text, file: "prod-stack.yaml" },
    platform: readPlatform(args, terminal.cwd, terminal),
  });
  locate(terminal.cwd, stack);
  const files = tree.map(({ path, contents, mode }) => ({ path, contents, mode }));
  print(terminal, JSON.stringify({ spec, name: stack.name, path: stack.source.path, files }));
  return "done";
}

async function check(
  { task, spec, customization }: Change,
  args: Arguments,
  terminal: Terminal,
): Promise<Outcome> {
  const handed = { spec: { text: spec.text, file: "prod-stack.yaml" }, customization };
  const found = checkRepository(args, terminal, handed);
  return task === "check" ? reportCheck(found, args, terminal) : reportDiff(found, args, terminal);
}

async function write(change: Change, args: Arguments, terminal: Terminal): Promise<Outcome> {
  const directory = terminal.cwd;
  const state = readState({ root: directory, path: "." });
  if (state !== undefined) refuseNewer(state);
  if (state === undefined || state.generator === VERSION)
    return carryOut(proposalOf(change, args, terminal), args, terminal, []);
  const { text, isEdited } = change.spec;
  const stack = { directory, spec: { text, file: "prod-stack.yaml" }, state };
  return upgradeStack(stack, args, terminal, { isEdited, customization: change.customization });
}

function proposalOf({ spec, customization }: Change, args: Arguments, terminal: Terminal): Proposal {
  const directory = terminal.cwd;
  const file = { text: spec.text, file: "prod-stack.yaml" };
  return propose(directory, file, readPlatform(args, directory, terminal), {
    force: false,
    willWrite: !isOn(args, "dry-run"),
    replaceSpec: spec.isEdited,
    customization,
  });
}

/** What projen still writes for a project that leaves it, and then the repository without the generator. */
async function eject(change: Change, args: Arguments, terminal: Terminal): Promise<Outcome> {
  const { state } = readGeneratedStack(args, terminal);
  const { plan, location } = proposalOf(change, args, terminal);
  const touched = [...plan.files.map(({ path }) => path), ...state.files.keys()];
  if (!isOff(args, "git")) await refuseUncommitted(touched, location, terminal);
  applyPlan(plan, location);
  const last = readState(location) ?? state;
  const files = planEject(last, readSnapshot(location, [], last));
  ejectRepository(files, location);
  for (const { path, action } of files) print(terminal, `  ${action.padEnd(9)} ${path}`);
  print(
    terminal,
    "The generator's state and words are gone; .projenrc.mjs.bak and package.json are yours to delete.",
  );
  return "done";
}
