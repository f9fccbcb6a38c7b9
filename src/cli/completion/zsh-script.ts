// Owns: the completion script for zsh.
// Promises: works sourced, and as _create-prod-stack in fpath.
// Must not: hold words of the table.

import type { Flag, Positional } from "../verb.js";
import { type CompletionModel, type CompletionVerb, spellings } from "./completion-model.js";

export function zshScript({ command, verbs, topics }: CompletionModel): string {
  const named = verbs.filter(({ name }) => name !== "");
  const bare = verbs.find(({ name }) => name === "");
  return `#compdef ${command}
# zsh completion of ${command}; source <(${command} completion zsh), or save it as _${command} in fpath

_create_prod_stack_first() {
  local -a verbs
  verbs=(
${named.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join("\n")}
  )
  _describe -t verbs verb verbs
  _directories
}

_create_prod_stack_topics() {
  compadd ${topics.join(" ")}
  _files
}

_create_prod_stack() {
  local verb=$words[2]
  case $verb in
${named.map((verb) => `    ${verb.name})\n      shift words; (( CURRENT-- ))\n      _arguments -s \\\n${argumentLines(verb)}\n      ;;`).join("\n")}
    *)
      _arguments -s \\
${bare === undefined ? "" : argumentLines({ ...bare, positionals: [] })} \\
        ${quoted("1: :_create_prod_stack_first")}
      ;;
  esac
}

if [[ $funcstack[1] == _${command} ]]; then
  _create_prod_stack "$@"
else
  compdef _create_prod_stack ${command}
fi
`;
}

function argumentLines({ flags, positionals }: CompletionVerb): string {
  const words = [...flags.flatMap(flagSpecs), ...positionals.map(placeSpec)];
  return words.map((word) => `        ${quoted(word)}`).join(" \\\n");
}

function flagSpecs(flag: Flag): string[] {
  const { description, value, repeatable } = flag;
  return spellings(flag).map((word) => {
    const takesValue = value !== undefined && !word.startsWith("--no-");
    return `${repeatable ? "*" : ""}${word}[${escaped(description)}]${takesValue ? `:${escaped(value)}:${actionOf(flag)}` : ""}`;
  });
}

function placeSpec(positional: Positional, index: number): string {
  return `${index + 1}:${escaped(positional.name)}:${actionOf(positional)}`;
}

function actionOf({ choices, completes }: Flag | Positional): string {
  if (choices !== undefined && choices.length > 0) return `(${choices.join(" ")})`;
  if (completes === "directory") return "_directories";
  if (completes === "topic") return "_create_prod_stack_topics";
  return completes === "file" ? "_files" : " ";
}

function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
