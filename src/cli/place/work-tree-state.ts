// Owns: whether a git work tree is in a state in which files may be rewritten: what is not committed, what is not finished.
// Promises: asks git, changes nothing; without git, or outside of a repository, says so.
// Must not: refuse.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { StackError } from "../../index.js";
import type { Terminal } from "../terminal.js";
import { type Git, gitIn } from "./run-git.js";

export interface WorkTreeState {
  /** What is underway: a merge, a rebase …; undefined where nothing is. */
  readonly operation: string | undefined;
  /** Paths below the directory, of files that git has not seen in this form. */
  readonly dirty: ReadonlySet<string>;
  readonly unmerged: readonly string[];
}

const OPERATIONS: readonly (readonly [file: string, what: string])[] = [
  ["MERGE_HEAD", "a merge"],
  ["rebase-merge", "a rebase"],
  ["rebase-apply", "a rebase"],
  ["CHERRY_PICK_HEAD", "a cherry-pick"],
  ["REVERT_HEAD", "a revert"],
];

/**
 * @returns undefined outside of a repository
 * @throws StackError (input, GIT) when git cannot say
 */
export async function readWorkTree(
  directory: string,
  terminal: Terminal,
): Promise<WorkTreeState | undefined> {
  const git = await gitIn(directory, terminal);
  const place = await git(["rev-parse", "--is-inside-work-tree", "--absolute-git-dir", "--show-prefix"]);
  const [isInside, gitDirectory = "", prefix = ""] = place.stdout.split("\n");
  if (place.failed && place.problem === "git is not installed") throw cannotSay(directory, place.problem);
  if (place.failed || isInside !== "true") return undefined;
  const underway = OPERATIONS.find(([file]) => existsSync(join(gitDirectory, file)));
  const entries = await statusOf(git, directory);
  const below = entries.flatMap(({ code, path }) =>
    path.startsWith(prefix) ? [{ code, path: path.slice(prefix.length) }] : [],
  );
  return {
    operation: underway?.[1],
    dirty: new Set(below.map(({ path }) => path)),
    unmerged: below.filter(({ code }) => UNMERGED.has(code)).map(({ path }) => path),
  };
}

/** git status, "Short Format". */
const UNMERGED = new Set(["DD", "AU", "UD", "UA", "DU", "AA", "UU"]);

interface Entry {
  readonly code: string;
  readonly path: string;
}

async function statusOf(git: Git, directory: string): Promise<Entry[]> {
  const status = await git([
    "status",
    "--porcelain=v1",
    "-z",
    "--untracked-files=all",
    "--no-renames",
    "--",
    ".",
  ]);
  if (status.failed) throw cannotSay(directory, status.problem);
  return status.stdout
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => ({ code: line.slice(0, 2), path: line.slice(3) }));
}

function cannotSay(directory: string, problem: string): StackError {
  return new StackError("input", "GIT", `git cannot say what is committed in ${directory}: ${problem}`, {
    hint: "Mend it, or give --no-git: then nothing checks that you can go back.",
  });
}

/** Paths that stand in a repository of its own below the root, such as a submodule. */
export function inOtherRepositories(root: string, paths: readonly string[]): string[] {
  const isOther = new Map<string, boolean>();
  const check = (directory: string): boolean => {
    if (directory === ".") return false;
    const known =
      isOther.get(directory) ?? (existsSync(join(root, directory, ".git")) || check(dirname(directory)));
    isOther.set(directory, known);
    return known;
  };
  return paths.filter((path) => check(dirname(path)));
}
