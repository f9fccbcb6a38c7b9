// Proves on a real disk that a file that is not text and that both sides changed stays, with the new version beside it.

import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { ConflictChoice } from "../../src/plan/conflict-choice.js";
import { generate, removeScratchFolders, scratchFolder, treeFile } from "../apply/scratch-repository.js";

afterAll(removeScratchFolders);

const PATH = "app/logo.bin";
const BESIDE = `${PATH}.new`;
const MINE = Buffer.from([0xff, 0xfe, 0, 1, 2]);

function edited(): { root: string; file: string; beside: string } {
  const root = join(scratchFolder(), "repository");
  generate([treeFile(PATH, "first\n")], root);
  writeFileSync(join(root, PATH), MINE);
  return { root, file: join(root, PATH), beside: join(root, BESIDE) };
}

const upgrade = (
  root: string,
  text: string,
  conflicts: ConflictChoice = "markers",
  mode: 0o644 | 0o755 = 0o644,
) =>
  generate([{ ...treeFile(PATH, text), mode }], root, ".", { conflicts }).plan.files.map(
    ({ path, action, reason }) => [path, action, reason],
  );

it("puts the new version beside, once, with its mode", () => {
  const { root, file, beside } = edited();
  chmodSync(file, 0o755);
  expect(upgrade(root, "second\n", "markers", 0o755)).toEqual([
    [PATH, "conflict", `edited by you, and not text; the new version is beside it: ${BESIDE}`],
    [BESIDE, "create", `the new version of ${PATH}: take what you need from it, then delete it`],
  ]);
  expect(readFileSync(file)).toEqual(MINE);
  expect(statSync(file).mode & 0o777).toBe(0o755);
  expect(readFileSync(beside, "utf8")).toBe("second\n");
  expect(statSync(beside).mode & 0o777).toBe(0o755);
  expect(upgrade(root, "second\n", "markers", 0o755)).toEqual([[PATH, "keep", "edited by you"]]);
  rmSync(beside);
  upgrade(root, "second\n");
  expect(existsSync(beside)).toBe(false);
});

it("replaces what an earlier version has put beside, and nothing else", () => {
  const { root, file, beside } = edited();
  upgrade(root, "second\n");
  expect(upgrade(root, "third\n")).toContainEqual([BESIDE, "update", expect.any(String)]);
  expect(readFileSync(beside, "utf8")).toBe("third\n");
  writeFileSync(beside, "of mine\n");
  const refused = [
    PATH,
    "conflict",
    `edited by you, and not text; something else is in the way at ${BESIDE}`,
  ];
  expect(upgrade(root, "fourth\n")).toEqual([refused]);
  expect(upgrade(root, "fourth\n")).toEqual([refused]);
  expect(readFileSync(beside, "utf8")).toBe("of mine\n");
  expect(readFileSync(file)).toEqual(MINE);
});

it.each([
  ["leave", "conflict", "\u{FFFD}"],
  ["ours", "keep", "\u{FFFD}"],
  ["theirs", "update", "second"],
] as const)("puts nothing beside where the user chose %s", (choice, action, start) => {
  const { root, file, beside } = edited();
  expect(upgrade(root, "second\n", choice)).toEqual([[PATH, action, expect.any(String)]]);
  expect(existsSync(beside)).toBe(false);
  expect(readFileSync(file, "utf8").startsWith(start)).toBe(true);
});

it("says that the mode of a file that is not text should be another", () => {
  const { root, file } = edited();
  expect(upgrade(root, "first\n", "markers", 0o755)).toEqual([
    [PATH, "keep", "edited by you, and not text; its mode should be 755 now"],
  ]);
  expect(statSync(file).mode & 0o111).toBe(0);
});
