// Owns: text that is meant to hurt the parser, or was never meant for it.
// Promises: one clear problem, within a second, and never a crash.
// Must not: depend on the schema.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzzOptions } from "./fuzz-options.js";
import { problemsOf } from "./problems-of.js";

const MOST = 1024 * 1024;
const HEAD = 'apiVersion: prod-stack/v1\nname: a\nsource: { url: "https://x/y" }\n';
const TAIL = "environments: { dev: { tier: development, domain: x.example } }\n";
const SERVICES = "services: { a: { type: worker, image: a/b } }\n";
const GREEN = `${HEAD}${SERVICES}${TAIL}`;

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function nonsense(length: number, alphabet: string): string {
  const next = random(length);
  return Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join("");
}

const repeat = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("");

const LAUGHS = `a: &a [x,x,x,x,x,x,x,x,x]\n${repeat(9, (n) => `${"bcdefghij"[n]}: &${"bcdefghij"[n]} [${Array(9).fill(`*${"abcdefghij"[n]}`)}]\n`)}`;

const HOSTILE: readonly [string, string, RegExp][] = [
  [
    "1 MiB of bytes",
    nonsense(
      MOST - 1,
      Array.from({ length: 255 }, (_, code) => String.fromCharCode(code + 1))
        .join("")
        .slice(0, 127),
    ),
    /./,
  ],
  ["1 MiB of YAML's own characters", nonsense(MOST - 1, "{}[]:-,?&*!|>'\"%@` \n#ab"), /./],
  ["more than 1 MiB", " ".repeat(MOST + 1), /is larger than 1024 KiB/],
  ["5,000 brackets", "[".repeat(5000), /nests deeper than 64 levels/],
  ["5,000 braces", "{a: ".repeat(5000), /nests deeper than 64 levels/],
  ["brackets over many lines", "[\n".repeat(5000), /nests deeper than 64 levels/],
  [
    "brackets in quotes that close them",
    `a: "]]"\nb: ${"[".repeat(40)}"${"]".repeat(40)}"${"[".repeat(40)}`,
    /nests|YAML|prod-stack/,
  ],
  ["600 levels of indentation", repeat(600, (n) => `${" ".repeat(n)}a:\n`), /nests deeper than 64 levels/],
  ["5,000 dashes", "- ".repeat(5000), /nests deeper than 64 levels/],
  ["5,000 questions", "? ".repeat(5000), /./],
  ["5,000 tags and anchors", "!a &b ".repeat(5000), /./],
  ["a billion laughs", `${LAUGHS}${GREEN}`, /./],
  ["an alias of itself", "a: &a [*a]\n", /./],
  ["an alias that is nowhere", `${GREEN}tiers: *nowhere\n`, /is not YAML/],
  ["25,000 keys", repeat(25_000, (n) => `k${n}: 1\n`), /is not a prod-stack.yaml/],
  ["20,000 keys in one line", `{${repeat(20_000, (n) => `k${n}: 1, `)}}`, /is not a prod-stack.yaml/],
  [
    "5,000 wrong services",
    `${HEAD}${TAIL}services:\n${repeat(5000, (n) => `  s${n}: { type: webapi, image: A }\n`)}`,
    /webapi|not well formed/,
  ],
  ["10,000 unknown keys", `${GREEN}${repeat(10_000, (n) => `namez${n}: 1\n`)}`, /unknown key/],
  [
    "4,000 uses of nobody",
    `${HEAD}${TAIL}services:\n${repeat(4000, (n) => `  s${n}: { type: worker, image: a/b, uses: { t${n}: {} } }\n`)}`,
    /is called "t0"/,
  ],
  ["one name of 1 MiB", `${HEAD}${TAIL}services: { ${"a".repeat(MOST - 200)}: {} }\n`, /./],
  ["one word of 1 MiB", GREEN.replace("worker", "w".repeat(MOST - 300)), /this text is not allowed here/],
  [
    "a description for the regular expressions",
    GREEN.replace("a/b", `${"a-".repeat(100_000)}!`),
    /is not well formed/,
  ],
  [
    "dashes for the regular expressions",
    `${HEAD}services: { a: { type: worker, image: A/b, args: ["${"a.-".repeat(40_000)}", "${"eyJabcdefghi-".repeat(9000)}"] } }\n${TAIL}`,
    /not well formed/,
  ],
  [
    "ranges for the regular expressions",
    `${GREEN}network: { apiServer: ["${":".repeat(50_000)}", "${"1:".repeat(50_000)}"] }\n`,
    /is not well formed/,
  ],
];

describe("hostile text", () => {
  // Whatever backtracks or is quadratic runs into the limit of the test.
  test.each(HOSTILE)("%s is refused in time", { timeout: 60_000 }, (_title, text, message) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.message.length).toBeLessThan(400);
  });

  test("any text is either a spec or a problem", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.string({ unit: fc.constantFrom(..."{}[]:-,&*!|>'\"% \n\tab0<~"), maxLength: 60 }),
        ),
        (text) => {
          expect(problemsOf(text).length).toBeGreaterThan(0);
          expect(problemsOf(`${GREEN}${text}`)).toBeDefined();
        },
      ),
      fuzzOptions(5),
    );
  });
});

