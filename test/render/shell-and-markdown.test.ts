// Owns: how a value enters a shell script and Markdown: the helpers sh, md and code.
// Promises: a real sh gets the word itself; Markdown shows the text itself, in a sentence and in a table.
// Must not: render templates.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of other languages is what this is about.

import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { helpers } from "../../src/render/format-value.js";
import { fuzzOptions } from "../spec/fuzz-options.js";

const apply = (name: string, value: string) => helpers[name]?.(value) ?? "";

const HOSTILE = [
  "",
  " ",
  "a",
  "a b",
  "-n",
  "--",
  "$(id)",
  "`id`",
  "${HOME}",
  "$HOME",
  "$((1+1))",
  "a;b",
  "a|b",
  "a&b",
  "a>b",
  "a<b",
  "*",
  "?",
  "[a-z]",
  "~",
  "!x",
  "#x",
  "a#b",
  "'",
  '"',
  "it's",
  "''",
  `'"'`,
  "\\",
  "\\n",
  "a\\",
  "\n",
  "a\nb",
  "\t",
  "\r\n",
  "é",
  "😀",
  "\u0007",
  "{a,b}",
  "a=b",
  "%s",
  "\u2028",
  "x'$(id)'y",
];
const anyText = fc
  .oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ maxLength: 15 }),
    fc.string({ maxLength: 8, unit: "grapheme" }),
  )
  .filter((value) => !value.includes("\0"));

/** What a real sh makes of words, all in one process. */
function wordsOf(scalars: readonly string[]): string[] {
  const script = scalars.map((word) => `printf '%s\\0' ${word}`).join("\n");
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

describe("sh", () => {
  test("a real shell gets the word itself", () => {
    const values = [...HOSTILE, ...fc.sample(anyText, fuzzOptions(5).numRuns)];
    expect(wordsOf(values.map((value) => apply("sh", value)))).toEqual(values);
  });

  test("as an assignment and inside of a condition too", () => {
    for (const value of ["a b", "$(id)", "it's", "\n"]) {
      const word = apply("sh", value);
      const script = `x=${word}; [ "$x" = ${word} ] && printf %s "$x"`;
      expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(value);
    }
  });
});

/** CommonMark: a backslash before ASCII punctuation is the punctuation itself, and references are what they name. */
function shown(markdown: string): string {
  return markdown.replace(/\\([!-/:-@[-`{-~])/g, "$1");
}

/** Punctuation that would be markup, left without a backslash. */
function markup(markdown: string): string[] {
  const plain = markdown.replace(/\\[!-/:-@[-`{-~]/g, "");
  return [...(plain.match(/[`*_[\]<>|~&]/g) ?? []), ...(/^(?:[-+=#]|\d+[.)](?=\s|$))/.exec(markdown) ?? [])];
}

describe("md", () => {
  const values = [
    "*a*",
    "_a_",
    "`a`",
    "[a](b)",
    "<b>",
    "a|b",
    "# a",
    "- a",
    "+ a",
    "1. a",
    "12) a",
    "---",
    "===",
    "~~a~~",
    "&lt;",
    "&amp;",
    "![a](b)",
    "\\*",
    "a\\",
    "    a",
    "> a",
    "<https://x>",
    "a\nb",
    "\n# a",
  ];

  test.each(values)("%j is shown as it is", (value) => {
    const markdown = apply("md", value);
    expect(markup(markdown)).toEqual([]);
    expect(shown(markdown)).toBe(value.replace(/[\n]+/g, " ").trimStart());
  });

  test("any text is one line, and no markup", () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const markdown = apply("md", value);
        expect(markdown).not.toMatch(/[\n\r]/);
        expect(markup(markdown)).toEqual([]);
      }),
      fuzzOptions(10),
    );
  });
});

/** What a code span shows (CommonMark 6.1); undefined where it is not one span. */
function spanned(markdown: string): string | undefined {
  const [, fence = "", content = ""] = /^(`+)([\s\S]*?[^`])\1$/.exec(markdown) ?? [];
  const closes = content.match(/`+/g)?.some((run) => run === fence) ?? false;
  if (content === "" || closes) return undefined;
  return /^ .*[^ ].* $|^ . $/.test(content) ? content.slice(1, -1) : content;
}

describe("code", () => {
  test.each(["a", "a b", "`", "``", "a`b", "a``b", "```", "`a`", "a|b", "$(id)", "<b>", "\\"])(
    "%j is one span",
    (value) => {
      expect(spanned(apply("code", value))?.replaceAll("\\|", "|")).toBe(value);
    },
  );

  test("nothing is shown as nothing", () => {
    expect(apply("code", "")).toBe("");
  });
});
