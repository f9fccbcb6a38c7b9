// Proves the merge on thousands of edits of generated files as people make them, beside git; prints the table.
import { describe, expect, test } from "vitest";
import { expectBetterThanGit } from "./corpus/expect-better-than-git.js";
import { measure, rows, table } from "./corpus/measure.js";

describe("pairs of a person's edit and a template's change", () => {
  const outcomes = measure(8, 7);
  const list = [
    ...rows(outcomes, () => "all"),
    ...rows(outcomes, ({ format }) => format),
    ...rows(outcomes, ({ form }) => form),
    ...rows(outcomes, ({ format, person }) => `${format}: ${person}`),
  ];
  process.stdout.write(`${table("what the person did", list)}\n`);

  test("there are enough of them", () => {
    expect(outcomes.length).toBeGreaterThan(2500);
  });

  expectBetterThanGit(outcomes);
});
