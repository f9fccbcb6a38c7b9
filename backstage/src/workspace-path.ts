// Owns: from a path that a template gives to a directory of the task's workspace.
// Promises: inside of the workspace, through real directories only, whatever links lie in it.
// Must not: make or change anything.

import { lstatSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { resolveSafeChildPath } from "@backstage/backend-plugin-api";
import { NotAllowedError } from "@backstage/errors";

/** @throws NotAllowedError */
export function workspacePath(workspace: string, path: string): string {
  if (path.includes("\0") || path.length > 1024)
    throw new NotAllowedError("the path is not one of the workspace");
  // Backstage's own check: what a path, or a link on the way, leads out of is refused.
  const absolute = resolveSafeChildPath(workspace, path);
  let current = workspace;
  for (const part of relative(workspace, absolute).split(sep).filter(Boolean)) {
    current = join(current, part);
    const stats = lstatSync(current, { throwIfNoEntry: false });
    if (stats === undefined) break;
    if (!stats.isDirectory())
      throw new NotAllowedError(
        `${JSON.stringify(path.slice(0, 200))} goes through ${stats.isSymbolicLink() ? "a link" : "something that is no directory"} in the workspace`,
      );
  }
  return absolute;
}
