// Owns: what to say where answers are missing and nobody can be asked.
// Promises: the command that is named works as it stands.
// Must not: print.

import { formatValue, StackError } from "../../index.js";
import { fieldOf } from "../answer-table.js";
import type { Arguments } from "../parse-arguments.js";
import { type Draft, dataOf, entriesOf, type FlowContext } from "./draft.js";
import { at } from "./draft-text.js";
import { completeDraft } from "./next-question.js";
import type { Question } from "./question.js";

/** undefined where nothing is missing. */
export function missingAnswers(draft: Draft, context: FlowContext, args: Arguments): StackError | undefined {
  const complete = completeDraft(draft, { ...context, optional: false });
  const missing = complete.questions.filter(({ required }) => required);
  if (missing.length === 0) return undefined;
  const groups = groupByWords(missing, complete.draft, args);
  const width = Math.max(...[...groups.keys()].map((name) => name.length));
  const lines = [...groups].map(([name, { hint }]) => `  ${name.padEnd(width)}  ${hint}`);
  const command = ["create-prod-stack", ...args.words, ...[...groups.values()].flatMap(({ words }) => words)]
    .map(quote)
    .join(" ");
  const yes = ["create-prod-stack", ...args.words, "--yes"].map(quote).join(" ");
  return new StackError(
    "input",
    "MISSING_ANSWERS",
    "answers are missing, and there is no terminal to ask at",
    {
      hint: [
        ...lines,
        "",
        "To take the defaults:",
        `  ${yes}`,
        "To give the answers, with your own values:",
        `  ${command}`,
      ].join("\n"),
    },
  );
}

/** One entry per flag: what it is for, and the words that give it. */
function groupByWords(
  missing: readonly Question[],
  draft: Draft,
  args: Arguments,
): Map<string, { hint: string; words: string[] }> {
  const groups = new Map<string, { hint: string; words: string[] }>();
  for (const question of missing) {
    const words = wordsFor(question, draft, args);
    const name = words[0] === "--set" ? (words[1]?.split("=", 1)[0] ?? "") : (words[0] ?? "");
    if (!groups.has(name)) groups.set(name, { hint: question.hint, words });
  }
  return groups;
}

/** The words of a command line that give the same answer. */
function wordsFor({ id, flag }: Question, draft: Draft, args: Arguments): string[] {
  const services = entriesOf(draft, "services").map(([name]) => name);
  const path = id.replace("services.*", `services.${services[0]}`).split(".");
  const value = at(dataOf(draft), path);
  const isTaken = flag !== undefined && args.verb.answers.some((field) => fieldOf(field).flag === flag);
  const isAmbiguous = path[0] === "services" && services.length > 1 && args.verb.name === "";
  if (!isTaken || isAmbiguous) return ["--set", `${path.join(".")}=${formatValue(value)}`];
  switch (flag) {
    case "environment":
      return entriesOf(draft, "environments").flatMap(([name, { tier, domain }]) => [
        "--environment",
        `${name}=${tier}:${domain}`,
      ]);
    case "datastore":
      return ["--set", `${path.join(".")}=${formatValue(value)}`];
    case "service-name":
      return ["--service-name", services[0] ?? ""];
    case "port":
      return Object.entries(value as object).flatMap(([name, port]) => [
        "--port",
        name === "http" ? String(port) : `${name}=${port}`,
      ]);
    default:
      return [`--${flag}`, String(value)];
  }
}

/** A word as a shell takes it. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
