// Owns: files of lines that another tool has made before, such as the .gitignore of a new repository on GitHub.
// Promises: pure; every line of the user's stays where it is, and counts as their edit from then on.
// Must not: unite what has an order or a structure of its own.

import type { FileTree } from "../render/file-tree.js";
import { hashOf } from "./state.js";
import type { PlannedFile, WritePlan } from "./write-plan.js";

const OF_LINES = /(?:^|\/)\.git(?:ignore|attributes)$/;

/** A plan in which such a file is no conflict where the user had one first. */
export function uniteLines(plan: WritePlan, tree: FileTree): WritePlan {
  const known = new Set(plan.records.map(({ path }) => path));
  const united = plan.files.flatMap((file) => {
    const isFirst = file.action === "conflict" && file.old !== undefined && !known.has(file.path);
    const ours =
      isFirst && OF_LINES.test(file.path) ? tree.find(({ path }) => path === file.path) : undefined;
    return ours === undefined ? [] : [{ file, ours }];
  });
  if (united.length === 0) return plan;
  const merged = new Map(united.map(({ file, ours }) => [file.path, mergeLines(file, ours.contents)]));
  return {
    ...plan,
    files: plan.files.map((file) => merged.get(file.path) ?? file),
    records: [
      ...plan.records,
      ...united.map(({ ours: { path, contents, mode, ownership } }) => ({
        path,
        hash: hashOf(contents),
        mode,
        ownership,
      })),
    ],
  };
}

function mergeLines(file: PlannedFile, ours: string): PlannedFile {
  const theirs = file.old ?? "";
  const lines = new Set(theirs.split("\n"));
  const missing = ours.split("\n").filter((line) => !lines.has(line));
  const start = theirs === "" || theirs.endsWith("\n") ? theirs : `${theirs}\n`;
  const contents = missing.length === 0 ? theirs : `${start}${missing.join("\n")}\n`;
  return { ...file, action: "merge", reason: "your lines and the project's", contents };
}
