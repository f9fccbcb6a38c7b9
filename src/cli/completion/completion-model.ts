// Owns: what completion scripts need to know, from the command table.
// Promises: one model for every shell.
// Must not: know a shell.

import { CHECKLIST, capabilities, indexes } from "../../index.js";
import { CREATE, flagsOf, VERBS } from "../command-table.js";
import type { Flag, Positional } from "../verb.js";

export interface CompletionVerb {
  /** Empty for the verb that needs no name. */
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  readonly positionals: readonly Positional[];
}

export interface CompletionModel {
  readonly command: string;
  /** The verb without a name first. */
  readonly verbs: readonly CompletionVerb[];
  /** What can be explained everywhere. */
  readonly topics: readonly string[];
}

export async function completionModel(): Promise<CompletionModel> {
  const verbs = await Promise.all(
    [CREATE, ...VERBS].map(async (verb) => ({
      name: verb.name,
      summary: verb.summary,
      flags: await flagsOf(verb),
      positionals: verb.positionals,
    })),
  );
  const topics = [...capabilities, ...indexes, ...CHECKLIST].map(({ id }) => id);
  return { command: "create-prod-stack", verbs, topics };
}

/** Every spelling of a flag. */
export function spellings({ name, short, negatable }: Flag): string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`]), ...(negatable ? [`--no-${name}`] : [])];
}

/** Spellings after which a value comes. */
export function valueSpellings(flag: Flag): string[] {
  return flag.value === undefined ? [] : spellings(flag).filter((word) => !word.startsWith("--no-"));
}
