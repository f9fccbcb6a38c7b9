// Owns: three versions of a large YAML text without what is the same in all of them, so that merging reads only the rest.
// Promises: whole entries of maps stand aside, each run of them as one line; what names an element of a list stays; unfolding
//           gives every line back, in its place.
// Must not: merge.

import { type OutlineEntry, outlineOf } from "./block-outline.js";
import { splitLines } from "./merge-text.js";

export interface Texts {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface Folded extends Texts {
  /** With every line that stands aside; undefined where one of them is missing, or there twice. */
  readonly unfold: (text: string) => string | undefined;
}

/** Below this, reading everything takes no time. */
const SMALL = 400;
/** An entry of fewer lines may be what names its object. */
const FEWEST_LINES = 3;
/** Whatever their size: they name an object, or an element of a list. */
const NAMING = new Set(["metadata", "target", "configMapRef", "secretRef"]);

const VERSIONS = ["base", "ours", "theirs"] as const;

interface Version {
  readonly lines: readonly string[];
  readonly entry: OutlineEntry;
}

/** Undefined where nothing can be folded, or little. */
export function foldUnchanged(texts: Texts, small = SMALL): Folded | undefined {
  const lines = VERSIONS.map((version) => splitLines(texts[version]));
  if (lines.some((list) => list.length < small || !list.at(-1)?.endsWith("\n"))) return undefined;
  const versions: Version[] = [];
  for (const list of lines) {
    const entry = outlineOf(list);
    if (entry === undefined) return undefined;
    versions.push({ lines: list, entry });
  }
  const fold = new Fold(markOf(texts));
  if (!fold.read(versions)) return undefined;
  const [base = "", ours = "", theirs = ""] = versions.map(({ lines: list }, index) =>
    fold.text(list, index),
  );
  return base.length * 2 > texts.base.length
    ? undefined
    : { base, ours, theirs, unfold: (text) => fold.unfold(text) };
}

/** A key that no version has. */
function markOf({ base, ours, theirs }: Texts): string {
  let mark = "folded";
  while ([base, ours, theirs].some((text) => text.includes(mark))) mark += "-";
  return mark;
}

class Fold {
  /** By version: the line at which a run begins, the line behind it, and its number. */
  private readonly spans: (readonly [start: number, end: number, run: number])[][] = [[], [], []];
  private readonly runs: string[] = [];
  private readonly columns: number[] = [];

  constructor(private readonly mark: string) {}

  /** False where a key stands twice: what is then meant, nobody knows. */
  read(versions: readonly Version[]): boolean {
    const tables = versions.map(({ entry }) => new Map(entry.children.map((child) => [child.name, child])));
    if (versions.some(({ entry }, index) => tables[index]?.size !== entry.children.length)) return false;
    const all = (name: string) => tables.map((table) => table.get(name));
    const places = versions.map(
      ({ entry }) => new Map(entry.children.map((child, index) => [child.name, index])),
    );
    let run: string[] = [];
    const close = () => {
      if (run.length > 0) this.add(run, versions, all);
      run = [];
    };
    for (const { name } of versions[0]?.entry.children ?? []) {
      const same = all(name);
      if (!isFoldable(name, same, versions)) {
        close();
        const found = same.filter((entry) => entry !== undefined);
        const inner = versions.map(({ lines }, index) => ({ lines, entry: same[index] as OutlineEntry }));
        if (found.length === versions.length && !this.read(inner)) return false;
        continue;
      }
      const last = run.at(-1);
      const follows = places.every(
        (place) => last === undefined || (place.get(name) ?? 0) === (place.get(last) ?? 0) + 1,
      );
      if (!follows) close();
      run.push(name);
    }
    close();
    return true;
  }

  private add(
    run: readonly string[],
    versions: readonly Version[],
    all: (name: string) => readonly (OutlineEntry | undefined)[],
  ): void {
    const first = all(run[0] ?? "");
    const last = all(run.at(-1) ?? "");
    versions.forEach(({ lines }, index) => {
      const start = first[index]?.start ?? 0;
      const end = last[index]?.end ?? start;
      this.spans[index]?.push([start, end, this.runs.length]);
      if (index === 0) this.columns.push(first[index]?.column ?? 0);
      if (index === versions.length - 1) this.runs.push(lines.slice(start, end).join(""));
    });
  }

  text(lines: readonly string[], index: number): string {
    const kept: string[] = [];
    let at = 0;
    for (const [start, end, run] of [...(this.spans[index] ?? [])].sort(([a], [b]) => a - b)) {
      kept.push(...lines.slice(at, start), this.line(run));
      at = end;
    }
    kept.push(...lines.slice(at));
    return kept.join("");
  }

  private line(run: number): string {
    return `${" ".repeat(this.columns[run] ?? 0)}${this.mark}-${run}: 0\n`;
  }

  unfold(text: string): string | undefined {
    const seen = new Set<number>();
    let isWhole = true;
    const whole = splitLines(text).map((line) => {
      const at = line.indexOf(this.mark);
      if (at < 0) return line;
      const run = Number(/-(\d+): 0\n$/.exec(line)?.[1] ?? Number.NaN);
      if (seen.has(run) || line !== this.line(run)) isWhole = false;
      seen.add(run);
      return this.runs[run] ?? "";
    });
    return isWhole && seen.size === this.runs.length ? whole.join("") : undefined;
  }
}

function isFoldable(
  name: string,
  same: readonly (OutlineEntry | undefined)[],
  versions: readonly Version[],
): boolean {
  if (name.startsWith("- ") || NAMING.has(name)) return false;
  const [first, ...others] = same.map((entry, index) =>
    entry?.hasOwnLine && entry.end - entry.start >= FEWEST_LINES
      ? { entry, lines: versions[index]?.lines ?? [] }
      : undefined,
  );
  if (first === undefined || first.entry.children.length === 0) return false;
  return others.every(
    (other) =>
      other !== undefined &&
      other.entry.column === first.entry.column &&
      isEqual(first.lines, first.entry, other.lines, other.entry),
  );
}

function isEqual(
  lines: readonly string[],
  entry: OutlineEntry,
  otherLines: readonly string[],
  other: OutlineEntry,
): boolean {
  const length = entry.end - entry.start;
  if (length !== other.end - other.start) return false;
  for (let index = 0; index < length; index += 1)
    if (lines[entry.start + index] !== otherLines[other.start + index]) return false;
  return true;
}
