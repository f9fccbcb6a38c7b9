// Owns: merging one file's edits with what is rendered now.
// Promises: what comes out parses and means what both sides meant; otherwise it is a conflict, as small as it can be, with its ways out.
// Must not: write conflict markers into a file; whoever asked decides.

import { foldUnchanged } from "./fold-unchanged.js";
import { checkMerge, type Verdict } from "./merge-check.js";
import type { Side } from "./merge-data.js";
import { withoutFrame } from "./merge-frame.js";
import { InvalidJson, mergeJson } from "./merge-json.js";
import { withMarkers } from "./merge-markers.js";
import { mergeText } from "./merge-text.js";
import { NotTaken } from "./merge-tree.js";
import { commentsOf } from "./merge-tree-entries.js";
import type { Structured } from "./merge-tree-values.js";
import { mergeYaml } from "./merge-yaml.js";
import { InvalidYaml, YamlReader } from "./merge-yaml-data.js";

export interface FileConflict {
  /** What both sides changed: paths of keys, or lines. */
  readonly conflict: string;
  /** Everything merged but the conflicts, which stand between markers. */
  readonly markers: string;
  /** Everything merged, the conflicts decided for the user; undefined where that would not be valid. */
  readonly ours: string | undefined;
  /** The same, decided for what is generated. */
  readonly theirs: string | undefined;
}

export type FileMerge = { readonly merged: string } | FileConflict;

type Format = "yaml" | "json" | "text";

interface Versions {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

/** One merge of a file whose values can be read. */
interface Job extends Versions {
  readonly format: "yaml" | "json";
  readonly reader: YamlReader;
}

/** Merges `edited` (on disk) and `rendered` (now), both descendants of `base` (rendered last). */
export function mergeFile(path: string, base: string, edited: string, rendered: string): FileMerge {
  const format = formatOf(path);
  if (base === rendered || edited === rendered) return { merged: edited };
  if (base === edited) return { merged: rendered };
  const { frame, ...versions } = withoutFrame(base, edited, rendered);
  const merge =
    format === "text"
      ? mergeAsText(versions)
      : ((format === "yaml" ? mergeFolded(versions) : undefined) ??
        mergeByMeaning({ ...versions, format, reader: new YamlReader() }));
  if ("merged" in merge) return { merged: frame(merge.merged) };
  return {
    conflict: merge.conflict,
    markers: frame(merge.markers),
    ours: merge.ours === undefined ? undefined : frame(merge.ours),
    theirs: merge.theirs === undefined ? undefined : frame(merge.theirs),
  };
}

function formatOf(path: string): Format {
  if (/\.ya?ml$/.test(path)) return "yaml";
  return path.endsWith(".json") ? "json" : "text";
}

function mergeAsText({ base, ours, theirs }: Versions): FileMerge {
  const merge = mergeText(base, ours, theirs);
  if ("merged" in merge) return merge;
  const lines = merge.lines.map(([start, end]) => (start === end ? `${start}` : `${start}-${end}`));
  const what = lines.length === 1 && merge.lines[0]?.[0] === merge.lines[0]?.[1] ? "line" : "lines";
  return conflictOf(`${what} ${listed(lines)} changed on both sides`, merge.ours, merge.theirs);
}

/**
 * Reading YAML takes most of the time, so what is the same in all versions is left out of it. Undefined where it has to be read,
 * or where lines are in conflict, whose numbers would not be those of the file.
 */
export function mergeFolded(versions: Versions, small?: number): FileMerge | undefined {
  const folded = foldUnchanged(versions, small);
  if (folded === undefined) return undefined;
  const { unfold, ...rest } = folded;
  const merge = mergeByMeaning({ ...rest, format: "yaml", reader: new YamlReader() });
  if ("merged" in merge) {
    const merged = unfold(merge.merged);
    return merged === undefined ? undefined : { merged };
  }
  if (/^lines? \d|^the merged file/.test(merge.conflict)) return undefined;
  const [ours, theirs] = [merge.ours, merge.theirs].map((text) =>
    text === undefined ? undefined : unfold(text),
  );
  return ours === undefined || theirs === undefined ? undefined : conflictOf(merge.conflict, ours, theirs);
}

/** By lines where that is right: it keeps what git would keep. By structure where lines conflict or mean something else. */
function mergeByMeaning(job: Job): FileMerge {
  const text = mergeAsText(job);
  const verdict = "merged" in text ? check(job, text.merged) : "wrong";
  if ("merged" in text && (verdict === "right" || verdict === "unclear")) return text;
  const structured = mergeByStructure(job);
  if (structured !== undefined) return structured;
  if (!("merged" in text)) return withValidWays(job, text);
  const why = typeof verdict === "object" ? `: ${verdict.invalid}` : "";
  return withValidWays(job, conflictOf(`the merged file would not be valid${why}`, job.ours, job.theirs));
}

function check({ format, reader, base, ours, theirs }: Job, merged: string, side?: Side): Verdict {
  return checkMerge(format, { base, ours, theirs, merged }, side, reader);
}

/** Undefined where the structure is not known, or its merge is not what the values say. */
function mergeByStructure(job: Job): FileMerge | undefined {
  const ours = structureFor("ours", job);
  if (ours === undefined || !keepsComments(job, ours.text)) return undefined;
  if (ours.conflicts.length === 0)
    return check(job, ours.text) === "right" ? { merged: ours.text } : undefined;
  const theirs = structureFor("theirs", job);
  const isRight = (side: Side, text = "") => check(job, text, side) === "right";
  if (theirs === undefined || !isRight("ours", ours.text) || !isRight("theirs", theirs.text))
    return undefined;
  const places = [...new Set(ours.conflicts)].map((place) => (place === "" ? "the file" : place));
  return conflictOf(`${listed(places)} changed on both sides`, ours.text, theirs.text);
}

function structureFor(side: Side, { format, reader, base, ours, theirs }: Job): Structured | undefined {
  try {
    return format === "json"
      ? mergeJson(base, ours, theirs, side)
      : mergeYaml(base, ours, theirs, side, reader);
  } catch (error) {
    if (error instanceof NotTaken || error instanceof InvalidYaml || error instanceof InvalidJson)
      return undefined;
    throw error;
  }
}

/** A comment that somebody wrote is an edit, too; and what both still have, nobody has removed. */
function keepsComments({ base, ours, theirs }: Versions, merged: string): boolean {
  const [before, mine, other, result] = [base, ours, theirs, merged].map(
    (text) => new Set(commentsOf(text).map((comment) => comment.trimEnd())),
  );
  const isMeant = (comment: string) =>
    mine?.has(comment) === other?.has(comment) || mine?.has(comment) !== before?.has(comment);
  const kept = [...(mine ?? [])].filter(isMeant);
  const added = [...(other ?? [])].filter((comment) => !before?.has(comment));
  return [...kept, ...added].every((comment) => result?.has(comment));
}

function conflictOf(conflict: string, ours: string, theirs: string): FileConflict {
  return { conflict, markers: withMarkers(ours, theirs), ours, theirs };
}

function withValidWays(job: Job, conflict: FileConflict): FileConflict {
  const valid = (merged: string | undefined, side: Side) =>
    merged === undefined || typeof check(job, merged, side) === "object" ? undefined : merged;
  return { ...conflict, ours: valid(conflict.ours, "ours"), theirs: valid(conflict.theirs, "theirs") };
}

const MOST_PLACES = 3;

function listed(places: readonly string[]): string {
  const more = places.length - MOST_PLACES;
  const shown = places.slice(0, MOST_PLACES).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}
