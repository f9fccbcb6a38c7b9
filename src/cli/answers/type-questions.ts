// Owns: the questions that only services of one type are asked: when a job runs, which model is served by whom.
// Promises: pure; the first open one, or none.
// Must not: ask what every service is asked; service-questions does.

import type { SpecDraft } from "../../index.js";
import { readSchedule } from "../answer-table.js";
import { type Draft, type FlowContext, withAnswer } from "./draft.js";
import { choicesOf, oneOf, type Question, wordsOf } from "./question.js";

/** What only services of one type are asked. */
export function typeQuestions(
  draft: Draft,
  name: string,
  service: SpecDraft,
  type: string,
  { optional }: FlowContext,
): Question | undefined {
  if (type === "scheduled-job" && service.schedules === undefined) return scheduleQuestion(draft, name);
  if (type !== "model") return undefined;
  if (service.serving === undefined && optional) return servingQuestion(draft, name);
  if (!isServedByKServe(service, type)) return undefined;
  if (service.framework === undefined) return frameworkQuestion(draft, name);
  return service.storage === undefined ? storageQuestion(draft, name) : undefined;
}

/** Every night at two, when little else runs. */
const NIGHTLY = "0 2 * * *";

function scheduleQuestion(draft: Draft, name: string): Question {
  const path = ["services", name, "schedules"];
  return {
    ...wordsOf("services.*.schedules"),
    id: path.join("."),
    hint: 'A cron schedule of five fields, in UTC: minute, hour, day, month, weekday. "0 2 * * *" is every night at two.',
    initial: NIGHTLY,
    required: true,
    place: () => path,
    accept: (value) => withAnswer(draft, path, schedulesOf([readSchedule(oneOf(value))])),
  };
}

export function schedulesOf(schedules: readonly { name: string; cron: string }[]): SpecDraft {
  return Object.fromEntries(schedules.map(({ name, cron }) => [name, { cron }]));
}

const SERVING: Readonly<Record<string, { readonly summary: string }>> = {
  kserve: { summary: "KServe, which the platform runs, with a server for the framework" },
  deployment: { summary: "an image of your own, as any other service" },
};

function servingQuestion(draft: Draft, name: string): Question {
  const path = ["services", name, "serving"];
  return {
    ...wordsOf("services.*.serving"),
    id: path.join("."),
    choices: choicesOf("services.*.serving", SERVING),
    initial: "kserve",
    required: false,
    accept: (value) => withAnswer(draft, path, oneOf(value)),
  };
}

function frameworkQuestion(draft: Draft, name: string): Question {
  const path = ["services", name, "framework"];
  return {
    ...wordsOf("services.*.framework"),
    id: path.join("."),
    choices: choicesOf("services.*.framework", {}),
    initial: "sklearn",
    required: true,
    accept: (value) => withAnswer(draft, path, oneOf(value)),
  };
}

function storageQuestion(draft: Draft, name: string): Question {
  const path = ["services", name, "storage"];
  return {
    ...wordsOf("services.*.storage"),
    id: path.join("."),
    initial: `s3://models/${name}/1`,
    required: true,
    place: () => path,
    accept: (value) => withAnswer(draft, path, oneOf(value)),
  };
}

/** KServe chooses the server of a model, unless the user brings an image. */
export function isServedByKServe({ serving }: SpecDraft, type: string): boolean {
  return type === "model" && serving !== "deployment";
}
