// Owns: what is promised of the merge in comparison with git.
// Promises: the same for the short and the long run.
// Must not: measure.

import { expect, test } from "vitest";
import type { EditPair } from "./edit-pairs.js";
import { type Outcome, rows } from "./measure.js";

const CLASSES: Readonly<Record<string, (pair: EditPair) => string>> = {
  "what the person did": ({ format, person }) => `${format}: ${person}`,
  "what the template did": ({ format, template }) => `${format}: ${template}`,
  both: ({ format, person, template }) => `${format}: ${person} / ${template}`,
  "the form of the file": ({ format, form }) => `${format}: ${form}`,
};

export function expectBetterThanGit(outcomes: readonly Outcome[]): void {
  test("no edit is lost, nothing is there twice, everything is valid", () => {
    const wrong = outcomes.filter(({ losses }) => losses.length > 0);
    expect(wrong.map(({ pair, losses }) => [pair.path, pair.person, pair.template, losses])).toEqual([]);
  });

  test("a way out of a conflict is valid, and its markers hold both", () => {
    const conflicts = outcomes.filter(({ merged }) => merged === undefined);
    expect(conflicts.length).toBeGreaterThan(5);
    expect(conflicts.flatMap(({ ways }) => ways)).toEqual([]);
  });

  test("what git merges right is merged", () => {
    const worse = outcomes.filter(
      (one) => one.merged === undefined && one.gitMerged !== undefined && one.gitLosses.length === 0,
    );
    expect(worse.map(({ pair }) => [pair.path, pair.person, pair.template])).toEqual([]);
  });

  test.each(Object.entries(CLASSES))(
    "in no class by %s are there more conflicts than git has",
    (_, nameOf) => {
      expect(
        rows(outcomes, nameOf).filter(({ conflicts, gitConflicts }) => conflicts > gitConflicts),
      ).toEqual([]);
    },
  );

  test("in all there are less than a third of git's", () => {
    const [all] = rows(outcomes, () => "all");
    expect(all?.conflicts ?? 0).toBeLessThan((all?.gitConflicts ?? 0) / 3);
  });
}
