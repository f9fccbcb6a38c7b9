// Owns: FileTree × what was generated last × what is on disk → WritePlan.
// Promises: pure; a user's edit is never overwritten, a user's file never deleted, without being asked.
// Must not: read or write.

import { type FileTree, foldPath, type TreeFile } from "../render/file-tree.js";
import { applyMoves } from "./apply-moves.js";
import { chooseRecords } from "./choose-records.js";
import { type ConflictChoice, type Disagreement, hasConflictMarkers, settle } from "./conflict-choice.js";
import { followMoves, type Source } from "./follow-moves.js";
import { findRenames, withRenamed } from "./follow-renames.js";
import { mergeFile } from "./merge-file.js";
import { mergeRelease } from "./merge-release.js";
import { isBeside, NOT_TEXT, planBesides } from "./plan-beside.js";
import { conflictsWithRenamed, planRenamed, standIns } from "./plan-renamed.js";
import { hashOf, type RecordedFile, type State } from "./state.js";
import type { Action, DiskFile, PlannedFile, Snapshot, WritePlan } from "./write-plan.js";

export interface PlanOptions {
  readonly generator: string;
  /** Replace files that are in the way and not known; the user asked for it. */
  readonly force?: boolean;
  /** What becomes of edits that disagree with the new rendering; `leave` by default. */
  readonly conflicts?: ConflictChoice;
  /** Paths of deleted files that the user wants back. */
  readonly restore?: ReadonlySet<string>;
}

interface RenderedFile extends TreeFile {
  readonly hash: string;
}

export function planWrite(
  tree: FileTree,
  state: State | undefined,
  snapshot: Snapshot,
  options: PlanOptions,
): WritePlan {
  const recorded = chooseRecords(state, snapshot);
  const rendered = tree.map((file): RenderedFile => ({ ...file, hash: hashOf(file.contents) }));
  const renames = findRenames(recorded.values(), snapshot, options.restore);
  const here = withRenamed(snapshot, renames);
  const planned = (file: RenderedFile, from = recorded.get(file.path)) => planFile(file, from, here, options);
  const wanted = rendered.map((file) => planned(file));
  const dropped = droppedRecords(tree, recorded);
  // Only a new version renames files. With the same one a spec has dropped one thing and declared another that looks like it.
  const isUpgrade = state?.generator !== options.generator;
  const moves = isUpgrade
    ? followMoves(sourcesOf(rendered, recorded), createdFiles(rendered, wanted), snapshot)
    : [];
  const besides = planBesides(wanted, rendered, snapshot, recorded, options);
  const followed = standIns(renames, moves, rendered);
  const moved = applyMoves([...besides, ...planAllDropped(tree, dropped, snapshot)], moves);
  const files = planRenamed(moved, followed, planned);
  const left = files.filter((file) => isLeft(file, besides));
  const conflicts = conflictsWithRenamed(new Set(left.map(({ path }) => path)), followed);
  return {
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    records: [
      ...rendered.flatMap((file) => recordOf(file, conflicts, state)),
      ...dropped.filter(({ path }) => conflicts.has(path)),
    ],
    bases: new Map(rendered.map(({ hash, contents }) => [hash, contents])),
    generator: options.generator,
  };
}

/** Nobody has the new rendering yet: not the file, and not what stands beside it. */
function isLeft({ action, contents, path }: PlannedFile, files: readonly PlannedFile[]): boolean {
  return action === "conflict" && contents === undefined && !isBeside(path, files);
}

/** A conflict keeps its old base, so that the next run sees it again; a file in the way is not ours. */
function recordOf(
  { path, hash, mode, ownership }: RenderedFile,
  conflicts: ReadonlySet<string>,
  state: State | undefined,
): readonly RecordedFile[] {
  if (!conflicts.has(path)) return [{ path, hash, mode, ownership }];
  return state?.files.get(path) ?? [];
}

