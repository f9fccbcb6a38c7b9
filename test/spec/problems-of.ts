// Owns: parseSpec as a list of problems.
// Promises: empty for what is accepted; anything but a StackError of kind input is thrown on.
// Must not: resolve.

import { parsePlatform, parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";
import { type Problem, StackError } from "../../src/stack-error.js";

function attempt(act: () => unknown): readonly Problem[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof StackError && error.kind === "input" && error.problems.length > 0)
      return error.problems;
    throw error;
  }
}

export function problemsOf(text: string, file?: string): readonly Problem[] {
  return attempt(() => parseSpec(text, file));
}

export function platformProblems(text: string): readonly Problem[] {
  return attempt(() => parsePlatform(text));
}

/** Problems of the resolved stack; those of the spec itself where it has some. */
export function stackProblems(text: string, platform?: string): readonly Problem[] {
  return attempt(() =>
    resolveStack(parseSpec(text), {
      platform: platform === undefined ? undefined : parsePlatform(platform),
      generator: "0.0.0-test",
    }),
  );
}
