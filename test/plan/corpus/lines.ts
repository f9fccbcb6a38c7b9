// Owns: finding places in generated text, as a person does who scrolls to a line.
// Promises: the same place for the same random numbers.
// Must not: know the merge.

/** Random numbers of a run, the same each time. */
export class Dice {
  constructor(private state: number) {}

  /** 0 ≤ n < below */
  below(below: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 4_294_967_296) * below);
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}

/** A change of a text near a line; undefined where the text has no place for it. */
export type Edit = (lines: readonly string[], near: number, dice: Dice) => string[] | undefined;

export function indentationOf(line: string): number {
  return line.search(/\S|$/);
}

export function spaces(count: number): string {
  return " ".repeat(count);
}

/** The line nearest to `near` that the expression matches, outside of texts of several lines. */
export function nearest(
  lines: readonly string[],
  near: number,
  isMatch: RegExp | ((line: string, index: number) => boolean),
): number | undefined {
  const inText = linesInText(lines);
  const test = typeof isMatch === "function" ? isMatch : (line: string) => isMatch.test(line);
  const found = lines.flatMap((line, index) => (!inText.has(index) && test(line, index) ? [index] : []));
  return found.sort((a, b) => Math.abs(a - near) - Math.abs(b - near))[0];
}

const known = new WeakMap<readonly string[], Set<number>>();

/** Lines of block scalars. */
export function linesInText(lines: readonly string[]): Set<number> {
  const found = known.get(lines) ?? new Set<number>();
  if (known.has(lines)) return found;
  lines.forEach((line, index) => {
    if (found.has(index) || !/[|>][+-]?\d?( +#.*)?$/.test(line) || line.trimStart().startsWith("#")) return;
    const end = blockEnd(lines, index);
    for (let at = index + 1; at < end; at += 1) found.add(at);
  });
  known.set(lines, found);
  return found;
}

/** Behind the last line that belongs to what begins here. */
export function blockEnd(lines: readonly string[], start: number): number {
  const indentation = indentationOf(lines[start] ?? "");
  let end = start + 1;
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line.trim() === "") continue;
    if (indentationOf(line) <= indentation || line.startsWith("---")) break;
    end = at + 1;
  }
  return end;
}

export function spliced(lines: readonly string[], at: number, count: number, ...added: string[]): string[] {
  return [...lines.slice(0, at), ...added, ...lines.slice(at + count)];
}

export function replaced(
  lines: readonly string[],
  at: number | undefined,
  change: (line: string) => string,
): string[] | undefined {
  if (at === undefined) return undefined;
  const line = change(lines[at] ?? "");
  return line === lines[at] ? undefined : spliced(lines, at, 1, line);
}
