// Owns: `create-prod-stack upgrade`: the repository as this version renders it, with everything that people edited.
// Promises: refuses before it writes: no downgrade, nothing uncommitted is touched, no data is lost without being named.
// Must not: render, plan or merge; the core does.

import type { Impact } from "../../impact/index.js";
import {
  applyPlan,
  type ConflictChoice,
  type Customization,
  didYouMean,
  type Migrated,
  rewriteSpec,
  StackError,
  VERSION,
  type WritePlan,
} from "../../index.js";
import { type Arguments, isOff, isOn, listOf, textOf } from "../parse-arguments.js";
import { refuseUncommitted } from "../place/refuse-uncommitted.js";
import { registerUnmerged } from "../place/unmerged-index.js";
import { diffLines } from "../reporters/diff-report.js";
import { impactLines } from "../reporters/impact-report.js";
import { planJson } from "../reporters/json-report.js";
import { conflictsOf, countLine, planLines } from "../reporters/plan-report.js";
import { count } from "../reporters/tree-report.js";
import { note, paint, print, type Terminal } from "../terminal.js";
import type { Outcome } from "../verb.js";
import { changedFiles, impactOn, refuseLoss } from "./cluster-impact.js";
import { type GeneratedStack, readGeneratedStack } from "./generated-stack.js";
import { readPlatform } from "./stack-files.js";
import { isNothingToDo, type Proposal, propose } from "./write-stack.js";

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const stack = readGeneratedStack(args, terminal);
  return upgradeStack(stack, args, terminal);
}

/** What another door changes. */
export interface Handed {
  /** The spec is not the one on disk. */
  readonly isEdited: boolean;
  readonly customization: Customization | undefined;
}

/** Shows, writes and reports an upgrade, as the flags say. */
export async function upgradeStack(
  stack: GeneratedStack,
  args: Arguments,
  terminal: Terminal,
  handed: Handed = { isEdited: false, customization: undefined },
): Promise<Outcome> {
  const isDry = isOn(args, "dry-run");
  const rewritten = rewriteSpec(stack.spec.text);
  const proposal = proposalOf(stack, rewritten, args, terminal, handed);
  refuseUnknownPaths(listOf(args, "restore"), proposal.plan);
  if (!isDry && !isOff(args, "git"))
    await refuseUncommitted(changedPaths(proposal), proposal.location, terminal);
  const impact = await impactOn(proposal, terminal);
  const isIdle = isNothingToDo(proposal);
  if (!isOn(args, "json")) show(stack, proposal, impact, { rewritten, isIdle, isDry, terminal });
  if (!isDry) refuseLoss(impact, listOf(args, "allow-replace"));
  const { plan } = proposal;
  const isStopped = textOf(args, "conflict") === "fail" && conflictsOf(plan).length > 0;
  const isWritten = !isDry && !isIdle && !isStopped;
  if (isWritten) await write(proposal, args, terminal);
  if (isOn(args, "json"))
    print(
      terminal,
      planJson({
        directory: stack.directory,
        dryRun: isDry,
        written: isWritten,
        plan,
        from: stack.state.generator,
        impact,
        spec: rewritten,
      }),
    );
  else reportEnd(plan, terminal, { isDry, isWritten, isStopped });
  return conflictsOf(plan).length > 0 ? "conflicts" : "done";
}

type Rewritten = ReturnType<typeof rewriteSpec>;

/** The stack is what the user's own text says, so that what is wrong with it is said of that text. */
function proposalOf(
  { directory, spec }: GeneratedStack,
  rewritten: Rewritten,
  args: Arguments,
  terminal: Terminal,
  { isEdited, customization }: Handed,
): Proposal {
  const choice = textOf(args, "conflict") ?? "markers";
  const written = { ...spec, written: rewritten?.text };
  return propose(directory, written, readPlatform(args, directory, terminal), {
    customization,
    force: false,
    replaceSpec: rewritten === undefined ? isEdited : `rewritten as ${rewritten.to}`,
    willWrite: !isOn(args, "dry-run"),
    conflicts: choice === "fail" ? "leave" : (choice as ConflictChoice),
    restore: listOf(args, "restore"),
  });
}

function changedPaths({ plan }: Proposal): string[] {
  return changedFiles(plan).map(({ path }) => path);
}

function refuseUnknownPaths(restore: readonly string[], plan: WritePlan): void {
  const paths = plan.files.map(({ path }) => path);
  const unknown = restore.find((path) => !paths.includes(path));
  if (unknown === undefined) return;
  const nearest = didYouMean(unknown, paths);
  throw new StackError(
    "input",
    "RESTORE",
    `--restore: no file of the stack is called ${unknown}${nearest === undefined ? "" : `; ${nearest}`}`,
  );
}

interface Showing {
  readonly rewritten: Rewritten;
  readonly isIdle: boolean;
  readonly isDry: boolean;
  readonly terminal: Terminal;
}

function show(
  { state }: GeneratedStack,
  { plan }: Proposal,
  impact: Impact,
  { rewritten, isIdle, isDry, terminal }: Showing,
): void {
  if (isIdle) {
    print(terminal, `Nothing to do: all ${plan.files.length} files are as ${VERSION} renders them.`);
    return;
  }
  if (state.generator !== VERSION) print(terminal, `From ${state.generator} to ${VERSION}:`);
  if (rewritten !== undefined) for (const line of rewritingLines(rewritten)) print(terminal, line);
  for (const line of [...planLines(plan, terminal), countLine(plan)]) print(terminal, line);
  for (const line of impactLines(impact, terminal)) print(terminal, line);
  if (isDry) for (const line of diffLines(plan, terminal)) print(terminal, line);
}

function rewritingLines({ from, to, steps }: Migrated): string[] {
  return [
    `prod-stack.yaml is rewritten, from ${from} to ${to}; your comments and order stay:`,
    ...steps.map((step) => `  - ${step}`),
  ];
}

async function write({ plan, location }: Proposal, args: Arguments, terminal: Terminal): Promise<void> {
  applyPlan(plan, location);
  if (isOff(args, "git")) return;
  const problem = await registerUnmerged(location.root, conflictsOf(plan), terminal);
  if (problem !== undefined)
    note(terminal, `git does not know of the conflicts (${problem}): look for <<<<<<< in the files.`);
}

interface End {
  readonly isDry: boolean;
  readonly isWritten: boolean;
  readonly isStopped: boolean;
}

function reportEnd(plan: WritePlan, terminal: Terminal, { isDry, isWritten, isStopped }: End): void {
  const conflicts = conflictsOf(plan);
  if (isStopped)
    print(
      terminal,
      paint(terminal, "yellow", `${count(conflicts.length, "conflict")}: nothing was written, as you asked.`),
    );
  else if (conflicts.length > 0)
    for (const line of [
      paint(terminal, "yellow", `${count(conflicts.length, "conflict")} to resolve:`),
      ...conflicts.map(
        ({ path, reason, contents }) =>
          `  ${path}: ${reason}${contents === undefined ? "; left as it is" : ""}`,
      ),
      ...(conflicts.some(({ contents }) => contents !== undefined)
        ? ["Resolve what stands between <<<<<<< and >>>>>>> (git mergetool opens it), then git add."]
        : []),
    ])
      print(terminal, line);
  if (isDry) note(terminal, "Dry run: nothing was written.");
  else if (isWritten) print(terminal, "Done. Look at it with git diff, then commit.");
}
