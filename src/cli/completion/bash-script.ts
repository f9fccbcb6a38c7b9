// Owns: the completion script for bash.
// Promises: works with bash 4 and later without the bash-completion package.
// Must not: hold words of the table.

import type { Flag, Positional } from "../verb.js";
import { type CompletionModel, type CompletionVerb, spellings, valueSpellings } from "./completion-model.js";

export function bashScript({ command, verbs, topics }: CompletionModel): string {
  const named = verbs.filter(({ name }) => name !== "").map(({ name }) => name);
  const valueFlags = [...new Set(verbs.flatMap(({ flags }) => flags.flatMap(valueSpellings)))];
  return `# bash completion of ${command}; source <(${command} completion bash)
_create_prod_stack() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb="" place=0 index word
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    case $word in
      ${valueFlags.join("|")}) index=$((index + 1)) ;;
      -*) ;;
      ${named.join("|")}) if [[ -z $verb && $place -eq 0 ]]; then verb=$word; else place=$((place + 1)); fi ;;
      *) place=$((place + 1)) ;;
    esac
  done
  case "$verb $prev" in
${verbs.flatMap(valueCases).join("\n")}
  esac
  if [[ $cur == -* ]]; then
    case $verb in
${verbs.map((verb) => `      ${pattern(verb)}) COMPREPLY=($(compgen -W "${verb.flags.flatMap(spellings).join(" ")}" -- "$cur")) ;;`).join("\n")}
    esac
    return
  fi
  case "$verb $place" in
${verbs.flatMap((verb) => verb.positionals.map((positional, index) => placeCase(verb, positional, index, named, topics))).join("\n")}
  esac
}
complete -F _create_prod_stack ${command}
`;
}

function pattern({ name }: CompletionVerb): string {
  return name === "" ? '""' : name;
}

function valueCases({ name, flags }: CompletionVerb): string[] {
  return flags
    .filter(({ value }) => value !== undefined)
    .map((flag) => {
      const words = valueSpellings(flag).map((word) => `"${name} ${word}"`);
      return `    ${words.join("|")}) ${valueReply(flag)}return ;;`;
    });
}

function valueReply({ choices, completes }: Flag): string {
  if (choices !== undefined && choices.length > 0)
    return `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$cur")); `;
  if (completes === "file") return 'COMPREPLY=($(compgen -f -- "$cur")); compopt -o filenames 2> /dev/null; ';
  return "";
}

function placeCase(
  { name }: CompletionVerb,
  { choices, completes }: Positional,
  index: number,
  named: readonly string[],
  topics: readonly string[],
): string {
  const words = [...(choices ?? []), ...(name === "" ? named : []), ...(completes === "topic" ? topics : [])];
  const parts = [
    ...(words.length > 0 ? [`$(compgen -W "${words.join(" ")}" -- "$cur")`] : []),
    ...(completes === "directory" ? ['$(compgen -d -- "$cur")'] : []),
    ...(completes === "file" || completes === "topic" ? ['$(compgen -f -- "$cur")'] : []),
  ];
  const names = completes === undefined ? "" : "; compopt -o filenames 2> /dev/null";
  return `    "${name} ${index}") COMPREPLY=(${parts.join(" ")})${names} ;;`;
}
