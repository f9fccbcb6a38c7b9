// Owns: which files of a repository an upgrade has changed, the state's own among them, and setting them apart.
// Promises: bytes and modes as they are on disk; what an interrupted run had changed already counts as well.
// Must not: change the repository.

import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { InputError } from "@backstage/errors";
import { core, type Location, type WritePlan } from "./core.js";
import { isChange } from "./plan-markdown.js";
import { workspacePath } from "./workspace-path.js";

/** Before the first byte is written; plain data, which a checkpoint keeps. */
export type Before = {
  readonly paths: string[];
  /** Hashes of .prod-stack/, by path. */
  readonly state: { [path: string]: string };
};

export interface Changes {
  readonly written: string[];
  readonly deleted: string[];
}

export function before(plan: WritePlan, location: Location): Before {
  return { paths: plan.files.filter(isChange).map(({ path }) => path), state: stateHashes(location) };
}

/** What differs now from what was. */
export function changesSince(known: readonly Before[], location: Location): Changes {
  const state = stateHashes(location);
  const paths = new Set(known.flatMap((one) => one.paths));
  for (const one of known) {
    for (const path of Object.keys(one.state)) if (state[path] !== one.state[path]) paths.add(path);
    for (const path of Object.keys(state)) if (state[path] !== one.state[path]) paths.add(path);
  }
  const isThere = (path: string) =>
    lstatSync(join(location.root, path), { throwIfNoEntry: false })?.isFile() === true;
  const all = [...paths].sort();
  return { written: all.filter(isThere), deleted: all.filter((path) => !isThere(path)) };
}

function stateHashes({ root, path }: Location): { [path: string]: string } {
  const hashes: { [path: string]: string } = Object.create(null);
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const child = join(folder, entry.name);
      if (entry.isDirectory()) visit(child);
      else if (entry.isFile())
        hashes[child.split(sep).join("/")] = core().hashOf(readFileSync(join(root, child), "latin1"));
    }
  };
  const own = join(path, ".prod-stack");
  if (lstatSync(join(root, own), { throwIfNoEntry: false })?.isDirectory()) visit(own);
  return { ...hashes };
}

/** Copies of the written files, in a directory of their own: a pull request of these sends no others. */
export function setApart({ written }: Changes, root: string, target: string): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const path of written) {
    const from = join(workspacePath(root, dirname(path)), path.split("/").at(-1) ?? "");
    const to = join(target, path);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
    chmodSync(to, lstatSync(from).mode & 0o777);
  }
}

/** An empty file for each deleted one: GitLab's actions delete what they find in a directory. */
export function markDeleted({ deleted }: Changes, target: string): void {
  rmSync(target, { recursive: true, force: true });
  for (const path of deleted) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), "");
  }
}

/** @throws InputError where setting apart would take the repository away */
export function refuseOverlap(changes: string, target: string): void {
  const way = relative(changes, target);
  if (way === "" || !way.startsWith(".."))
    throw new InputError("changesPath: expected a directory beside the repository or in it, not around it");
}
