// Owns: where a directory stands: in which git work tree, in which stack, with which platform.yaml.
// Promises: looks upwards only, never beyond the root of the work tree.
// Must not: write.

import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** Root of the git work tree that holds a directory, which need not exist yet. */
export function findWorkTree(directory: string): string | undefined {
  return ancestors(directory).find((place) => existsSync(join(place, ".git")));
}

/** The nearest directory with a prod-stack.yaml, from here up to the root of the work tree. */
export function findStackDirectory(directory: string): string | undefined {
  return upToWorkTree(directory).find((place) => existsSync(join(place, "prod-stack.yaml")));
}

/** platform.yaml beside the stack or above it, up to the root of the work tree. */
export function findPlatformFile(directory: string): string | undefined {
  return upToWorkTree(directory)
    .map((place) => join(place, "platform.yaml"))
    .find((file) => existsSync(file));
}

/** Path of a directory below its work tree, as source.path has it. */
export function pathInWorkTree(directory: string): string | undefined {
  const root = findWorkTree(directory);
  const path = root === undefined ? "" : relative(root, directory).split(sep).join("/");
  return path === "" ? undefined : path;
}

function upToWorkTree(directory: string): string[] {
  const places = ancestors(directory);
  const root = findWorkTree(directory);
  return root === undefined ? places.slice(0, 1) : places.slice(0, places.indexOf(root) + 1);
}

function ancestors(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}
