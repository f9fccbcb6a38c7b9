// Owns: small repositories in a scratch folder, for tests of plan and apply.
// Promises: the real plan and apply on a real disk; trees of a few made-up files, so that a test shows all of its input.
// Must not: render templates.

import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyPlan, type Report } from "../../src/apply/apply-plan.js";
import { type Location, readSnapshot, readState } from "../../src/apply/read-repository.js";
import { type PlanOptions, planWrite } from "../../src/plan/plan-write.js";
import type { WritePlan } from "../../src/plan/write-plan.js";
import type { FileTree, TreeFile } from "../../src/render/file-tree.js";

const about = { what: "A file.", why: "For a test.", change: "the test" };

export function treeFile(path: string, contents: string, more: Partial<TreeFile> = {}): TreeFile {
  return { path, contents, mode: 0o644, ownership: "managed", capability: "test", about, ...more };
}

/** A tree of managed files. */
export function treeOf(files: Readonly<Record<string, string>>): FileTree {
  return Object.entries(files).map(([path, contents]) => treeFile(path, contents));
}

const folders: string[] = [];

/** In memory where that is possible: what is tested is the order of calls, and thousands of them wait for a disk. */
const PARENT = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A new folder; {@link removeScratchFolders} removes it. */
export function scratchFolder(parent = PARENT): string {
  const folder = realpathSync(mkdtempSync(join(parent, "prod-stack-test-")));
  folders.push(folder);
  return folder;
}

export function removeScratchFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function planTree(
  tree: FileTree,
  location: Location,
  force = false,
  options: Partial<PlanOptions> = {},
): WritePlan {
  const state = readState(location);
  const snapshot = readSnapshot(location, tree, state);
  return planWrite(tree, state, snapshot, { generator: "1.0.0", force, ...options });
}

export function generate(
  tree: FileTree,
  root: string,
  path = ".",
  options: Partial<PlanOptions> = {},
): { plan: WritePlan; report: Report } {
  const location = { root, path };
  const plan = planTree(tree, location, false, options);
  return { plan, report: applyPlan(plan, location) };
}

/** Every entry below a folder: its type, permissions, and bytes or target; so two trees compare with toEqual. */
export function listTree(folder: string, prefix = ""): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const name of readdirSync(join(folder, prefix)).sort()) {
    const path = `${prefix}${name}`;
    const stats = lstatSync(join(folder, path));
    const mode = (stats.mode & 0o777).toString(8);
    if (stats.isDirectory()) Object.assign(entries, { [`${path}/`]: mode }, listTree(folder, `${path}/`));
    else if (stats.isSymbolicLink()) entries[path] = `-> ${readlinkSync(join(folder, path))}`;
    else entries[path] = `${mode} ${digest(readFileSync(join(folder, path)))}`;
  }
  return entries;
}

function digest(bytes: Buffer): string {
  return bytes.length < 200 ? bytes.toString("latin1") : createHash("sha256").update(bytes).digest("hex");
}
