// Owns: making a generated directory a git repository with its first commit.
// Promises: never fails the generation; runs no hook, asks nothing, touches no repository that was there before.
// Must not: push or configure.

import { withProgress } from "../progress.js";
import type { Terminal } from "../terminal.js";
import { gitIn } from "./run-git.js";
import { findWorkTree } from "./work-tree.js";

/** One sentence for the user, and whether there is a repository now. */
export interface GitOutcome {
  readonly state: "inside" | "committed" | "staged" | "failed" | "off";
  readonly message: string;
}

/** @param files paths below the directory that belong into the first commit */
export async function startGit(
  directory: string,
  files: readonly string[],
  terminal: Terminal,
): Promise<GitOutcome> {
  if (findWorkTree(directory) !== undefined) {
    return {
      state: "inside",
      message: "This directory is in a git repository already: git add and commit when you are ready.",
    };
  }
  return withProgress(terminal, "Making the git repository", () => commitFirst(directory, files, terminal));
}

async function commitFirst(
  directory: string,
  files: readonly string[],
  terminal: Terminal,
): Promise<GitOutcome> {
  const git = await gitIn(directory, terminal);
  const init = await git(["init", "--quiet", "--initial-branch=main"]);
  if (init.failed)
    return { state: "failed", message: `git init did not work (${init.problem}); the files are there.` };
  const added = await git(
    ["add", "--pathspec-from-file=-", "--pathspec-file-nul"],
    [...files, ".prod-stack"].join("\0"),
  );
  if (added.failed)
    return { state: "failed", message: `git add did not work (${added.problem}); the files are there.` };
  const identity = await Promise.all(
    ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"].map((name) =>
      git(["-c", "user.useConfigOnly=true", "var", name]),
    ),
  );
  if (identity.some(({ failed }) => failed)) {
    return {
      state: "staged",
      message:
        'Everything is staged, and not committed: git knows no name and address of yours (git config --global user.name "…", user.email "…").',
    };
  }
  const commit = await git(["commit", "--quiet", "--message", "Generate the stack with create-prod-stack"]);
  if (commit.failed)
    return { state: "staged", message: `Everything is staged, and not committed (${commit.problem}).` };
  return { state: "committed", message: "Made a git repository with a first commit on main." };
}
