// Proves whose file is whose: what is seeded or released is never rewritten, and what git united is merged from the right base.
import { describe, expect, test } from "vitest";
import { type PlanOptions, planWrite } from "../../src/plan/plan-write.js";
import { hashOf, type RecordedFile, type State } from "../../src/plan/state.js";
import type { DiskFile, PlannedFile } from "../../src/plan/write-plan.js";
import type { TreeFile } from "../../src/render/file-tree.js";
import { treeFile } from "../apply/scratch-repository.js";

function textFile(contents: string, more: Partial<DiskFile> = {}): DiskFile {
  const hash = hashOf(contents);
  return { contents, hash, textHash: hash, lineEnd: "\n", executable: false, kind: "text", ...more };
}

interface Given {
  readonly tree?: readonly TreeFile[];
  readonly recorded?: readonly RecordedFile[];
  readonly disk?: Readonly<Record<string, DiskFile>>;
  readonly bases?: readonly string[];
  readonly force?: boolean;
}

function plan({ tree = [], recorded, disk = {}, bases = [], force = false }: Given) {
  const files = new Map<string, RecordedFile[]>();
  for (const record of recorded ?? []) files.set(record.path, [...(files.get(record.path) ?? []), record]);
  const state: State | undefined = recorded && { generator: "1.0.0", files };
  const snapshot = {
    files: new Map(Object.entries(disk)),
    bases: new Map(bases.map((base) => [hashOf(base), base])),
  };
  const options: PlanOptions = { generator: "1.0.0", force };
  return planWrite(tree, state, snapshot, options);
}

function recordOf({ path, contents, mode, ownership }: TreeFile): RecordedFile {
  return { path, hash: hashOf(contents), mode, ownership };
}

function only({ files }: { files: readonly PlannedFile[] }): PlannedFile {
  const [first, ...others] = files;
  if (first === undefined || others.length > 0) throw new Error(`${files.length} files`);
  return first;
}

describe.each(["seeded", "release"] as const)("a %s file", (ownership) => {
  const old = treeFile("own.yaml", "a: 1\n", { ownership });
  const renewed = { ...old, contents: "a: 2\nb: 3\n" };

  test("is created once", () => {
    expect(only(plan({ tree: [old] }))).toMatchObject({ action: "create", contents: old.contents });
  });

  test.each([
    ["as it was written", textFile(old.contents)],
    ["edited", textFile("a: 9\n")],
    ["emptied", textFile("")],
    ["binary", textFile("", { contents: undefined, kind: "binary", hash: "x", textHash: "x" })],
    ["a link", textFile("", { contents: undefined, kind: "link", hash: "", textHash: "" })],
    ["a directory", textFile("", { contents: undefined, kind: "directory", hash: "", textHash: "" })],
  ])("is never rewritten: %s", (_, file) => {
    const given = { tree: [renewed], recorded: [recordOf(old)], disk: { "own.yaml": file }, force: true };
    expect(only(plan(given))).toMatchObject({ action: "keep", contents: undefined });
  });

  test("that was there before is kept, even by force", () => {
    const given = { tree: [renewed], disk: { "own.yaml": textFile("mine: true\n") }, force: true };
    expect(only(plan(given))).toMatchObject({ action: "keep", contents: undefined });
  });

  test("stays deleted, and stays when it is no longer needed", () => {
    const recorded = [recordOf(old)];
    expect(only(plan({ tree: [renewed], recorded }))).toMatchObject({ action: "keep" });
    const dropped = plan({ recorded, disk: { "own.yaml": textFile(old.contents) } });
    expect(only(dropped)).toMatchObject({ action: "keep", reason: "yours; no longer needed" });
  });
});

