// Proves that no path of a plan or a state leads outside of the repository, or into .git: shapes × operations, and at random.
import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { applyPlan } from "../../src/apply/apply-plan.js";
import { readSnapshot } from "../../src/apply/read-repository.js";
import { lstat, pathProblem, SafeRoot } from "../../src/apply/safe-path.js";
import { hashOf, type State } from "../../src/plan/state.js";
import type { PlannedFile, WritePlan } from "../../src/plan/write-plan.js";
import { StackError } from "../../src/stack-error.js";
import { listTree, removeScratchFolders, scratchFolder } from "./scratch-repository.js";

afterAll(removeScratchFolders);

const CANARY = "canary\n";

/** A repository with every kind of link that leads out of it, and beside it what must not change. */
function plantedRepository(): { root: string; outside: string } {
  const folder = scratchFolder();
  const [root, outside] = [join(folder, "repository"), join(folder, "outside")];
  for (const directory of ["real", ".git/hooks", "inside"])
    mkdirSync(join(root, directory), { recursive: true });
  mkdirSync(outside);
  for (const file of ["repository/real/file.txt", "repository/.git/config", "repository/.git/hooks/file.txt"])
    writeFileSync(join(folder, file), CANARY);
  for (const file of ["outside/file.txt", "file.txt"]) writeFileSync(join(folder, file), CANARY);
  const link = (target: string, name: string) => symlinkSync(target, join(root, name));
  link("../outside", "link");
  link(outside, "absolute-link");
  link("link", "chain");
  link("chain", "chain-of-chain");
  link("../outside/nothing", "dangling");
  link("../outside/file.txt", "file-link");
  link("file-link", "file-chain");
  link("loop", "loop");
  link(".git", "git-link");
  link("real", "inside-link");
  symlinkSync("../../outside", join(root, "inside/deep-link"));
  return { root, outside: folder };
}

/** Paths that are refused whatever is done with them. */
const REFUSED: Readonly<Record<string, string>> = {
  "a parent directory": "../file.txt",
  "a parent in the middle": "real/../../file.txt",
  "a parent at the end": "real/..",
  "an absolute path": "/tmp/file.txt",
  "a backslash": "..\\file.txt",
  "a drive letter": "C:/file.txt",
  "an alternate stream": ".git::$INDEX_ALLOCATION/config",
  "a NUL": "real/file.txt\0.yaml",
  "a newline": "real/file\n.txt",
  "an empty path": "",
  "an empty part": "real//file.txt",
  "a dot": "real/./file.txt",
  "a trailing slash": "real/",
  "a fullwidth parent": "．．/file.txt",
  "a fullwidth slash": "real／..／..／file.txt",
  "a two-dot leader": "‥/file.txt",
  ".git": ".git/config",
  ".git in capitals": ".GIT/config",
  ".git in mixed case, deep": "real/.Git/hooks/file.txt",
  ".git with a fullwidth letter": ".ｇit/config",
  ".git with a joiner that HFS+ ignores": ".g\u200cit/config",
  ".git with a byte order mark": ".git\uFEFF/config",
  ".git with a trailing dot": ".git./config",
  ".git with a trailing space": ".git /config",
  "the short name of .git": "GIT~1/config",
  "a device": "aux",
  "a device with an extension": "real/NUL.yaml",
  "a device with a superscript": "COM¹.txt",
  "a device with a space": "con .txt",
  "the console": "CONOUT$",
  "a trailing dot": "real./file.txt",
  "half a character": "real/\uD800.txt",
  "a part that is too long": `${"x".repeat(256)}/file.txt`,
  "a path that is too long": `${"x/".repeat(600)}file.txt`,
  "a link": "link/file.txt",
  "an absolute link": "absolute-link/file.txt",
  "a chain of links": "chain/file.txt",
  "a chain of chains": "chain-of-chain/file.txt",
  "a dangling link as parent": "dangling/file.txt",
  "a link to itself": "loop/file.txt",
  "a link to .git": "git-link/config",
  "a link inside of the repository": "inside-link/file.txt",
  "a link below a directory": "inside/deep-link/file.txt",
  "a file as parent": "real/file.txt/file.txt",
};

/** Paths that are safe as text, and name a link. */
const LINKS = ["dangling", "file-link", "file-chain", "loop", "link"];

const state = (path: string): State => ({
  generator: "1.0.0",
  files: new Map([[path, [{ path, hash: hashOf(CANARY), mode: 0o644, ownership: "managed" }]]]),
});

function planOf(path: string, change: Partial<PlannedFile>): WritePlan {
  const file: PlannedFile = {
    path,
    action: "update",
    reason: "hostile",
    ownership: "managed",
    contents: "written\n",
    mode: 0o644,
    before: hashOf(CANARY),
    old: CANARY,
    ...change,
  };
  return { files: [file], records: [], bases: new Map(), generator: "1.0.0" };
}

