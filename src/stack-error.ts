// Owns: the one error type of the project.
// Promises: every expected failure is a StackError with a kind, a code and what to do about it.
// Must not: choose exit codes; only src/cli/main does.

/** input: the user can mend it; conflict: edits disagree; validation: a check failed; cancelled: the user said no; internal: our bug. */
export type ErrorKind = "input" | "conflict" | "validation" | "cancelled" | "internal";

/** One thing that is wrong with a file that the user wrote. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Dotted path in the document, such as services.api.ports.http; empty for the document as a whole. */
  readonly path: string;
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
}

export interface StackErrorOptions {
  /** What to do about it, in one sentence. */
  readonly hint?: string;
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
}

/** An expected failure. `code` is stable and documented; `message` is for people. */
export class StackError extends Error {
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    options: StackErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "StackError";
    this.hint = options.hint;
    this.problems = options.problems ?? [];
  }
}

/** `file:line:column path: message (expected …; did you mean …?)`, one line. */
export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === "" ? "" : ` ${problem.path}:`;
  const expected = problem.expected === undefined ? "" : `; expected ${problem.expected}`;
  const suggestion = problem.suggestion === undefined ? "" : `; ${problem.suggestion}`;
  return `${place}${path} ${problem.message}${expected}${suggestion}`;
}
