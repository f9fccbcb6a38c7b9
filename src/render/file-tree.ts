// Owns: the tree of files that a stack yields.
// Promises: one owner per path; paths are unique on case-insensitive and Unicode-normalising file systems too.
// Must not: touch a disk.

import type { About, Ownership } from "../capabilities/capability.js";
import { StackError } from "../stack-error.js";

export interface TreeFile {
  /** Below the repository's root, with forward slashes. */
  readonly path: string;
  readonly contents: string;
  readonly mode: 0o644 | 0o755;
  readonly ownership: Ownership;
  /** Id of the capability that it belongs to. */
  readonly capability: string;
  readonly about: About;
}

/** Files by path, sorted. */
export type FileTree = readonly TreeFile[];

/** Equal for two paths that are one file on a case-insensitive or Unicode-normalising file system. */
export function foldPath(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

/** @throws StackError (internal) where two files want one path, on any file system. */
export function toFileTree(files: readonly TreeFile[]): FileTree {
  const owners = new Map<string, TreeFile>();
  for (const file of files) {
    const key = foldPath(file.path);
    const other = owners.get(key);
    if (other !== undefined) {
      throw new StackError(
        "internal",
        "PATH",
        `${file.path} is wanted by capability ${file.capability}, and ${other.path} by ${other.capability}`,
      );
    }
    owners.set(key, file);
  }
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}
