// Owns: running git.
// Promises: argument lists only; no hook, no prompt, no variable of an outer git; never throws for what git says.
// Must not: know what for.

import type { Terminal } from "../terminal.js";

/** Variables by which an outer git would redirect the inner one. */
const FOREIGN =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX)$/;

export interface GitRun {
  readonly failed: boolean;
  readonly stdout: string;
  /** Why it failed, in one line. */
  readonly problem: string;
}

export type Git = (args: readonly string[], input?: string) => Promise<GitRun>;

/** git in a directory. */
export async function gitIn(directory: string, { env }: Terminal): Promise<Git> {
  const { execa } = await import("execa");
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.test(name)));
  return async (args, input = "") => {
    const { failed, stdout, stderr, code } = await execa(
      "git",
      ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", ...args],
      {
        cwd: directory,
        env: { ...own, GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" },
        extendEnv: false,
        input,
        reject: false,
        stripFinalNewline: false,
        timeout: 60_000,
      },
    );
    return { failed, stdout: String(stdout ?? ""), problem: failed ? problemOf(stderr, code) : "" };
  };
}

function problemOf(stderr: unknown, code: string | undefined): string {
  if (code === "ENOENT") return "git is not installed";
  return (
    String(stderr ?? "")
      .trim()
      .split("\n")
      .at(-1) || "no reason given"
  );
}
