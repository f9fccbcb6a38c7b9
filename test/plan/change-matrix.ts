// Owns: what users do to a file, what templates do to it, and what is promised for each pair.
// Promises: one table, read before the code; the test only carries it out.
// Must not: ask the planner.

import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Action } from "../../src/plan/write-plan.js";
import type { TreeFile } from "../../src/render/file-tree.js";
import { treeFile } from "../apply/scratch-repository.js";

export const PATH = "app/file.txt";
export const MOVED = "app/moved.txt";
export const RENAMED = "app/renamed.txt";

export const USER_CHANGES = ["same", "edit", "delete", "chmod", "symlink", "directory", "rename"] as const;
export const TEMPLATE_CHANGES = ["same", "edit", "delete", "chmod", "add", "rename"] as const;
export const FORMS = ["LF", "CRLF", "no EOL", "BOM", "binary", "empty"] as const;

export type UserChange = (typeof USER_CHANGES)[number];
export type TemplateChange = (typeof TEMPLATE_CHANGES)[number];
export type Form = (typeof FORMS)[number];

type Promises = readonly [Action, Action, Action, Action, Action, Action];

/** By what the user did, then by what the template did: same, edit, delete, chmod, add, rename. */
const PROMISES: Readonly<Record<UserChange, Promises>> = {
  same: ["keep", "update", "delete", "update", "create", "delete"],
  edit: ["keep", "merge", "keep", "update", "conflict", "delete"],
  delete: ["keep", "keep", "keep", "keep", "create", "keep"],
  chmod: ["keep", "update", "delete", "keep", "keep", "delete"],
  symlink: ["keep", "conflict", "keep", "keep", "conflict", "conflict"],
  directory: ["keep", "conflict", "keep", "keep", "conflict", "conflict"],
  rename: ["keep", "keep", "keep", "keep", "create", "keep"],
};

/** What becomes of the file where it was. */
export function promisedAction(user: UserChange, template: TemplateChange, form: Form): Action {
  // An empty file looks like every other: nothing says that it was renamed. What is the user's own stays.
  if (template === "rename" && form === "empty") return user === "same" ? "delete" : emptyRenamed(user);
  // Bytes cannot be merged, and neither can two texts that were both put where nothing was.
  if (user === "edit" && template === "rename" && form === "binary") return "conflict";
  if (user === "edit" && template === "edit" && (form === "binary" || form === "empty")) return "conflict";
  // What is not text is never rewritten, not even for its mode.
  if (user === "edit" && template === "chmod" && form === "binary") return "keep";
  return PROMISES[user][TEMPLATE_CHANGES.indexOf(template)] as Action;
}

const emptyRenamed = (user: UserChange): Action => (user === "chmod" ? "delete" : "keep");

/** Where the template's change is to be found afterwards, and with whose mode; undefined where there is none. */
export function promisedElsewhere(
  user: UserChange,
  template: TemplateChange,
  form: Form,
):
  | { readonly path: string; readonly has: "template" | "user" | "both"; readonly executable: boolean }
  | undefined {
  const isFollowed = form !== "empty";
  if (user === "rename" && template === "edit" && isFollowed)
    return { path: MOVED, has: "template", executable: false };
  if (user === "rename" && template === "chmod" && isFollowed)
    return { path: MOVED, has: "both", executable: true };
  if (template !== "rename") return undefined;
  if (user === "edit" && isFollowed && form !== "binary")
    return { path: RENAMED, has: "user", executable: false };
  if (user === "chmod" && isFollowed) return { path: RENAMED, has: "both", executable: true };
  if (["delete", "rename"].includes(user) && isFollowed) return undefined;
  return { path: RENAMED, has: "both", executable: false };
}

const LINES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
export const USER_LINE = "written by the user";
export const TEMPLATE_LINE = "changed by the template";

/** A rendered file in a form. Rendering never yields CRLF: that is what git makes of it in a Windows checkout. */
function contentsIn(form: Form, lines: readonly string[]): string {
  const text = `${lines.join("\n")}\n`;
  const forms: Record<Form, string> = {
    LF: text,
    CRLF: text,
    "no EOL": text.trimEnd(),
    BOM: `\uFEFF${text}`,
    binary: `\0${text}`,
    empty: lines === LINES ? "" : text,
  };
  return forms[form];
}

function replaced(index: number, line: string): string[] {
  return LINES.map((old, at) => (at === index ? line : old));
}

/** The file before and after; undefined where the template has none. */
export function templateFiles(
  change: TemplateChange,
  form: Form,
): readonly [TreeFile | undefined, TreeFile | undefined] {
  const file = treeFile(PATH, contentsIn(form, LINES));
  const edited = treeFile(PATH, contentsIn(form, replaced(1, TEMPLATE_LINE)));
  const changes: Record<TemplateChange, readonly [TreeFile | undefined, TreeFile | undefined]> = {
    same: [file, file],
    edit: [file, edited],
    delete: [file, undefined],
    chmod: [file, { ...file, mode: 0o755 }],
    add: [undefined, file],
    rename: [file, { ...file, path: RENAMED }],
  };
  return changes[change];
}

function onDisk(form: Form, contents: string): string {
  return form === "CRLF" ? contents.replaceAll("\n", "\r\n") : contents;
}

/** What the user does in a generated repository; where the template has nothing yet, they had something of their own. */
export function changeAsUser(root: string, change: UserChange, template: TemplateChange, form: Form): void {
  const path = join(root, PATH);
  mkdirSync(dirname(path), { recursive: true });
  const original = onDisk(form, contentsIn(form, LINES));
  const isThere = template !== "add" || !["same", "delete", "rename"].includes(change);
  if (isThere) writeFileSync(path, original);
  if (isThere && !["same", "edit", "chmod"].includes(change) && change !== "rename") rmSync(path);
  if (change === "edit") writeFileSync(path, onDisk(form, contentsIn(form, replaced(7, USER_LINE))));
  if (change === "chmod") chmodSync(path, 0o755);
  if (change === "symlink") symlinkSync("../outside.txt", path);
  if (change === "directory") {
    mkdirSync(path);
    writeFileSync(join(path, "of-mine.txt"), USER_LINE);
  }
  if (change === "rename" && isThere) renameSync(path, join(root, MOVED));
}
