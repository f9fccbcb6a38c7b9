// Proves that a state which someone has written to do harm does none: nothing outside is touched, no edit is deleted.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { applyPlan, recoverRepository } from "../../src/apply/apply-plan.js";
import { formatFiles, formatState, hashOf, type RecordedFile } from "../../src/plan/state.js";
import { StackError } from "../../src/stack-error.js";
import { listTree, planTree, removeScratchFolders, scratchFolder, treeOf } from "./scratch-repository.js";

afterAll(removeScratchFolders);

const SECRET = "outside\n";
const MINE = "written by the user\n";
const tree = treeOf({ "a.txt": "a\n" });

const line = (path: string, contents: string, more: Partial<RecordedFile> = {}) =>
  formatFiles([{ path, hash: hashOf(contents), mode: 0o644, ownership: "managed", ...more }]);

type Tamper = (root: string, write: (path: string, text: string) => void) => void;

const filesFile =
  (text: string): Tamper =>
  (_, write) =>
    write(".prod-stack/files", text);

/** A journal as an interrupted run leaves it, but not by one. */
const journal =
  (steps: unknown, staged: Record<string, string> = {}): Tamper =>
  (_, write) => {
    write(".prod-stack/staging/journal.json", JSON.stringify(steps));
    for (const [name, text] of Object.entries(staged)) write(`.prod-stack/staging/${name}`, text);
  };

const TAMPERED: Readonly<Record<string, Tamper>> = {
  "a record outside": filesFile(line("../outside.txt", SECRET)),
  "a record at an absolute path": filesFile(line("/etc/hostname", SECRET)),
  "a record through a link": (root, write) => {
    symlinkSync("..", join(root, "up"));
    write(".prod-stack/files", line("up/outside.txt", SECRET));
  },
  "a record of a link": (root, write) => {
    symlinkSync("../outside.txt", join(root, "link.txt"));
    write(".prod-stack/files", line("link.txt", SECRET));
  },
  "a record in .git": filesFile(line(".git/config", MINE)),
  "a record of an edited file": filesFile(line("mine.txt", "what was rendered\n")),
  "a record of a file that the generator never had, with a wrong hash": filesFile(line("notes/mine.txt", "")),
  "a record of a directory": filesFile(line("notes", "")),
  "a record of the user's file as seeded": filesFile(line("mine.txt", MINE, { ownership: "seeded" })),
  "a record of the user's file as a release": filesFile(line("mine.txt", MINE, { ownership: "release" })),
  "a backslash": filesFile(line("..\\outside.txt", SECRET)),
  "a record that is no line": filesFile("delete everything\n"),
  "a record of __proto__": filesFile(line("__proto__/polluted", SECRET)),
  "a base that is something else": (_, write) => {
    write(".prod-stack/files", line("a.txt", "base\n"));
    write(`.prod-stack/base/${hashOf("base\n")}`, MINE);
    write("a.txt", MINE);
  },
  "a state that is a link": (root, write) => {
    write(".prod-stack/files", line("mine.txt", MINE));
    symlinkSync("../../outside.txt", join(root, ".prod-stack/base"));
  },
  "a journal that deletes outside": journal([
    { path: "../outside.txt", before: hashOf(SECRET), after: null, staged: null },
  ]),
  "a journal that deletes whatever is there": journal([
    { path: "mine.txt", before: "any", after: null, staged: null },
  ]),
  "a journal that deletes what has changed": journal([
    { path: "mine.txt", before: hashOf("was\n"), after: null, staged: null },
  ]),
  "a journal that replaces whatever is there": journal(
    [{ path: "mine.txt", before: "any", after: hashOf("evil\n"), staged: "x-1" }],
    { "x-1": "evil\n" },
  ),
  "a journal that replaces what has changed": journal(
    [{ path: "mine.txt", before: hashOf("was\n"), after: hashOf("evil\n"), staged: "x-1" }],
    { "x-1": "evil\n" },
  ),
  "a journal that takes its bytes from elsewhere": journal([
    { path: "new.txt", before: null, after: hashOf(SECRET), staged: "../../../outside.txt" },
  ]),
  "a journal in place of a hook": journal(
    [{ path: ".git/hooks/post-checkout", before: null, after: hashOf("evil\n"), staged: "x-1" }],
    { "x-1": "evil\n" },
  ),
  "a journal that is no list": journal({ path: "mine.txt" }),
  "a staging directory that is a link": (root) => symlinkSync("../..", join(root, ".prod-stack/staging")),
};

test("there are enough of them", () => {
  expect(Object.keys(TAMPERED).length).toBeGreaterThanOrEqual(12);
});

test.each(Object.keys(TAMPERED))("%s does no harm", (name) => {
  const folder = scratchFolder();
  const root = join(folder, "repository");
  writeFileSync(join(folder, "outside.txt"), SECRET);
  for (const path of [".prod-stack/", "notes/", ".git/hooks/"])
    mkdirSync(join(root, path), { recursive: true });
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const path of ["mine.txt", "notes/mine.txt", ".git/config"]) write(path, MINE);
  write(".prod-stack/state.json", formatState("1.0.0"));
  TAMPERED[name]?.(root, write);
  const before = usersFiles(folder);
  const error = tryRun(root);
  const after = usersFiles(folder);
  // A file that the generator may add, and nothing else.
  expect({ "repository/a.txt": after["repository/a.txt"], ...before }).toEqual({
    "repository/a.txt": undefined,
    ...after,
  });
  if (error !== undefined) {
    expect(error).toMatchObject({
      kind: "input",
      code: expect.stringMatching(/^(UNSAFE_PATH|STATE|CHANGED|INTERRUPTED)$/),
    });
    expect(error.message).toMatch(/\S{3}/);
  }
});

function tryRun(root: string): StackError | undefined {
  const location = { root, path: "." };
  try {
    recoverRepository(location);
    applyPlan(planTree(tree, location), location);
    return undefined;
  } catch (error) {
    if (error instanceof StackError) return error;
    throw error;
  }
}

/** Everything but the generator's own folder. */
function usersFiles(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(listTree(folder)).filter(([path]) => !path.includes(".prod-stack")),
  );
}
