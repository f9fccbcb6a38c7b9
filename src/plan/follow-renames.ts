// Owns: managed files that people have renamed, and where they are now.
// Promises: found by what is in them, never by their names; a file that the generator knows, or two that look alike, is none.
// Must not: read; the snapshot has what may be meant.

import { splitLines } from "./merge-text.js";
import type { RecordedFile } from "./state.js";
import type { DiskFile, Snapshot } from "./write-plan.js";

export interface Rename {
  readonly from: RecordedFile;
  readonly to: string;
}

/** Of each of the two texts, the share of lines that the other has, too; git asks for half. */
const LEAST_SHARED = 0.6;
/** Two files of a few lines look alike whatever they are. */
const FEWEST_LINES = 5;

/** @param records what was rendered last; those whose files are gone are looked for */
export function findRenames(
  records: Iterable<RecordedFile>,
  { files, bases, strays = new Map() }: Snapshot,
  restore: ReadonlySet<string> = new Set(),
): Map<string, Rename> {
  const renames = new Map<string, Rename>();
  if (strays.size === 0) return renames;
  const taken = new Set<string>();
  for (const from of records) {
    const base = bases.get(from.hash);
    if (base === undefined || files.has(from.path) || restore.has(from.path)) continue;
    const to = nearest(from, base, strays);
    if (to === undefined || taken.has(to)) continue;
    taken.add(to);
    renames.set(from.path, { from, to });
  }
  return renames;
}

function nearest(
  { hash }: RecordedFile,
  base: string,
  strays: ReadonlyMap<string, DiskFile>,
): string | undefined {
  if (splitLines(base).length < FEWEST_LINES) return undefined;
  const [best, second] = [...strays]
    .map(([path, disk]) => ({ path, likeness: disk.textHash === hash ? 1 : likeness(disk.contents, base) }))
    .filter((candidate) => candidate.likeness >= LEAST_SHARED)
    .sort((a, b) => b.likeness - a.likeness);
  return best?.likeness === second?.likeness ? undefined : best?.path;
}

/** The smaller of the two shares. */
function likeness(contents: string | undefined, base: string): number {
  if (contents === undefined) return 0;
  const lines = splitLines(contents);
  const others = splitLines(base);
  const counts = new Map<string, number>();
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1);
  let shared = 0;
  for (const line of lines) {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    if (left > 0) shared += 1;
  }
  return shared / Math.max(lines.length, others.length);
}

/** With the files where they are now. */
export function withRenamed(snapshot: Snapshot, renames: ReadonlyMap<string, Rename>): Snapshot {
  if (renames.size === 0) return snapshot;
  const files = new Map(snapshot.files);
  for (const { to } of renames.values()) {
    const disk = snapshot.strays?.get(to);
    if (disk !== undefined) files.set(to, disk);
  }
  return { ...snapshot, files };
}
