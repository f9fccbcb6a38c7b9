// Owns: the project's own table of the checklist: every row that a capability claims has a test that carries its id.
// Promises: a row that loses its last test is red; the committed page is what the code makes.
// Must not: judge whether a test is a good one.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checklistPage, claims, proofs, TABLE_ROWS } from "../../projenrc/docs/checklist-page.js";
import { CHECKLIST } from "../../src/capabilities/checklist.js";

const root = join(import.meta.dirname, "../..");

test("every row that is claimed has a proof", () => {
  const claimed = claims();
  const proven = proofs(root);
  const bare = TABLE_ROWS.filter(({ id }) => claimed.has(id) && !proven.has(id)).map(({ id }) => id);
  expect(bare).toEqual([]);
});

test("nothing names a row that is not there", () => {
  const known = CHECKLIST.map(({ id }) => id);
  expect([...claims().keys(), ...proofs(root).keys()].filter((id) => !known.includes(id))).toEqual([]);
});

test("the page is what the code makes", () => {
  expect(readFileSync(join(root, "docs/checklist.md"), "utf8")).toBe(checklistPage(root));
});
