// Owns: the one way from a path in a plan or state to a path on disk.
// Promises: the result is below the root, through real directories only; never in .git.
// Must not: be bypassed: every read, write, chmod and delete of generated files goes through it.

import { lstatSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { StackError } from "../stack-error.js";

/** Names that Windows takes for devices, whatever their extension; NFKC has made ¹²³ digits, as Windows does. */
const DEVICES = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$) *(?:\..*)?$/i;

/** Controls, invisible characters (HFS+ ignores them: git's CVE-2014-9390), halves of characters, and what Windows refuses. */
const REFUSED = /[\p{Cc}\p{Cf}\p{Cs}\\:*?"<>|]/u;

/** Why `path` cannot be below a root, from its text alone. */
export function pathProblem(path: string): string | undefined {
  if (path === "" || path.length > 1024) return "is empty or too long";
  if (REFUSED.test(path)) return "has a character that some file systems refuse";
  if (path.startsWith("/")) return "is absolute";
  for (const part of path.split("/")) {
    if (part === "" || part === "." || part === "..") return "has an empty, '.' or '..' part";
    const folded = part.normalize("NFKC");
    if (folded === "." || folded === ".." || folded.includes("/"))
      return "has a part that folds into another";
    if (/^\.git[. ]*$/i.test(folded) || /^git~[0-9]+$/i.test(folded)) return "is inside of .git";
    if (DEVICES.test(folded)) return "is a device name on Windows";
    if (/[. ]$/.test(folded)) return "has a part that ends in a dot or a space";
    if (Buffer.byteLength(part) > 255) return "has a part that is too long";
  }
  return undefined;
}

/** Resolves paths below one root; directories that were checked are remembered for the life of the object. */
export class SafeRoot {
  private readonly checked = new Set<string>();

  /** @throws StackError (input, PLACE) where something else than a directory is at the root; a link to one may be. */
  constructor(readonly root: string) {
    if (lstat(root) !== undefined && statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new StackError("input", "PLACE", `${root} is not a directory`, { hint: "Nothing was written." });
  }

  /**
   * The absolute path of `path`, whose parents are directories or absent.
   * @throws StackError (input, UNSAFE_PATH)
   */
  resolve(path: string): string {
    const problem = pathProblem(path);
    if (problem !== undefined) throw unsafe(path, problem);
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth += 1)
      this.checkParent(parts.slice(0, depth).join("/"), path);
    return join(this.root, path);
  }

  private checkParent(parent: string, path: string): void {
    if (this.checked.has(parent)) return;
    const stats = lstat(join(this.root, parent));
    if (stats === undefined) return;
    if (!stats.isDirectory())
      throw unsafe(
        path,
        `goes through ${parent}, which is ${stats.isSymbolicLink() ? "a link" : "not a directory"}`,
      );
    this.checked.add(parent);
  }
}

/** lstat, or undefined where nothing is; below a file, nothing is. */
export function lstat(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw cause;
  }
}

function unsafe(path: string, problem: string): StackError {
  return new StackError("input", "UNSAFE_PATH", `the path ${JSON.stringify(path)} ${problem}`, {
    hint: "Nothing was written.",
  });
}
