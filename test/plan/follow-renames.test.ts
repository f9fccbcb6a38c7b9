// Proves on a real disk that a file which people renamed keeps its name and edits, gets what the generator changes, and never
// comes back under the old name in silence.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { PlanOptions } from "../../src/plan/plan-write.js";
import { generate, removeScratchFolders, scratchFolder, treeFile } from "../apply/scratch-repository.js";

afterAll(removeScratchFolders);

const OLD = "docs/delivery.md";
const MINE = "docs/how-we-deliver.md";
const TEXT = "# Delivery\n\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";
const NEXT = TEXT.replace("two", "two, changed by the generator");

function renamed(edit = (text: string) => text, to = MINE): string {
  const root = join(scratchFolder(), "repository");
  generate([treeFile(OLD, TEXT), treeFile("docs/other.md", "other\n")], root);
  mkdirSync(dirname(join(root, to)), { recursive: true });
  renameSync(join(root, OLD), join(root, to));
  writeFileSync(join(root, to), edit(readFileSync(join(root, to), "utf8")));
  return root;
}

function upgrade(root: string, text = NEXT, options: Partial<PlanOptions> = {}, path = OLD) {
  const tree = [treeFile(path, text), treeFile("docs/other.md", "other\n")];
  const { plan } = generate(tree, root, ".", { generator: "2.0.0", conflicts: "markers", ...options });
  return plan.files
    .filter(
      ({ path: of, action, reason }) =>
        of !== "docs/other.md" && (action !== "keep" || reason !== "gone already"),
    )
    .map(({ path: of, action, reason }) => `${of}: ${action}: ${reason}`);
}

const read = (root: string, path: string) => readFileSync(join(root, path), "utf8");
const STAYS = `${OLD}: keep: you renamed ${OLD} to ${MINE}, stays so`;

it("takes what the generator changes to the new name, with the edits there, and is done", () => {
  const root = renamed((text) => text.replace("nine", "nine, of mine"));
  expect(upgrade(root)).toEqual([
    STAYS,
    `${MINE}: merge: ${OLD} before you renamed it: your edits and the generator's`,
  ]);
  expect(read(root, MINE)).toBe(NEXT.replace("nine", "nine, of mine"));
  expect(existsSync(join(root, OLD))).toBe(false);
  expect(upgrade(root)).toEqual([`${OLD}: keep: deleted by you, stays deleted`]);
  expect(upgrade(root, NEXT.replace("six", "6"))[1]).toContain(`${MINE}: merge`);
  expect(read(root, MINE)).toContain("two, changed by the generator\nthree");
  expect(read(root, MINE)).toMatch(/6\n[\s\S]*nine, of mine\nten\n$/);
});

it("writes a conflict between markers under the new name, or leaves it for the next run", () => {
  const edit = (text: string) => text.replace("two", "two, of mine");
  const left = renamed(edit);
  for (const _again of [1, 2])
    expect(upgrade(left, NEXT, { conflicts: "leave" })[1]).toContain(`${MINE}: conflict: ${OLD} before`);
  expect(read(left, MINE)).toContain("two, of mine");
  expect(upgrade(left)[1]).toContain(`${MINE}: conflict`);
  expect(read(left, MINE)).toMatch(
    /<<<<<<< [\s\S]*of mine[\s\S]*=======[\s\S]*by the generator[\s\S]*>>>>>>> /,
  );
});

it("follows into another directory, and what a new version renames as well", () => {
  const root = renamed((text) => text.replace("nine", "nine, of mine"), "handbook/ship.md");
  expect(upgrade(root, NEXT, {}, "docs/shipping.md")).toEqual([
    `docs/shipping.md: keep: you renamed ${OLD} to handbook/ship.md, stays so`,
    `handbook/ship.md: merge: ${OLD} before you renamed it: your edits and the generator's`,
  ]);
  expect(existsSync(join(root, "docs/shipping.md"))).toBe(false);
  expect(upgrade(root, NEXT.replace("six", "6"), {}, "docs/shipping.md")[1]).toContain(
    "handbook/ship.md: merge",
  );
  expect(read(root, "handbook/ship.md")).toMatch(/6\n[\s\S]*nine, of mine\nten\n$/);
});

it.each([
  [
    "a file that is hardly like it",
    (root: string) => writeFileSync(join(root, MINE), "one\ntwo\nmine\nmine\nmine\n"),
  ],
  [
    "one of two that are alike",
    (root: string) => writeFileSync(join(root, "docs/copy.md"), read(root, MINE)),
  ],
  [
    "a file of another stack",
    (root: string) => {
      mkdirSync(join(root, "other/.prod-stack"), { recursive: true });
      renameSync(join(root, MINE), join(root, "other/how.md"));
    },
  ],
])("takes %s for none", (_what, change) => {
  const root = renamed();
  change(root);
  expect(upgrade(root)).toEqual([`${OLD}: keep: deleted by you, stays deleted`]);
});

it("brings the old one back where it is asked for, and leaves the renamed one alone", () => {
  const root = renamed();
  expect(upgrade(root, NEXT, { restore: new Set([OLD]) })).toEqual([
    `${OLD}: create: restored, as you asked`,
  ]);
  expect(read(root, MINE)).toBe(TEXT);
});
