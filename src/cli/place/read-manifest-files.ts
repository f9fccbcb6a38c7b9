// Owns: reading the files of a repository that nobody generated: every path, and the text of what may be a manifest.
// Promises: through SafeRoot; no link is followed; paths, files and their sizes are bounded; the rest says why it was not read.
// Must not: parse.

import { type Dirent, existsSync, readdirSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { pathProblem, readBounded, SafeRoot, StackError } from "../../index.js";
import { lstatOf } from "./read-text.js";

/** As src/validate has it: etcd refuses objects over 1.5 MiB, and a file holds few of them. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_PATHS = 20_000;
const MAX_TEXTS = 4_000;
const MAX_DEPTH = 32;
const IGNORED = new Set([".git", "node_modules", ".prod-stack", "vendor", ".terraform"]);

export interface ReadFile {
  readonly path: string;
  readonly text: string | undefined;
  readonly unread?: "binary" | "too-large" | "not-utf8" | "unreadable" | "link-inside" | "link-outside";
}

export interface RepositoryFiles {
  readonly files: readonly ReadFile[];
  /** Paths that no file of a stack may have, and why. */
  readonly refused: readonly { readonly path: string; readonly problem: string }[];
}

interface Walk {
  readonly root: SafeRoot;
  readonly wants: (path: string) => boolean;
  readonly files: ReadFile[];
  readonly refused: { path: string; problem: string }[];
  texts: number;
  bytes: number;
}

/**
 * @param wants whose text is read
 * @throws StackError (input, PLACE or TOO_MANY_FILES)
 */
export function readManifestFiles(directory: string, wants: (path: string) => boolean): RepositoryFiles {
  if (!existsSync(directory) || lstatOf(realpathSync(directory))?.isDirectory() !== true)
    throw new StackError("input", "PLACE", `${directory} is not a directory`, {
      hint: "Give the directory that holds the manifests: create-prod-stack adopt DIRECTORY",
    });
  const root = realpathSync(directory);
  const walk: Walk = { root: new SafeRoot(root), wants, files: [], refused: [], texts: 0, bytes: 0 };
  readBelow(walk, "", 0);
  return { files: walk.files, refused: walk.refused };
}

/** The texts of single files, for what refers to them. */
export function readMore(directory: string, paths: readonly string[]): readonly ReadFile[] {
  const root = new SafeRoot(realpathSync(directory));
  const walk: Walk = { root, wants: () => true, files: [], refused: [], texts: 0, bytes: 0 };
  return paths.filter((path) => pathProblem(path) === undefined).map((path) => readRegular(walk, path));
}

function readBelow(walk: Walk, parent: string, depth: number): void {
  const names = entriesOf(join(walk.root.root, parent)).filter(({ name }) => !IGNORED.has(name));
  for (const entry of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = parent === "" ? entry.name : `${parent}/${entry.name}`;
    const problem = pathProblem(path);
    if (problem !== undefined) walk.refused.push({ path, problem });
    else if (entry.isSymbolicLink())
      walk.files.push({ path, text: undefined, unread: judgeLink(walk, path) });
    else if (entry.isDirectory() && depth < MAX_DEPTH) readBelow(walk, path, depth + 1);
    else if (entry.isFile())
      walk.files.push(isWanted(walk, path) ? readRegular(walk, path) : { path, text: undefined });
    if (
      walk.files.length + walk.refused.length > MAX_PATHS ||
      walk.texts > MAX_TEXTS ||
      walk.bytes > MAX_BYTES
    )
      throw new StackError("input", "TOO_MANY_FILES", `${walk.root.root} holds more than a stack can have`, {
        hint: "Give the directory of the manifests alone: create-prod-stack adopt DIRECTORY",
      });
  }
}

/** CI systems and editors keep YAML of their own in hidden directories. */
function isWanted({ wants }: Walk, path: string): boolean {
  return wants(path) && !path.split("/").some((part) => part.startsWith("."));
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function judgeLink({ root }: Walk, path: string): "link-inside" | "link-outside" {
  try {
    const target = realpathSync(join(root.root, path));
    return target === root.root || target.startsWith(root.root + sep) ? "link-inside" : "link-outside";
  } catch {
    return "link-outside";
  }
}

function readRegular(walk: Walk, path: string): ReadFile {
  try {
    const bytes = readBounded(walk.root, path, MAX_FILE_BYTES);
    if (bytes === undefined) return { path, text: undefined, unread: "too-large" };
    walk.texts += 1;
    walk.bytes += bytes.length;
    return { path, ...decode(bytes) };
  } catch {
    return { path, text: undefined, unread: "unreadable" };
  }
}

function decode(bytes: Buffer): Pick<ReadFile, "text" | "unread"> {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { text: undefined, unread: bytes.subarray(0, 8192).includes(0) ? "binary" : "not-utf8" };
  }
}
