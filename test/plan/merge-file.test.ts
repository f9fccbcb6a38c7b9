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
    expect(mergeFile("a.yaml", base, edited, rendered)).toMatchObject({
      conflict: "spec.minReadySeconds changed on both sides",
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

  test("conflicts are named", () => {
    const merge = (edited: string, rendered: string) => mergeFile("a.yaml", base, edited, rendered);
    expect(merge(base.replace("2", "3"), base.replace("2", "4"))).toHaveProperty(
      "conflict",
      "spec.replicas changed on both sides",
    );
    const twice = (value: string) => base.replace("api", value).replace("Recreate", value);
    expect(merge(twice("x"), twice("y"))).toHaveProperty(
      "conflict",
      "metadata.name, spec.strategy changed on both sides",
    );
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

  test("commas follow the entries that are left", () => {
    const edited = json.replace("{\n", '{\n  "x": 0,\n').replace('"d": 4\n', '"d": 4\n,"e": 5\n');
    const rendered = json.replace('"c": 3,\n  "d": 4', '"c": 3');
    expect(mergeFile("a.json", json, edited, rendered)).toEqual({
      merged: '{\n  "x": 0,\n  "a": 1,\n  "b": 2,\n  "c": 3,"e": 5\n}\n',
    });
  });

  test("of one who indents otherwise takes what is new in that indentation", () => {
    const edited = JSON.stringify({ ...JSON.parse(json), a: { list: [1, 2] } }, null, 4);
    const rendered = json.replace('"b": 2', '"b": 3').replace('"d": 4', '"d": 4,\n  "e": {\n    "f": 1\n  }');
    const merged = { a: { list: [1, 2] }, b: 3, c: 3, d: 4, e: { f: 1 } };
    expect(mergeFile("a.json", json, edited, rendered)).toEqual({ merged: JSON.stringify(merged, null, 4) });
    const tabs = (indented: string) =>
      indented.replace(/^( {4})+/gm, (found) => "\t".repeat(found.length / 4));
    expect(mergeFile("a.json", json, tabs(edited), rendered)).toEqual({
      merged: tabs(JSON.stringify(merged, null, 4)),
    });
  });

  test.each([
    ["that is not JSON", '{\n  "a": 9,\n}\n'],
    ["with a key twice", json.replace('"b": 2', '"b": 2,\n  "b": 5')],
  ])("of the user's %s is a conflict that cannot be decided for the user", (_, edited) => {
    const merge = mergeFile("a.json", json, edited, json.replace('"d": 4', '"d": 8'));
    expect(merge).toMatchObject({ conflict: expect.any(String), ours: undefined });
  });
});

describe("a conflict", () => {
  const edited = base.replace("replicas: 2", "replicas: 3 # ours").replace("name: api", "name: web");
  const rendered = base.replace("replicas: 2", "replicas: 4").replace("Recreate", "RollingUpdate");

  test("is marked on its own lines; all the rest is merged", () => {
    const merge = mergeFile("a.yaml", base, edited, rendered);
    const merged = base.replace("name: api", "name: web").replace("Recreate", "RollingUpdate");
    expect(merge).toEqual({
      conflict: "spec.replicas changed on both sides",
      markers: merged.replace(
        "  replicas: 2\n",
        "<<<<<<< yours\n  replicas: 3 # ours\n=======\n  replicas: 4 # ours\n>>>>>>> generated\n",
      ),
      ours: merged.replace("replicas: 2", "replicas: 3 # ours"),
      theirs: merged.replace("replicas: 2", "replicas: 4 # ours"),
    });
  });

  test("in a script names lines, and keeps what else both changed", () => {
    const script = "#!/usr/sh\na\nb\nc\nd\ne\nf\n";
    const merge = mergeFile(
      "a.sh",
      script,
      script.replace("b", "B").replace("f", "F"),
      script.replace("b", "X").replace("d", "D"),
    );
    expect(merge).toEqual({
      conflict: "line 3 changed on both sides",
      markers: "#!/usr/sh\na\n<<<<<<< yours\nB\n=======\nX\n>>>>>>> generated\nc\nD\ne\nF\n",
      ours: "#!/usr/sh\na\nB\nc\nD\ne\nF\n",
      theirs: "#!/usr/sh\na\nX\nc\nD\ne\nF\n",
    });
  });

  test("between an edit and a removal is decided either way", () => {
    const merge = mergeFile(
      "a.yaml",
      base,
      base.replace("replicas: 2", "replicas: 3"),
      base.replace("  replicas: 2\n", ""),
    );
    expect(merge).toMatchObject({
      conflict: "spec.replicas changed on both sides",
      ours: base.replace("replicas: 2", "replicas: 3"),
      theirs: base.replace("  replicas: 2\n", ""),
    });
  });

  test("with Windows line ends has them everywhere", () => {
    const windows = (text: string) => text.replaceAll("\n", "\r\n");
    const merge = mergeFile("a.yaml", base, windows(edited), rendered);
    const markers = "markers" in merge ? merge.markers : "";
    expect(markers).toContain("<<<<<<< yours\r\n");
    expect(markers.replaceAll("\r\n", "")).not.toContain("\n");
  });
});

describe("what the user formatted stays", () => {
  const list = "spec:\n  env:\n    - name: A\n      value: a\n    - name: B\n      value: b\n  end: 1\n";

  test("lists in the column of their key", () => {
    const edited = list.replace(/^ {4}(?=\S)/gm, "  ").replace(/^ {6}/gm, "    ");
    const rendered = list.replace("value: b\n", "value: b\n    - name: C\n      value: c\n");
    expect(mergeFile("a.yaml", list, edited, rendered)).toEqual({
      merged: edited.replace("value: b\n", "value: b\n  - name: C\n    value: c\n"),
    });
  });

  test("quotes around a value that the template changes, and a comment behind it", () => {
    const edited = base.replace("Recreate", "'Recreate'   # why");
    const rendered = base.replace("Recreate", "RollingUpdate");
    expect(mergeFile("a.yaml", base, edited, rendered)).toEqual({
      merged: base.replace("Recreate", "'RollingUpdate'   # why"),
    });
  });

  test("a map in braces gets what is new in braces", () => {
    const labels = "metadata:\n  labels:\n    a: x\n    b: y\n";
    const edited = "metadata:\n  labels: {a: x, b: mine}\n";
    const rendered = "metadata:\n  labels:\n    a: z\n    b: y\n    c: new\n";
    expect(mergeFile("a.yaml", labels, edited, rendered)).toEqual({
      merged: "metadata:\n  labels: {a: z, b: mine, c: new}\n",
    });
  });

  test("an order of keys, and of documents", () => {
    const documents =
      "kind: A\nmetadata:\n  name: a\napiVersion: v1\n---\nkind: B\nmetadata:\n  name: b\napiVersion: v1\n";
    const [a = "", b = ""] = documents.split("---\n");
    const merge = mergeFile(
      "a.yaml",
      documents,
      `${b}---\n${a}`,
      documents.replace("name: b\n", "name: b\n  labels: {}\n"),
    );
    expect(merge).toEqual({ merged: `${b.replace("name: b\n", "name: b\n  labels: {}\n")}---\n${a}` });
  });
});

describe("anchors, aliases and merge keys", () => {
  const anchors = "a: &x\n  k: 1\nb:\n  <<: *x\n  l: 2\nc: 3\nd: 4\n";

  test("are merged by lines", () => {
    expect(
      mergeFile("a.yaml", anchors, anchors.replace("k: 1", "k: 2"), anchors.replace("d: 4", "d: 5")),
    ).toEqual({
      merged: anchors.replace("k: 1", "k: 2").replace("d: 4", "d: 5"),
    });
    expect(
      mergeFile("a.yaml", anchors, anchors.replace("l: 2", "l: 3"), anchors.replace("c: 3", "c: 4")),
    ).toHaveProperty("conflict", "lines 5-6 changed on both sides");
  });
});
