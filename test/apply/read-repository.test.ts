// Proves that reading loses no byte: what is not text in UTF-8 is never taken for text, and line ends are remembered.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSnapshot } from "../../src/apply/read-repository.js";
import { hashOf } from "../../src/plan/state.js";
import { generate, removeScratchFolders, scratchFolder, treeOf } from "./scratch-repository.js";

afterAll(removeScratchFolders);

const base = "one\ntwo\nthree\nfour\nfive\n";

function described(bytes: Buffer) {
  const root = scratchFolder();
  writeFileSync(join(root, "a.txt"), bytes);
  return readSnapshot({ root, path: "." }, treeOf({ "a.txt": base }), undefined).files.get("a.txt");
}

test.each([
  ["LF", "a\nb\n", { kind: "text", lineEnd: "\n", contents: "a\nb\n" }],
  ["CRLF", "a\r\nb\r\n", { kind: "text", lineEnd: "\r\n", contents: "a\nb\n", textHash: hashOf("a\nb\n") }],
  ["CRLF without a last one", "a\r\nb", { kind: "text", lineEnd: "\r\n", contents: "a\nb" }],
  ["a mixture", "a\r\nb\n", { kind: "text", lineEnd: "\n", contents: "a\r\nb\n" }],
  ["a lone carriage return", "a\rb\n", { kind: "text", lineEnd: "\n", contents: "a\rb\n" }],
  ["a byte order mark", "\uFEFFa\n", { kind: "text", contents: "\uFEFFa\n" }],
  ["nothing", "", { kind: "text", contents: "" }],
  ["a NUL", "a\0b\n", { kind: "binary", contents: undefined }],
])("%s", (_, text, expected) => {
  const bytes = Buffer.from(text);
  expect(described(bytes)).toMatchObject({ ...expected, hash: hashOf(bytes), executable: false });
});

test("an edit in another encoding is a conflict with the template's, and keeps its bytes", () => {
  const root = join(scratchFolder(), "repository");
  generate(treeOf({ "a.txt": base }), root);
  const edited = Buffer.from(base.replace("five", "fünf"), "latin1");
  writeFileSync(join(root, "a.txt"), edited);
  const { report } = generate(treeOf({ "a.txt": base.replace("one", "1") }), root);
  expect(report.conflicts).toEqual(["a.txt"]);
  expect(readFileSync(join(root, "a.txt"))).toEqual(edited);
});
