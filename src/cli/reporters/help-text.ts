// Owns: the help texts.
// Promises: derived from the command table, as wide as the terminal.
// Must not: repeat what the table says.

import { CREATE, flagsOf, VERBS } from "../command-table.js";
import { usageOf } from "../parse-arguments.js";
import { COMMON_FLAGS } from "../shared-flags.js";
import { paint, type Terminal, widthOf, wrap } from "../terminal.js";
import type { Flag, Verb } from "../verb.js";

export async function helpText(verb: Verb, terminal: Terminal): Promise<string> {
  const width = Math.min(widthOf(terminal), 100);
  const title = (text: string) => paint(terminal, "bold", text);
  const all = await flagsOf(verb);
  const answers = all.slice(0, all.length - verb.flags.length - COMMON_FLAGS.length);
  const sections = [
    wrap(verb.summary, width),
    `${title("Usage")}\n  ${usageOf(verb)}`,
    section(
      title("Arguments"),
      verb.positionals.map(({ name, description, choices }) => [name, withChoices(description, choices)]),
      width,
    ),
    verb === CREATE
      ? section(
          title("Verbs"),
          VERBS.map(({ name, summary }) => [name, summary]),
          width,
        )
      : "",
    section(title("Answers"), answers.map(flagRow), width),
    section(title("Flags"), all.slice(answers.length).map(flagRow), width),
    `${title("Examples")}\n${verb.examples.map(exampleLines).join("\n")}`,
    verb === CREATE ? exitCodes(title("Exit codes"), width) : "",
  ];
  return sections.filter((part) => part !== "").join("\n\n");
}

function flagRow({
  name,
  short,
  value,
  description,
  choices,
  negatable,
  repeatable,
}: Flag): [string, string] {
  const word = negatable && value === undefined ? `--[no-]${name}` : `--${name}`;
  const words = `${short === undefined ? "" : `-${short}, `}${word}${value === undefined ? "" : ` ${value}`}`;
  const none = negatable && value !== undefined ? ` --no-${name} for none.` : "";
  return [words, `${withChoices(description, choices)}${none}${repeatable ? " Repeatable." : ""}`];
}

function withChoices(description: string, choices: readonly string[] | undefined): string {
  return choices === undefined || choices.length === 0
    ? description
    : `${description} One of ${choices.join(", ")}.`;
}

/** Two columns, or one below the other where there is no room. */
function section(title: string, rows: readonly (readonly [string, string])[], width: number): string {
  if (rows.length === 0) return "";
  const left = Math.min(Math.max(...rows.map(([word]) => word.length)), 32) + 2;
  const isNarrow = width < 70;
  const indent = isNarrow ? "      " : " ".repeat(left + 2);
  const lines = rows.map(([word, text]) => {
    const head = isNarrow || word.length > left - 2 ? `  ${word}\n${indent}` : `  ${word.padEnd(left)}`;
    return `${head}${wrap(text, width, indent)}`;
  });
  return `${title}\n${lines.join("\n")}`;
}

function exampleLines([command, meaning]: readonly [string, string]): string {
  return meaning === "" ? `  ${command}` : `  ${command}\n      ${meaning}`;
}

function exitCodes(title: string, width: number): string {
  const rows: [string, string][] = [
    ["0", "done"],
    ["1", "something that you can mend: an answer, a file, a place"],
    ["3", "conflicts to resolve"],
    ["4", "validation failed"],
    ["70", "a bug of create-prod-stack"],
    ["130", "cancelled; nothing was written"],
  ];
  return section(title, rows, width);
}
