// Owns: FileTree × what was generated last × what is on disk → WritePlan.
// Promises: pure; a user's edit is never overwritten, a user's file never deleted, without being asked.
// Must not: read or write.

import type { FileTree, TreeFile } from "../render/file-tree.js";
import { mergeFile } from "./merge-file.js";
import { mergeRelease } from "./merge-release.js";
import { hashOf, type RecordedFile, type State } from "./state.js";
import type { Action, DiskFile, PlannedFile, Snapshot, WritePlan } from "./write-plan.js";

export interface PlanOptions {
  readonly generator: string;
  /** Replace files that are in the way and not known; the user asked for it. */
  readonly force?: boolean;
}

export function planWrite(
  tree: FileTree,
  state: State | undefined,
  snapshot: Snapshot,
  options: PlanOptions,
): WritePlan {
  const recorded = state?.files ?? new Map<string, RecordedFile>();
  const wanted = tree.map((file) => planFile(file, recorded.get(file.path), snapshot, options));
  const paths = new Set(tree.map(({ path }) => path));
  const dropped = [...recorded.values()]
    .filter(({ path }) => !paths.has(path))
    .map((record) => planDropped(record, snapshot));
  const conflicts = new Set(wanted.filter(({ action }) => action === "conflict").map(({ path }) => path));
  return {
    files: [...wanted, ...dropped].sort((a, b) => (a.path < b.path ? -1 : 1)),
    records: tree.flatMap((file) => recordOf(file, conflicts, recorded)),
    bases: new Map(tree.map(({ contents }) => [hashOf(contents), contents])),
    generator: options.generator,
  };
}

/** A conflict keeps its old base, so that the next run sees it again; a file in the way is not ours. */
function recordOf(
  { path, contents, mode, ownership }: TreeFile,
  conflicts: ReadonlySet<string>,
  recorded: ReadonlyMap<string, RecordedFile>,
): RecordedFile[] {
  if (!conflicts.has(path)) return [{ path, hash: hashOf(contents), mode, ownership }];
  const old = recorded.get(path);
  return old === undefined ? [] : [old];
}

function planFile(
  file: TreeFile,
  record: RecordedFile | undefined,
  snapshot: Snapshot,
  options: PlanOptions,
): PlannedFile {
  const disk = snapshot.files.get(file.path);
  const planned = (action: Action, reason: string, contents?: string, mode = file.mode): PlannedFile => ({
    path: file.path,
    action,
    reason,
    ownership: file.ownership,
    contents,
    mode,
    before: disk?.hash,
  });
  if (disk === undefined)
    return record === undefined
      ? planned("create", "new", file.contents)
      : planned("keep", "deleted by you, stays deleted");
  if (disk.kind === "directory" || disk.kind === "link" || disk.kind === "other")
    return planned("conflict", `a ${disk.kind === "other" ? "special file" : disk.kind} is in the way`);
  if (file.ownership === "seeded") return planned("keep", "yours since it was written");
  if (file.ownership === "release") return planRelease(file, record, disk, snapshot, planned);
  return planManaged(file, record, disk, snapshot, options, planned);
}

type Plan = (action: Action, reason: string, contents?: string, mode?: PlannedFile["mode"]) => PlannedFile;

function planRelease(
  file: TreeFile,
  record: RecordedFile | undefined,
  disk: DiskFile,
  snapshot: Snapshot,
  planned: Plan,
): PlannedFile {
  const base = record?.hash === disk.hash ? disk.contents : record && snapshot.bases.get(record.hash);
  if (base === undefined || disk.contents === undefined || base === file.contents)
    return planned("keep", "yours and the releases'");
  const { text, added } = mergeRelease(base, disk.contents, file.contents);
  return added.length === 0
    ? planned("keep", "yours and the releases'")
    : planned("merge", `adds the image of ${added.join(", ")}`, text);
}

function planManaged(
  file: TreeFile,
  record: RecordedFile | undefined,
  disk: DiskFile,
  snapshot: Snapshot,
  options: PlanOptions,
  planned: Plan,
): PlannedFile {
  const rendered = hashOf(file.contents);
  const mode = modeOf(file, record, disk);
  if (disk.hash === rendered)
    return (mode === 0o755) === disk.executable
      ? planned("keep", "up to date")
      : planned("update", "mode", file.contents, mode);
  if (record === undefined)
    return options.force
      ? planned("update", "replaces a file that was here before", file.contents)
      : planned("conflict", "a file that was not generated is in the way");
  if (disk.hash === record.hash) return planned("update", "changed by the generator", file.contents, mode);
  if (record.hash === rendered) return planned("keep", "edited by you");
  const base = snapshot.bases.get(record.hash);
  if (base === undefined || disk.contents === undefined)
    return planned(
      "conflict",
      base === undefined
        ? "edited by you, and what was rendered last is lost"
        : "edited by you, and not text",
    );
  const merge = mergeFile(file.path, base, disk.contents, file.contents);
  return "merged" in merge
    ? planned("merge", "your edits and the generator's", merge.merged, mode)
    : planned("conflict", merge.conflict);
}

/** The user's executable bit, unless the template's has changed. */
function modeOf(file: TreeFile, record: RecordedFile | undefined, disk: DiskFile): PlannedFile["mode"] {
  if (record === undefined || record.mode !== file.mode) return file.mode;
  return disk.executable ? 0o755 : 0o644;
}

function planDropped(record: RecordedFile, snapshot: Snapshot): PlannedFile {
  const disk = snapshot.files.get(record.path);
  const planned = (action: Action, reason: string): PlannedFile => ({
    path: record.path,
    action,
    reason,
    ownership: record.ownership,
    contents: undefined,
    mode: record.mode,
    before: disk?.hash,
  });
  if (disk === undefined) return planned("keep", "gone already");
  if (record.ownership !== "managed") return planned("keep", "yours; no longer needed");
  return disk.hash === record.hash
    ? planned("delete", "no longer needed")
    : planned("keep", "no longer needed, but edited by you");
}
