// Owns: the order of the questions, and going through them with somebody who answers.
// Promises: pure; a draft leads to its next question, whoever answers.
// Must not: ask a person; prompts/interview does.

import { nextDatastoreQuestion } from "./datastore-questions.js";
import { type Draft, dataOf, type FlowContext, withAnswer, wordOf } from "./draft.js";
import { nextEnvironmentQuestion } from "./environment-questions.js";
import { oneOf, type Question, wordsOf } from "./question.js";
import { nextServiceQuestion, nextUsesQuestion } from "./service-questions.js";

const ALL = [
  nextServiceQuestion,
  nextDatastoreQuestion,
  nextUsesQuestion,
  nextEnvironmentQuestion,
  nextRepositoryQuestion,
];
const BY_KIND = {
  services: [nextServiceQuestion, nextUsesQuestion],
  datastores: [nextDatastoreQuestion],
  environments: [nextEnvironmentQuestion],
} as const;

/** The first open question of a draft; undefined where nothing is left to ask. */
export function nextQuestion(draft: Draft, context: FlowContext): Question | undefined {
  const sections = context.only === undefined ? ALL : BY_KIND[context.only.kind];
  for (const section of sections) {
    const question = section(draft, context);
    if (question !== undefined) return question;
  }
  return undefined;
}

function nextRepositoryQuestion(draft: Draft, context: FlowContext): Question | undefined {
  const { name, owner, source } = dataOf(draft);
  if (name === undefined) return textQuestion(draft, ["name"], context.name, true);
  if (owner === undefined && context.optional)
    return textQuestion(draft, ["owner"], `${wordOf(name)}-team`, false);
  const { url } = (source ?? {}) as { url?: unknown };
  if (url === undefined)
    return textQuestion(
      draft,
      ["source", "url"],
      `https://github.com/example-org/${wordOf(name)}-deploy`,
      true,
    );
  return undefined;
}

function textQuestion(draft: Draft, path: readonly string[], initial: string, required: boolean): Question {
  return {
    ...wordsOf(path.join(".")),
    id: path.join("."),
    initial,
    required,
    place: () => path,
    accept: (value) => withAnswer(draft, path, oneOf(value)),
  };
}

/** The draft with every open question answered by its default, and those questions. */
export function completeDraft(
  draft: Draft,
  context: FlowContext,
): { draft: Draft; questions: readonly Question[] } {
  const questions: Question[] = [];
  let current = draft;
  for (
    let question = nextQuestion(current, context);
    question !== undefined;
    question = nextQuestion(current, context)
  ) {
    questions.push(question);
    current = question.accept(question.initial);
  }
  return { draft: current, questions };
}
