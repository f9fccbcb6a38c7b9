// Owns: a repository that is not there yet.
// Promises: it appears whole or not at all: staged beside its place, and renamed once.
// Must not: touch a directory that exists, even an empty one: it may be someone's current directory, or a mount.

import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { WritePlan } from "../plan/write-plan.js";
import { makeDirectory } from "./make-directory.js";
import type { Location } from "./read-repository.js";
import { SafeRoot } from "./safe-path.js";
import { stateFiles } from "./state-files.js";
import { writeFailure } from "./write-failure.js";

export function writeFresh(plan: WritePlan, location: Location, nonce: string): void {
  const staging = join(dirname(location.root), `.${basename(location.root)}.${nonce}.tmp`);
  try {
    makeDirectory(dirname(location.root));
    mkdirSync(staging);
    chmodSync(staging, 0o755);
    fill(new SafeRoot(staging), plan, location);
    // Fails where something has appeared meanwhile: a directory with content is never replaced.
    renameSync(staging, location.root);
  } catch (cause) {
    rmSync(staging, { recursive: true, force: true });
    throw writeFailure(location.root, cause);
  }
}

function fill(root: SafeRoot, plan: WritePlan, location: Location): void {
  const made = new Set<string>();
  for (const { path, contents, mode } of plan.files)
    if (contents !== undefined) writeNew(root, made, path, contents, mode);
  for (const { path, contents } of stateFiles(plan, location)) writeNew(root, made, path, contents, 0o644);
}

function writeNew(root: SafeRoot, made: Set<string>, path: string, contents: string, mode: number): void {
  const absolute = root.resolve(path);
  const parent = dirname(absolute);
  if (!made.has(parent)) {
    makeDirectory(parent);
    made.add(parent);
  }
  writeFileSync(absolute, contents, { flag: "wx" });
  chmodSync(absolute, mode);
}
