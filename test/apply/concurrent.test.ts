// Proves that of many runs at once exactly one writes, and that the lock of a dead one is no obstacle.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { withLock } from "../../src/apply/repository-lock.js";
import type { FileTree } from "../../src/render/file-tree.js";
import { type Ended, startChild } from "./run-child.js";
import { generate, removeScratchFolders, scratchFolder, treeOf } from "./scratch-repository.js";

afterAll(removeScratchFolders);

const RUNS = 20;

function treeOfRun(run: number): FileTree {
  return treeOf(
    Object.fromEntries(Array.from({ length: 12 }, (_, file) => [`f${file}.txt`, `run ${run}\n`])),
  );
}

/** All plan first; then all apply at once. */
async function runAtOnce(root: string): Promise<Ended[]> {
  const children = Array.from({ length: RUNS }, (_, run) => startChild(root, treeOfRun(run)));
  await Promise.all(children.map(({ ready }) => ready));
  for (const { go } of children) go();
  return Promise.all(children.map(({ ended }) => ended));
}

/** The runs that wrote, by what is on disk and by what they said. */
function expectOneWriter(root: string, ended: readonly Ended[]): void {
  const contents = new Set(
    Array.from({ length: 12 }, (_, file) => readFileSync(join(root, `f${file}.txt`), "utf8")),
  );
  expect([...contents]).toHaveLength(1);
  const reports = ended.map(({ result }) => result);
  const winners = reports.flatMap((result, run) => (result && !("code" in result) ? [run] : []));
  expect(winners.map((run) => `run ${run}\n`)).toEqual([...contents]);
  for (const result of reports.filter((_, run) => !winners.includes(run)))
    expect(["LOCKED", "CHANGED", "WRITE"]).toContain(result?.code);
  expect(readdirSync(join(root, ".prod-stack")).sort()).toEqual(["base", "files", "state.json"]);
}

function deadProcess(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

function plantLock(root: string, name: string, content: string): string {
  const path = join(root, ".prod-stack", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const holder = (pid: number, nonce: string, host = hostname()) => JSON.stringify({ pid, host, nonce });

describe(`${RUNS} runs at once`, () => {
  test("in an existing repository: one writes", async () => {
    const root = join(scratchFolder(), "repository");
    generate(treeOfRun(99), root);
    expectOneWriter(root, await runAtOnce(root));
  }, 60_000);

  test("in a fresh place: one writes, and nothing is left beside it", async () => {
    const root = join(scratchFolder(), "repository");
    expectOneWriter(root, await runAtOnce(root));
    expect(readdirSync(dirname(root))).toEqual(["repository"]);
  }, 60_000);

  test("after a run that died with the lock: one writes", async () => {
    const root = join(scratchFolder(), "repository");
    generate(treeOfRun(99), root);
    const children = Array.from({ length: RUNS }, (_, run) => startChild(root, treeOfRun(run)));
    await Promise.all(children.map(({ ready }) => ready));
    plantLock(root, "lock", holder(deadProcess(), "gone-1"));
    for (const { go } of children) go();
    expectOneWriter(root, await Promise.all(children.map(({ ended }) => ended)));
  }, 60_000);
});

describe("the lock", () => {
  const lockAt = (root: string) => withLock({ root, path: "." }, "mine-1", () => "worked");

  test.each([
    ["a living process", () => holder(process.pid, "alive-1")],
    ["a process on another host", () => holder(1, "far-1", "elsewhere.example")],
    ["nobody that can be read, just now", () => ""],
    ["something else", () => '{"pid":-1,"host":"x","nonce":"../../x"}'],
  ])("of %s is respected, and left alone", (_, content) => {
    const root = scratchFolder();
    const path = plantLock(root, "lock", content());
    expect(() => lockAt(root)).toThrow(expect.objectContaining({ code: "LOCKED" }));
    expect(readFileSync(path, "utf8")).toBe(content());
    expect(readdirSync(dirname(path))).toEqual(["lock"]);
  });

  test("of a dead process is taken over", () => {
    const root = scratchFolder();
    plantLock(root, "lock", holder(deadProcess(), "gone-1"));
    expect(lockAt(root)).toBe("worked");
    expect(existsSync(join(root, ".prod-stack"))).toBe(false);
  });

  test("of a dead process that another died taking over is, too, and no trace stays", () => {
    const root = scratchFolder();
    plantLock(root, "lock", holder(deadProcess(), "gone-1"));
    plantLock(root, "lock.gone-1", holder(deadProcess(), "gone-2"));
    expect(lockAt(root)).toBe("worked");
    expect(existsSync(join(root, ".prod-stack"))).toBe(false);
  });

  test("that is being taken over by a living process is respected", () => {
    const root = scratchFolder();
    plantLock(root, "lock", holder(deadProcess(), "gone-1"));
    plantLock(root, "lock.gone-1", holder(process.pid, "alive-1"));
    expect(() => lockAt(root)).toThrow(expect.objectContaining({ code: "LOCKED" }));
  });

  test("that nobody can read is taken over when it is old", () => {
    const root = scratchFolder();
    const path = plantLock(root, "lock", "");
    utimesSync(path, 0, 0);
    expect(lockAt(root)).toBe("worked");
  });

  test("is released when the work fails", () => {
    const root = scratchFolder();
    const work = () => {
      throw new Error("failed");
    };
    expect(() => withLock({ root, path: "." }, "mine-1", work)).toThrow("failed");
    expect(lockAt(root)).toBe("worked");
  });
});
