// Proves overrides as data: found between two states, made in a text, read alike by both versions of YAML; and the tree with them.
import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import {
  type Customization,
  customizeTree,
  parseCustomizationRecord,
} from "../../src/render/customize-tree.js";
import type { TreeFile } from "../../src/render/file-tree.js";
import { dataOf, editsBetween, withEdits } from "../../src/render/value-edits.js";

/** Words that YAML 1.1 takes for something else, beside any others. */
const word = fc.oneof(
  fc.constantFrom(
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "1_000",
    "0b11",
    "0o17",
    "1e3",
    "~",
    "null",
    "2024-01-01",
    "12:30:45",
    "a: b",
    "- x",
    "# x",
    "x\ny",
    " x",
    "",
  ),
  fc.string(),
);
const key = fc
  .oneof(fc.constantFrom("a", "b", "yes", "1_0", "x.y/z", "on"), fc.string({ minLength: 1, maxLength: 5 }))
  .filter((name) => name !== "__proto__");
const { map } = fc.letrec<{ value: unknown; list: unknown[]; map: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    word,
    fc.integer({ min: -1e9, max: 1e9 }),
    fc.boolean(),
    tie("list"),
    tie("map"),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
  map: fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
}));

const FILES = {
  "base/thing.yaml": (value: unknown) => `# About it.\n${JSON.stringify(value)}\n`,
  "thing.json": (value: unknown) => JSON.stringify(value),
};

test.each(Object.entries(FILES))(
  "the edits between two states lead from one to the other: %s",
  (path, textOf) => {
    fc.assert(
      fc.property(map, map, (before, after) => {
        const text = withEdits(path, textOf(before), editsBetween(before, after));
        expect(dataOf(path, text)).toEqual(after);
        // What Kubernetes reads.
        if (path.endsWith(".yaml")) expect(parse(text, { version: "1.1" })).toEqual(after);
      }),
      { numRuns: 300 },
    );
  },
);

const MANIFEST = `# What it is.
kind: Deployment
spec:
  # Why three.
  replicas: 3 # really
  list:
    - one
    - two
---
# The second.
kind: Service
spec: { ports: [80] }
`;

test("comments, order and quoting stay around an edit, in each document of a file", () => {
  const edits = [
    { op: "set", path: [0, "spec", "replicas"], value: 5 },
    { op: "append", path: [0, "spec", "list"], value: ["no"] },
    { op: "remove", path: [1, "spec", "ports"] },
    { op: "set", path: [1, "metadata", "name"], value: "a" },
  ] as const;
  expect(withEdits("a.yaml", MANIFEST, edits)).toBe(
    MANIFEST.replace("replicas: 3", "replicas: 5")
      .replace("    - two\n", '    - two\n    - "no"\n')
      .replace("spec: { ports: [80] }\n", "spec: {}\nmetadata:\n  name: a\n"),
  );
  expect(parseAllDocuments(withEdits("a.yaml", MANIFEST, [])).map((document) => document.toJS())).toEqual(
    dataOf("a.yaml", MANIFEST),
  );
});

test("an edit of what is not there any more changes nothing", () => {
  const edits = [
    { op: "remove", path: [0, "spec", "gone", "deep"] },
    { op: "set", path: [7, "kind"], value: "Third" },
  ] as const;
  expect(dataOf("a.yaml", withEdits("a.yaml", MANIFEST, edits))).toEqual(dataOf("a.yaml", MANIFEST));
});

const file = (path: string, contents: string, ownership: TreeFile["ownership"] = "managed"): TreeFile => ({
  path,
  contents,
  mode: 0o644,
  ownership,
  capability: "test",
  about: { what: "", why: "", change: "" },
});
const TREE = [
  file("base/a.yaml", "kind: A\n"),
  file("base/kustomization.yaml", "resources:\n  - a.yaml\n  - b.yaml\npatches:\n  - path: a.yaml\n"),
  file("overlays/prod/kustomization.yaml", "resources: [managed]\n", "release"),
];
const customized = (change: Partial<Customization>) =>
  customizeTree(TREE, { overrides: {}, removed: [], added: [], ...change }, (path) => path);
const textOf = (tree: readonly TreeFile[], path: string) => tree.find((one) => one.path === path)?.contents;

test("without a change the tree is the same tree: no record, no byte", () => {
  expect(customized({})).toBe(TREE);
});

test("a file that is left out is in no kustomization either", () => {
  const tree = customized({ removed: ["base/a.yaml"] });
  expect(textOf(tree, "base/a.yaml")).toBeUndefined();
  expect(parse(textOf(tree, "base/kustomization.yaml") ?? "")).toEqual({
    resources: ["b.yaml"],
    patches: [],
  });
});

test("the record says what was changed, whatever its order", () => {
  const overrides = { "base/a.yaml": [{ op: "set", path: ["x"], value: 1 }] } as const;
  const added = [file("z.md", "z"), file("y.md", "y")];
  const record = (change: Partial<Customization>) =>
    textOf(customized(change), ".prod-stack/customization.json") ?? "";
  expect(record({ overrides, added })).toBe(record({ overrides, added: [...added].reverse() }));
  expect(parseCustomizationRecord(record({ overrides, added }))).toEqual({
    overrides,
    removed: [],
    added: ["y.md", "z.md"],
  });
});

test.each([
  "",
  "{}",
  "[]",
  '{"overrides":{"a":[{"op":"run"}]},"removed":[],"added":[]}',
  '{"overrides":{},"removed":[1],"added":[]}',
])("a damaged record is refused: %s", (text) => {
  expect(() => parseCustomizationRecord(text)).toThrow(/customization.json is damaged/);
});

test("a file of the user's own cannot be overridden", () => {
  const overrides = { "overlays/prod/kustomization.yaml": [{ op: "set", path: ["x"], value: 1 }] } as const;
  expect(() => customized({ overrides })).toThrow(
    /overlays\/prod\/kustomization.yaml cannot be overridden: it is yours/,
  );
});
