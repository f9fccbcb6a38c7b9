// Owns: which of several records of one path counts, after git has united those of two branches.
// Promises: the ancestor of what is on disk, where one is known.
// Must not: read.

import type { RecordedFile, State } from "./state.js";
import type { Snapshot } from "./write-plan.js";

/** Of two records of one path the one whose rendering is still on disk, else one whose base is known: the ancestor of the edits. */
export function chooseRecords(
  state: State | undefined,
  { files, bases }: Snapshot,
): Map<string, RecordedFile> {
  const chosen = new Map<string, RecordedFile>();
  for (const [path, records] of state?.files ?? []) {
    const onDisk = files.get(path)?.textHash;
    const record =
      records.find(({ hash }) => hash === onDisk) ??
      records.find(({ hash }) => bases.has(hash)) ??
      records[0];
    if (record !== undefined) chosen.set(path, record);
  }
  return chosen;
}
