// Proves on a real disk what is promised for every pair of what a user and a template can do to one file.
import { existsSync, lstatSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { PlannedFile } from "../../src/plan/write-plan.js";
import {
  generate,
  listTree,
  removeScratchFolders,
  scratchFolder,
  treeFile,
} from "../apply/scratch-repository.js";
import {
  changeAsUser,
  FORMS,
  type Form,
  MOVED,
  PATH,
  promisedAction,
  promisedElsewhere,
  TEMPLATE_CHANGES,
  TEMPLATE_LINE,
  type TemplateChange,
  templateFiles,
  USER_CHANGES,
  USER_LINE,
  type UserChange,
} from "./change-matrix.js";

afterAll(removeScratchFolders);

const cases = USER_CHANGES.flatMap((user) =>
  TEMPLATE_CHANGES.flatMap((template) => FORMS.map((form) => [user, template, form] as const)),
);

function run(user: UserChange, template: TemplateChange, form: Form) {
  const root = join(scratchFolder(), "repository");
  const [before, after] = templateFiles(template, form);
  const treeWith = (file: typeof before) => [
    ...(file === undefined ? [] : [file]),
    treeFile("app/other.txt", "other\n"),
  ];
  generate(treeWith(before), root);
  changeAsUser(root, user, template, form);
  const left = listTree(join(root, "app"));
  // Files are renamed by new versions alone.
  const next = { generator: "2.0.0" };
  const { plan } = generate(treeWith(after), root, ".", next);
  const again = generate(treeWith(after), root, ".", next).plan;
  const planned = plan.files.find(({ path }) => path === PATH);
  return { root, left, planned, again, file: join(root, PATH) };
}

function actionOf(planned: PlannedFile | undefined) {
  return planned?.action ?? "keep";
}

test("the matrix has the size that was promised", () => {
  expect(cases.length).toBe(252);
});

describe.each(cases)("user: %s, template: %s, bytes: %s", (user, template, form) => {
  test("does what is promised, loses nothing of the user's, and is done after one run", () => {
    const { root, left, planned, again, file } = run(user, template, form);
    const promised = promisedAction(user, template, form);
    expect(actionOf(planned), planned?.reason).toBe(promised);
    const elsewhere = promisedElsewhere(user, template, form);
    if (elsewhere !== undefined) expectElsewhere(elsewhere, root);
    else if (promised === "keep" || promised === "conflict")
      expect(listTree(join(root, "app"))).toEqual(left);
    expectUsersWork(user, template, root, file);
    if (promised === "merge" || (promised === "update" && template === "edit"))
      expect(readFileSync(file, "utf8")).toContain(TEMPLATE_LINE);
    if (form === "CRLF" && ["update", "merge"].includes(promised))
      expect(readFileSync(file, "utf8")).not.toMatch(/(?<!\r)\n/);
    if (template === "chmod" && promised === "update") expect(statSync(file).mode & 0o777).toBe(0o755);
    const next = again.files
      .filter(({ action }) => action !== "keep")
      .map(({ path, action }) => [path, action]);
    // What is left of a file that went elsewhere is the user's from then on.
    const isOpen = promised === "conflict" && template !== "rename";
    expect(next).toEqual(isOpen ? [[PATH, "conflict"]] : []);
  });
});

function expectElsewhere(
  { path, has, executable }: NonNullable<ReturnType<typeof promisedElsewhere>>,
  root: string,
): void {
  const text = readFileSync(join(root, path), "latin1");
  if (has !== "both") expect(text).toContain(has === "user" ? USER_LINE : TEMPLATE_LINE);
  expect((statSync(join(root, path)).mode & 0o111) !== 0).toBe(executable);
  expect(existsSync(join(root, PATH)) && existsSync(join(root, MOVED))).toBe(false);
}

function expectUsersWork(user: UserChange, template: TemplateChange, root: string, file: string): void {
  const isGone = template === "rename" && !existsSync(file);
  if (user === "edit" && !isGone) expect(readFileSync(file, "latin1")).toContain(USER_LINE);
  if (user === "chmod" && template !== "delete" && !isGone) expect(lstatSync(file).mode & 0o111).not.toBe(0);
  if (user === "symlink") expect(readlinkSync(file)).toBe("../outside.txt");
  if (user === "directory") expect(readFileSync(join(file, "of-mine.txt"), "utf8")).toBe(USER_LINE);
  if (template === "add") return;
  if (user === "rename") expect(existsSync(join(root, MOVED))).toBe(true);
  if (user === "delete" || user === "rename") expect(existsSync(file)).toBe(false);
}
