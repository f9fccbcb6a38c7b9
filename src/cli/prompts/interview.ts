// Owns: going through the open questions with a person, back and forth.
// Promises: every answer has passed the core's own checks before the next question comes.
// Must not: write.

import type { Draft, FlowContext } from "../answers/draft.js";
import { nextQuestion } from "../answers/next-question.js";
import type { AnswerValue, Question } from "../answers/question.js";
import type { Terminal } from "../terminal.js";
import { type AskOptions, ask, BACK } from "./ask.js";

export interface Interview {
  readonly terminal: Terminal;
  readonly context: FlowContext;
  readonly problem: (question: Question, value: string) => string | undefined;
  /** The last question: whether to go on. */
  readonly confirm?: (draft: Draft) => Promise<Question>;
  /** Stands in for the terminal in tests. */
  readonly ask?: (
    question: Question,
    terminal: Terminal,
    options: AskOptions,
  ) => Promise<AnswerValue | typeof BACK>;
}

/**
 * Asks everything that is open, then for confirmation; going back from there leads to the last question.
 * A question that is asked again offers what was answered before.
 * @returns the answered draft, or undefined where the person said no
 * @throws StackError (cancelled)
 */
export async function interview(
  start: Draft,
  { terminal, context, problem, confirm, ask: askOne = ask }: Interview,
): Promise<Draft | undefined> {
  const past: Answered[] = [];
  let undone: Answered | undefined;
  let draft = start;
  for (;;) {
    const open = nextQuestion(draft, context);
    const question = open ?? (await confirm?.(draft));
    if (question === undefined) return draft;
    const answer = await askOne(
      { ...question, initial: undone?.id === question.id ? undone.answer : question.initial },
      terminal,
      {
        canGoBack: past.length > 0,
        problem: (value) => problem(question, value),
      },
    );
    undone = answer === BACK ? past.pop() : undefined;
    if (answer === BACK) draft = undone?.draft ?? start;
    else if (open === undefined) return answer === "yes" ? draft : undefined;
    else {
      past.push({ draft, id: question.id, answer });
      draft = question.accept(answer);
    }
  }
}

/** A question that has been answered, with the draft before it. */
interface Answered {
  readonly draft: Draft;
  readonly id: string;
  readonly answer: AnswerValue;
}

/** The question before anything is written. */
export function confirmQuestion(draft: Draft, message: string): Question {
  return {
    id: "confirm",
    message,
    hint: "",
    flag: "yes",
    choices: [
      { value: "yes", label: "yes, write them" },
      { value: "no", label: "no, leave everything as it is" },
    ],
    initial: "yes",
    required: true,
    accept: () => draft,
  };
}
