// Proves the same year for every example.

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { liveAYear } from "./live-a-year.js";
import { LATER } from "./versions.js";

const EXAMPLES = join(import.meta.dirname, "../../examples");
/** Edits that a stack may have nothing for: without a service of its own, or without services at all. */
const FEWEST_EDITS = 8;

it.each(readdirSync(EXAMPLES))("%s lives through five versions", async (name) => {
  const folder = mkdtempSync(join(tmpdir(), "cps-year-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { made, upgrades } = await liveAYear(
    join(EXAMPLES, name, "prod-stack.yaml"),
    join(folder, "repository"),
  );
  expect(made.length).toBeGreaterThanOrEqual(FEWEST_EDITS);
  expect(upgrades.map(({ version, code, lost, broken }) => ({ version, code, lost, broken }))).toEqual(
    LATER.map(({ version }) => ({ version, code: 0, lost: [], broken: [] })),
  );
});
