// Owns: text of a spec → plan → disk, for every verb that writes a stack.
// Promises: the plan is shown before anything is written; a dry run writes nothing; nothing to do is said.
// Must not: ask.

import { basename } from "node:path";
import {
  applyPlan,
  type ConflictChoice,
  type Customization,
  type FileTree,
  type Input,
  type Location,
  locate,
  planRepository,
  type Rendered,
  readState,
  recoverRepository,
  renderStack,
  type WritePlan,
} from "../../index.js";
import { type Arguments, isOff, isOn, listOf } from "../parse-arguments.js";
import { type GitOutcome, startGit } from "../place/git-repository.js";
import { impactLines } from "../reporters/impact-report.js";
import { planJson } from "../reporters/json-report.js";
import { conflictLines, conflictsOf, countLine, planLines } from "../reporters/plan-report.js";
import { nextLines, stackLines } from "../reporters/summary-report.js";
import { treeLines } from "../reporters/tree-report.js";
import { note, paint, print, type Terminal } from "../terminal.js";
import type { Outcome } from "../verb.js";
import { impactOn, refuseLoss } from "./cluster-impact.js";
import { shortPath, type TextFile } from "./stack-files.js";

export interface Assumed {
  readonly path: string;
  readonly value: unknown;
}

/** What would be written, and where. */
export interface Proposal {
  readonly directory: string;
  readonly rendered: Rendered;
  readonly location: Location;
  readonly plan: WritePlan;
  /** Nothing has been generated here before. */
  readonly isFirst: boolean;
}

export interface ProposalOptions {
  readonly force: boolean;
  /** Write prod-stack.yaml although there is one, and why where the user has not asked. */
  readonly replaceSpec: boolean | string;
  /** The next step is to write: what an interrupted run has left is finished or discarded before the plan. */
  readonly willWrite: boolean;
  /** What becomes of edits that disagree; `leave` by default. */
  readonly conflicts?: ConflictChoice;
  readonly restore?: readonly string[];
  readonly customization?: Customization | undefined;
}

/** @throws StackError (input) with every problem of the spec */
export function propose(
  directory: string,
  spec: Input["spec"],
  platform: TextFile | undefined,
  options: ProposalOptions,
): Proposal {
  const rendered = renderStack({ spec, platform });
  const location = locate(directory, rendered.stack);
  if (options.willWrite) recoverRepository(location);
  const isFirst = readState(location) === undefined;
  return { directory, rendered, location, plan: planRepository(rendered, location, options), isFirst };
}

export function isNothingToDo({ plan, location }: Proposal): boolean {
  if (plan.files.some(({ action }) => action !== "keep")) return false;
  const state = readState(location);
  const isRecorded = plan.records.every(({ path, hash, mode }) => {
    const [known, ...others] = state?.files.get(path) ?? [];
    return others.length === 0 && known?.hash === hash && known.mode === mode;
  });
  return isRecorded && state?.generator === plan.generator && state.files.size === plan.records.length;
}

/** What a person sees before the first byte is written. */
export function proposalLines(proposal: Proposal, terminal: Terminal): string[] {
  const { rendered, plan, directory, isFirst } = proposal;
  if (!isFirst) return [...planLines(plan, terminal), countLine(plan)];
  const created = plan.files
    .filter(({ action }) => action === "create" || action === "update")
    .map(({ path }) => path);
  const others = plan.files.filter(({ action }) => action === "keep" || action === "conflict");
  return [
    ...stackLines(rendered.stack),
    "",
    ...treeLines(rootName(proposal.location, directory, terminal), created),
    ...planLines({ ...plan, files: others }, terminal),
  ];
}

function rootName({ root, path }: Location, directory: string, terminal: Terminal): string {
  const shown = path === "." ? directory : root;
  return shown === terminal.cwd ? basename(shown) : shortPath(shown, terminal);
}

/** Shows, writes and reports, as the flags say. */
export async function carryOut(
  proposal: Proposal,
  args: Arguments,
  terminal: Terminal,
  assumed: readonly Assumed[],
  isShown = false,
): Promise<Outcome> {
  const isJson = isOn(args, "json");
  const dryRun = isOn(args, "dry-run");
  const isIdle = isNothingToDo(proposal);
  const impact = await impactOn(proposal, terminal);
  if (!isJson && !isShown) showProposal(proposal, terminal, isIdle, dryRun);
  if (!isJson) for (const line of impactLines(impact, terminal)) print(terminal, line);
  if (!dryRun) refuseLoss(impact, listOf(args, "allow-replace"));
  const isWritten = !dryRun && !isIdle;
  const git = isWritten ? await writeFiles(proposal, args, terminal) : undefined;
  const { plan, directory } = proposal;
  if (isJson)
    print(
      terminal,
      planJson({ directory, dryRun, written: isWritten, plan, assumed, git: git?.state, impact }),
    );
  else reportEnd(proposal, terminal, { git, isWritten, dryRun });
  return conflictsOf(plan).length > 0 ? "conflicts" : "done";
}

function showProposal(proposal: Proposal, terminal: Terminal, isIdle: boolean, dryRun: boolean): void {
  if (isIdle) print(terminal, `Nothing to do: all ${proposal.plan.files.length} files are up to date.`);
  else for (const line of proposalLines(proposal, terminal)) print(terminal, line);
  if (dryRun && proposal.isFirst)
    for (const line of ["", ...planLines(proposal.plan, terminal), countLine(proposal.plan)])
      print(terminal, line);
}

async function writeFiles(
  { plan, location, directory, isFirst }: Proposal,
  args: Arguments,
  terminal: Terminal,
): Promise<GitOutcome | undefined> {
  applyPlan(plan, location);
  if (!isFirst || isOff(args, "git") || args.verb.name !== "") return undefined;
  const written = plan.files.filter(({ contents }) => contents !== undefined).map(({ path }) => path);
  return startGit(directory, written, terminal);
}

interface End {
  readonly git: GitOutcome | undefined;
  readonly isWritten: boolean;
  readonly dryRun: boolean;
}

function reportEnd(
  { plan, rendered, directory, isFirst }: Proposal,
  terminal: Terminal,
  { git, isWritten, dryRun }: End,
): void {
  for (const line of conflictLines(plan, terminal)) print(terminal, line);
  if (dryRun) note(terminal, "Dry run: nothing was written.");
  if (!isWritten) return;
  if (!isFirst) {
    print(terminal, "Done. Look at it with git diff, then commit.");
    return;
  }
  const { stack, tree }: { stack: Rendered["stack"]; tree: FileTree } = rendered;
  print(terminal, "");
  print(
    terminal,
    paint(
      terminal,
      "green",
      `Wrote ${plan.files.filter(({ contents }) => contents !== undefined).length} files.`,
    ),
  );
  if (git !== undefined) print(terminal, git.message);
  print(terminal, "");
  for (const line of nextLines({ stack, tree, directory: shortPath(directory, terminal), git }))
    print(terminal, line);
}
