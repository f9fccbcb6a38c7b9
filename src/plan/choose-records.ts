// Owns: which of several records of one path counts, after git has united those of two branches.
// Promises: the ancestor of what is on disk, where one is known.
// Must not: read.

import type { RecordedFile, State } from "./state.js";
import type { Snapshot } from "./write-plan.js";

/** Of two records of one path the one whose rendering is still on disk, else the nearest whose base is known: the ancestor of the edits. */
export function chooseRecords(
  state: State | undefined,
  { files, bases }: Snapshot,
): Map<string, RecordedFile> {
  const chosen = new Map<string, RecordedFile>();
  for (const [path, records] of state?.files ?? []) {
    const disk = files.get(path);
    const record =
      records.find(({ hash }) => hash === disk?.textHash) ??
      nearest(records, bases, disk?.contents) ??
      records[0];
    if (record !== undefined) chosen.set(path, record);
  }
  return chosen;
}

function nearest(
  records: readonly RecordedFile[],
  bases: Snapshot["bases"],
  contents: string | undefined,
): RecordedFile | undefined {
  const known = records.filter(({ hash }) => bases.has(hash));
  if (known.length < 2 || contents === undefined) return known[0];
  const distances = known.map((record) => linesApart(bases.get(record.hash) ?? "", contents));
  return known[distances.indexOf(Math.min(...distances))];
}

/** Lines that only one of two texts has. */
export function linesApart(one: string, other: string): number {
  const lines = new Set(one.split("\n"));
  const others = new Set(other.split("\n"));
  const missing = [...lines].filter((line) => !others.has(line)).length;
  return missing + [...others].filter((line) => !lines.has(line)).length;
}
