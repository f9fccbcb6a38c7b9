// Proves that a merge which leaves out what is the same in all versions gives what a merge of everything gives.

import { describe, expect, it } from "vitest";
import { foldUnchanged } from "../../src/plan/fold-unchanged.js";
import { mergeFile, mergeFolded } from "../../src/plan/merge-file.js";
import { editPairs } from "./corpus/edit-pairs.js";

describe("edits of people and templates, with everything folded that can be", () => {
  const pairs = editPairs(2, 20_261_122).filter(({ format, form }) => format === "yaml" && form === "LF");
  const folded = pairs.flatMap(({ base, ours, theirs, ...pair }) => {
    const merge = mergeFolded({ base, ours, theirs }, 0);
    return merge === undefined ? [] : [{ ...pair, merge, whole: mergeFile(pair.path, base, ours, theirs) }];
  });

  it("are enough of them", () => {
    expect(pairs.length).toBeGreaterThan(300);
    expect(folded.length).toBeGreaterThan(pairs.length / 4);
  });

  it("come out the same", () => {
    const different = folded.filter(({ merge, whole }) => JSON.stringify(merge) !== JSON.stringify(whole));
    expect(
      different.map(({ path, person, template, merge, whole }) => ({ path, person, template, merge, whole })),
    ).toEqual([]);
  });
});

const FIELDS = Array.from(
  { length: 300 },
  (_, index) =>
    `    field${index}:\n      type: string\n      # Not longer.\n      maxLength: ${index + 9}\n`,
);
const BIG = `kind: Thing\nspec:\n  fields:\n${FIELDS.join("")}  text: |\n    a: b\n    - c\n  end: here\n`;

describe("a large file", () => {
  const ours = BIG.replace("maxLength: 20\n", "maxLength: 21\n");
  const theirs = BIG.replace("maxLength: 208\n", "maxLength: 209\n").replace("end: here", "end: there");

  it("is read where it differs alone", () => {
    const folded = foldUnchanged({ base: BIG, ours, theirs });
    expect(folded?.base.split("\n").length).toBeLessThan(30);
    expect(folded?.unfold(folded.ours)).toBe(ours);
    const merged = theirs.replace("maxLength: 20\n", "maxLength: 21\n");
    expect(mergeFile("big.yaml", BIG, ours, theirs)).toEqual({ merged });
  });

  it("says of a conflict where it is", () => {
    const other = BIG.replace("maxLength: 20\n", "maxLength: 22\n");
    const merge = mergeFile("big.yaml", BIG, ours, other);
    expect(merge).toMatchObject({
      conflict: "spec.fields.field11.maxLength changed on both sides",
      ours,
      theirs: other,
    });
    expect("markers" in merge && merge.markers.split("\n").length).toBe(BIG.split("\n").length + 4);
  });

  it.each([
    ["an anchor", (text: string) => text.replace("end: here", "end: &x here")],
    ["a tag", (text: string) => text.replace("end: here", "end: !x here")],
    ["an alias", (text: string) => text.replace("end: here", "end: *x")],
    ["several documents", (text: string) => `${text}---\na: b\n`],
    ["a value over two lines", (text: string) => text.replace("end: here", "end: here\n    and there")],
    ["quotes over two lines", (text: string) => text.replace("end: here", 'end: "here\n    there"')],
    ["a bracket over two lines", (text: string) => text.replace("end: here", "end: [here,\n    there]")],
    ["a key twice", (text: string) => text.replace("field7:", "field8:")],
    ["a merge key", (text: string) => text.replace("end: here", "<<: here")],
    ["a tab", (text: string) => text.replace("  end: here", "\tend: here")],
    ["a question", (text: string) => text.replace("end: here", "? end\n  : here")],
    ["no end of line", (text: string) => text.trimEnd()],
  ])("is read whole with %s", (_what, change) => {
    expect(foldUnchanged({ base: BIG, ours: change(BIG), theirs })).toBeUndefined();
  });
});
