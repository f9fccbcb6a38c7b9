// Owns: a state that git's merge, a hand or a lost directory has broken, and generated files that a merge left in conflict.
// Promises: pure; edits of both branches are carried onto what the spec now gives; what cannot be is a conflict, never lost.
// Must not: resolve the spec; that is the user's.

import type { FileTree, TreeFile } from "../render/file-tree.js";
import { linesApart } from "./choose-records.js";
import type { ConflictChoice } from "./conflict-choice.js";
import { mergeFile } from "./merge-file.js";
import { planWrite } from "./plan-write.js";
import { hashOf, type RecordedFile, type State } from "./state.js";
import type { PlannedFile, Snapshot, WritePlan } from "./write-plan.js";

/** What git's index holds of a path that it could not merge; undefined for a side that has deleted it. */
export interface Sides {
  readonly base: string | undefined;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}

export interface RepairOptions {
  readonly generator: string;
  readonly conflicts: ConflictChoice;
}

/**
 * @param state what is left of it: records may be missing, or stand twice
 * @param sides by path, for what git has not merged
 */
export function planRepair(
  tree: FileTree,
  state: State,
  snapshot: Snapshot,
  sides: ReadonlyMap<string, Sides>,
  options: RepairOptions,
): WritePlan {
  const known = withMissingRecords(tree, state, snapshot);
  const united = new Map<string, string>();
  for (const file of tree) {
    const both = sides.get(file.path);
    const text =
      both &&
      (file.ownership === "managed"
        ? unite(file, both, known.files.get(file.path) ?? [], snapshot)
        : mergeSides(file.path, both));
    if (text !== undefined) united.set(file.path, text);
  }
  const files = new Map(snapshot.files);
  const records = new Map(known.files);
  for (const { path, contents: rendered, mode, ownership } of tree) {
    const contents = united.get(path);
    const disk = files.get(path);
    if (contents === undefined || disk === undefined) continue;
    files.set(path, { ...disk, contents, textHash: hashOf(contents), kind: "text" });
    records.set(path, [{ path, hash: hashOf(rendered), mode, ownership }]);
  }
  const plan = planWrite(tree, { ...known, files: records }, { ...snapshot, files }, options);
  const settled = plan.files.map((file) => settleUnmerged(file, united.get(file.path), sides.has(file.path)));
  const left = new Set(settled.filter(({ action }) => action === "conflict").map(({ path }) => path));
  const kept = [...left].flatMap((path) => known.files.get(path) ?? []);
  const bases = kept.flatMap(({ hash }) => {
    const text = snapshot.bases.get(hash);
    return text === undefined ? [] : [[hash, text] as const];
  });
  return {
    ...plan,
    files: settled,
    bases: new Map([...plan.bases, ...bases]),
    // Until someone has resolved it, nobody knows which side its edits came from.
    records: [...plan.records.filter(({ path }) => !left.has(path)), ...kept],
  };
}

/** A file without a record was rendered by this version, as far as anybody can know: what differs is the user's. */
function withMissingRecords(tree: FileTree, { generator, files }: State, snapshot: Snapshot): State {
  const all = new Map(files);
  for (const { path, contents, mode, ownership } of tree) {
    if (all.has(path) || !snapshot.files.has(path)) continue;
    all.set(path, [{ path, hash: hashOf(contents), mode, ownership }]);
  }
  return { generator, files: all };
}

/** What people and releases own is merged for itself. */
export function mergeSides(path: string, { base, ours, theirs }: Sides): string | undefined {
  if (ours === undefined || theirs === undefined) return undefined;
  const merge = mergeFile(path, base ?? "", ours, theirs);
  return "merged" in merge ? merge.merged : undefined;
}

/** The edits of one side on the new rendering, then those of the other on that. */
function unite(
  { path, contents: rendered }: TreeFile,
  { ours, theirs }: Sides,
  records: readonly RecordedFile[],
  snapshot: Snapshot,
): string | undefined {
  const one = carried(path, ours, rendered, records, snapshot);
  const other = carried(path, theirs, rendered, records, snapshot);
  if (one === undefined || other === undefined) return undefined;
  const merge = mergeFile(path, rendered, one, other);
  return "merged" in merge ? merge.merged : undefined;
}

function carried(
  path: string,
  side: string | undefined,
  rendered: string,
  records: readonly RecordedFile[],
  { bases }: Snapshot,
): string | undefined {
  if (side === undefined) return rendered;
  if (records.some(({ hash }) => hash === hashOf(side))) return rendered;
  const merges = records
    .map(({ hash }) => bases.get(hash))
    .filter((base) => base !== undefined)
    .map((base) => ({ distance: linesApart(base, side), merge: mergeFile(path, base, side, rendered) }))
    .sort((a, b) => a.distance - b.distance);
  const merge = merges[0]?.merge;
  return merge !== undefined && "merged" in merge ? merge.merged : undefined;
}

/** What the plan keeps has to be written all the same where the disk still has git's markers. */
function settleUnmerged(file: PlannedFile, united: string | undefined, isUnmerged: boolean): PlannedFile {
  if (!isUnmerged || file.action === "conflict") return file;
  if (united === undefined)
    return {
      ...file,
      action: "conflict",
      reason: "git could not merge it: resolve it by hand",
      contents: undefined,
    };
  const contents = file.contents ?? united;
  return {
    ...file,
    action: "merge",
    reason: "the edits of both branches, on what the spec gives now",
    contents,
  };
}
