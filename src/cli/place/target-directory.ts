// Owns: whether a directory can take a stack: what is there, what is in the way, whether it can be written to.
// Promises: refuses before anything is asked or written.
// Must not: write.

import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { StackError } from "../../index.js";
import { lstatOf, readTextFile } from "./read-text.js";

export interface TargetDirectory {
  readonly path: string;
  /** Text of its prod-stack.yaml. */
  readonly spec: string | undefined;
  /** Whether it has been generated before. */
  readonly isGenerated: boolean;
  /** What is there and does not belong to a fresh repository. */
  readonly inTheWay: readonly string[];
}

/** What a repository has before it has anything; prod-stack.yaml and platform.yaml are ours to read, an interrupted run's .prod-stack ours to finish. */
const HARMLESS = [
  ".git",
  ".prod-stack",
  ".gitignore",
  ".gitattributes",
  "LICENSE",
  "LICENSE.md",
  "LICENSE.txt",
  ".DS_Store",
  "prod-stack.yaml",
  "platform.yaml",
];

/** @throws StackError (input) for a file, or a place that cannot be read or written */
export function inspectDirectory(path: string): TargetDirectory {
  const stats = lstatOf(path);
  if (stats?.isSymbolicLink() && !existsSync(path))
    throw new StackError("input", "PLACE", `${path} is a link that leads nowhere`);
  if (stats !== undefined && !stats.isDirectory() && !stats.isSymbolicLink()) {
    throw new StackError("input", "PLACE", `${path} is a file, and a directory is needed`, {
      hint: "Give another name: create-prod-stack my-stack",
    });
  }
  checkWritable(path);
  if (stats === undefined) return { path, spec: undefined, isGenerated: false, inTheWay: [] };
  const spec = join(path, "prod-stack.yaml");
  const isGenerated = existsSync(join(path, ".prod-stack/state.json"));
  return {
    path,
    spec: existsSync(spec) ? readTextFile(spec) : undefined,
    isGenerated,
    inTheWay: isGenerated
      ? []
      : namesIn(path)
          .filter((name) => !HARMLESS.includes(name))
          .sort(),
  };
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (cause) {
    throw new StackError("input", "PLACE", `cannot read ${path}: permission denied`, { cause });
  }
}

function checkWritable(path: string): void {
  let place = path;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === "EROFS"
        ? "the file system is read-only"
        : code === "ENOTDIR"
          ? "it is not a directory"
          : "permission denied";
    throw new StackError("input", "PLACE", `cannot write to ${place}: ${reason}`, {
      hint: "Nothing was changed.",
      cause,
    });
  }
}

/** @throws StackError (input) that lists what is in the way */
export function refuseOccupied({ path, inTheWay }: TargetDirectory): void {
  if (inTheWay.length === 0) return;
  const shown = inTheWay.slice(0, 5).join(", ");
  const more = inTheWay.length > 5 ? ` and ${inTheWay.length - 5} more` : "";
  throw new StackError(
    "input",
    "NOT_EMPTY",
    `${path} is not empty, and was not made by create-prod-stack: ${shown}${more}`,
    {
      hint: "Give a new directory (create-prod-stack my-stack), or --force to write into this one; files of the same name are then replaced.",
    },
  );
}
