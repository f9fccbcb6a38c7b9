// Owns: the condition under which a verb may rewrite files that people edit: git can take it back.
// Promises: refuses before anything is written, and names what is in the way.
// Must not: commit or stash.

import { type Location, StackError } from "../../index.js";
import { count } from "../reporters/tree-report.js";
import type { Terminal } from "../terminal.js";
import { inOtherRepositories, readWorkTree } from "./work-tree-state.js";

/** @throws StackError (input) NO_GIT, UNFINISHED, DIRTY or SUBMODULE */
export async function refuseUncommitted(
  touched: readonly string[],
  location: Location,
  terminal: Terminal,
): Promise<void> {
  const state = await readWorkTree(location.root, terminal);
  if (state === undefined)
    throw new StackError("input", "NO_GIT", "this is no git repository: nothing could take it back", {
      hint: "git init, add and commit first; or give --no-git.",
    });
  if (state.operation !== undefined || state.unmerged.length > 0)
    throw new StackError("input", "UNFINISHED", `git is in the middle of ${state.operation ?? "a merge"}`, {
      hint: "Finish it first. Where .prod-stack/ or generated files are in conflict: create-prod-stack repair.",
    });
  const own = location.path === "." ? ".prod-stack/" : `${location.path}/.prod-stack/`;
  const dirty = [...state.dirty].filter((path) => touched.includes(path) || path.startsWith(own)).sort();
  if (dirty.length > 0)
    throw new StackError(
      "input",
      "DIRTY",
      `${count(dirty.length, "file")} to change ${dirty.length === 1 ? "is" : "are"} not committed: ${firstOf(dirty)}`,
      {
        hint: "Commit or stash them; then git shows what was done, and can take it back.",
      },
    );
  const foreign = inOtherRepositories(location.root, touched);
  if (foreign.length > 0)
    throw new StackError(
      "input",
      "SUBMODULE",
      `${firstOf(foreign)} would be written into another git repository`,
      {
        hint: "A stack cannot reach into a submodule: move the submodule elsewhere.",
      },
    );
}

function firstOf(paths: readonly string[]): string {
  return paths.length > 3 ? `${paths.slice(0, 3).join(", ")} and ${paths.length - 3} more` : paths.join(", ");
}
