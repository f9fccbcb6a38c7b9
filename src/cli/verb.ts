// Owns: what a verb is: its words, its flags, what became of it.
// Promises: types only.
// Must not: list verbs.

import type { Arguments } from "./parse-arguments.js";
import type { Terminal } from "./terminal.js";

export interface Flag {
  /** Without dashes. */
  readonly name: string;
  readonly short?: string;
  /** Placeholder of its value; a flag without one is a switch. */
  readonly value?: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly repeatable?: boolean;
  /** `--no-NAME` exists as well. */
  readonly negatable?: boolean;
  readonly completes?: "file" | "directory";
}

export interface Positional {
  readonly name: string;
  readonly description: string;
  readonly optional?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: "file" | "directory" | "topic";
}

/** What became of a verb; only main turns it into an exit code. */
export type Outcome = "done" | "stale" | "conflicts" | "invalid" | "failed";

export interface Verb {
  /** Empty for the verb that needs no name. */
  readonly name: string;
  readonly summary: string;
  readonly positionals: readonly Positional[];
  readonly flags: readonly Flag[];
  /** Fields of prod-stack.yaml whose flags it takes. */
  readonly answers: readonly string[];
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  readonly load: () => Promise<{ run: (args: Arguments, terminal: Terminal) => Promise<Outcome> }>;
}
