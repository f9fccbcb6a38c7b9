// Owns: the new version of a file that people have edited and that cannot be merged, since it is not text.
// Promises: it stands beside theirs as NAME.new, once; nothing of theirs is overwritten, not even a NAME.new of their own.
// Must not: decide what is text; reading the disk has.

import type { TreeFile } from "../render/file-tree.js";
import type { ConflictChoice } from "./conflict-choice.js";
import type { RecordedFile } from "./state.js";
import type { DiskFile, PlannedFile, Snapshot } from "./write-plan.js";

/** Why such a file is in conflict. */
export const NOT_TEXT = "edited by you, and not text";

export function besideName(path: string): string {
  return `${path}.new`;
}

/** @param files the plan of each file, with conflicts as they were left */
export function planBesides(
  files: readonly PlannedFile[],
  rendered: readonly (TreeFile & { readonly hash: string })[],
  snapshot: Snapshot,
  recorded: ReadonlyMap<string, RecordedFile>,
  { conflicts }: { readonly conflicts?: ConflictChoice },
): PlannedFile[] {
  if (conflicts !== "markers") return [...files];
  const byPath = new Map(rendered.map((file) => [file.path, file]));
  return files.flatMap((planned) => {
    const file = byPath.get(planned.path);
    if (file === undefined || planned.action !== "conflict" || planned.reason !== NOT_TEXT) return [planned];
    return withBeside(planned, file, snapshot.files.get(besideName(file.path)), recorded.get(file.path));
  });
}

function withBeside(
  planned: PlannedFile,
  { path, hash, contents, mode }: TreeFile & { readonly hash: string },
  there: DiskFile | undefined,
  record: RecordedFile | undefined,
): PlannedFile[] {
  const beside = besideName(path);
  // One that an earlier version has put there is ours to replace.
  const isOurs = there?.textHash === hash || (there !== undefined && there.textHash === record?.hash);
  if (there !== undefined && !isOurs)
    return [{ ...planned, reason: `${NOT_TEXT}; something else is in the way at ${beside}` }];
  return [
    { ...planned, reason: `${NOT_TEXT}; the new version is beside it: ${beside}` },
    {
      path: beside,
      action: there === undefined ? "create" : "update",
      reason: `the new version of ${path}: take what you need from it, then delete it`,
      ownership: "seeded",
      contents,
      mode,
      before: there?.hash,
      old: there?.contents,
    },
  ];
}

export function isBeside(path: string, files: readonly PlannedFile[]): boolean {
  const name = besideName(path);
  return files.some((file) => file.path === name && file.contents !== undefined);
}
