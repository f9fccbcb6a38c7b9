// Proves that the recorded state survives git, and that a damaged one is refused with words.
import { describe, expect, test } from "vitest";
import { formatFiles, formatState, hashOf, parseState, type RecordedFile } from "../../src/plan/state.js";
import { StackError } from "../../src/stack-error.js";

const record = (path: string, contents: string, more: Partial<RecordedFile> = {}): RecordedFile => ({
  path,
  hash: hashOf(contents),
  mode: 0o644,
  ownership: "managed",
  ...more,
});

const records = [
  record("base/api/deployment.yaml", "a"),
  record("overlays/prod/kustomization.yaml", "b", { ownership: "release" }),
  record("prod-stack.yaml", "c", { ownership: "seeded" }),
  record("scripts/deploy with spaces.sh", "d", { mode: 0o755 }),
];
const header = formatState("1.2.3");

function refusalOf(state: string, files: string): StackError {
  try {
    parseState(state, files);
  } catch (error) {
    if (error instanceof StackError) return error;
    throw error;
  }
  throw new Error("was accepted");
}

test("what is written is read back, in the order of paths", () => {
  const { generator, files } = parseState(header, formatFiles([...records].reverse()));
  expect(generator).toBe("1.2.3");
  expect([...files.values()].flat()).toEqual(records);
});

test("Windows line ends are read", () => {
  const crlf = (text: string) => text.replaceAll("\n", "\r\n");
  const { files } = parseState(crlf(header), crlf(formatFiles(records)));
  expect([...files.values()].flat()).toEqual(records);
});

test("two lines of one path, united by git, are both kept", () => {
  const ours = record("a.yaml", "ours");
  const theirs = record("a.yaml", "theirs");
  const { files } = parseState(header, formatFiles([ours, theirs]));
  expect(files.get("a.yaml")).toEqual([ours, theirs]);
});

test("names that objects inherit are only names", () => {
  const odd = ["__proto__", "constructor", "toString"].map((path) => record(path, "x"));
  const { files } = parseState(header, formatFiles(odd));
  expect([...files.keys()].sort()).toEqual(["__proto__", "constructor", "toString"]);
  expect(({} as Record<string, unknown>).hash).toBeUndefined();
});

const line = formatFiles(records).split("\n")[1] ?? "";

describe.each([
  ["a newer format", header.replace('"format": 1', '"format": 2'), "", "format 2 is not known"],
  ["an older format", header.replace('"format": 1', '"format": 0'), "", "format 0 is not known"],
  ["no format", '{ "generator": "1.2.3" }', "", "format undefined is not known"],
  ["a format as text", header.replace('"format": 1', '"format": "1"'), "", "format 1 is not known"],
  ["no generator", '{ "format": 1 }', "", "names no generator version"],
  [
    "a generator with control characters",
    '{ "format": 1, "generator": "1\\u001b[2J" }',
    "",
    "no generator version",
  ],
  ["an empty header", "", "", "is not JSON"],
  ["null", "null", "", "is not JSON"],
  [
    "a git conflict in the header",
    `<<<<<<< ours\n${header}=======\n${header}>>>>>>> theirs\n`,
    "",
    "is not JSON",
  ],
  ["a git conflict in the files", header, `<<<<<<< ours\n${line}\n=======\n`, '"<<<<<<< ours" is no record'],
  ["a short hash", header, line.slice(1), "is no record"],
  ["a hash in capitals", header, line.toUpperCase(), "is no record"],
  ["a mode with setuid", header, line.replace(" 644 ", " 4755 "), "is no record"],
  ["an unknown owner", header, line.replace(" managed ", " nobody "), "is no record"],
  ["no path", header, line.slice(0, line.indexOf("base/")), "is no record"],
  ["binary", header, "\u0000\u0001\u0002", "is no record"],
] as const)("%s", (_, state, files, message) => {
  test("is refused, says why and what to do", () => {
    const error = refusalOf(state, files);
    expect(error).toMatchObject({ kind: "input", code: "STATE" });
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/^\.prod-stack is damaged: /);
    expect(error.hint).toMatch(/\S/);
  });
});
