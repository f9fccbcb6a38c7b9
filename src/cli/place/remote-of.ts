// Owns: where git says that a directory is kept: the address of its remote, and its branch.
// Promises: asks git, changes nothing; credentials in an address are left out; without git nothing is said.
// Must not: fetch.

import type { Terminal } from "../terminal.js";
import { gitIn } from "./run-git.js";
import { findWorkTree } from "./work-tree.js";

export interface Remote {
  readonly url: string | undefined;
  readonly revision: string | undefined;
}

export async function remoteOf(directory: string, terminal: Terminal): Promise<Remote> {
  const root = findWorkTree(directory);
  if (root === undefined) return { url: undefined, revision: undefined };
  const git = await gitIn(root, terminal);
  const [remote, branch] = await Promise.all([
    git(["config", "--get", "remote.origin.url"]),
    git(["symbolic-ref", "--short", "HEAD"]),
  ]);
  const name = branch.failed ? "" : branch.stdout.trim();
  return {
    url: remote.failed ? undefined : cleanUrl(remote.stdout.trim()),
    revision: name === "main" || !/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(name) ? undefined : name,
  };
}

/** As the schema takes it, without a user's name and password. */
function cleanUrl(url: string): string | undefined {
  const clean = url.replace(/^(https:\/\/)[^/@]*@/, "$1").replace(/^(ssh:\/\/[^/:@]*):[^/@]*@/, "$1@");
  return /^(https:\/\/|ssh:\/\/|git@)[^\s]+$/.test(clean) ? clean : undefined;
}
