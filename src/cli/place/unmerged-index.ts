// Owns: conflicts in git's index: told to it, so that mergetools open them and git refuses to commit them; and read from it.
// Promises: tells of files only that the plan has written markers into; a failure is said, and harms nothing.
// Must not: touch files.

import type { PlannedFile, Sides } from "../../index.js";
import type { Terminal } from "../terminal.js";
import { gitIn } from "./run-git.js";

const BASE = 1;
const OURS = 2;
const THEIRS = 3;

/** @returns why it could not be done; undefined where it was, or where there was nothing to do */
export async function registerUnmerged(
  root: string,
  conflicts: readonly PlannedFile[],
  terminal: Terminal,
): Promise<string | undefined> {
  const git = await gitIn(root, terminal);
  const place = await git(["rev-parse", "--show-prefix"]);
  if (place.failed) return undefined;
  const prefix = place.stdout.replace(/\n$/, "");
  const lines: string[] = [];
  for (const { path, stages, mode } of conflicts) {
    if (stages === undefined) continue;
    const name = `${prefix}${path}`;
    lines.push(`0 ${"0".repeat(40)}\t${name}`);
    for (const [stage, text] of [
      [BASE, stages.base],
      [OURS, stages.ours],
      [THEIRS, stages.theirs],
    ] as const) {
      const blob = await git(["hash-object", "-w", "--stdin"], text);
      if (blob.failed) return blob.problem;
      lines.push(`${mode === 0o755 ? "100755" : "100644"} ${blob.stdout.trim()} ${stage}\t${name}`);
    }
  }
  if (lines.length === 0) return undefined;
  const update = await git(["update-index", "-z", "--index-info"], lines.map((line) => `${line}\0`).join(""));
  return update.failed ? update.problem : undefined;
}

/** The sides of every path below the root that git has not merged. */
export async function readUnmerged(root: string, terminal: Terminal): Promise<Map<string, Sides>> {
  const git = await gitIn(root, terminal);
  const list = await git(["ls-files", "--unmerged", "-z", "--", "."]);
  const sides = new Map<string, Sides>();
  for (const line of list.failed ? [] : list.stdout.split("\0")) {
    const [, blob, stage, path] = /^\d+ ([0-9a-f]+) ([123])\t(.+)$/s.exec(line) ?? [];
    if (blob === undefined || path === undefined) continue;
    const known = sides.get(path) ?? { base: undefined, ours: undefined, theirs: undefined };
    const { stdout } = await git(["cat-file", "blob", blob]);
    const side = Number(stage) === BASE ? "base" : Number(stage) === OURS ? "ours" : "theirs";
    sides.set(path, { ...known, [side]: stdout });
  }
  return sides;
}
