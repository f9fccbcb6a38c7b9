// Owns: words of the command line → verb, flags and positionals.
// Promises: an unknown verb or flag names the nearest one; a flag without its value, or with a wrong word, is refused.
// Must not: know what the flags mean.

import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { didYouMean, StackError } from "../index.js";
import { CREATE, flagsOf, HIDDEN_VERBS, VERBS } from "./command-table.js";
import { COMMON_FLAGS } from "./shared-flags.js";
import type { Flag, Verb } from "./verb.js";

export interface Arguments {
  readonly verb: Verb;
  readonly positionals: readonly string[];
  /** Given values by flag; switches are "true" or "false". */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** The words as they were typed, for commands that the user can repeat. */
  readonly words: readonly string[];
}

/** @throws StackError (input) with the nearest right word */
export async function parseArguments(words: readonly string[]): Promise<Arguments> {
  const { verb, rest } = takeVerb(words);
  const flags = await flagsOf(verb);
  const { positionals, values } = readTokens(rest, flags);
  const args = { verb, positionals, values, words };
  if (!isOn(args, "help") && !isOn(args, "version")) checkPositionals(args);
  return args;
}

/** The verb is the first word, apart from switches that every verb has. */
function takeVerb(words: readonly string[]): { verb: Verb; rest: string[] } {
  const common = COMMON_FLAGS.flatMap(({ name, short }) => [`--${name}`, `-${short}`]);
  const at = words.findIndex((word) => !common.includes(word));
  const word = words[at];
  const verb = [...VERBS, ...HIDDEN_VERBS].find(({ name }) => name === word);
  if (verb !== undefined) return { verb, rest: words.filter((_, index) => index !== at) };
  if (word === "help") return { verb: verbNamed(words[at + 1]), rest: ["--help"] };
  if (word !== undefined) refuseMisspelledVerb(word, words.slice(at + 1));
  return { verb: CREATE, rest: [...words] };
}

function verbNamed(word: string | undefined): Verb {
  const verb = VERBS.find(({ name }) => name === word);
  if (word !== undefined && verb === undefined) throw unknownVerb(word);
  return verb ?? CREATE;
}

/** A lone word is a directory unless it all but spells a verb; two words can only be a verb and its object. */
function refuseMisspelledVerb(word: string, rest: readonly string[]): void {
  if (word.startsWith("-") || word.includes("/") || existsSync(word)) return;
  const isObject = rest[0] !== undefined && !rest[0].startsWith("-");
  const isLong = VERBS.some(
    ({ name }) => name.length > 6 && didYouMean(word, [name]) !== undefined && word.length > 4,
  );
  if (isObject || isLong) throw unknownVerb(word);
}

function unknownVerb(word: string): StackError {
  const names = VERBS.map(({ name }) => name);
  const nearest = didYouMean(word, names);
  return new StackError(
    "input",
    "VERB",
    `there is no verb "${word}"${nearest === undefined ? "" : `; ${nearest}`}`,
    {
      hint: `Verbs are ${names.join(", ")}. A directory of that name is written ./${word}.`,
    },
  );
}

function readTokens(words: string[], flags: readonly Flag[]): Pick<Arguments, "positionals" | "values"> {
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokensOf(words, flags)) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { flag, isNegated } = findFlag(token.name, token.rawName, flags);
    const value = isNegated
      ? "false"
      : flagValue(flag, token.value, token.inlineValue === true, token.rawName);
    const name = isNegated && flag.value !== undefined ? `no-${flag.name}` : flag.name;
    const given = values.get(name) ?? [];
    if (flag.value !== undefined && !isNegated && !flag.repeatable && given.length > 0) {
      throw new StackError("input", "FLAG_TWICE", `${token.rawName} is given twice`);
    }
    values.set(name, flag.value === undefined ? [value] : [...given, value]);
  }
  return { positionals, values };
}

function tokensOf(words: string[], flags: readonly Flag[]) {
  const options = Object.fromEntries(
    flags.map(({ name, short, value }) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const), ...(short ? { short } : {}) },
    ]),
  );
  return parseArgs({ args: words, options, strict: false, tokens: true, allowPositionals: true }).tokens;
}

function findFlag(name: string, rawName: string, flags: readonly Flag[]): { flag: Flag; isNegated: boolean } {
  const flag = flags.find((candidate) => candidate.name === name);
  if (flag !== undefined) return { flag, isNegated: false };
  const positive = name.startsWith("no-")
    ? flags.find((candidate) => `no-${candidate.name}` === name)
    : undefined;
  if (positive?.negatable) return { flag: positive, isNegated: true };
  const nearest = didYouMean(
    rawName,
    flags.flatMap(({ name: known, negatable }) => [`--${known}`, ...(negatable ? [`--no-${known}`] : [])]),
  );
  throw new StackError(
    "input",
    "FLAG",
    `there is no flag ${rawName}${nearest === undefined ? "" : `; ${nearest}`}`,
    {
      hint: "--help lists the flags.",
    },
  );
}

function flagValue(flag: Flag, value: string | undefined, isInline: boolean, rawName: string): string {
  if (flag.value === undefined) {
    if (value === undefined) return "true";
    throw new StackError("input", "FLAG_VALUE", `${rawName} takes no value, and has "${value}"`);
  }
  const isNextFlag = !isInline && value !== undefined && value !== "-" && value.startsWith("-");
  if (value === undefined || isNextFlag)
    throw new StackError("input", "FLAG_VALUE", `${rawName} needs a value: ${rawName} ${flag.value}`);
  const { choices = [] } = flag;
  if (choices.length === 0 || choices.includes(value)) return value;
  throw notOneOf(`${rawName} ${value}`, value, choices);
}

function notOneOf(what: string, value: string, choices: readonly string[]): StackError {
  const nearest = didYouMean(value, choices);
  return new StackError(
    "input",
    "FLAG_VALUE",
    `${what} is not one of ${choices.join(", ")}${nearest === undefined ? "" : `; ${nearest}`}`,
  );
}

function checkPositionals({ verb, positionals }: Arguments): void {
  for (const [index, { name, optional, choices }] of verb.positionals.entries()) {
    const value = positionals[index];
    if (value === undefined && !optional) {
      const what = choices === undefined ? "" : `: ${choices.join(", ")}`;
      throw new StackError("input", "USAGE", `${verb.name} needs a ${name}${what}`, { hint: usageOf(verb) });
    }
    if (value !== undefined && choices !== undefined && !choices.includes(value))
      throw notOneOf(`${verb.name} ${value}`, value, choices);
  }
  const extra = positionals[verb.positionals.length];
  if (extra !== undefined)
    throw new StackError("input", "USAGE", `"${extra}" is one word too many`, { hint: usageOf(verb) });
}

/** `create-prod-stack add <kind> <name> [flags]` */
export function usageOf({ name, positionals }: Verb): string {
  const places = positionals.map((place) =>
    place.optional ? `[${place.name}]` : `<${place.choices?.join("|") ?? place.name}>`,
  );
  return ["create-prod-stack", name, ...places, "[flags]"].filter((word) => word !== "").join(" ");
}

export function isOn({ values }: Pick<Arguments, "values">, flag: string): boolean {
  return values.get(flag)?.at(-1) === "true";
}

export function isOff({ values }: Pick<Arguments, "values">, flag: string): boolean {
  return values.get(flag)?.at(-1) === "false";
}

export function textOf({ values }: Pick<Arguments, "values">, flag: string): string | undefined {
  return values.get(flag)?.at(-1);
}

export function listOf({ values }: Pick<Arguments, "values">, flag: string): readonly string[] {
  return values.get(flag) ?? [];
}
