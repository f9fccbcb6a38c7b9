// Owns: how a value enters YAML and JSON: the helpers q, json, text, line and block.
// Promises: the reader gets the value itself, in YAML 1.1 and 1.2, in block and in flow context, whatever it contains.
// Must not: render templates.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of other languages is what this is about.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { helpers } from "../../src/render/format-value.js";
import { fuzzOptions } from "../spec/fuzz-options.js";

function helper(name: string): (value: unknown) => string {
  const found = helpers[name];
  if (found === undefined) throw new Error(`no helper ${name}`);
  return found;
}
const q = helper("q");
const json = helper("json");
const text = helper("text");
const line = helper("line");

/** What go-yaml (YAML 1.1, which Kubernetes and Kustomize read) takes for something other than a string: resolve.go. */
const GO_NOT_STRING: readonly RegExp[] = [
  /^(y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF|true|True|TRUE|false|False|FALSE)$/,
  /^(|~|null|Null|NULL)$/,
  /^[-+]?(\.inf|\.Inf|\.INF)$|^(\.nan|\.NaN|\.NAN)$/,
  /^[-+]?[0-9][0-9_]*$|^[-+]?0b[01_]+$|^[-+]?0o?[0-7_]+$|^[-+]?0x[0-9a-fA-F_]+$/,
  /^[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?$/,
  /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$/,
  /^(<<|=)$/,
];

const AMBIGUOUS = [
  ..."y Y yes Yes YES n N no No NO on On ON off Off OFF true True TRUE false False FALSE null Null NULL ~ .inf -.Inf .nan .NaN".split(
    " ",
  ),
  ..."0 00 007 0777 0o17 0x1F 0b101 1_000 -1 +1 1. .5 1e3 1E-3 12e03 1:20 190:20:30 1:20.5 2001-12-14 2001-12-14T21:59:43Z << =".split(
    " ",
  ),
  "",
  " ",
  "  a",
  "a ",
  "-",
  "- a",
  "?",
  "? a",
  ":",
  "a:",
  "a: b",
  "a :b",
  "#",
  "a #b",
  "a#b",
  "!",
  "!tag",
  "&a",
  "*a",
  "|",
  ">",
  "%",
  "@",
  "`",
  "'",
  '"',
  "''",
  '""',
  "[",
  "]",
  "{",
  "}",
  ",",
  "a,b",
  "[a]",
  "{a: b}",
  "---",
  "...",
  "--- a",
  "\\",
  "\\n",
  "a\\",
  "it's",
  'say "x"',
  `'"'"'`,
  "{{7*7}}",
  "${{ secrets.X }}",
  "$(id)",
  "`id`",
  "a\nb",
  "\n",
  "a\n",
  "\na",
  "a\n\nb\n",
  "a\tb",
  "\t",
  "\r",
  "a\r\nb",
  "\u0000",
  "\u0007",
  "\u001b[31m",
  "\u007f",
  "\u0085",
  "\u00a0",
  "\u2028",
  "\u2029",
  "\ufeff",
  "\ufffe",
  "\uffff",
  "é",
  "日本",
  "😀",
  "a😀b",
  "1.2.3",
  "10.0.0.0/8",
  "256Mi",
  "500m",
  "5m",
  "1.5h",
  "100%",
  "a:b",
  "http://x.example:80/a?b=c&d",
  "../x",
  "/tmp",
  "x/y:1.2@sha256:0",
  "1.2.3-rc.1",
  "_1",
  "v1_2",
  "0.1",
  "1.2",
  "nan",
  "inf",
];

const anyText = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...AMBIGUOUS) },
  fc.string({ maxLength: 12 }),
  fc.string({ maxLength: 8, unit: "grapheme" }),
  fc.string({ maxLength: 8, unit: fc.constantFrom(..."0123456789_.:+-eExXob") }),
  fc.string({ maxLength: 10, unit: fc.constantFrom(..."ynoesYNOft ~:#-,[]{}'\"\\\n\t&*!|>%@`") }),
  fc.tuple(fc.constantFrom(...AMBIGUOUS), fc.constantFrom(...AMBIGUOUS)).map((pair) => pair.join("")),
);

