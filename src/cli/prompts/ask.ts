// Owns: one question to a person at a terminal, through enquirer.
// Promises: the answer, BACK, or a StackError (cancelled) for Ctrl-C, Esc, Ctrl-D and an input that ends; the terminal is left as it was.
// Must not: know which question comes next.

import { StackError } from "../../index.js";
import type { AnswerValue, Question } from "../answers/question.js";
import { hasColor, type Terminal, widthOf, wrap } from "../terminal.js";
import { type Key, loadPrompts, type Prompt } from "./enquirer-prompts.js";

/** The person wants to see the question before this one. */
export const BACK = Symbol("back");

export interface AskOptions {
  readonly canGoBack: boolean;
  /** Why a value cannot be the answer. */
  readonly problem: (value: string) => string | undefined;
}

export async function ask(
  question: Question,
  terminal: Terminal,
  options: AskOptions,
): Promise<AnswerValue | typeof BACK> {
  const prompt = await makePrompt(question, terminal, options);
  const { stdin } = terminal;
  let giveUp: () => void = () => undefined;
  // Without a reader enquirer's promise would stay open and Node would end in silence (enquirer#480).
  const ended = new Promise<never>((_, reject) => {
    giveUp = () => reject(cancelled());
  });
  stdin.once("end", giveUp);
  process.once("beforeExit", giveUp);
  try {
    return (await Promise.race([prompt.run(), ended])) as AnswerValue | typeof BACK;
  } catch (error) {
    throw isCancellation(error) ? cancelled() : error;
  } finally {
    stdin.removeListener("end", giveUp);
    process.removeListener("beforeExit", giveUp);
  }
}

/** enquirer rejects with nothing or an empty text; under Node 24.2 and later its readline may be closed already (enquirer#483). */
function isCancellation(error: unknown): boolean {
  return (
    error === "" ||
    error === undefined ||
    (error as NodeJS.ErrnoException | null)?.code === "ERR_USE_AFTER_CLOSE"
  );
}

export function cancelled(): StackError {
  return new StackError("cancelled", "CANCELLED", "cancelled; nothing was written");
}

async function makePrompt(question: Question, terminal: Terminal, options: AskOptions): Promise<Prompt> {
  const { Input, MultiSelect, Select } = await loadPrompts();
  const common = {
    name: question.id,
    message: (state: { submitted?: boolean }) => messageOf(question, state.submitted === true),
    footer: footerOf(question, terminal, options.canGoBack),
    stdin: terminal.stdin,
    stdout: terminal.stdout,
    styles: { enabled: hasColor(terminal.stdout, terminal.env) },
    // Words and signs that every font and screen reader has.
    symbols: {
      ellipsis: "",
      separator: { pending: "", submitted: "-", cancelled: "-" },
      prefix: { pending: "?", submitted: "✔", cancelled: "x" },
      pointer: ">",
      indicator: { on: "[x]", off: "[ ]" },
    },
  };
  const prompt =
    question.choices === undefined
      ? makeInput(
          new Input({
            ...common,
            initial: question.initial,
            validate: (value: string) => wrapped(options.problem(value.trim()), terminal) ?? true,
            result: (value: string) => value.trim(),
          }),
        )
      : question.several
        ? new MultiSelect({
            ...common,
            pointer: ">",
            emptyError: "nothing",
            initial: question.initial,
            choices: choicesFor(question, terminal),
          })
        : new Select({ ...common, initial: question.initial, choices: choicesFor(question, terminal) });
  return watchKeys(prompt, options.canGoBack);
}

/** With the cursor of the terminal itself, which screen readers follow, and no ghost of the default behind it. */
function makeInput(prompt: Prompt): Prompt {
  prompt.cursorShow(); // The constructor has hidden it.
  prompt.cursorHide = () => undefined;
  prompt.format = (value) =>
    prompt.state.submitted ? (prompt.styles.submitted?.(String(value)) ?? "") : prompt.input;
  return prompt;
}

/** Ctrl-B and `<` go back; Ctrl-D on an empty line leaves, as in a shell. */
function watchKeys(prompt: Prompt, canGoBack: boolean): Prompt {
  const press = prompt.keypress.bind(prompt);
  prompt.keypress = (input: string | undefined, key: Key) => {
    const isEmpty = (prompt.input ?? "").trim() === "";
    const isBack = (key.ctrl && key.name === "b") || (input === "<" && isEmpty);
    if (isBack && canGoBack) return leave(prompt);
    if (key.ctrl && key.name === "d" && isEmpty) return prompt.cancel();
    if (key.ctrl && key.name === "u" && prompt.reset !== undefined) return prompt.reset();
    return press(input, key);
  };
  return prompt;
}

async function leave(prompt: Prompt): Promise<void> {
  prompt.state.submitted = true;
  prompt.format = () => prompt.styles.muted?.("(back)") ?? "(back)";
  await prompt.render();
  await prompt.close();
  prompt.emit("submit", BACK);
}

function wrapped(problem: string | undefined, terminal: Terminal): string | undefined {
  return problem === undefined ? undefined : wrap(problem, widthOf(terminal) - 1, "  ");
}

/** The default stands in brackets while it can still be taken. */
function messageOf({ message, initial, choices }: Question, isSubmitted: boolean): string {
  return choices === undefined && initial !== "" && !isSubmitted ? `${message} (${initial})` : message;
}

function footerOf({ hint, flag, several }: Question, terminal: Terminal, canGoBack: boolean): string {
  const keys = [
    several ? "Space chooses, Enter goes on" : "",
    canGoBack ? "< goes back" : "",
    "Ctrl-C leaves",
  ].filter((key) => key !== "");
  const lines = [
    hint,
    [...keys, flag === undefined ? "" : `flag: --${flag}`].filter((key) => key !== "").join(", "),
  ];
  return lines
    .filter((line) => line !== "")
    .map((line) => `  ${wrap(line, widthOf(terminal) - 1, "  ")}`)
    .join("\n");
}

function choicesFor({ choices = [] }: Question, terminal: Terminal): object[] {
  const width = Math.max(...choices.map(({ label }) => label.length));
  const room = widthOf(terminal) - width - 8;
  return choices.map(({ value, label, hint }) => ({
    name: value,
    message: hint ? label.padEnd(width + 1) : label,
    hint: hint && hint.length > room ? `${hint.slice(0, Math.max(room - 1, 0))}…` : hint,
  }));
}
