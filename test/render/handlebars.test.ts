// Owns: the proof that the small interpreter is Handlebars: same templates, same views, same text.
// Promises: every template with every view of every sample stack and of generated ones; only trailing spaces are ignored.
// Must not: know single templates.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import Handlebars from "handlebars";
import { describe, expect, test } from "vitest";
import { lowerTemplate } from "../../projenrc/build/lower-template.js";
import { lowerAll } from "../../projenrc/build/template-module.js";
import { helpers } from "../../src/render/format-value.js";
import { runTemplate } from "../../src/render/run-template.js";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";
import type { Stack } from "../../src/stack/stack.js";
import { SQL } from "../monitoring/stacks.js";
import { specData, specText } from "../spec/arbitrary-spec.js";
import { fuzzOptions } from "../spec/fuzz-options.js";
import { fileSpecsOf } from "./file-specs.js";
import { SAMPLE_STACKS } from "./sample-stacks.js";

/** Beside the samples of the objects, those of the alerts. */
const SAMPLES = { ...SAMPLE_STACKS, sql: SQL };

const DIRECTORY = join(import.meta.dirname, "../../templates");
const lowered = lowerAll(DIRECTORY);
const sources = readdirSync(DIRECTORY, { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith(".hbs"),
);

const original = Handlebars.create();
const known = Object.fromEntries(Object.keys(helpers).map((name) => [name, true as const]));
const options = { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers: known };
for (const [name, helper] of Object.entries(helpers))
  original.registerHelper(name, (value: unknown) => helper(value));
const compiled = new Map(
  sources.map((path) => {
    const id = path.slice(0, -".hbs".length);
    const template = original.compile(readFileSync(join(DIRECTORY, path), "utf8"), options);
    original.registerPartial(id, template);
    return [id, template];
  }),
);

const tidy = (text: string) => text.replace(/[ \t]+$/gm, "");

/** The templates that a stack rendered, each compared with Handlebars itself. */
function compare(stack: Stack): Set<string> {
  const used = new Set<string>();
  for (const { template, view } of fileSpecsOf(stack)) {
    const handlebars = compiled.get(template);
    if (handlebars === undefined) continue;
    used.add(template);
    const expected = handlebars(view, { allowProtoPropertiesByDefault: false });
    expect([template, tidy(runTemplate(lowered, template, view))]).toEqual([template, tidy(expected)]);
  }
  return used;
}

const resolve = (text: string) => resolveStack(parseSpec(text), { generator: "0.0.0-test" });

describe("the interpreter says what Handlebars says", () => {
  const used = new Set<string>();

  test.each(Object.entries(SAMPLES))("for every file of %s", (_name, text) => {
    for (const template of compare(resolve(text))) used.add(template);
    expect(used.size).toBeGreaterThan(10);
  });

  test("for generated specs", () => {
    fc.assert(
      fc.property(specData, (data) => {
        expect(compare(resolve(specText(data))).size).toBeGreaterThan(10);
      }),
      fuzzOptions(0.5),
    );
  });

  test("for every template that the samples reach, and they reach them all", () => {
    const partials = new Set(
      JSON.stringify(lowered)
        .match(/\["p","[^"]+"/g)
        ?.map((call) => call.slice(6, -1)) ?? [],
    );
    for (const id of partials) expect([id, id in lowered]).toEqual([id, true]);
    expect([...compiled.keys()].filter((id) => !used.has(id) && !partials.has(id))).toEqual([]);
  });
});

describe("what Handlebars would let pass is an error here", () => {
  const run = (source: string, view: unknown) =>
    runTemplate({ "x.yaml": lowerTemplate("x.yaml", source).program }, "x.yaml", view);

  test.each([
    ["a name in a condition", "{{#if typo}}a{{/if}}"],
    ["a name in a negative condition", "{{#unless typo}}a{{/unless}}"],
    ["a name in a loop", "{{#each typo}}a{{/each}}"],
    ["a name below a name", "{{#if known.typo}}a{{/if}}"],
    ["a value", "{{q typo}}"],
    ["a name that only the prototype has", "{{#if constructor}}a{{/if}}"],
    ["a partial", "{{> nowhere.yaml}}"],
    ["a loop over text", "{{#each text}}a{{/each}}"],
    ["a list as a value", "{{q list}}"],
    ["null as a value", "{{q nothing}}"],
    ["a loop's key outside of a loop", "{{q @key}}"],
  ])("missing: %s", (_title, source) => {
    expect(() => run(source, { known: {}, text: "x", list: [], nothing: null })).toThrow(
      /template x\.yaml|helper q got/,
    );
  });
});
