// Proves that what a merge yields is valid, or a conflict.
import { describe, expect, test } from "vitest";
import { mergeFile } from "../../src/plan/merge-file.js";

const base = "metadata:\n  name: api\nspec:\n  replicas: 2\n  paused: false\n  strategy: Recreate\n";

describe("YAML", () => {
  test("edits of different fields are both kept", () => {
    const edited = base.replace("name: api", "name: api # ours");
    const rendered = base.replace("Recreate", "RollingUpdate");
    expect(mergeFile("a.yaml", base, edited, rendered)).toEqual({
      merged: edited.replace("Recreate", "RollingUpdate"),
    });
  });

  test("a key that both sides added in different places is a conflict", () => {
    const edited = base.replace("spec:\n", "spec:\n  minReadySeconds: 5\n");
    const rendered = `${base}  minReadySeconds: 10\n`;
    expect(mergeFile("a.yaml", base, edited, rendered)).toEqual({
      conflict: expect.stringContaining("Map keys must be unique"),
    });
    expect(mergeFile("a.yml", base, edited, rendered)).toHaveProperty("conflict");
    expect(mergeFile("a.txt", base, edited, rendered)).toHaveProperty("merged");
  });

  test("a duplicate key in a later document is one, too", () => {
    const edited = `kind: A\n---\n${base}`.replace("spec:\n", "spec:\n  a: 1\n");
    const rendered = `kind: A\n---\n${base}  a: 2\n`;
    expect(mergeFile("a.yaml", `kind: A\n---\n${base}`, edited, rendered)).toHaveProperty("conflict");
  });

  test("indentation that no longer fits is one", () => {
    const list = "items:\n  - a: 1\n    b: 2\n  - c: 3\nend: true\n";
    const edited = "items:\n- a: 1\n  b: 2\n- c: 3\nend: true\n";
    const rendered = "items:\n  - a: 1\n    b: 2\n  - c: 3\nend: true\n  more: 4\n";
    expect(mergeFile("a.yaml", list, edited, rendered)).toHaveProperty("conflict");
  });

  test("conflicts are counted", () => {
    const merge = (edited: string, rendered: string) => mergeFile("a.yaml", base, edited, rendered);
    expect(merge(base.replace("2", "3"), base.replace("2", "4"))).toEqual({
      conflict: "1 place changed on both sides",
    });
    const twice = (value: string) => base.replace("api", value).replace("Recreate", value);
    expect(merge(twice("x"), twice("y"))).toEqual({ conflict: "2 places changed on both sides" });
  });

  test("a byte order mark of the user's stays", () => {
    const edited = `\uFEFF${base.replace("2", "3")}`;
    const rendered = base.replace("Recreate", "RollingUpdate");
    expect(mergeFile("a.yaml", base, edited, rendered)).toEqual({
      merged: edited.replace("Recreate", "RollingUpdate"),
    });
  });
});

describe("JSON", () => {
  const json = '{\n  "a": 1,\n  "b": 2,\n  "c": 3,\n  "d": 4\n}\n';

  test("edits of different fields are both kept, with a byte order mark", () => {
    const edited = `\uFEFF${json.replace('"a": 1', '"a": 9')}`;
    const rendered = json.replace('"d": 4', '"d": 8');
    expect(mergeFile("a.json", json, edited, rendered)).toEqual({
      merged: edited.replace('"d": 4', '"d": 8'),
    });
  });

  test("a missing comma is a conflict", () => {
    const edited = json.replace('"a": 1,\n  "b": 2,\n  "c": 3,', '"x": 0,\n  "a": 1,\n  "b": 2,\n  "c": 3,');
    const rendered = json.replace('"c": 3,\n  "d": 4', '"c": 3');
    const ours = edited.replace('"d": 4\n', '"d": 4\n,"e": 5\n');
    expect(mergeFile("a.json", json, ours, rendered)).toHaveProperty("conflict");
  });
});
