/** Holds that YAML is read as Kubernetes does, that what readers disagree on is said, and that hostile text is only text. */
import { describe, expect, it } from "vitest";
import { checkFiles } from "../../src/validate/check-files.js";
import { checkYaml } from "../../src/validate/check-yaml.js";
import { readDocuments } from "../../src/validate/read-yaml.js";
import type { StackFile } from "../../src/validate/stack-files.js";

const file = (text: string, path = "base/a.yaml"): StackFile => ({ path, text });
const rulesOf = (text: string, path?: string) =>
  checkYaml([file(text, path)]).findings.map(({ rule, severity }) => `${rule} ${severity}`);

describe("scalars that change their type", () => {
  it.each([
    "y",
    "Y",
    "n",
    "yes",
    "No",
    "on",
    "OFF",
    "1_000",
    "0b11",
    "0xF_F",
    "2026-01-02",
    "2026-1-2",
    "2026-01-02T03:04:05Z",
    "2026-01-02 03:04:05",
  ])("%s is an error", (value) => {
    expect(rulesOf(`a: ${value}\n`)).toEqual(["yaml-version error"]);
    expect(rulesOf(`a: [${value}]\n`)).toEqual(["yaml-version error"]);
  });

  it.each(["0644", "0o17", "1:20", "12:30:45", "-0777"])("%s is a warning", (value) => {
    expect(rulesOf(`a: ${value}\n`)).toEqual(["yaml-version warning"]);
  });

  it.each(["yes", "on", "1_000", "2026-01-02"])("%s as a key is an error", (key) => {
    expect(rulesOf(`${key}: a\n`)).toEqual(["yaml-version error"]);
  });

  it.each([
    '"yes"',
    "'on'",
    "!!str no",
    "true",
    "null",
    "~",
    "10",
    "1.5",
    "1e3",
    "0x1F",
    "0",
    "yes please",
    "|\n  yes",
    "v1.2",
    "a:b",
    "10.0.0.1",
    "08:00 daily",
    "Yes-1",
  ])("%s is the same to all", (value) => {
    expect(rulesOf(`a: ${value}\n`)).toEqual([]);
  });

  it.each([
    ".github/workflows/ci.yaml",
    "prod-stack.yaml",
    "platform.yaml",
    ".gitlab-ci.yml",
    "apps/shop/.pre-commit-config.yaml",
  ])("are none of Kubernetes' business in %s", (path) => {
    expect(rulesOf("on: { push: { branches: [main] } }\nx: yes\n", path)).toEqual([]);
  });

  it("says where", () => {
    const [finding] = checkYaml([file("a: 1\nb:\n  - x\n  - no\n")]).findings;
    expect(finding?.file).toBe("base/a.yaml:4");
    expect(finding?.hint).toContain('"no" in quotes');
  });
});

describe("syntax", () => {
  it.each([
    ["a duplicate key", "a: 1\nb: 2\na: 3\n", "a.yaml:3", "the same key twice"],
    ["a duplicate key below", "a:\n  b: 1\n  b: 2\n", "a.yaml:3", "the same key twice"],
    ["a tab", "a:\n\tb: 1\n", "a.yaml:2", "tab"],
    ["an open bracket", "a: [1, 2\n", "a.yaml:", "not YAML"],
    ["a second document that is broken", "a: 1\n---\nb: {\n", "a.yaml:", "not YAML"],
    ["an unknown alias", "a: *b\n", "a.yaml:1", "not YAML"],
    ["a byte order mark", "\ufeffa: 1\n", "a.yaml:1", "byte order mark"],
  ])("%s", (_, text, place, message) => {
    const { status, findings } = checkYaml([file(text, "a.yaml")]);
    expect(status).toBe("failed");
    expect(findings[0]?.file).toContain(place);
    expect(findings.map((finding) => finding.message).join()).toContain(message);
  });

  it("takes several documents, anchors, merge keys and comments", () => {
    const outcome = checkYaml([
      file("# one\na: &x { b: 1 }\n---\n---\nc: &y { d: 1 }\ne: { <<: *y, f: 2 }\n"),
    ]);
    expect(outcome).toMatchObject({ status: "passed", count: 2, findings: [] });
  });

  it("fails where there is no document at all", () => {
    expect(checkYaml([]).status).toBe("failed");
    expect(checkYaml([file("# nothing\n")]).status).toBe("failed");
  });
});

describe("reading as Kubernetes does", () => {
  it.each([
    ["yes", true],
    ["Off", false],
    ["1_000", 1000],
    ["0644", 420],
    ["0o17", 15],
    ["0b101", 5],
    ["-0_17", -15],
    ["1:20", "1:20"],
    ["2026-01-02", "2026-01-02"],
    ["1.35", 1.35],
  ])("%s is %j", (text, value) => {
    expect(readDocuments(`a: ${text}`).documents[0]?.value).toEqual({ a: value });
  });
});

describe("hostile text", () => {
  const bomb = `a: &a [x]\n${Array.from(
    { length: 20 },
    (_, level) =>
      `b${level}: &b${level} [${Array(10)
        .fill(level === 0 ? "*a" : `*b${level - 1}`)
        .join(", ")}]`,
  ).join("\n")}\n`;
  it.each([
    ["5,000 brackets", "[".repeat(5000)],
    ["5,000 closed brackets", `a: ${"[".repeat(5000)}${"]".repeat(5000)}\n`],
    ["5,000 braces", "{a: ".repeat(5000)],
    ["5,000 dashes", `${"- ".repeat(5000)}x\n`],
    [
      "5,000 steps of indentation",
      Array.from({ length: 5000 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""),
    ],
    ["5,000 question marks", "? ".repeat(5000)],
    ["a bomb of aliases", bomb],
    ["an endless quote", `a: "${"x".repeat(100_000)}`],
    ["control characters", "a: \u0000\u0007\n"],
  ])("%s is a finding", (_, text) => {
    const { status, findings } = checkYaml([file(text)]);
    expect(status).toBe("failed");
    expect(findings[0]?.message).not.toMatch(/\bat \w|RangeError/);
  });

  it("keeps prototypes out of it", () => {
    readDocuments("__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }\n");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe("text files", () => {
  it.each([
    ["<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n", 1],
    ["a\n>>>>>>> other\n", 2],
    ["a\r\n||||||| base\r\n", 2],
  ])("%j holds a conflict", (text, line) => {
    const { status, findings } = checkFiles([file(text, "README.md")]);
    expect(status).toBe("failed");
    expect(findings).toMatchObject([{ rule: "conflict-marker", file: `README.md:${line}` }]);
  });

  it.each(["Title\n=======\n", "a <<<<<<< b\n", "<<<<<<<<<< not git\n", "    <<<<<<< shown\n"])(
    "%j holds none",
    (text) => {
      expect(checkFiles([file(text)]).findings).toEqual([]);
    },
  );

  it.each(["not-utf8", "unreadable", "link-outside"] as const)("that are %s are errors", (unread) => {
    expect(checkFiles([{ path: "x", text: undefined, unread }]).status).toBe("failed");
  });

  it.each(["binary", "link-inside"] as const)("that are %s are left alone", (unread) => {
    expect(checkFiles([{ path: "x", text: undefined, unread }]).status).toBe("passed");
  });
});
