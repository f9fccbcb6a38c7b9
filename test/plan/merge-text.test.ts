// Proves the text merge against git, on random lines and on manifests edited as people edit them.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Merge, mergeText } from "../../src/plan/merge-text.js";
import { type MergeCase, mergeWithGit } from "./git-merge-file.js";

const SEED = 20261121;

function mergedOf(merge: Merge): string | undefined {
  return "merged" in merge ? merge.merged : undefined;
}

/** An edit of a few lines: each is kept, replaced, removed, or gets a neighbour. */
function editsOf(lines: readonly string[], mark: string): fc.Arbitrary<string[]> {
  const edit = fc.constantFrom("keep", "keep", "keep", "keep", "keep", "keep", "replace", "remove", "insert");
  return fc.array(edit, { minLength: lines.length, maxLength: lines.length }).map((edits) =>
    lines.flatMap((line, index) => {
      if (edits[index] === "replace") return [`${mark} ${index}`];
      if (edits[index] === "remove") return [];
      return edits[index] === "insert" ? [line, `${mark} after ${index}`] : [line];
    }),
  );
}

const join = (lines: readonly string[], hasEnd: boolean) =>
  lines.length === 0 ? "" : `${lines.join("\n")}${hasEnd ? "\n" : ""}`;

/** Few different lines, so that the same line stands in many places. */
const randomCase: fc.Arbitrary<MergeCase> = fc
  .array(fc.constantFrom("a", "b", "c", "d", "", "  e", "f: 1", "g"), { maxLength: 30 })
  .chain((base) => fc.tuple(fc.constant(base), editsOf(base, "ours"), editsOf(base, "theirs"), fc.boolean()))
  .map(([base, ours, theirs, hasEnd]) => ({
    base: join(base, hasEnd),
    ours: join(ours, hasEnd),
    theirs: join(theirs, hasEnd),
  }));

function manifest(name: string, port: number): string[] {
  return [
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata:",
    `  name: ${name}`,
    "spec:",
    "  replicas: 2",
    "  template:",
    "    spec:",
    "      containers:",
    `        - name: ${name}`,
    `          image: ghcr.io/example-org/${name}`,
    "          ports:",
    `            - containerPort: ${port}`,
    "          resources:",
    "            requests:",
    "              cpu: 100m",
    "              memory: 256Mi",
    "---",
  ];
}

/** Some hundred lines of manifests, with a few edits on each side. */
const manifestCase: fc.Arbitrary<MergeCase> = fc
  .tuple(fc.integer({ min: 6, max: 20 }), fc.infiniteStream(fc.nat()))
  .map(([documents, numbers]) => {
    const base = Array.from({ length: documents }, (_, index) =>
      manifest(`service-${index}`, 8000 + index),
    ).flat();
    const next = () => numbers.next().value as number;
    const edit = (mark: string) => {
      const lines = [...base];
      for (let edits = 1 + (next() % 4); edits > 0; edits -= 1) {
        const place = next() % lines.length;
        lines.splice(
          place,
          next() % 3,
          ...Array.from({ length: next() % 3 }, () => `    ${mark}: ${next()}`),
        );
      }
      return lines;
    };
    return { base: join(base, true), ours: join(edit("ours"), true), theirs: join(edit("theirs"), true) };
  });

function linesOf(text: string): string[] {
  return text.split("\n");
}

/** Lines that one side wrote and the base did not have. */
function expectNoEditLost({ base, ours, theirs }: MergeCase, merged: string): void {
  const known = new Set(linesOf(base));
  const result = new Set(linesOf(merged));
  const lost = [...linesOf(ours), ...linesOf(theirs)].filter((line) => !known.has(line) && !result.has(line));
  expect(lost).toEqual([]);
}

describe.each([
  ["random lines", randomCase, 1200],
  ["edited manifests", manifestCase, 400],
] as const)("%s", (_, arbitrary, count) => {
  test("no edit is lost; what git merges comes out the same; they rarely disagree on what a conflict is", () => {
    const cases = fc.sample(arbitrary, { numRuns: count, seed: SEED });
    const expected = mergeWithGit(cases);
    const bothClean = cases.filter((one, index) => {
      const merged = mergedOf(mergeText(one.base, one.ours, one.theirs));
      if (merged !== undefined) expectNoEditLost(one, merged);
      if (merged !== undefined && expected[index] !== undefined) expect(merged).toBe(expected[index]);
      return merged !== undefined && expected[index] !== undefined;
    });
    const disagreements = cases.filter(({ base, ours, theirs }, index) => {
      const isConflict = mergedOf(mergeText(base, ours, theirs)) === undefined;
      return isConflict !== (expected[index] === undefined);
    });
    expect(bothClean.length).toBeGreaterThan(count / 8);
    expect(disagreements.length / count).toBeLessThan(0.02);
  }, 120_000);
});

