// Owns: where in the workspace a stack lives, and reading what lies there.
// Promises: reads only regular files below the workspace.
// Must not: write.

import { lstatSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { InputError, NotAllowedError } from "@backstage/errors";
import type { Location, Text } from "./core.js";
import { workspacePath } from "./workspace-path.js";

export function stackDirectory(location: Location): string {
  return resolve(location.root, location.path);
}

/** Text of a regular file, undefined where nothing is. */
export function readText(workspace: string, file: string): string | undefined {
  const folder = workspacePath(workspace, relative(workspace, dirname(file)) || ".");
  const path = join(folder, file.slice(dirname(file).length + 1));
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const name = relative(workspace, path);
  if (!stats.isFile())
    throw new NotAllowedError(`${name} is ${stats.isSymbolicLink() ? "a link" : "not a file"}`);
  if (stats.size > 1024 * 1024) throw new InputError(`${name} is larger than 1 MiB`);
  return readFileSync(path, "utf8");
}

/** platform.yaml beside a stack, or the nearest one above it in its repository; the command looks at the same places. */
export function readPlatform(workspace: string, location: Location): Text | undefined {
  for (let folder = stackDirectory(location); ; folder = dirname(folder)) {
    const text = readText(workspace, join(folder, "platform.yaml"));
    if (text !== undefined) return { text, file: relative(location.root, join(folder, "platform.yaml")) };
    if (resolve(folder) === resolve(location.root)) return undefined;
  }
}
