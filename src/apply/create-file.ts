// Owns: one new file in a place that may hold others.
// Promises: below the root, through real directories only; never over anything that is there; whole or not at all.
// Must not: record state: a file by itself is nobody's but the user's.

import { chmodSync, linkSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { StackError } from "../stack-error.js";
import { newNonce } from "./apply-plan.js";
import { makeDirectory } from "./make-directory.js";
import { lstat, SafeRoot } from "./safe-path.js";
import { writeFailure } from "./write-failure.js";

/** @throws StackError (input, COLLISION) where something is there already */
export function createFile(root: string, path: string, contents: string): void {
  const absolute = new SafeRoot(root).resolve(path);
  const staged = `${absolute}.${newNonce()}.tmp`;
  try {
    makeDirectory(dirname(absolute));
    writeFileSync(staged, contents, { flag: "wx" });
    chmodSync(staged, 0o644);
    // Unlike a rename, a link fails where something is.
    linkSync(staged, absolute);
  } catch (cause) {
    if (lstat(absolute) !== undefined && (cause as NodeJS.ErrnoException).code === "EEXIST")
      throw new StackError("input", "COLLISION", `${path} is there already`, {
        hint: "Nothing was written.",
      });
    throw writeFailure(root, cause);
  } finally {
    rmSync(staged, { force: true });
  }
}