const CONTEXTS: readonly [string, (scalar: string) => string, (data: unknown) => unknown][] = [
  ["a value of a map", (scalar) => `a: ${scalar}\nb: 1\n`, (data) => (data as { a: unknown }).a],
  ["an item of a list", (scalar) => `- ${scalar}\n- 1\n`, (data) => (data as unknown[])[0]],
  ["a key", (scalar) => `a:\n  ${scalar}: 1\n`, (data) => Object.keys((data as { a: object }).a)[0]],
  ["a flow list", (scalar) => `[${scalar}, 1]\n`, (data) => (data as unknown[])[0]],
  ["a flow map", (scalar) => `{ a: ${scalar}, b: 1 }\n`, (data) => (data as { a: unknown }).a],
  [
    "a deep place",
    (scalar) => `a:\n  - b:\n      - ${scalar}\n`,
    (data) => (data as { a: { b: unknown[] }[] }).a[0]?.b[0],
  ],
];

function expectRoundTrip(scalar: string, value: string): void {
  for (const version of ["1.1", "1.2"] as const)
    for (const [context, write, read] of CONTEXTS)
      expect([context, version, read(parse(write(scalar), { version, uniqueKeys: true }))]).toEqual([
        context,
        version,
        value,
      ]);
}

describe("q", () => {
  test.each(AMBIGUOUS.map((value) => [JSON.stringify(value), value]))(
    "%s arrives as it is",
    (_title, value) => {
      expectRoundTrip(q(value), value);
    },
  );

  test("any text arrives as it is", () => {
    fc.assert(
      fc.property(anyText, (value) => expectRoundTrip(q(value), value)),
      fuzzOptions(20),
    );
  });

  test("nothing plain is anything but a string to Go, and nothing leaves its line", () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const scalar = q(value);
        const isQuoted = /^["']/.test(scalar);
        if (!isQuoted)
          expect([scalar, GO_NOT_STRING.filter((pattern) => pattern.test(scalar))]).toEqual([scalar, []]);
        expect(scalar).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
      fuzzOptions(50),
    );
  });

  test("half of a surrogate pair is escaped, never written", () => {
    expect(q("a\ud800b")).toBe('"a\\ud800b"');
  });

  test("numbers and booleans stay what they are", () => {
    expect([q(1), q(0.5), q(true)]).toEqual(["1", "0.5", "true"]);
  });

  test.each([undefined, null, {}, [], Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol("x"), 1n])(
    "%o is an error",
    (value) => {
      expect(() => q(value)).toThrow(/helper q got/);
    },
  );

  test("what people read often is not quoted", () => {
    for (const value of [
      "api",
      "256Mi",
      "10.0.0.0/8",
      "ghcr.io/a/b:1.2.3",
      "https://x.example",
      "/actuator/health",
      "app.kubernetes.io/name",
    ])
      expect(q(value)).toBe(value);
  });
});

describe("json and text", () => {
  test("any value arrives as it is, as JSON and as YAML", () => {
    fc.assert(
      fc.property(fc.jsonValue(), anyText, (value, string) => {
        expect(JSON.parse(json(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(parse(`a: ${json(string)}\n`, { version: "1.1" })).toEqual({ a: string });
        expect(JSON.parse(`"x${text(string)}y"`)).toBe(`x${string}y`);
      }),
      fuzzOptions(10),
    );
  });

  test("undefined is an error", () => {
    expect(() => json(undefined)).toThrow(/helper json got undefined/);
  });
});

test("line never ends a comment", () => {
  fc.assert(
    fc.property(anyText, (value) => {
      expect(parse(`# ${line(value)}\na: 1\n`)).toEqual({ a: 1 });
      expect(line(value)).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
    }),
    fuzzOptions(10),
  );
});
