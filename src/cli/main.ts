// Owns: the process: arguments in, exit code out. The only place that chooses exit codes.
// Promises: a user's mistake is one clear error on stderr without a stack trace; a bug says how to report it.
// Must not: know verbs.

import { type ErrorKind, StackError, VERSION } from "../index.js";
import { isOn, parseArguments } from "./parse-arguments.js";
import { errorLines } from "./reporters/error-report.js";
import { helpText } from "./reporters/help-text.js";
import { errorJson } from "./reporters/json-report.js";
import { ignoreClosedPipes, note, print, processTerminal, type Terminal } from "./terminal.js";
import type { Outcome } from "./verb.js";

const OUTCOME_CODES: Readonly<Record<Outcome, number>> = {
  done: 0,
  failed: 1,
  stale: 2,
  conflicts: 3,
  invalid: 4,
};
const ERROR_CODES: Readonly<Record<ErrorKind, number>> = {
  input: 1,
  conflict: 3,
  validation: 4,
  internal: 70,
  cancelled: 130,
};

async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const args = await parseArguments(words);
    if (isOn(args, "version")) print(terminal, VERSION);
    else if (isOn(args, "help")) print(terminal, await helpText(args.verb, terminal));
    else return OUTCOME_CODES[await (await args.verb.load()).run(args, terminal)];
    return 0;
  } catch (error) {
    return reportError(error, words, terminal);
  }
}

function reportError(error: unknown, words: readonly string[], terminal: Terminal): number {
  const isDebug = words.includes("--debug") || (terminal.env.DEBUG ?? "") !== "";
  for (const line of errorLines(error, terminal, isDebug)) note(terminal, line);
  if (words.includes("--json") && error instanceof StackError) print(terminal, errorJson(error));
  return error instanceof StackError ? ERROR_CODES[error.kind] : ERROR_CODES.internal;
}

const terminal = processTerminal();
ignoreClosedPipes(terminal);
runCommand(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