const OPERATIONS: Readonly<Record<string, (root: string, path: string) => unknown>> = {
  read: (root, path) => readSnapshot({ root, path: "." }, [], state(path)),
  create: (root, path) =>
    applyPlan(planOf(path, { action: "create", before: undefined }), { root, path: "." }),
  overwrite: (root, path) => applyPlan(planOf(path, {}), { root, path: "." }),
  chmod: (root, path) => applyPlan(planOf(path, { contents: CANARY, mode: 0o755 }), { root, path: "." }),
  delete: (root, path) =>
    applyPlan(planOf(path, { action: "delete", contents: undefined }), { root, path: "." }),
};

const combine = <T>(shapes: readonly T[]) =>
  shapes.flatMap((shape) => Object.keys(OPERATIONS).map((operation) => [operation, shape] as const));

test("there are enough shapes", () => {
  expect(combine(Object.keys(REFUSED)).length + combine(LINKS).length).toBeGreaterThan(200);
});

test.each(combine(Object.keys(REFUSED)))(
  "%s through %s is refused, and nothing changes",
  (operation, shape) => {
    const { root, outside } = plantedRepository();
    const before = listTree(outside);
    const path = REFUSED[shape] ?? "";
    expect(() => OPERATIONS[operation]?.(root, path)).toThrow(
      expect.objectContaining({ kind: "input", code: "UNSAFE_PATH" }),
    );
    expect(listTree(outside)).toEqual(before);
  },
);

test.each(combine(LINKS))("%s of the link %s does not follow it", (operation, path) => {
  const { root, outside } = plantedRepository();
  const before = listTree(outside);
  if (operation === "read") {
    const snapshot = readSnapshot({ root, path: "." }, [], state(path));
    expect(snapshot.files.get(path)).toMatchObject({ kind: "link", contents: undefined });
  } else {
    expect(() => OPERATIONS[operation]?.(root, path)).toThrow(expect.objectContaining({ code: "CHANGED" }));
  }
  expect(listTree(outside)).toEqual(before);
});

describe("places of the state that lead elsewhere", () => {
  test.each([".prod-stack", ".prod-stack/base", ".prod-stack/staging"])("%s as a link is refused", (path) => {
    const { root, outside } = plantedRepository();
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(join(outside, "outside"), join(root, path));
    const before = listTree(join(outside, "outside"));
    const plan = { ...planOf("new.txt", { action: "create", before: undefined }) };
    expect(() => applyPlan({ ...plan, bases: new Map([[hashOf("x"), "x"]]) }, { root, path: "." })).toThrow(
      StackError,
    );
    expect(listTree(join(outside, "outside"))).toEqual(before);
    expect(lstat(join(root, "new.txt"))).toBeUndefined();
  });
});

describe("at random", () => {
  const part = fc.oneof(
    fc.constantFrom("..", ".", "", ".git", ".GIT", "real", "link", "chain", "loop", "file-link", "inside"),
    fc.constantFrom(
      "deep-link",
      "．．",
      ".g\u200cit",
      "aux",
      "file.txt",
      "C:",
      "git~1",
      "a\\b",
      "~",
      "-rf",
      "%2e%2e",
    ),
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));

  test("10,000 paths are below the root, through real directories, or refused", () => {
    const { root } = plantedRepository();
    const safe = new SafeRoot(root);
    let accepted = 0;
    fc.assert(
      fc.property(path, (candidate) => {
        const resolved = tryResolve(safe, candidate);
        if (resolved === undefined) return;
        accepted += 1;
        expect(relative(root, resolved).startsWith("..")).toBe(false);
        expect(relative(root, resolved)).toBe(candidate);
        expect(candidate.toLowerCase().split("/")).not.toContain(".git");
        const parent = closestDirectory(dirname(resolved));
        expect(realpathSync(parent)).toBe(parent);
        expect(pathProblem(candidate)).toBeUndefined();
      }),
      { numRuns: 10_000, seed: 20261121 },
    );
    expect(accepted).toBeGreaterThan(500);
  });
});

function tryResolve(safe: SafeRoot, path: string): string | undefined {
  try {
    return safe.resolve(path);
  } catch (error) {
    if (error instanceof StackError && error.code === "UNSAFE_PATH") return undefined;
    throw error;
  }
}

function closestDirectory(path: string): string {
  return lstat(path) === undefined ? closestDirectory(dirname(path)) : path;
}

test("ordinary names pass", () => {
  for (const path of [
    ".github/workflows/ci.yaml",
    ".gitattributes",
    ".gitignore",
    "base/api/deployment.yaml",
    "docs/.hidden/ä ö/日本.md",
    "config.d/aux-settings.yaml",
    "git/config",
    "-rf",
    "..hidden",
  ])
    expect(pathProblem(path), path).toBeUndefined();
});

test("a directory that is in the way is not entered and not emptied", () => {
  const { root } = plantedRepository();
  chmodSync(join(root, "real"), 0o755);
  const before = listTree(root);
  expect(() => OPERATIONS.overwrite?.(root, "real")).toThrow(expect.objectContaining({ code: "CHANGED" }));
  expect(() => OPERATIONS.delete?.(root, "real")).toThrow(expect.objectContaining({ code: "CHANGED" }));
  expect(listTree(root)).toEqual(before);
});
