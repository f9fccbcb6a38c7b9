// Proves the merge on edits of generated files as people make them, beside git: the short run. merge-corpus.slow.test.ts is the long one.

import { describe, expect, test } from "vitest";
import { expectBetterThanGit } from "./corpus/expect-better-than-git.js";
import { measure } from "./corpus/measure.js";

describe("pairs of a person's edit and a template's change", () => {
  const outcomes = measure(1, 20_261_121);

  test("there are enough of them", () => {
    expect(outcomes.length).toBeGreaterThan(350);
  });

  expectBetterThanGit(outcomes);
});
