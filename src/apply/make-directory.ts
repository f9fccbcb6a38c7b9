// Owns: the directories that generated files stand in.
// Promises: the same mode whatever the umask is.
// Must not: check paths; SafeRoot has.

import { chmodSync, mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { lstat, type SafeRoot } from "./safe-path.js";

/** Makes a directory and the parents that it lacks. */
export function makeDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o755);
}

/** Removes the directories around a deleted file that have become empty, up to the root, which stays. */
export function removeEmptyParents(root: SafeRoot, path: string): void {
  const parts = path.split("/");
  for (let depth = parts.length - 1; depth > 0; depth -= 1) {
    const parent = join(root.root, ...parts.slice(0, depth));
    if (lstat(parent) === undefined) continue;
    if (readdirSync(parent).length > 0) return;
    rmdirSync(parent);
  }
}