describe("two records of one path, left by two branches", () => {
  const rendered = { a: "a: 1\nb: 1\nc: 1\nd: 1\n", b: "a: 1\nb: 1\nc: 1\nd: 2\n" };
  const now = treeFile("app.yaml", "a: 2\nb: 1\nc: 1\nd: 2\n");
  const recorded = [rendered.a, rendered.b].map((contents) => recordOf(treeFile("app.yaml", contents)));

  test.each(["a", "b"] as const)("the rendering of branch %s on disk is the generator's", (branch) => {
    const given = { tree: [now], recorded, disk: { "app.yaml": textFile(rendered[branch]) } };
    expect(only(plan(given))).toMatchObject({ action: "update", contents: now.contents });
  });

  test("either rendering may be deleted, an edit of it may not", () => {
    const dropped = (contents: string) => only(plan({ recorded, disk: { "app.yaml": textFile(contents) } }));
    expect(dropped(rendered.a).action).toBe("delete");
    expect(dropped(rendered.b).action).toBe("delete");
    expect(dropped(`${rendered.a}e: 1\n`).action).toBe("keep");
  });

  test("an edit is merged from the base that is known", () => {
    const edited = rendered.b.replace("c: 1", "c: 7");
    const given = { tree: [now], recorded, disk: { "app.yaml": textFile(edited) }, bases: [rendered.b] };
    expect(only(plan(given))).toMatchObject({ action: "merge", contents: "a: 2\nb: 1\nc: 7\nd: 2\n" });
  });

  test("afterwards there is one", () => {
    const given = { tree: [now], recorded, disk: { "app.yaml": textFile(rendered.a) } };
    expect(plan(given).records).toEqual([recordOf(now)]);
  });
});

describe("a file that was there before", () => {
  const file = treeFile("app.yaml", "generated\n");

  test("is a conflict, recorded as nobody's, so that the next run says so again", () => {
    const given = plan({ tree: [file], disk: { "app.yaml": textFile("mine\n") } });
    expect(only(given)).toMatchObject({ action: "conflict", contents: undefined });
    expect(given.records).toEqual([]);
  });

  test("is replaced by force", () => {
    const given = plan({ tree: [file], disk: { "app.yaml": textFile("mine\n") }, force: true });
    expect(only(given)).toMatchObject({ action: "update", contents: "generated\n" });
  });

  test("with the same bytes is taken over as it is", () => {
    expect(only(plan({ tree: [file], disk: { "app.yaml": textFile("generated\n") } })).action).toBe("keep");
  });
});

test("a conflict keeps its old record, and the base of it stays needed", () => {
  const old = treeFile("app.yaml", "a\nb\n");
  const now = treeFile("app.yaml", "a\nc\n");
  const given = { tree: [now], recorded: [recordOf(old)], bases: [old.contents] };
  const conflicted = plan({ ...given, disk: { "app.yaml": textFile("a\nd\n") } });
  expect(only(conflicted)).toMatchObject({ action: "conflict", contents: undefined });
  expect(conflicted.records).toEqual([recordOf(old)]);
});

test("an edit whose base is lost is a conflict, never a guess", () => {
  const given = {
    tree: [treeFile("app.yaml", "new\n")],
    recorded: [recordOf(treeFile("app.yaml", "old\n"))],
    disk: { "app.yaml": textFile("edited\n") },
  };
  expect(only(plan(given))).toMatchObject({ action: "conflict", reason: expect.stringContaining("is lost") });
});

test("a file that differs from a wanted one only in case is not deleted: it may be that one", () => {
  const given = {
    tree: [treeFile("base/app.yaml", "same\n")],
    recorded: [recordOf(treeFile("base/App.yaml", "same\n"))],
    disk: { "base/app.yaml": textFile("same\n"), "base/App.yaml": textFile("same\n") },
  };
  expect(plan(given).files.map(({ path, action }) => [path, action])).toEqual([
    ["base/App.yaml", "keep"],
    ["base/app.yaml", "keep"],
  ]);
});

test("an edit that already has what the template changed is done", () => {
  const given = {
    tree: [treeFile("app.yaml", "a: 2\nb: 1\n")],
    recorded: [recordOf(treeFile("app.yaml", "a: 1\nb: 1\n"))],
    disk: { "app.yaml": textFile("a: 2\nb: 1\nc: 3\n") },
    bases: ["a: 1\nb: 1\n"],
  };
  expect(only(plan(given))).toMatchObject({ action: "keep", contents: undefined });
});