function planFile(
  file: RenderedFile,
  record: RecordedFile | undefined,
  snapshot: Snapshot,
  options: PlanOptions,
): PlannedFile {
  const disk = snapshot.files.get(file.path);
  const planned: Plan = (action, reason, contents, mode = file.mode) => ({
    path: file.path,
    action,
    reason,
    ownership: file.ownership,
    contents: disk?.lineEnd === "\r\n" ? contents?.replaceAll("\n", "\r\n") : contents,
    mode,
    before: disk?.hash,
    old: disk?.contents,
  });
  if (disk === undefined) return planAbsent(file, record, options, planned);
  if (disk.kind === "directory" || disk.kind === "link" || disk.kind === "other")
    return planInTheWay(file, record, disk, planned);
  if (file.ownership === "seeded") return planned("keep", "yours since it was written");
  if (file.ownership === "release") return planRelease(file, record, disk, snapshot, planned);
  return planManaged(file, record, disk, snapshot, options, planned);
}

function planAbsent(
  file: RenderedFile,
  record: RecordedFile | undefined,
  { restore }: PlanOptions,
  planned: Plan,
): PlannedFile {
  if (record === undefined) return planned("create", "new", file.contents);
  return restore?.has(file.path)
    ? planned("create", "restored, as you asked", file.contents)
    : planned("keep", "deleted by you, stays deleted");
}

type Plan = (action: Action, reason: string, contents?: string, mode?: PlannedFile["mode"]) => PlannedFile;

/** Where the generator has nothing new to say, what the user put in a file's place is an edit like any other. */
function planInTheWay(
  file: RenderedFile,
  record: RecordedFile | undefined,
  { kind }: DiskFile,
  planned: Plan,
): PlannedFile {
  const what = kind === "other" ? "special file" : kind;
  const isUnchanged = record?.hash === file.hash;
  if (record !== undefined && (isUnchanged || file.ownership !== "managed"))
    return planned("keep", `replaced by a ${what} of yours`);
  return planned("conflict", `a ${what} is in the way`);
}

function planRelease(
  file: RenderedFile,
  record: RecordedFile | undefined,
  disk: DiskFile,
  snapshot: Snapshot,
  planned: Plan,
): PlannedFile {
  const base = record?.hash === disk.textHash ? disk.contents : record && snapshot.bases.get(record.hash);
  if (base === undefined || disk.contents === undefined || base === file.contents)
    return planned("keep", "yours and the releases'");
  const { text, added } = mergeRelease(base, disk.contents, file.contents);
  return added.length === 0
    ? planned("keep", "yours and the releases'")
    : planned("merge", `adds ${added.join(", ")}`, text, modeOnDisk(disk));
}

function planManaged(
  file: RenderedFile,
  record: RecordedFile | undefined,
  disk: DiskFile,
  snapshot: Snapshot,
  options: PlanOptions,
  planned: Plan,
): PlannedFile {
  const rendered = file.hash;
  const mode = modeOf(file, record, disk);
  const isModeRight = mode === modeOnDisk(disk);
  if (disk.textHash === rendered)
    return isModeRight ? planned("keep", "up to date") : planned("update", "mode", file.contents, mode);
  if (record === undefined)
    return options.force || options.conflicts === "theirs"
      ? planned("update", "replaces a file that was here before", file.contents)
      : planned("conflict", "a file that was not generated is in the way");
  if (disk.contents !== undefined && hasConflictMarkers(disk.contents))
    return disagree({ conflict: "conflict markers are still in it" }, file, disk, options, planned);
  if (disk.textHash === record.hash)
    return planned("update", "changed by the generator", file.contents, mode);
  if (record.hash === rendered) return planEdited(disk, mode, planned);
  return planMerge(file, snapshot.bases.get(record.hash), { disk, mode, options, planned });
}

/** What is not text is never written, not even for its mode. */
function planEdited(disk: DiskFile, mode: PlannedFile["mode"], planned: Plan): PlannedFile {
  if (mode === modeOnDisk(disk)) return planned("keep", "edited by you");
  return disk.contents === undefined
    ? planned("keep", `edited by you, and not text; its mode should be ${mode.toString(8)} now`)
    : planned("update", "mode; your edits stay", disk.contents, mode);
}

interface Merging {
  readonly disk: DiskFile;
  readonly mode: PlannedFile["mode"];
  readonly options: PlanOptions;
  readonly planned: Plan;
}

