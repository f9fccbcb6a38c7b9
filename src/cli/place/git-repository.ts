// Owns: making a generated directory a git repository with its first commit.
// Promises: never fails the generation; runs no hook, asks nothing, touches no repository that was there before.
// Must not: push or configure.

import { withProgress } from "../progress.js";
import type { Terminal } from "../terminal.js";
import { findWorkTree } from "./work-tree.js";

/** One sentence for the user, and whether there is a repository now. */
export interface GitOutcome {
  readonly state: "inside" | "committed" | "staged" | "failed" | "off";
  readonly message: string;
}

/** Variables by which an outer git would redirect the inner one. */
const FOREIGN =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX)$/;

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
  const { execa } = await import("execa");
  const env = Object.fromEntries(Object.entries(terminal.env).filter(([name]) => !FOREIGN.test(name)));
  const git = (args: string[], input = "") =>
    execa("git", ["-c", "core.hooksPath=/dev/null", ...args], {
      cwd: directory,
      env: { ...env, GIT_TERMINAL_PROMPT: "0" },
      extendEnv: false,
      input,
      reject: false,
      timeout: 60_000,
    });
  const init = await git(["init", "--quiet", "--initial-branch=main"]);
  if (init.failed)
    return { state: "failed", message: `git init did not work (${reasonOf(init)}); the files are there.` };
  const added = await git(
    ["add", "--pathspec-from-file=-", "--pathspec-file-nul"],
    [...files, ".prod-stack"].join("\0"),
  );
  if (added.failed)
    return { state: "failed", message: `git add did not work (${reasonOf(added)}); the files are there.` };
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
    return { state: "staged", message: `Everything is staged, and not committed (${reasonOf(commit)}).` };
  return { state: "committed", message: "Made a git repository with a first commit on main." };
}

function reasonOf({
  stderr,
  code,
}: {
  readonly stderr?: unknown;
  readonly code?: string | undefined;
}): string {
  if (code === "ENOENT") return "git is not installed";
  return (
    String(stderr ?? "")
      .trim()
      .split("\n")
      .at(-1) || "no reason given"
  );
}
