// Owns: reading what a plan needs to know of a repository: the files it may touch, and the state.
// Promises: reads only below the root, through SafeRoot; reads only paths of the tree and of the state.
// Must not: write.

import { besideName } from "../plan/plan-beside.js";
import {
  BASE_DIRECTORY,
  FILES_FILE,
  hashOf,
  parseState,
  type Salvaged,
  STATE_FILE,
  type State,
  salvageState,
} from "../plan/state.js";
import type { DiskFile, Snapshot } from "../plan/write-plan.js";
import type { FileTree } from "../render/file-tree.js";
import { readBytes, readDiskFile } from "./read-disk-file.js";
import { readStrays } from "./read-strays.js";
import { lstat, SafeRoot } from "./safe-path.js";

/** Where a stack lives: the repository's root, and the stack's directory below it ("." for the root itself). */
export interface Location {
  readonly root: string;
  readonly path: string;
}

/** A path of the stack's directory, below the repository's root. */
export function inStack({ path }: Location, file: string): string {
  return path === "." ? file : `${path}/${file}`;
}

/** The recorded state; undefined where the directory was never generated. */
export function readState(location: Location): State | undefined {
  const root = new SafeRoot(location.root);
  const state = readText(root, inStack(location, STATE_FILE));
  if (state === undefined) return undefined;
  return parseState(state, readText(root, inStack(location, FILES_FILE)) ?? "");
}

/** What can still be read of the state, whatever has happened to it. */
export function salvage(location: Location): Salvaged {
  const root = new SafeRoot(location.root);
  const text = (file: string) => readText(root, inStack(location, file)) ?? "";
  return salvageState(text(STATE_FILE), text(FILES_FILE));
}

/** What is on disk where the tree or the state has a file. */
export function readSnapshot(location: Location, tree: FileTree, state: State | undefined): Snapshot {
  const root = new SafeRoot(location.root);
  const files = new Map<string, DiskFile>();
  const bases = new Map<string, string>();
  if (lstat(location.root) === undefined) return { files, bases };
  for (const path of new Set([...tree.map((file) => file.path), ...(state?.files.keys() ?? [])])) {
    const disk = readDiskFile(root.resolve(path));
    if (disk === undefined) continue;
    files.set(path, disk);
    if (disk.kind !== "binary") continue;
    const beside = readDiskFile(root.resolve(besideName(path)));
    if (beside !== undefined) files.set(besideName(path), beside);
  }
  for (const { hash, path } of [...(state?.files.values() ?? [])].flat()) {
    // The base of an untouched text is the text itself.
    const disk = files.get(path);
    if (disk?.textHash === hash && disk.kind === "text") continue;
    const base = readText(root, inStack(location, `${BASE_DIRECTORY}/${hash}`));
    if (base !== undefined && hashOf(base) === hash) bases.set(hash, base);
  }
  const strays = readStrays(location, { tree, state, files, bases });
  return { files, bases, strays };
}

/** Text of a file of the stack's directory; undefined where there is none. */
export function readStackFile(location: Location, file: string): string | undefined {
  return readText(new SafeRoot(location.root), inStack(location, file));
}

function readText(root: SafeRoot, path: string): string | undefined {
  const absolute = root.resolve(path);
  return lstat(absolute)?.isFile() ? readBytes(absolute).toString("utf8") : undefined;
}
