// Proves that a repository that people edited lives through five versions of the templates: it builds, and every edit is still there.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HUMAN_EDITS } from "./human-edits.js";
import { liveAYear, type Year } from "./live-a-year.js";
import { LATER } from "./versions.js";

const SPEC = join(import.meta.dirname, "../../examples/rate-limiter/prod-stack.yaml");

describe("a year of rate-limiter", () => {
  const folder = mkdtempSync(join(tmpdir(), "cps-year-"));
  let year: Year;
  beforeAll(async () => {
    year = await liveAYear(SPEC, join(folder, "repository"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("makes every edit", () => {
    expect(year.made).toEqual(HUMAN_EDITS.map(({ what }) => what));
    expect(year.upgrades).toHaveLength(LATER.length);
  });

  it.each(LATER.map(({ version, what }) => [version, what] as const))("upgrades to %s, %s", (version) => {
    const upgrade = year.upgrades.find((candidate) => candidate.version === version);
    expect(upgrade).toMatchObject({ code: 0, lost: [], broken: [] });
  });

  it("says where edits went", () => {
    const outputs = year.upgrades.map(({ output }) => output).join("\n");
    expect(outputs).toMatch(
      /delete +base\/rate-limiter\/deployment\.yaml +became base\/rate-limiter\/server\.yaml, with your edits/,
    );
    expect(outputs).toMatch(/network-policies\.yaml +became \S+ and \S+, with your edits/);
    expect(outputs).toMatch(/keep +base\/operator-role\.yaml +no longer needed, but edited by you/);
  });
});
