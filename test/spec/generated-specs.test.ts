// Owns: properties of parseSpec over the corpus of generated specs.
// Promises: valid specs are accepted, by the editor's schema too; a mistake is found where it was made.
// Must not: resolve more than it takes to accept.

import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import editorSchema from "../../src/generated/editor-schema.json" with { type: "json" };
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { specData, specText } from "./arbitrary-spec.js";
import { BREAKAGES, breakage } from "./break-spec.js";
import { FUZZ_RUNS, fuzzOptions } from "./fuzz-options.js";
import { problemsOf, stackProblems } from "./problems-of.js";

const isValidInEditor = new Ajv2020({ allErrors: true, strict: false }).compile(editorSchema);

function editorErrors(data: unknown): string[] {
  return isValidInEditor(data)
    ? []
    : (isValidInEditor.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe("every generated spec", () => {
  test("is accepted, and resolves", () => {
    fc.assert(
      fc.property(specData, (data) => {
        expect(stackProblems(specText(data))).toEqual([]);
      }),
      fuzzOptions(3),
    );
  });

  test("is accepted by the editor's schema, nulls included", () => {
    fc.assert(
      fc.property(specData, (data) => {
        expect(editorErrors(data)).toEqual([]);
      }),
      fuzzOptions(3),
    );
  });

  test("with one mistake is refused at its place", () => {
    fc.assert(
      fc.property(specData, breakage, (data, { act }) => {
        const broken = structuredClone(data);
        const path = act(broken).join(".");
        const problems = problemsOf(specText(broken));
        expect(problems.map((problem) => problem.path)).toContain(path);
        for (const { line, column } of problems) expect([line > 0, column > 0]).toEqual([true, true]);
      }),
      { ...fuzzOptions(3), numRuns: Math.max(FUZZ_RUNS * 3, BREAKAGES.length * 3) },
    );
  });
});

describe("the editor's schema", () => {
  test.each(Object.entries(SAMPLE_STACKS))("accepts %s", (_name, text) => {
    expect(editorErrors(parseDocument(text).toJS())).toEqual([]);
  });

  test.each<[string, string]>([
    ["a wrong word", "type: web-api|type: webapi"],
    ["a missing key", "tier: development, |"],
    ["null where a value must be", "tier: development|tier: null"],
    ["an unknown key", "name: hello|nam: hello"],
  ])("refuses %s, as parseSpec does", (_title, change) => {
    const [from = "", to = ""] = change.split("|");
    const text = (SAMPLE_STACKS.smallest ?? "").replace(from, to);
    expect(editorErrors(parseDocument(text).toJS())).not.toEqual([]);
    expect(problemsOf(text)).not.toEqual([]);
  });
});
