// Owns: `create-prod-stack completion SHELL`.
// Promises: the script derives from the command table.
// Must not: install it.

import { bashScript } from "../completion/bash-script.js";
import { completionModel } from "../completion/completion-model.js";
import { fishScript } from "../completion/fish-script.js";
import { zshScript } from "../completion/zsh-script.js";
import type { Arguments } from "../parse-arguments.js";
import type { Terminal } from "../terminal.js";
import type { Outcome } from "../verb.js";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export async function run({ positionals }: Arguments, terminal: Terminal): Promise<Outcome> {
  const shell = (positionals[0] ?? "bash") as keyof typeof SCRIPTS;
  terminal.stdout.write(SCRIPTS[shell](await completionModel()));
  return "done";
}
