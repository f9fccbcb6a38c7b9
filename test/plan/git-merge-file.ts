// Owns: `git merge-file`, the oracle of text merges.
// Promises: many merges in one process; git reads no configuration of the machine.
// Must not: judge.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";

export interface MergeCase {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

const SCRIPT = `for folder in */; do
  cd "$folder"
  git merge-file -p --quiet ours base theirs > merged
  echo $? > status
  cd ..
done`;

/** In memory where that is possible: thousands of small files wait for a disk. */
const PARENT = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** What git makes of each case: the merged text, or undefined for a conflict. */
export function mergeWithGit(cases: readonly MergeCase[]): (string | undefined)[] {
  const folder = mkdtempSync(join(PARENT, "git-merge-"));
  const folderOf = (index: number) => join(folder, String(index).padStart(6, "0"));
  try {
    cases.forEach(({ base, ours, theirs }, index) => {
      mkdirSync(folderOf(index));
      for (const [name, text] of Object.entries({ base, ours, theirs }))
        writeFileSync(join(folderOf(index), name), text);
    });
    const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: "1" };
    execFileSync("sh", ["-c", SCRIPT], { cwd: folder, env });
    return cases.map((_, index) => readResult(folderOf(index)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readResult(folder: string): string | undefined {
  const status = Number(readFileSync(join(folder, "status"), "utf8"));
  if (status >= 128) throw new Error(`git merge-file failed in ${folder}`);
  return status === 0 ? readFileSync(join(folder, "merged"), "utf8") : undefined;
}
