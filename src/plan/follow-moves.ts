// Owns: edits of files that a new version of the templates has renamed, or split into several.
// Promises: edits go where their lines went, or the old file stays and says so; nothing is guessed from names.
// Must not: move what the user has not touched; that is deleted and created.

import type { TreeFile } from "../render/file-tree.js";
import { checkMerge } from "./merge-check.js";
import { mergeFile } from "./merge-file.js";
import { splitLines } from "./merge-text.js";
import type { RecordedFile } from "./state.js";
import type { DiskFile, Snapshot } from "./write-plan.js";

/** What a file that is no longer rendered has become. */
export interface Move {
  readonly from: RecordedFile;
  readonly to: readonly TreeFile[];
  /** Contents of each file of `to` with the user's edits; undefined where they do not fit. */
  readonly merged: readonly string[] | undefined;
  /** The mode that the user gave it; undefined where the template's counts. */
  readonly mode: 0o644 | 0o755 | undefined;
  /** Whether the user had deleted it. */
  readonly isDeleted: boolean;
}

/** A new file is made of an old one where most of its lines come from there; git asks for half. */
const LEAST_SHARED = 0.6;
/** Two files of a few lines look alike whatever they are. */
const FEWEST_LINES = 5;

/** A managed file that was rendered before, and what is rendered for its path now, if anything is. */
export interface Source {
  readonly from: RecordedFile;
  readonly rendered: TreeFile | undefined;
}

/** @param created rendered files of which nothing is recorded or on disk */
export function followMoves(
  sources: readonly Source[],
  created: readonly TreeFile[],
  snapshot: Snapshot,
): Move[] {
  if (created.length === 0) return [];
  const known = sources.flatMap((source) => rememberedAs(source, snapshot));
  const origins = new Map(created.map((file) => [file, originOf(file, known)]));
  return known
    .filter(({ from, disk }) => disk?.textHash !== from.hash || modeOfUser(from, disk) !== undefined)
    .flatMap((old) => {
      const pieces = created.filter((file) => origins.get(file) === old);
      const to = partsOf(pieces, old);
      const remaining = old.rendered === undefined ? [] : [old.rendered];
      return to.length === 0 ? [] : [move(old, inOrder([...remaining, ...to], old.base))];
    });
}

/** With what was rendered for it; nothing where that is lost. */
function rememberedAs(source: Source, { files, bases }: Snapshot): Remembered[] {
  const { hash, path } = source.from;
  const disk = files.get(path);
  const base = (disk?.textHash === hash ? disk.contents : undefined) ?? bases.get(hash);
  return base === undefined ? [] : [{ ...source, base, disk }];
}

/** The old file that most of a new one's lines come from. */
function originOf(file: TreeFile, known: readonly Remembered[]): Remembered | undefined {
  const [nearest] = known
    .filter(
      ({ from, rendered }) => rendered === undefined || directoryOf(from.path) === directoryOf(file.path),
    )
    .map((old) => ({ old, share: likeness(file.contents, old.base) }))
    .filter(({ old, share }) => share > 0 && sharedLines(file.contents, old.base) >= LEAST_SHARED)
    .sort((a, b) => b.share - a.share);
  return nearest?.old;
}

/** Best first; a further one only if it has lines that the others have not: what merely quotes the file is no part of it. */
function partsOf(pieces: readonly TreeFile[], { base }: Remembered): readonly TreeFile[] {
  const ranked = [...pieces].sort((a, b) => likeness(b.contents, base) - likeness(a.contents, base));
  let left = splitLines(base);
  return ranked.filter(({ contents }) => {
    if (sharedLines(contents, left.join("")) < LEAST_SHARED) return false;
    left = without(left, splitLines(contents));
    return true;
  });
}

/** Lines that are left when each of the others has taken one of its kind. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const counts = countLines(others);
  return lines.filter((line) => {
    const count = counts.get(line) ?? 0;
    counts.set(line, count - 1);
    return count <= 0;
  });
}

function countLines(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Of both texts' lines, those that both have. */
function likeness(one: string, other: string): number {
  return sharedLines(one, other) + sharedLines(other, one);
}

/** What stays and loses a part keeps it beside itself. */
const directoryOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);

interface Remembered extends Source {
  readonly base: string;
  readonly disk: DiskFile | undefined;
}

function move({ from, base, disk }: Remembered, to: readonly TreeFile[]): Move {
  if (disk === undefined) return { from, to, merged: undefined, mode: undefined, isDeleted: true };
  const edited = disk.textHash === from.hash ? base : disk.contents;
  const pieces = edited === undefined ? undefined : mergePieces(base, edited, to);
  const merged = pieces?.map((text) => (disk.lineEnd === "\n" ? text : text.replaceAll("\n", disk.lineEnd)));
  const isTemplates = to.some(({ mode }) => mode !== from.mode);
  return { from, to, merged, mode: isTemplates ? undefined : modeOfUser(from, disk), isDeleted: false };
}

/** Where it is not the one that was rendered. */
function modeOfUser({ mode }: RecordedFile, disk: DiskFile | undefined): Move["mode"] {
  if (disk === undefined || (disk.kind !== "text" && disk.kind !== "binary")) return undefined;
  const own = disk.executable ? 0o755 : 0o644;
  return own === mode ? undefined : own;
}

/** Merged as one text whose pieces a line of its own parts, since an edit may stand in any of them. */
function mergePieces(base: string, edited: string, to: readonly TreeFile[]): string[] | undefined {
  const seam = "# seam between two files that were one\n";
  const whole = to.map(({ contents }) => contents).join(seam);
  const isOne = to.length === 1;
  // Several pieces are no file of any format together.
  const merge = mergeFile(isOne ? (to[0]?.path ?? "") : "", base, edited, whole);
  if ("conflict" in merge) return undefined;
  const pieces = isOne ? [merge.merged] : merge.merged.split(seam);
  if (pieces.length !== to.length) return undefined;
  const isValid = pieces.every((piece, index) => isWhole(to[index]?.path ?? "", piece));
  return isValid ? pieces : undefined;
}

function isWhole(path: string, text: string): boolean {
  if (!/\.(?:ya?ml|json)$/.test(path)) return true;
  const format = path.endsWith(".json") ? "json" : "yaml";
  return typeof checkMerge(format, { base: text, ours: text, theirs: text, merged: text }) === "string";
}

/** Share of a text's lines that the other text has too, each as often as there. */
function sharedLines(text: string, other: string): number {
  const lines = splitLines(text);
  if (lines.length < FEWEST_LINES) return 0;
  const counts = countLines(splitLines(other));
  let shared = 0;
  for (const line of lines) {
    const left = counts.get(line) ?? 0;
    if (left === 0) continue;
    counts.set(line, left - 1);
    shared += 1;
  }
  return shared / lines.length;
}

/** By where their lines stood. */
function inOrder(files: readonly TreeFile[], base: string): TreeFile[] {
  const lines = splitLines(base);
  const place = ({ contents }: TreeFile) => {
    const own = splitLines(contents)
      .map((line) => lines.indexOf(line))
      .filter((at) => at >= 0);
    return own.reduce((sum, at) => sum + at, 0) / Math.max(own.length, 1);
  };
  return [...files].sort((a, b) => place(a) - place(b));
}
