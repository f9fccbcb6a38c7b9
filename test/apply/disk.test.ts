// Proves what happens on disks that refuse: full, read-only, not permitted, changed meanwhile; and which modes files get.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { applyPlan, recoverRepository } from "../../src/apply/apply-plan.js";
import { runChild } from "./run-child.js";
import {
  generate,
  listTree,
  planTree,
  removeScratchFolders,
  scratchFolder,
  treeFile,
  treeOf,
} from "./scratch-repository.js";

afterAll(removeScratchFolders);

const small = treeOf({ "a.txt": "a\n", "d/b.txt": "b\n" });
const NOBODY = 65534;

describe("a full disk", () => {
  /** A file system of one MiB; only root can mount one, and the kernel's limit on file sizes stands in for it elsewhere. */
  function onSmallDisk(work: (folder: string) => void): void {
    const folder = scratchFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", folder]);
    try {
      work(folder);
    } finally {
      execFileSync("umount", [folder]);
    }
  }

  const big = (mark: string) =>
    treeOf(
      Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`f${n}.txt`, `${mark}${n} `.repeat(10_000)])),
    );

  test.runIf(process.getuid?.() === 0)("leaves nothing of a fresh directory", () => {
    onSmallDisk((folder) => {
      expect(() => generate(big("x"), join(folder, "repository"))).toThrow(
        expect.objectContaining({ code: "WRITE", message: expect.stringContaining("the disk is full") }),
      );
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  test.runIf(process.getuid?.() === 0)("leaves an existing repository as it was", () => {
    onSmallDisk((folder) => {
      const root = join(folder, "repository");
      generate(small, root);
      const before = listTree(root);
      expect(() => generate([...small, ...big("y")], root)).toThrow(
        expect.objectContaining({ code: "WRITE", hint: "Nothing was changed." }),
      );
      expect(listTree(root)).toEqual(before);
    });
  });

  test("a limit on the size of files does the same", async () => {
    const root = join(scratchFolder(), "repository");
    generate(small, root);
    const before = listTree(root);
    const big = treeFile("big.txt", "x".repeat(2_000_000));
    const ended = await runChild(root, [...small, big], { fileSizeLimit: 1_000_000 });
    // The kernel ends the process, or refuses the call.
    expect(ended.signal ?? ended.result?.code).toMatch(/SIGXFSZ|WRITE/);
    recoverRepository({ root, path: "." });
    expect(listTree(root)).toEqual(before);
  });
});

describe.runIf(process.getuid?.() === 0)("without permission", () => {
  function ownedByNobody(): string {
    const folder = scratchFolder();
    chmodSync(folder, 0o755);
    const root = join(folder, "repository");
    generate(small, root);
    for (const path of ["", ...Object.keys(listTree(root))]) chownSync(join(root, path), NOBODY, NOBODY);
    return root;
  }
  const larger = treeOf({ "a.txt": "a2\n", "d/b.txt": "b2\n", "e/c.txt": "c\n" });

  test("a user may update what is theirs", async () => {
    const root = ownedByNobody();
    const { result } = await runChild(root, larger, { uid: NOBODY });
    expect(result).toMatchObject({ update: 2, create: 1 });
  });

  test.each(["", "d", ".prod-stack"])(
    "a read-only directory '%s' is found before the first write",
    async (path) => {
      const root = ownedByNobody();
      chmodSync(join(root, path), 0o555);
      const before = listTree(root);
      const { result } = await runChild(root, larger, { uid: NOBODY });
      expect(result).toMatchObject({ code: "WRITE", hint: "Nothing was changed." });
      expect(result?.message).toContain("permission denied");
      expect(listTree(root)).toEqual(before);
    },
  );

  test("an unreadable file is an error with its name", async () => {
    const root = ownedByNobody();
    chmodSync(join(root, "a.txt"), 0o000);
    const { result } = await runChild(root, larger, { uid: NOBODY });
    expect(result).toMatchObject({
      code: "READ",
      message: expect.stringContaining("a.txt: permission denied"),
    });
  });

  test("a fresh directory in a place that is not theirs is refused", async () => {
    const folder = scratchFolder();
    chmodSync(folder, 0o755);
    const { result } = await runChild(join(folder, "repository"), small, { uid: NOBODY });
    expect(result).toMatchObject({ code: "WRITE", hint: "Nothing was changed." });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a read-only file system is refused", () => {
    const root = ownedByNobody();
    execFileSync("mount", ["--bind", root, root]);
    try {
      execFileSync("mount", ["-o", "remount,bind,ro", root]);
      const before = listTree(root);
      expect(() => generate(larger, root)).toThrow(
        expect.objectContaining({ code: "WRITE", message: expect.stringContaining("read-only") }),
      );
      expect(listTree(root)).toEqual(before);
    } finally {
      execFileSync("umount", [root]);
    }
  });
});

describe("what is in the way", () => {
  test.each([
    ["a file in place of the repository", (root: string) => writeFileSync(root, "mine\n")],
    ["a dangling link in place of the repository", (root: string) => symlinkSync("nowhere", root)],
  ])("%s is refused", (_, put) => {
    const folder = scratchFolder();
    put(join(folder, "repository"));
    const before = listTree(folder);
    expect(() => generate(small, join(folder, "repository"))).toThrow(
      expect.objectContaining({ kind: "input" }),
    );
    expect(listTree(folder)).toEqual(before);
  });

  test("a directory where a file goes is a conflict, and the rest is written", () => {
    const root = scratchFolder();
    mkdirSync(join(root, "a.txt/mine"), { recursive: true });
    const { report } = generate(small, root);
    expect(report).toMatchObject({ conflicts: ["a.txt"], counts: { create: 1, conflict: 1 } });
    expect(statSync(join(root, "a.txt/mine")).isDirectory()).toBe(true);
  });

  test("a file where a directory goes is refused before anything is written", () => {
    const root = scratchFolder();
    writeFileSync(join(root, "d"), "mine\n");
    const before = listTree(root);
    expect(() => generate(small, root)).toThrow(expect.objectContaining({ code: "UNSAFE_PATH" }));
    expect(listTree(root)).toEqual(before);
  });
});

describe("a disk that changes between plan and apply", () => {
  const changes: Readonly<Record<string, (root: string) => void>> = {
    "an edit": (root) => writeFileSync(join(root, "a.txt"), "edited meanwhile\n"),
    "a deletion": (root) => rmSync(join(root, "a.txt")),
    "a link": (root) => {
      rmSync(join(root, "a.txt"));
      symlinkSync("d/b.txt", join(root, "a.txt"));
    },
    "a file where one would be created": (root) => writeFileSync(join(root, "new.txt"), "mine\n"),
    "an edit of what would be deleted": (root) => writeFileSync(join(root, "d/b.txt"), "mine\n"),
  };

  test.each(Object.keys(changes))("%s is refused, and nothing is written", (change) => {
    const root = join(scratchFolder(), "repository");
    generate(small, root);
    const location = { root, path: "." };
    const plan = planTree(treeOf({ "a.txt": "a2\n", "new.txt": "new\n" }), location);
    changes[change]?.(root);
    const before = listTree(root);
    expect(() => applyPlan(plan, location)).toThrow(expect.objectContaining({ code: "CHANGED" }));
    expect(listTree(root)).toEqual(before);
  });
});

describe("modes", () => {
  const scripts = [...small, treeFile("scripts/run.sh", "#!/bin/sh\n", { mode: 0o755 })];
  const more = [...scripts, treeFile("scripts/deep/more.sh", "#!/bin/sh\n", { mode: 0o755 })];

  test.each(["000", "022", "077"])("are the same under umask %s, fresh and updated", async (umask) => {
    const root = join(scratchFolder(), "repository");
    await runChild(root, scripts, { umask });
    await runChild(root, more, { umask });
    expect(statSync(root).mode & 0o777).toBe(0o755);
    for (const [path, entry] of Object.entries(listTree(root))) {
      const isExecutable = path.endsWith("/") || path.endsWith(".sh");
      expect(entry.split(" ")[0], path).toBe(isExecutable ? "755" : "644");
    }
  });

  test("a second run touches nothing", () => {
    const root = join(scratchFolder(), "repository");
    generate(scripts, root);
    const times = () =>
      Object.keys(listTree(root)).map((path) => [
        path,
        statSync(join(root, path)).mtimeMs,
        statSync(join(root, path)).ino,
      ]);
    const before = times().filter(([path]) => path !== ".prod-stack/");
    expect(generate(scripts, root).report.counts).toMatchObject({ keep: 3 });
    expect(times().filter(([path]) => path !== ".prod-stack/")).toEqual(before);
  });
});

test("what is no longer needed takes its empty directories along, and no others", () => {
  const root = join(scratchFolder(), "repository");
  generate(treeOf({ "x/y/z/file.txt": "x\n", "kept/one.txt": "1\n", "kept/two.txt": "2\n" }), root);
  mkdirSync(join(root, "x/mine"));
  generate(treeOf({ "kept/one.txt": "1\n" }), root);
  expect(existsSync(join(root, "x/y"))).toBe(false);
  expect(existsSync(join(root, "x/mine"))).toBe(true);
  expect(readdirSync(join(root, "kept"))).toEqual(["one.txt"]);
});
