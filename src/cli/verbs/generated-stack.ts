// Owns: the generated repository that a verb works on, and whether this version may work on it.
// Promises: a repository of a newer version is refused with the version to install; one that was never generated, with the way in.
// Must not: plan.

import { readState, refuseNewer, StackError, type State } from "../../index.js";
import type { Arguments } from "../parse-arguments.js";
import type { Terminal } from "../terminal.js";
import { readStack, type TextFile } from "./stack-files.js";

export interface GeneratedStack {
  readonly directory: string;
  readonly spec: TextFile;
  readonly state: State;
}

/** The stack of the argument DIR, or the one in or above the current directory. */
export function readGeneratedStack(args: Arguments, terminal: Terminal): GeneratedStack {
  const { directory, spec } = readStack(args, terminal);
  const state = readState({ root: directory, path: "." });
  if (state === undefined)
    throw new StackError(
      "input",
      "NOT_GENERATED",
      "this stack has a prod-stack.yaml, and was never generated",
      {
        hint: "Generate it: create-prod-stack. Or, where .prod-stack/ was lost: create-prod-stack repair.",
      },
    );
  refuseNewer(state);
  return { directory, spec, state };
}
