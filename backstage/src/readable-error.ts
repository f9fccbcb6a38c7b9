// Owns: errors of the core as errors of Backstage.
// Promises: every problem with its place, what was expected and what to do; no value of the form beside; a bug says that it is one.
// Must not: swallow an error.

import { ConflictError, InputError, isError, NotAllowedError } from "@backstage/errors";
import { type CoreError, core, type Problem } from "./core.js";

const SHOWN = 20;
const LONGEST = 600;

/** Runs `work`; what goes wrong in it is said in Backstage's terms. `isOwn`: positions are those of a text that the user wrote. */
export async function withReadableErrors<T>(
  work: () => Promise<T>,
  isOwn: () => boolean = () => true,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw readable(error, isOwn());
  }
}

function readable(error: unknown, isOwn: boolean): unknown {
  const { StackError, VERSION } = core();
  if (error instanceof StackError) return expected(error, isOwn);
  if (isError(error) && ["InputError", "NotAllowedError", "ConflictError"].includes(error.name)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${short(message)} (a bug in create-prod-stack ${VERSION}, not in what you did)`);
}

function expected(error: CoreError, isOwn: boolean): Error {
  const lines = [
    `${error.message}${error.problems.length > 0 ? ":" : ""}`,
    ...error.problems.slice(0, SHOWN).map((problem) => short(describe(problem, isOwn))),
    ...(error.problems.length > SHOWN ? [`… and ${error.problems.length - SHOWN} more`] : []),
    ...(error.hint === undefined ? [] : [error.hint]),
  ];
  const text = lines.join("\n");
  if (error.kind === "conflict") return new ConflictError(text);
  return error.code === "UNSAFE_PATH" ? new NotAllowedError(text) : new InputError(text);
}

/** Lines of a text that was made of a form's answers mean nothing to who filled it in; the path does. */
function describe(problem: Problem, isOwn: boolean): string {
  if (isOwn) return core().formatProblem(problem);
  const { path, message, expected: wanted, suggestion } = problem;
  return [`${path === "" ? "" : `${path}: `}${message}`, wanted && `expected ${wanted}`, suggestion]
    .filter(Boolean)
    .join("; ");
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
