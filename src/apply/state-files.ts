// Owns: which files of .prod-stack/ a plan leads to.
// Promises: the version comes last, so that a run that is interrupted before has upgraded nothing.
// Must not: write.

import { readdirSync, readFileSync } from "node:fs";
import { BASE_DIRECTORY, FILES_FILE, formatFiles, formatState, hashOf, STATE_FILE } from "../plan/state.js";
import type { WritePlan } from "../plan/write-plan.js";
import { inStack, type Location } from "./read-repository.js";
import { lstat, SafeRoot } from "./safe-path.js";

export interface StateFile {
  readonly path: string;
  readonly contents: string;
}

/** Everything that a plan writes beside the files themselves. */
export function stateFiles(plan: WritePlan, location: Location): StateFile[] {
  const bases = [...plan.bases].map(([hash, contents]) => ({
    path: inStack(location, `${BASE_DIRECTORY}/${hash}`),
    contents,
  }));
  return [
    ...bases,
    { path: inStack(location, FILES_FILE), contents: formatFiles(plan.records) },
    { path: inStack(location, STATE_FILE), contents: formatState(plan.generator) },
  ];
}

/** Those of them that are not on disk yet, byte for byte. */
export function changedStateFiles(plan: WritePlan, location: Location): StateFile[] {
  const root = new SafeRoot(location.root);
  return stateFiles(plan, location).filter(({ path, contents }) => {
    const absolute = root.resolve(path);
    return lstat(absolute)?.isFile() !== true || hashOf(readFileSync(absolute)) !== hashOf(contents);
  });
}

/** Bases that no record names any more. */
export function staleBases(plan: WritePlan, location: Location): string[] {
  const directory = inStack(location, BASE_DIRECTORY);
  const absolute = new SafeRoot(location.root).resolve(`${directory}/x`).slice(0, -2);
  if (lstat(absolute)?.isDirectory() !== true) return [];
  const needed = new Set([...plan.records.map(({ hash }) => hash), ...plan.bases.keys()]);
  return readdirSync(absolute)
    .filter((name) => /^[a-f0-9]{64}$/.test(name) && !needed.has(name))
    .map((name) => `${directory}/${name}`);
}
