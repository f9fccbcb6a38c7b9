// Owns: an error as lines for people.
// Promises: what is wrong and where, what was expected, what to do; a stack trace only on request.
// Must not: choose exit codes.

import { formatProblem, type Problem, StackError, VERSION } from "../../index.js";
import { paint, type Terminal } from "../terminal.js";

/** More problems than these are counted. */
const SHOWN = 20;

export function errorLines(error: unknown, terminal: Terminal, isDebug: boolean): string[] {
  const expected = error instanceof StackError && error.kind !== "internal";
  const lines = expected ? expectedLines(error, terminal) : internalLines(error, terminal);
  const trace = isDebug || !expected ? stackOf(error) : [];
  return [...lines, ...trace];
}

function expectedLines(error: StackError, terminal: Terminal): string[] {
  if (error.kind === "cancelled") return [error.message];
  const shown = error.problems.slice(0, SHOWN).map((problem) => `  ${describeProblem(problem)}`);
  const more = error.problems.length > SHOWN ? [`  … and ${error.problems.length - SHOWN} more`] : [];
  return [
    `${label(terminal)} ${error.message}`,
    ...shown,
    ...more,
    ...(error.hint === undefined ? [] : [error.hint]),
  ];
}

/** A problem of a flag has no line. */
export function describeProblem(problem: Problem): string {
  if (problem.line > 0) return formatProblem(problem);
  const expected = problem.expected === undefined ? "" : `; expected ${problem.expected}`;
  const suggestion = problem.suggestion === undefined ? "" : `; ${problem.suggestion}`;
  const path = problem.file === "--set" || !problem.file.startsWith("--") ? ` ${problem.path}` : "";
  return `${problem.file}${path}: ${problem.message}${expected}${suggestion}`;
}

function internalLines(error: unknown, terminal: Terminal): string[] {
  const message = error instanceof Error ? error.message : String(error);
  return [
    `${label(terminal)} ${message}`,
    "This is a bug in create-prod-stack, not in what you did.",
    `Please report it with the lines below, the command, and this: create-prod-stack ${VERSION}, Node ${process.versions.node}, ${process.platform}.`,
  ];
}

function label(terminal: Terminal): string {
  return paint(terminal, "red", "error:", terminal.stderr);
}

function stackOf(error: unknown): string[] {
  const own = error instanceof Error ? (error.stack ?? "").split("\n").slice(1) : [];
  const cause =
    error instanceof Error && error.cause instanceof Error ? [`  caused by ${error.cause.message}`] : [];
  return [...own, ...cause];
}
