// Owns: reading one file of a directory that is not trusted.
// Promises: below the root, a regular file, not larger than asked; what is measured is what is read: a link that takes its place is not followed.
// Must not: write.

import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import type { SafeRoot } from "./safe-path.js";

/**
 * @returns undefined where it is larger than `most` bytes
 * @throws where it cannot be read, or is no regular file
 */
export function readBounded(root: SafeRoot, path: string, most: number): Buffer | undefined {
  // Windows has no such flags; SafeRoot has looked at the parents, and the caller at the file.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const file = openSync(root.resolve(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Error(`${path} is not a regular file`);
    return stats.size > most ? undefined : readFileSync(file);
  } finally {
    closeSync(file);
  }
}
