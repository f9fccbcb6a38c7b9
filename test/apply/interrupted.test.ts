// Proves that a run that dies, at any call and at any moment, leaves the old tree or the new one, and nothing else.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recoverRepository } from "../../src/apply/apply-plan.js";
import type { FileTree } from "../../src/render/file-tree.js";
import { runChild, startChild } from "./run-child.js";
import {
  generate,
  listTree,
  removeScratchFolders,
  scratchFolder,
  treeFile,
  treeOf,
} from "./scratch-repository.js";

afterAll(removeScratchFolders);

/** Every kind of step: update, merge, create in a new directory, delete the last of a directory, change a mode. */
const oldTree: FileTree = [
  ...treeOf({
    "app/updated.yaml": "a: 1\n",
    "app/merged.txt": "1\n2\n3\n4\n5\n",
    "gone/deleted.yaml": "a: 1\n",
    "kept.yaml": "same\n",
  }),
  treeFile("run.sh", "#!/bin/sh\n"),
];
const newTree: FileTree = [
  ...treeOf({
    "app/updated.yaml": "a: 2\n",
    "app/merged.txt": "one\n2\n3\n4\n5\n",
    "fresh/deep/created.yaml": "a: 1\n",
    "kept.yaml": "same\n",
  }),
  treeFile("run.sh", "#!/bin/sh\n", { mode: 0o755 }),
];

/** A repository of the old tree, with an edit of the user's and a file of their own. */
function oldRepository(): string {
  const root = join(scratchFolder(), "repository");
  generate(oldTree, root);
  writeFileSync(join(root, "app/merged.txt"), "1\n2\n3\n4\nfive\n");
  writeFileSync(join(root, "mine.txt"), "mine\n");
  return root;
}

let pattern: string;
let before: Record<string, string>;
let after: Record<string, string>;

beforeAll(() => {
  pattern = oldRepository();
  before = listTree(pattern);
  const updated = copyOf(pattern);
  generate(newTree, updated);
  after = listTree(updated);
});

function copyOf(repository: string): string {
  const root = join(scratchFolder(), "repository");
  execFileSync("cp", ["-a", repository, root]);
  return root;
}

/** How many calls a whole run makes. */
async function countCalls(root: string, tree: FileTree): Promise<number> {
  const count = join(scratchFolder(), "count");
  await runChild(root, tree, { fault: { at: 0, as: "none", count } });
  return Number(readFileSync(count, "utf8"));
}

/** What the next run finds and does. */
function expectOldOrNew(root: string): "old" | "new" {
  recoverRepository({ root, path: "." });
  const found = listTree(root);
  const isOld = JSON.stringify(found) === JSON.stringify(before);
  if (!isOld) expect(found).toEqual(after);
  generate(newTree, root);
  expect(listTree(root)).toEqual(after);
  expect(readdirSync(dirname(root))).toEqual(["repository"]);
  return isOld ? "old" : "new";
}

test("the two trees differ, and a copy is a copy", () => {
  expect(listTree(copyOf(pattern))).toEqual(before);
  expect(after).not.toEqual(before);
  expect(after["app/merged.txt"]).toBe("644 one\n2\n3\n4\nfive\n");
  expect(after["gone/"]).toBeUndefined();
  expect(after["run.sh"]).toMatch(/^755 /);
});

