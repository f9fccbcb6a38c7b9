// Owns: getting from a draft to a whole one: by defaults, by asking, or by saying what is missing.
// Promises: before the first question, what was said already has been checked.
// Must not: write.

import type { ParsedSpec, PlatformSpec } from "../../index.js";
import { StackError } from "../../index.js";
import { type AnswerSource, answerProblem, checkAnswers } from "../answers/check-answers.js";
import { type Draft, dataOf, type FlowContext } from "../answers/draft.js";
import { at } from "../answers/draft-text.js";
import { missingAnswers } from "../answers/missing-answers.js";
import { completeDraft, nextQuestion } from "../answers/next-question.js";
import type { Question } from "../answers/question.js";
import { type Arguments, isOff, isOn, textOf } from "../parse-arguments.js";
import { cancelled } from "../prompts/ask.js";
import { interview } from "../prompts/interview.js";
import { canAsk, print, type Terminal, widthOf, wrap } from "../terminal.js";
import type { Assumed } from "./write-stack.js";

export interface Completion {
  readonly args: Arguments;
  readonly terminal: Terminal;
  readonly context: FlowContext;
  readonly source: AnswerSource;
  readonly platform: ParsedSpec<PlatformSpec> | undefined;
  /** Shows what will be written, and makes the last question of it; undefined where nothing needs confirming. */
  readonly confirm: ((draft: Draft) => Promise<Question>) | undefined;
}

export interface Completed {
  readonly draft: Draft;
  readonly assumed: readonly Assumed[];
  /** A person has seen the proposal and said yes. */
  readonly isConfirmed: boolean;
}

/** @throws StackError (input) for wrong or missing answers, (cancelled) where the person leaves */
export async function completeAnswers(draft: Draft, completion: Completion): Promise<Completed> {
  const { args, context, source, platform, terminal } = completion;
  if (isOn(args, "yes")) return takeDefaults(draft, context);
  const missing = willAsk(args, terminal) ? undefined : missingAnswers(draft, context, args);
  // A draft that is whole is checked as what will be written.
  if (missing === undefined && !willAsk(args, terminal)) return { draft, assumed: [], isConfirmed: false };
  checkAnswers(draft, context, source, platform);
  if (missing !== undefined) throw missing;
  return askPerson(draft, completion);
}

/** @throws StackError (input) where --interactive is impossible */
export function willAsk(args: Arguments, terminal: Terminal): boolean {
  const isPossible = canAsk(terminal) && textOf(args, "answers") !== "-";
  if (isOn(args, "interactive") && !isPossible) {
    throw new StackError("input", "NO_TERMINAL", "--interactive needs a terminal, and there is none here", {
      hint: "Leave it out, and give answers by flags, by --answers or by --yes.",
    });
  }
  return isPossible && !isOff(args, "interactive") && !isOn(args, "yes") && !isOn(args, "json");
}

function takeDefaults(draft: Draft, context: FlowContext): Completed {
  const complete = completeDraft(draft, context).draft;
  const assumed = complete.edits.slice(draft.edits.length).map(({ path }) => path);
  const data = dataOf(complete);
  return { draft: complete, assumed: leavesOf(assumed, data), isConfirmed: false };
}

/** The last word on each assumed place, down to single values. */
function leavesOf(paths: readonly (readonly string[])[], data: unknown): Assumed[] {
  const leaves = new Map<string, unknown>();
  const collect = (path: readonly string[], value: unknown) => {
    if (
      value !== null &&
      typeof value === "object" &&
      !Array.isArray(value) &&
      Object.keys(value).length > 0
    ) {
      for (const [key, item] of Object.entries(value)) collect([...path, key], item);
    } else leaves.set(path.join("."), value);
  };
  for (const path of paths) collect(path, at(data, path));
  return [...leaves].map(([path, value]) => ({ path, value }));
}

async function askPerson(
  draft: Draft,
  { terminal, context, platform, confirm }: Completion,
): Promise<Completed> {
  const hasQuestions = nextQuestion(draft, context) !== undefined;
  if (!hasQuestions && confirm === undefined) return { draft, assumed: [], isConfirmed: false };
  if (hasQuestions) print(terminal, `${wrap(INTRODUCTION, widthOf(terminal))}\n`);
  const problem = (question: Question, value: string) => answerProblem(question, value, context, platform);
  const answered = await interview(draft, {
    terminal,
    context,
    problem,
    ...(confirm === undefined ? {} : { confirm }),
  });
  if (answered === undefined) throw cancelled();
  return { draft: answered, assumed: [], isConfirmed: confirm !== undefined };
}

const INTRODUCTION = "Enter takes what stands in brackets. Nothing is written before you have seen it.";
