// Owns: what is wrong with answers, said in terms of where they came from.
// Promises: the core's own parser judges, so that a prompt, a flag and a file hear the same words.
// Must not: hold rules.

import {
  type ParsedSpec,
  type PlatformSpec,
  type Problem,
  parseSpec,
  type readSpecDraft,
  resolveStack,
  StackError,
  VERSION,
} from "../../index.js";
import { fieldOf, readSetting } from "../answer-table.js";
import { type Arguments, listOf } from "../parse-arguments.js";
import type { Draft, FlowContext } from "./draft.js";
import { draftText } from "./draft-text.js";
import { completeDraft } from "./next-question.js";
import type { Question } from "./question.js";

type Platform = ParsedSpec<PlatformSpec> | undefined;

/** Everything that is wrong with a spec. */
function problemsOf(text: string, platform: Platform): readonly Problem[] {
  try {
    resolveStack(parseSpec(text, "answers"), { platform, generator: VERSION });
    return [];
  } catch (error) {
    if (error instanceof StackError && error.problems.length > 0) return error.problems;
    throw error;
  }
}

/** Why `value` cannot be the answer; undefined where it can. What is not answered yet counts as its default. */
export function answerProblem(
  question: Question,
  value: string,
  context: FlowContext,
  platform: Platform,
): string | undefined {
  const refused = question.refuse?.(value);
  if (refused !== undefined || question.place === undefined) return refused;
  const place = question.place(value).join(".");
  const { draft } = completeDraft(question.accept(value), context);
  const problem = problemsOf(draftText(draft, undefined), platform).find(({ path }) => isBelow(path, place));
  if (problem === undefined) return undefined;
  return [problem.message, problem.expected && `expected ${problem.expected}`, problem.suggestion]
    .filter(Boolean)
    .join("; ");
}

function isBelow(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`);
}

export interface AnswerSource {
  readonly args: Arguments;
  /** The user's file, where there is one. */
  readonly file: ReturnType<typeof readSpecDraft>["source"] | undefined;
}

/** @throws StackError (input, SPEC) when what the user has said so far cannot be part of any stack */
export function checkAnswers(
  draft: Draft,
  context: FlowContext,
  source: AnswerSource,
  platform: Platform,
): void {
  const complete = completeDraft(draft, { ...context, optional: false }).draft;
  const problems = problemsOf(draftText(complete, undefined), platform);
  if (problems.length > 0) throw refusal(problems, source);
}

export function refusal(problems: readonly Problem[], source: AnswerSource): StackError {
  const placed = problems.map((problem) => placeProblem(problem, source));
  const count = placed.length === 1 ? "1 problem" : `${placed.length} problems`;
  return new StackError(
    "input",
    "SPEC",
    source.file === undefined ? `the answers have ${count}` : `${source.file.file} has ${count}`,
    {
      problems: placed,
    },
  );
}

/** A problem where the user can mend it: at a flag, or at a line of the file. */
function placeProblem(problem: Problem, { args, file }: AnswerSource): Problem {
  const flag = flagBehind(problem.path, args);
  if (flag !== undefined) return { ...problem, file: flag, line: 0, column: 0 };
  if (file === undefined) return { ...problem, file: "answers", line: 0, column: 0 };
  return { ...problem, file: file.file, ...file.locate(problem.path.split(".")) };
}

/** The flag by which the value at `path` was given. */
function flagBehind(path: string, args: Arguments): string | undefined {
  const settings = listOf(args, "set").map((text) => readSetting(text).path.join("."));
  if (settings.some((setting) => isBelow(path, setting) || isBelow(setting, path))) return "--set";
  const given = args.verb.answers.filter(
    (field) => args.values.has(fieldOf(field).flag) && matches(path, field),
  );
  const deepest = given.sort((a, b) => b.length - a.length)[0];
  return deepest === undefined ? undefined : `--${fieldOf(deepest).flag}`;
}

/** Whether `path` is at or below `field`, whose `*` stands for any name. */
function matches(path: string, field: string): boolean {
  const parts = path.split(".");
  const isNameOnly = field === "services" && parts.length > 2;
  return !isNameOnly && field.split(".").every((part, index) => part === "*" || part === parts[index]);
}