describe("an existing repository", () => {
  // Errors are told apart nowhere, so that each call fails by one of the three.
  test.each([
    ["KILL", 1, 1],
    ["TORN", 1, 1],
    ["ENOSPC", 1, 3],
    ["EIO", 2, 3],
    ["EACCES", 3, 3],
  ])(
    "%s, from call %i on, in steps of %i",
    async (as, first, step) => {
      const calls = await countCalls(copyOf(pattern), newTree);
      expect(calls).toBeGreaterThan(60);
      const outcomes = { old: 0, new: 0 };
      for (let at = first; at <= calls; at += step) {
        const root = copyOf(pattern);
        const ended = await runChild(root, newTree, { fault: { at, as } });
        if (as === "KILL" || as === "TORN") expect(ended.signal, `call ${at}`).toBe("SIGKILL");
        else expect(ended.result, `call ${at}: ${ended.stderr}`).toMatchObject({ code: "WRITE" });
        outcomes[expectOldOrNew(root)] += 1;
      }
      expect(outcomes.old).toBeGreaterThan(20 / step);
      expect(outcomes.new).toBeGreaterThan(20 / step);
    },
    240_000,
  );

  test("60 kills at random moments", async () => {
    const contents = (mark: string) =>
      treeOf(
        Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`d${n % 7}/f${n}.txt`, `${mark} ${n}\n`])),
      );
    const repository = join(scratchFolder(), "repository");
    generate(contents("old"), repository);
    const [old, renewed] = [listTree(repository), copyOf(repository)];
    const start = performance.now();
    generate(contents("new"), renewed);
    const duration = performance.now() - start;
    const wanted = listTree(renewed);
    let killed = 0;
    for (let round = 0; round < 60; round += 1) {
      const root = copyOf(repository);
      const child = startChild(root, contents("new"));
      await child.ready;
      child.go();
      await delay(Math.random() * duration * 1.2);
      child.process.kill("SIGKILL");
      if ((await child.ended).signal === "SIGKILL") killed += 1;
      recoverRepository({ root, path: "." });
      const found = listTree(root);
      if (JSON.stringify(found) !== JSON.stringify(old)) expect(found).toEqual(wanted);
      generate(contents("new"), root);
      expect(listTree(root)).toEqual(wanted);
    }
    expect(killed).toBeGreaterThan(10);
  }, 120_000);

  test("what a user changed after the interruption is kept, and merged by the next run", async () => {
    const calls = await countCalls(copyOf(pattern), newTree);
    let kept = 0;
    for (let at = 1; at <= calls; at += 3) {
      const root = copyOf(pattern);
      await runChild(root, newTree, { fault: { at, as: "KILL" } });
      const own = `${readFileSync(join(root, "app/merged.txt"), "utf8")}six\n`;
      writeFileSync(join(root, "app/merged.txt"), own);
      recoverRepository({ root, path: "." });
      generate(newTree, root);
      expect(readFileSync(join(root, "app/merged.txt"), "utf8"), `call ${at}`).toBe(
        "one\n2\n3\n4\nfive\nsix\n",
      );
      kept += 1;
    }
    expect(kept).toBeGreaterThan(20);
  }, 120_000);

  test("a plan that was made before the interrupted run was finished is refused", async () => {
    const calls = await countCalls(copyOf(pattern), newTree);
    const root = copyOf(pattern);
    await runChild(root, newTree, { fault: { at: calls - 8, as: "KILL" } });
    expect(existsSync(join(root, ".prod-stack/staging/journal.json"))).toBe(true);
    expect(() => generate(oldTree, root)).toThrow(expect.objectContaining({ code: "INTERRUPTED" }));
    expect(listTree(root)).toEqual(after);
  });
});

describe("a fresh directory", () => {
  test.each(["KILL", "TORN", "ENOSPC"])(
    "%s at every call",
    async (as) => {
      const calls = await countCalls(join(scratchFolder(), "repository"), newTree);
      const whole = join(scratchFolder(), "repository");
      generate(newTree, whole);
      const wanted = listTree(whole);
      for (let at = 1; at <= calls; at += 1) {
        const root = join(scratchFolder(), "repository");
        await runChild(root, newTree, { fault: { at, as } });
        if (existsSync(root)) expect(listTree(root)).toEqual(wanted);
        // An error is tidied up after; a process that was killed cannot.
        else if (as === "ENOSPC") expect(readdirSync(dirname(root))).toEqual([]);
        if (!existsSync(root)) generate(newTree, root);
        expect(listTree(root)).toEqual(wanted);
      }
    },
    120_000,
  );

  test("an existing empty one keeps its identity, for it may be a mount or someone's current directory", () => {
    const root = scratchFolder();
    const { ino } = statSync(root);
    generate(newTree, root);
    expect(statSync(root).ino).toBe(ino);
    expect(existsSync(join(root, "fresh/deep/created.yaml"))).toBe(true);
  });
});
