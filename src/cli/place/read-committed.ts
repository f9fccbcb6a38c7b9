// Owns: files as the commits of a merge, and their parents, have them.
// Promises: one git process for all; what no commit has is left out.
// Must not: read the work tree.

import type { Terminal } from "../terminal.js";
import { gitIn } from "./run-git.js";

const COMMITS = ["HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD", "ORIG_HEAD", "HEAD^1", "HEAD^2"];

/** @param paths below the directory; @returns every version of each that a commit has */
export async function readCommitted(
  directory: string,
  paths: readonly string[],
  terminal: Terminal,
): Promise<string[]> {
  if (paths.length === 0) return [];
  const git = await gitIn(directory, terminal);
  const known = await Promise.all(
    COMMITS.map(async (commit) =>
      (await git(["rev-parse", "--verify", "--quiet", commit])).failed ? [] : [commit],
    ),
  );
  const names = known.flat().flatMap((commit) => paths.map((path) => `${commit}:./${path}`));
  const { stdout, failed } = await git(["cat-file", "--batch"], names.map((name) => `${name}\n`).join(""));
  return failed ? [] : blobsIn(Buffer.from(stdout));
}

/** `SHA blob SIZE`, the bytes, a line end; or `NAME missing`. */
function blobsIn(output: Buffer): string[] {
  const blobs: string[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const size = / blob (\d+)$/.exec(output.subarray(at, end).toString())?.[1];
    at = end + 1;
    if (size === undefined) continue;
    blobs.push(output.subarray(at, at + Number(size)).toString());
    at += Number(size) + 1;
  }
  return blobs;
}