describe("properties", () => {
  test("an unchanged template leaves the user's bytes, an unchanged file becomes the template", () => {
    fc.assert(
      fc.property(randomCase, ({ base, ours }) => {
        expect(mergeText(base, ours, base)).toEqual({ merged: ours });
        expect(mergeText(base, base, ours)).toEqual({ merged: ours });
      }),
      { numRuns: 2000, seed: SEED },
    );
  });

  test("the same change on both sides is no conflict, and the sides can be swapped", () => {
    fc.assert(
      fc.property(randomCase, ({ base, ours, theirs }) => {
        expect(mergeText(base, ours, ours)).toEqual({ merged: ours });
        const [merge, swapped] = [mergeText(base, ours, theirs), mergeText(base, theirs, ours)];
        expect(mergedOf(merge)).toBe(mergedOf(swapped));
        if ("ours" in merge) expect(swapped).toMatchObject({ ours: merge.theirs, theirs: merge.ours });
      }),
      { numRuns: 2000, seed: SEED },
    );
  });

  test("merging again changes nothing", () => {
    fc.assert(
      fc.property(randomCase, ({ base, ours, theirs }) => {
        const merged = mergedOf(mergeText(base, ours, theirs));
        if (merged !== undefined) expect(mergeText(theirs, merged, theirs)).toEqual({ merged });
      }),
      { numRuns: 2000, seed: SEED },
    );
  });

  test("any bytes of text come back: carriage returns, odd separators, no last newline", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\u2028", "\0", "é") }), (text) => {
        expect(mergeText(text, text, text)).toEqual({ merged: text });
        expect(mergeText("", text, "")).toEqual({ merged: text });
        expect(mergeText(text, text, "")).toEqual({ merged: "" });
      }),
      { numRuns: 2000, seed: SEED },
    );
  });
});

describe("conflicts", () => {
  const base = "a\nb\nc\nd\n";

  test("edits of the same line, and of lines that touch", () => {
    expect(mergeText(base, "a\nB\nc\nd\n", "a\nX\nc\nd\n")).toEqual({
      lines: [[2, 2]],
      ours: "a\nB\nc\nd\n",
      theirs: "a\nX\nc\nd\n",
    });
    expect(mergeText(base, "a\nB\nc\nd\n", "a\nb\nC\nd\n")).toHaveProperty("lines", [[2, 3]]);
  });

  test("a removed line that the other side changed", () => {
    expect(mergeText(base, "a\nc\nd\n", "a\nX\nc\nd\n")).toHaveProperty("lines", [[2, 2]]);
  });

  test("two edits with a line between them are none", () => {
    expect(mergeText(base, "A\nb\nc\nd\n", "a\nb\nC\nd\n")).toEqual({ merged: "A\nb\nC\nd\n" });
  });
});

test("150,000 lines are merged", () => {
  const lines = Array.from({ length: 150_000 }, (_, index) => `line ${index}\n`);
  const base = lines.join("");
  const ours = `first\n${base}`;
  const theirs = `${base}last\n`;
  expect(mergeText(base, ours, theirs)).toEqual({ merged: `first\n${base}last\n` });
  expect(mergeText("", base, base)).toEqual({ merged: base });
});

describe("a file whose every line has changed", () => {
  const lines = (mark: string) => Array.from({ length: 6000 }, (_, index) => `${mark} ${index}\n`);
  const base = lines("base").join("");

  test("is kept whole where the template is unchanged, and is one conflict where it is not", () => {
    const reindented = lines("  base").join("");
    expect(mergeText(base, reindented, base)).toEqual({ merged: reindented });
    expect(mergeText(base, reindented, `${base}more\n`)).toMatchObject({ lines: [[1, 6000]] });
  });

  test("so does one whose lines stand in another order", () => {
    const reversed = lines("base").reverse().join("");
    expect(mergeText(base, reversed, base)).toEqual({ merged: reversed });
  });
});
