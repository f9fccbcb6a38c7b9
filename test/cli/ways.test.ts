// Owns: that the ways of the terminal's tests leave no question out: a new one without a step is red here.

import { expect, it } from "vitest";
import { type Draft, entriesOf, type FlowContext } from "../../src/cli/answers/draft.js";
import { nextQuestion } from "../../src/cli/answers/next-question.js";
import type { AnswerValue, Question } from "../../src/cli/answers/question.js";
import { WAYS } from "./ways.js";

const EMPTY: Draft = { base: {}, edits: [], decided: [] };
const KINDS = ["services", "datastores", "environments"] as const;

/** Where a run may begin: with nothing, with a file that says little, with something to add. */
const STARTS: readonly [Draft, FlowContext][] = [
  [EMPTY, { name: "shop", optional: true }],
  [
    { ...EMPTY, base: { services: { api: {} }, datastores: { cache: {} } } },
    { name: "shop", optional: false },
  ],
  ...KINDS.map((kind): [Draft, FlowContext] => [
    {
      ...EMPTY,
      base: {
        services: { shop: { ports: { http: 1 } } },
        [kind]: { new: {}, shop: { type: "worker", ports: { http: 1 } } },
      },
    },
    { name: "new", optional: true, only: { kind, name: "new" } },
  ]),
];

/** A question without the name of what it is about. */
function wordsOf(text: string, names: readonly string[]): string {
  return names.length === 0 ? text : text.replace(new RegExp(`\\b(?:${names.join("|")})\\b`), "NAME");
}

function namesOf(draft: Draft): string[] {
  return KINDS.flatMap((kind) => entriesOf(draft, kind).map(([name]) => name)).filter((name) => name !== "");
}

/** Goes on with every choice once a question and a way to it. */
function explore(start: Draft, context: FlowContext): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const waiting = [start];
  for (let draft = waiting.pop(); draft !== undefined; draft = waiting.pop()) {
    const question = nextQuestion(draft, context);
    if (question === undefined) continue;
    found.add(wordsOf(question.message, namesOf(draft)));
    for (const answer of answersOf(question)) {
      const step = `${question.id} ${answer}`;
      if (!seen.has(step)) waiting.push(question.accept(answer));
      seen.add(step);
    }
  }
  return [...found];
}

function answersOf({ choices = [], several, initial }: Question): AnswerValue[] {
  if (choices.length === 0) return [initial];
  return several ? [[], choices.map(({ value }) => value)] : choices.map(({ value }) => value);
}

it("come to every question that can be asked", () => {
  const names = ["shop", "frontend", "redis", "dev", "staging", "prod", "api", "cache"];
  const steps = WAYS.flatMap((way) =>
    way.steps.map(({ question }) => wordsOf(question.replace(/ \(.*/, ""), names)),
  );
  const questions = STARTS.flatMap(([draft, context]) => explore(draft, context));
  expect(new Set(questions).size).toBeGreaterThan(20);
  expect([...new Set(questions)].filter((question) => !steps.includes(question))).toEqual([]);
});
