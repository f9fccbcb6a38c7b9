// Owns: the completion script for fish.
// Promises: fish's own words for each verb and flag.
// Must not: hold words of the table.

import type { Flag } from "../verb.js";
import type { CompletionModel, CompletionVerb } from "./completion-model.js";

export function fishScript({ command, verbs, topics }: CompletionModel): string {
  const named = verbs.filter(({ name }) => name !== "");
  const complete = `complete -c ${command}`;
  const lines = [
    `# fish completion of ${command}; ${command} completion fish | source`,
    `${complete} -f`,
    ...named.map(
      ({ name, summary }) => `${complete} -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ),
    `${complete} -n __fish_use_subcommand -a '(__fish_complete_directories)'`,
    ...verbs.flatMap((verb) => verbLines(verb, complete, named, topics)),
  ];
  return `${lines.join("\n")}\n`;
}

function verbLines(
  verb: CompletionVerb,
  complete: string,
  named: readonly CompletionVerb[],
  topics: readonly string[],
): string[] {
  const condition =
    verb.name === ""
      ? `not __fish_seen_subcommand_from ${named.map(({ name }) => name).join(" ")}`
      : `__fish_seen_subcommand_from ${verb.name}`;
  const start = `${complete} -n ${quoted(condition)}`;
  const places = verb.name === "" ? [] : verb.positionals;
  const words = places.flatMap(({ choices, completes }) => [
    ...(choices ?? []),
    ...(completes === "topic" ? topics : []),
  ]);
  const takesPaths = places.some(({ completes }) => completes !== undefined);
  return [
    ...verb.flags.flatMap((flag) => flagLines(flag, start)),
    ...(words.length === 0 ? [] : [`${start} -a ${quoted(words.join(" "))}`]),
    ...(takesPaths ? [`${start} -F`] : []),
  ];
}

function flagLines(
  { name, short, value, description, choices, negatable, completes }: Flag,
  start: string,
): string[] {
  const letter = short === undefined ? "" : ` -s ${short}`;
  const words = choices !== undefined && choices.length > 0 ? ` -a ${quoted(choices.join(" "))}` : "";
  const takes = value === undefined ? "" : completes === "file" ? " -r -F" : ` -x${words}`;
  const lines = [`${start} -l ${name}${letter}${takes} -d ${quoted(description)}`];
  return negatable ? [...lines, `${start} -l no-${name} -d ${quoted(`Not: ${description}`)}`] : lines;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
