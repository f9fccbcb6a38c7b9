// Owns: `create-prod-stack [dir]`: answers → repository, the first time and every time after.
// Promises: refuses before it asks, asks before it writes, writes what it has shown.
// Must not: render or plan; the core does.

import { basename, resolve } from "node:path";
import { formatValue, readSpecDraft, StackError } from "../../index.js";
import { refusal } from "../answers/check-answers.js";
import { type Draft, dataOf, type FlowContext, labelOf, withAnswer } from "../answers/draft.js";
import { at, draftText } from "../answers/draft-text.js";
import { draftFromFlags } from "../answers/from-flags.js";
import type { Question } from "../answers/question.js";
import { type Arguments, isOn, textOf } from "../parse-arguments.js";
import { readStandardInput, readTextFile } from "../place/read-text.js";
import { inspectDirectory, refuseOccupied, type TargetDirectory } from "../place/target-directory.js";
import { pathInWorkTree } from "../place/work-tree.js";
import { confirmQuestion } from "../prompts/interview.js";
import { errorLines } from "../reporters/error-report.js";
import { paint, print, type Terminal } from "../terminal.js";
import type { Outcome } from "../verb.js";
import { completeAnswers } from "./complete-answers.js";
import { noteOlderSpec, refuseNewerSpec } from "./spec-version.js";
import { parsedPlatform, readPlatform, shortPath, type TextFile } from "./stack-files.js";
import { type Assumed, carryOut, type Proposal, proposalLines, propose } from "./write-stack.js";

/** What one run of the verb is about. */
interface Run {
  readonly args: Arguments;
  readonly terminal: Terminal;
  readonly target: TargetDirectory;
  /** The user's answers: --answers, or the prod-stack.yaml that is there. */
  readonly base: TextFile | undefined;
  readonly source: ReturnType<typeof readSpecDraft>["source"] | undefined;
  readonly platform: TextFile | undefined;
}

export async function run(args: Arguments, terminal: Terminal): Promise<Outcome> {
  const target = inspectDirectory(resolve(terminal.cwd, args.positionals[0] ?? "."));
  const isBlocked = target.inTheWay.length > 0 && !isOn(args, "force");
  if (isBlocked && !isOn(args, "dry-run")) refuseOccupied(target);
  const base = (await readAnswers(args, terminal)) ?? specOf(target, terminal);
  const draftFile = base === undefined ? undefined : readSpecDraft(base.text, base.file);
  const thisRun: Run = {
    args,
    terminal,
    target,
    base,
    source: draftFile?.source,
    platform: readPlatform(args, target.path, terminal),
  };
  const start = placed(draftFromFlags(args, draftFile?.data ?? {}), target);
  const outcome = await complete(start, thisRun);
  if (isBlocked) refuseOccupied(target);
  return outcome;
}

async function complete(start: Draft, thisRun: Run): Promise<Outcome> {
  const { args, terminal, target, base, source, platform } = thisRun;
  const context: FlowContext = { name: labelOf(basename(target.path)), optional: base === undefined };
  const needsConfirmation = !target.isGenerated && !isOn(args, "dry-run");
  const { draft, assumed, isConfirmed } = await completeAnswers(start, {
    args,
    terminal,
    context,
    source: { args, file: source },
    platform: parsedPlatform(platform),
    confirm: needsConfirmation ? (answered) => confirm(answered, thisRun) : undefined,
  });
  if (!isOn(args, "json")) for (const line of assumedLines(assumed, terminal)) print(terminal, line);
  const willWrite = !isOn(args, "dry-run");
  return carryOut(proposalOf(draft, thisRun, willWrite), args, terminal, assumed, isConfirmed);
}

async function readAnswers(args: Arguments, terminal: Terminal): Promise<TextFile | undefined> {
  const file = textOf(args, "answers");
  if (file === undefined) return undefined;
  if (file === "-") return { text: await readStandardInput(terminal.stdin), file: "standard input" };
  return { text: readTextFile(resolve(terminal.cwd, file)), file };
}

function specOf({ spec, path }: TargetDirectory, terminal: Terminal): TextFile | undefined {
  if (spec === undefined) return undefined;
  const file = { text: spec, file: shortPath(resolve(path, "prod-stack.yaml"), terminal) };
  refuseNewerSpec(file, path);
  noteOlderSpec(file, terminal);
  return file;
}

/** A stack below the root of a repository says where it lives, since Argo CD has to know. */
export function placed(draft: Draft, { path, isGenerated }: TargetDirectory): Draft {
  const below = pathInWorkTree(path);
  const isSaid = at(dataOf(draft), ["source", "path"]) !== undefined;
  return below === undefined || isSaid || isGenerated ? draft : withAnswer(draft, ["source", "path"], below);
}

/** @throws StackError (input) whose problems stand at the flag or line that gave the value */
function proposalOf(
  draft: Draft,
  { args, target, base, source, platform }: Run,
  willWrite = false,
): Proposal {
  const text = draftText(draft, base?.text);
  const replaceSpec = target.spec !== undefined && text !== target.spec;
  try {
    return propose(target.path, { text, file: base?.file ?? "answers" }, platform, {
      force: isOn(args, "force"),
      replaceSpec,
      willWrite,
    });
  } catch (error) {
    const isOfSpec = error instanceof StackError && error.problems.length > 0 && error.code !== "PLATFORM";
    throw isOfSpec && draft.edits.length > 0 ? refusal(error.problems, { args, file: source }) : error;
  }
}

async function confirm(draft: Draft, thisRun: Run): Promise<Question> {
  const { terminal } = thisRun;
  try {
    const proposal = proposalOf(draft, thisRun);
    print(terminal, "");
    for (const line of proposalLines(proposal, terminal)) print(terminal, line);
    print(terminal, "");
    return confirmQuestion(draft, "Write these files?");
  } catch (error) {
    if (!(error instanceof StackError) || error.kind !== "input") throw error;
    for (const line of errorLines(error, terminal, false)) print(terminal, line);
    return {
      ...confirmQuestion(draft, "These answers do not fit together."),
      choices: [{ value: "no", label: "leave", hint: "or go back and change them" }],
      initial: "no",
    };
  }
}

export function assumedLines(assumed: readonly Assumed[], terminal: Terminal): string[] {
  if (assumed.length === 0) return [];
  const width = Math.max(...assumed.map(({ path }) => path.length));
  const rows = assumed.map(
    ({ path, value }) => `  ${path.padEnd(width)}  ${paint(terminal, "cyan", formatValue(value))}`,
  );
  return ["Assumed, since nothing else was said:", ...rows, ""];
}