function planMerge(
  file: TreeFile,
  base: string | undefined,
  { disk, mode, options, planned }: Merging,
): PlannedFile {
  if (disk.contents === undefined) return disagree({ conflict: NOT_TEXT }, file, disk, options, planned);
  if (base === undefined)
    return disagree(
      { conflict: "edited by you, and what was rendered last is lost" },
      file,
      disk,
      options,
      planned,
    );
  const merge = mergeFile(file.path, base, disk.contents, file.contents);
  if ("conflict" in merge) {
    const stages = { base, ours: disk.contents, theirs: file.contents };
    const conflict = disagree(merge, file, disk, options, planned);
    return conflict.action === "conflict" && conflict.contents !== undefined
      ? { ...conflict, stages }
      : conflict;
  }
  return merge.merged === disk.contents && mode === modeOnDisk(disk)
    ? planned("keep", "edited by you, and the generator's changes are in it")
    : planned("merge", "your edits and the generator's", merge.merged, mode);
}

function disagree(
  disagreement: Disagreement,
  file: TreeFile,
  disk: DiskFile,
  { conflicts = "leave" }: PlanOptions,
  planned: Plan,
): PlannedFile {
  const { action, reason, contents } = settle(disagreement, conflicts, disk, file.contents);
  return planned(action, reason, contents, contents === undefined ? undefined : modeOnDisk(disk));
}

/** The user's executable bit, unless the template's has changed; of an unknown file it is only ever added. */
function modeOf(file: TreeFile, record: RecordedFile | undefined, disk: DiskFile): PlannedFile["mode"] {
  const isTemplates = record === undefined ? file.mode === 0o755 : record.mode !== file.mode;
  return isTemplates ? file.mode : modeOnDisk(disk);
}

function modeOnDisk({ executable }: DiskFile): PlannedFile["mode"] {
  return executable ? 0o755 : 0o644;
}

function droppedRecords(
  tree: FileTree,
  recorded: ReadonlyMap<string, RecordedFile>,
): readonly RecordedFile[] {
  const wanted = new Set(tree.map(({ path }) => path));
  return [...recorded.values()].filter(({ path }) => !wanted.has(path));
}

function planAllDropped(tree: FileTree, dropped: readonly RecordedFile[], snapshot: Snapshot): PlannedFile[] {
  const folded = new Set(tree.map(({ path }) => foldPath(path)));
  return dropped.map((record) => planDropped(record, snapshot, folded.has(foldPath(record.path))));
}

/** Managed files that were rendered before and are rendered differently now, or not at all. */
function sourcesOf(rendered: readonly RenderedFile[], recorded: ReadonlyMap<string, RecordedFile>): Source[] {
  const now = new Map(rendered.map((file) => [file.path, file]));
  return [...recorded.values()]
    .filter(({ path, hash, ownership }) => ownership === "managed" && now.get(path)?.hash !== hash)
    .map((from) => ({ from, rendered: now.get(from.path) }));
}

function createdFiles(rendered: readonly RenderedFile[], planned: readonly PlannedFile[]): RenderedFile[] {
  const created = new Set(planned.filter(({ action }) => action === "create").map(({ path }) => path));
  return rendered.filter(({ path, ownership }) => ownership === "managed" && created.has(path));
}

function planDropped(record: RecordedFile, snapshot: Snapshot, isAlias: boolean): PlannedFile {
  const disk = snapshot.files.get(record.path);
  const planned = (action: Action, reason: string): PlannedFile => ({
    path: record.path,
    action,
    reason,
    ownership: record.ownership,
    contents: undefined,
    mode: record.mode,
    before: disk?.hash,
    old: disk?.contents,
  });
  if (disk === undefined) return planned("keep", "gone already");
  if (record.ownership !== "managed") return planned("keep", "yours; no longer needed");
  // On macOS and Windows deleting it would delete the file of that other name.
  if (isAlias) return planned("keep", "no longer needed, but differs from another file only in case");
  return disk.textHash === record.hash
    ? planned("delete", "no longer needed")
    : planned("keep", "no longer needed, but edited by you");
}
