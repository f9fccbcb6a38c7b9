// Owns: the completion scripts in the shells themselves. Needs bash, zsh and fish.

import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { CREATE, flagsOf, VERBS } from "../../src/cli/command-table.js";
import { plainEnvironment, put, run, scratch } from "./command.js";

beforeAll(() => {
  for (const shell of ["bash", "zsh", "fish"]) {
    if (spawnSync(shell, ["--version"]).error !== undefined)
      throw new Error(`these tests need ${shell}: apt-get install ${shell}`);
  }
});

async function scriptOf(shell: string): Promise<{ cwd: string; file: string }> {
  const cwd = scratch();
  const { code, stdout } = await run(["completion", shell], { cwd });
  expect(code).toBe(0);
  return { cwd, file: put(cwd, `completion.${shell}`, stdout) };
}

/** What bash offers for the last word. */
function inBash(file: string, cwd: string, words: readonly string[]): string[] {
  const script = `source '${file}'
complete -p create-prod-stack > /dev/null || exit 9
COMP_WORDS=(create-prod-stack ${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length}
_create_prod_stack
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["--norc", "-c", script], { cwd, encoding: "utf8" })
    .split("\n")
    .filter((word) => word !== "")
    .sort();
}

function inFish(file: string, cwd: string, line: string): string[] {
  const script = `source '${file}'; complete -C 'create-prod-stack ${line}'`;
  const env = { ...plainEnvironment(cwd), XDG_CONFIG_HOME: cwd, XDG_DATA_HOME: cwd };
  return execFileSync("fish", ["--no-config", "-c", script], { cwd, env, encoding: "utf8" })
    .split("\n")
    .map((row) => row.split("\t")[0] ?? "")
    .filter((word) => word !== "")
    .sort();
}

/**
 * What zsh prints for a line. It completes only at a terminal, so it gets one of its own,
 * and is read until every word has come, or for ten seconds.
 */
function inZsh(file: string, cwd: string, line: string, words: readonly string[]): string {
  const missing = words.map((word) => `$all != *'${word}'*`).join(" || ");
  const script = `
zmodload zsh/zpty
zpty z zsh -f -i
() {
  zpty -w z "PS1='' PROMPT='' TERM=dumb; autoload -Uz compinit; compinit -D -u; zstyle ':completion:*' list-separator '--'; setopt NO_LIST_BEEP; LISTMAX=0; source '${file}'; print -r READY"
  local chunk all=''
  while zpty -r z chunk; do all+=$chunk; [[ $chunk == *READY* && $chunk != *print* ]] && break; done
  zpty -w -n z $'create-prod-stack ${line}\\t\\t'
  all=''
  local -i tries=0
  while [[ ${missing} ]] && (( ++tries <= 100 )); do
    sleep 0.1
    while zpty -r -t z chunk; do all+=$chunk; done
  done
  print -r -- $all
  zpty -d z
}`;
  return execFileSync("zsh", ["-f", "-c", script], {
    cwd,
    env: { ...plainEnvironment(cwd), ZDOTDIR: cwd },
    encoding: "utf8",
    timeout: 60_000,
  });
}

describe("bash", () => {
  it("offers verbs and directories, every flag, and words where there is a list", async () => {
    const { file, cwd } = await scriptOf("bash");
    put(cwd, "stacks/x", "");
    expect(inBash(file, cwd, [""])).toEqual([...VERBS.map(({ name }) => name), "stacks"].sort());
    const flags = (await flagsOf(CREATE)).map(({ name }) => `--${name}`);
    expect(inBash(file, cwd, ["--"])).toEqual(expect.arrayContaining(flags));
    expect(inBash(file, cwd, ["add", ""])).toEqual(["datastore", "environment", "service"]);
    expect(inBash(file, cwd, ["add", "service", "x", "--service-type", "w"])).toEqual([
      "web-api",
      "web-frontend",
      "worker",
    ]);
    expect(inBash(file, cwd, ["show", "--environment", ""])).toEqual([]);
    expect(inBash(file, cwd, ["explain", "SEC-0"])).toHaveLength(9);
    expect(inBash(file, cwd, ["--answers", "st"])).toEqual(["stacks"]);
    expect(inBash(file, cwd, ["--name", "add", "--gi"])).toEqual(["--git"]);
  });

  it.each(VERBS.map(({ name }) => name))("offers the flags of %s", async (name) => {
    const { file, cwd } = await scriptOf("bash");
    const verb = VERBS.find((candidate) => candidate.name === name) ?? CREATE;
    const flags = (await flagsOf(verb)).map((flag) => `--${flag.name}`);
    const offered = inBash(file, cwd, [name, "--"]).filter((word) => !word.startsWith("--no-"));
    expect(offered).toEqual(flags.sort());
  });
});

describe("fish", () => {
  it("offers verbs, flags and words", async () => {
    const { file, cwd } = await scriptOf("fish");
    expect(inFish(file, cwd, "")).toEqual(expect.arrayContaining(VERBS.map(({ name }) => name)));
    expect(inFish(file, cwd, "--dry")).toEqual(["--dry-run"]);
    expect(inFish(file, cwd, "add ")).toEqual(["datastore", "environment", "service"]);
    expect(inFish(file, cwd, "add service x --service-type w")).toEqual([
      "web-api",
      "web-frontend",
      "worker",
    ]);
    expect(inFish(file, cwd, "explain SEC-0")).toHaveLength(9);
    expect(inFish(file, cwd, "show --js")).toEqual(["--json"]);
  });
});

describe("zsh", () => {
  it("offers verbs, flags and words", async () => {
    const { file, cwd } = await scriptOf("zsh");
    const offers = (line: string, words: readonly string[]) => {
      const offered = inZsh(file, cwd, line, words);
      for (const word of words) expect(offered, line).toContain(word);
    };
    offers(
      "",
      VERBS.map(({ name }) => name),
    );
    offers("add ", ["service", "environment"]);
    offers("add service x --service-type ", ["grpc-service"]);
    offers("--dry", ["--dry-run"]);
    offers("show --", ["--environment"]);
  });

  it("works from fpath too", async () => {
    const { cwd } = await scriptOf("zsh");
    const { stdout } = await run(["completion", "zsh"], { cwd });
    put(cwd, "functions/_create-prod-stack", stdout);
    const script = `fpath=('${join(cwd, "functions")}' $fpath); autoload -Uz compinit; compinit -D -u; print -r -- $_comps[create-prod-stack]`;
    expect(execFileSync("zsh", ["-f", "-c", script], { cwd, encoding: "utf8" })).toBe("_create-prod-stack\n");
  });
});
