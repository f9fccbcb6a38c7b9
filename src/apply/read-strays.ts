// Owns: files that nobody knows, where one that was rendered is gone: it may have been renamed.
// Promises: read only where the generator has something new to say of what is gone; below the stack, and never in another one.
// Must not: decide what was renamed.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { hashOf, type RecordedFile, type State } from "../plan/state.js";
import type { DiskFile, Snapshot } from "../plan/write-plan.js";
import type { FileTree } from "../render/file-tree.js";
import { readDiskFile } from "./read-disk-file.js";
import type { Location } from "./read-repository.js";
import { lstat, pathProblem } from "./safe-path.js";

export interface Known extends Snapshot {
  readonly tree: FileTree;
  readonly state: State | undefined;
}

const MOST = 2000;
const LARGEST = 1024 * 1024;

export function readStrays({ root, path }: Location, known: Known): Map<string, DiskFile> {
  if (!isWanted(known)) return new Map();
  const paths = new Set([...known.tree.map((file) => file.path), ...(known.state?.files.keys() ?? [])]);
  const strays = filesBelow(root, path)
    .filter((file) => !paths.has(file) && pathProblem(file) === undefined)
    .filter((file) => (lstat(join(root, file))?.size ?? LARGEST) < LARGEST)
    .slice(0, MOST);
  return new Map(
    strays.flatMap((file) => {
      const disk = readDiskFile(join(root, file));
      return disk === undefined ? [] : [[file, disk] as const];
    }),
  );
}

/** Whether a file is gone of which the generator has something new to say. */
function isWanted({ tree, state, files, bases }: Known): boolean {
  const isGone = ({ path, hash, ownership }: RecordedFile) =>
    ownership === "managed" && !files.has(path) && bases.has(hash);
  const gone = [...(state?.files.values() ?? [])].flat().filter(isGone);
  if (gone.length === 0) return false;
  const rendered = new Map(tree.map((file) => [file.path, file]));
  return gone.some(({ path, hash, mode }) => {
    const file = rendered.get(path);
    return file === undefined || file.mode !== mode || hashOf(file.contents) !== hash;
  });
}

const FOREIGN = new Set([".git", "node_modules", ".prod-stack"]);

/** Regular files; not those of another repository or stack below. */
function filesBelow(root: string, top: string): string[] {
  const found: string[] = [];
  const directories = [top];
  for (let next = directories.pop(); next !== undefined; next = directories.pop()) {
    const entries = readdirSync(join(root, next), { withFileTypes: true });
    const isForeign = next !== top && entries.some(({ name }) => name === ".git" || name === ".prod-stack");
    for (const entry of isForeign ? [] : entries) {
      const path = next === "." ? entry.name : `${next}/${entry.name}`;
      if (entry.isDirectory() && !FOREIGN.has(entry.name)) directories.push(path);
      if (entry.isFile()) found.push(path);
    }
  }
  return found.sort();
}
