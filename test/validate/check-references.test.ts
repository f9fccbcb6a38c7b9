/** Holds that each reference rule finds what it is for, says nothing else, and lets pass what is right. */
import { describe, expect, it } from "vitest";
import { REFERENCE_RULES } from "../../src/validate/check-references/check-references.js";
import { findingsAfter } from "./overlay-fixture.js";
import { allowedReferences, brokenReferences } from "./reference-cases.js";

describe("a broken reference", () => {
  it.each(brokenReferences)("$rule: $title", ({ rule, severity, ...change }) => {
    const findings = findingsAfter(change);
    expect(findings.map((finding) => [finding.rule, finding.severity])).toEqual(
      findings.map(() => [rule, severity ?? "error"]),
    );
    expect(findings.length).toBeGreaterThan(0);
    for (const { message, hint } of findings) expect([message, hint]).not.toContain("");
  });

  it("is looked for by every rule", () => {
    const tested = new Set(brokenReferences.map(({ rule }) => rule));
    expect(REFERENCE_RULES.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
  });
});

describe("what is right", () => {
  it.each(allowedReferences)("passes: $title", (change) => {
    expect(findingsAfter(change)).toEqual([]);
  });
});