describe("odd but legitimate text", () => {
  test.each<[string, string]>([
    ["CRLF", GREEN.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\ufeff${GREEN}`],
    ["comments and a document start", `# comment\n---\n${GREEN}`],
    ["a document end", `${GREEN}...\n`],
    [
      "anchors and merge keys",
      `${HEAD}services:\n  a: &a { type: worker, image: a/b }\n  b: { <<: *a, replicas: 2 }\n${TAIL}`,
    ],
    ["a block scalar", `${HEAD}description: >-\n  one\n  line\n${SERVICES}${TAIL}`],
    ["names that JavaScript knows", GREEN.replace("{ a: {", "{ constructor: {")],
    [
      "variables that JavaScript knows",
      GREEN.replace("a/b", 'a/b, env: { __proto__: x, constructor: "y", toString: z, hasOwnProperty: "" }'),
    ],
    ["brackets in a quoted text", GREEN.replace("a/b", `a/b, args: ["${"[".repeat(60)}"]`)],
    ["empty maps", `${GREEN}datastores:\nsecrets: {}\nexternals:\ntiers:\n`],
  ])("%s is accepted", (_title, text) => {
    expect(problemsOf(text)).toEqual([]);
  });
});

describe("another tool's file gets one clear sentence", () => {
  const expected = 'a document that begins with "apiVersion: prod-stack/v1"';
  test.each<[string, string, string]>([
    ["an empty file", "", "is empty"],
    ["only comments", "# nothing\n# here\n", "is empty"],
    ["only spaces", "  \n\n", "is empty"],
    ["null", "null\n", "is empty"],
    ["a list", "- a\n- b\n", "is not a map"],
    ["a sentence", "hello world\n", "is not a map"],
    [
      "a Deployment",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { replicas: 1 }\n",
      "is a Kubernetes manifest (Deployment)",
    ],
    [
      "a kustomization",
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a]\n",
      "is a Kubernetes manifest (Kustomization)",
    ],
    [
      "docker-compose",
      'version: "3"\nservices: { web: { image: nginx, ports: ["80:80"] } }\n',
      "is not a prod-stack.yaml",
    ],
    [
      "Helm values",
      "replicaCount: 1\nimage: { repository: nginx, tag: latest }\nservice: { type: ClusterIP }\n",
      "is not a prod-stack.yaml",
    ],
    [
      "a GitHub workflow",
      "name: ci\non: push\njobs: { build: { runs-on: ubuntu-latest, steps: [] } }\n",
      "is not a prod-stack.yaml",
    ],
    [
      "a package.json",
      '{ "name": "x", "version": "1.0.0", "dependencies": {} }\n',
      "is not a prod-stack.yaml",
    ],
  ])("%s", (_title, text, message) => {
    const [problem, ...others] = problemsOf(text);
    expect([problem?.message, others]).toEqual([message, []]);
    if (text.includes(":") || text.includes("- ")) expect(problem?.expected).toBe(expected);
  });

  test.each<[string, string, string, string]>([
    ["two documents", `${GREEN}---\n${GREEN}`, "6:1", "holds several documents"],
    [
      "a tab",
      "apiVersion: prod-stack/v1\n\tname: a\n",
      "2:1",
      "uses a tab as indentation; YAML indents with spaces",
    ],
    ["a key that stands twice", `${GREEN}name: b\n`, "6:1", 'the key "name" stands twice in one map'],
    ["NUL", `${GREEN}\0`, "1:1", "is not a text file"],
    ["__proto__ at the top", `${GREEN}__proto__: { a: 1 }\n`, "6:1", 'unknown key "__proto__"'],
    ["constructor at the top", `${GREEN}constructor: 1\n`, "6:1", 'unknown key "constructor"'],
    [
      "__proto__ of a service",
      GREEN.replace("a/b", "a/b, __proto__: { replicas: 1 }"),
      "4:44",
      'unknown key "__proto__"',
    ],
    [
      "__proto__ as a service",
      GREEN.replace("{ a: {", "{ __proto__: {"),
      "4:13",
      '"__proto__" cannot be a name here',
    ],
    [
      "constructor as a type",
      GREEN.replace("worker", "constructor"),
      "4:24",
      '"constructor" is not allowed here',
    ],
    [
      "a used name that only JavaScript knows",
      GREEN.replace("a/b", "a/b, uses: { constructor: {} }"),
      "4:52",
      'no service, datastore or external is called "constructor"',
    ],
  ])("%s", (_title, text, place, message) => {
    const [problem] = problemsOf(text);
    expect([`${problem?.line}:${problem?.column}`, problem?.message]).toEqual([place, message]);
  });
});

test("a problem behind an alias is told once, where the text stands", () => {
  const text = `${HEAD}services:\n  a: &a { type: worker, image: A/B }\n  b: *a\n${TAIL}`;
  expect(problemsOf(text).map(({ line, column, path }) => [line, column, path])).toEqual([
    [5, 32, "services.a.image"],
  ]);
});
