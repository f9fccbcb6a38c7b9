// Owns: the subset of Handlebars that templates may use.
// Promises: what is outside of it is refused when the package is built, with template and line.
// Must not: render.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of other languages is what this is about.

import { describe, expect, test } from "vitest";
import { lowerTemplate } from "../../projenrc/build/lower-template.js";
import { helpers } from "../../src/render/format-value.js";

const lower = (source: string, id = "x/y.yaml") => lowerTemplate(id, source).program;

describe("refused", () => {
  test.each([
    ["a value without a helper", "a: {{x}}"],
    ["a value in three braces", "a: {{{x}}}"],
    ["a helper in three braces", "a: {{{q x}}}"],
    ["an unknown helper", "a: {{upper x}}"],
    ["two values for one helper", "a: {{q x y}}"],
    ["a named value", "a: {{q x y=1}}"],
    ["a literal", 'a: {{q "x"}}'],
    ["a helper of a helper", "a: {{q (q x)}}"],
    ["an unknown block", "{{#with x}}a{{/with}}"],
    ["a condition over two values", "{{#if x y}}a{{/if}}"],
    ["a condition with a name", "{{#if x includeZero=true}}a{{/if}}"],
    ["a condition over a helper", "{{#if (eq x y)}}a{{/if}}"],
    ["a condition over nothing", "{{#if}}a{{/if}}"],
    ["a loop with an else", "{{#each x}}a{{else}}b{{/each}}"],
    ["a loop with a name", "{{#each x as |item|}}{{q item}}{{/each}}"],
    ["a block that is called by its value", "{{#x}}a{{/x}}"],
    ["a negative block", "{{^x}}a{{/x}}"],
    ["a partial with a named value", "{{> p.yaml y=1}}"],
    ["a partial with two values", "{{> p.yaml x y}}"],
    ["a partial whose name is computed", "{{> (lookup . 'x')}}"],
    ["a partial with a block", "{{#> p.yaml}}a{{/p.yaml}}"],
    ["an inline partial", '{{#*inline "p"}}a{{/inline}}'],
    ["a decorator", "{{* d}}"],
    ["a name outside of the template", "{{q ../x}}"],
    ["the root", "{{q @root.x}}"],
    ["a loop's own name that is none", "{{#each x}}{{q @level}}{{/each}}"],
  ])("%s", (_title, source) => {
    expect(() => lower(`# first line\n${source}`)).toThrow(/^templates\/x\/y\.yaml\.hbs:2: /);
  });

  test.each([
    ["sh", "q"],
    ["sh", "md"],
    ["sh", "json"],
    ["yaml", "sh"],
    ["yaml", "md"],
    ["yaml", "plain"],
    ["yaml", "text"],
    ["json", "q"],
    ["json", "line"],
    ["md", "q"],
    ["md", "json"],
    ["md", "sh"],
    ["conf", "md"],
  ])("in a file of format %s the helper %s", (extension, helper) => {
    expect(() => lower(`{{${helper} x}}`, `x.${extension}`)).toThrow(/is not a helper of this format/);
  });
});

describe("accepted", () => {
  test.each<[string, string, unknown]>([
    ["text", "a: b\n", ["a: b\n"]],
    ["braces of other languages", "${{ x }}", undefined],
    ["a value", "{{q x.y}}", [["h", "q", [0, "x", "y"]]]],
    ["a comment", "{{! no }}{{!-- nor --}}", []],
    ["a condition", "{{#if x}}a{{else}}b{{/if}}", [["i", [0, "x"], ["a"], ["b"]]]],
    ["a chain", "{{#if x}}a{{else if y}}b{{/if}}", [["i", [0, "x"], ["a"], [["i", [0, "y"], ["b"], []]]]]],
    ["a negative condition", "{{#unless x}}a{{/unless}}", [["i", [0, "x"], [], ["a"]]]],
    [
      "a loop",
      "{{#each x}}{{q this}}{{q ../y}}{{q @key}}{{/each}}",
      [
        [
          "e",
          [0, "x"],
          [
            ["h", "q", [0]],
            ["h", "q", [1, "y"]],
            ["h", "q", ["@", "key"]],
          ],
        ],
      ],
    ],
    ["a partial", "  {{> p.yaml x}}\n", [["p", "p.yaml", [0, "x"], "  "]]],
  ])("%s", (title, source, program) => {
    if (title === "braces of other languages") expect(() => lower(source)).toThrow(/has no helper/);
    else expect(lower(source)).toEqual(program);
  });

  test("only helpers that there are", () => {
    for (const [extension, names] of Object.entries({
      yaml: ["q", "line", "json", "block"],
      json: ["json", "text"],
      sh: ["sh", "line"],
      md: ["md", "code", "line", "plain"],
    }))
      for (const name of names) {
        expect(lower(`{{${name} x}}`, `x.${extension}`)).toEqual([["h", name, [0, "x"]]]);
        expect(helpers[name]).toBeTypeOf("function");
      }
  });
});
