// Owns: what a question is: a plain value with the draft that each answer makes.
// Promises: whoever answers (a person, a flag, a default) goes the same way.
// Must not: ask.

import { describeField, type FieldDescription, StackError } from "../../index.js";
import type { Draft } from "./draft.js";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

export type AnswerValue = string | readonly string[];

export interface Question {
  /** Dotted path of what it is about, in this stack. */
  readonly id: string;
  readonly message: string;
  /** One sentence below the question. */
  readonly hint: string;
  /** The flag that answers it, without dashes; undefined where only a path does. */
  readonly flag: string | undefined;
  readonly choices?: readonly Choice[];
  /** Several of the choices, or none. */
  readonly several?: boolean;
  readonly initial: AnswerValue;
  /** Without an answer there is no stack. */
  readonly required: boolean;
  /** Where the answer stands in the data, for its problems. */
  readonly place?: (value: string) => readonly string[];
  /** Why an answer cannot be, beside what the schema says. */
  readonly refuse?: (value: string) => string | undefined;
  readonly accept: (value: AnswerValue) => Draft;
}

/** What the schema says of a field that is asked for. */
export function askedField(path: string): FieldDescription & { readonly question: string } {
  const field = describeField(path);
  if (field?.question === undefined)
    throw new StackError("internal", "FIELD", `the schema has no question for ${path}`);
  return { ...field, question: field.question };
}

/** Message, hint and flag of a question, from the schema. */
export function wordsOf(path: string): Pick<Question, "message" | "hint" | "flag"> {
  const { question: message, description: hint, flag } = askedField(path);
  return { message, hint, flag };
}

export function choicesOf(
  path: string,
  summaries: Readonly<Record<string, { readonly summary: string }>>,
): Choice[] {
  return askedField(path).choices.map((value) => ({
    value,
    label: value,
    hint: summaries[value]?.summary ?? "",
  }));
}

export function oneOf(value: AnswerValue): string {
  return typeof value === "string" ? value : value.join(",");
}

export function manyOf(value: AnswerValue): readonly string[] {
  return typeof value === "string" ? value.split(",").filter((word) => word !== "") : value;
}
