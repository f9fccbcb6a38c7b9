// Owns: reading the files of a stack.
// Promises: only regular files below the directory, and the one workflow above it; no link is followed; each file and their number are bounded.
// Must not: judge contents, or read what git, npm and the generator keep for themselves.

import type { Dirent } from "node:fs";
import { lstat, readdir, readFile, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { StackError } from "../stack-error.js";
import { throwIfCancelled } from "./run-tool.js";

/** Largest file that is read, in bytes. etcd refuses objects over 1.5 MiB, and a file holds few of them. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_FILES = 20_000;
const MAX_DIRECTORY_DEPTH = 32;
const IGNORED = new Set([".git", "node_modules", ".prod-stack"]);

/** Why the text of a file is not there. */
export type UnreadReason =
  | "binary"
  | "too-large"
  | "not-utf8"
  | "unreadable"
  | "link-inside"
  | "link-outside";

export interface StackFile {
  /** Below the directory, with forward slashes. */
  readonly path: string;
  readonly text: string | undefined;
  /** Only where there is no text. */
  readonly unread?: UnreadReason;
}

/**
 * Reads every file below a directory, sorted by path.
 * @param directory absolute, with links resolved
 * @throws StackError (input) when there are more files than a stack can have
 */
export async function readStackFiles(directory: string, signal?: AbortSignal): Promise<readonly StackFile[]> {
  const files: StackFile[] = [];
  await readBelow({ root: directory, files, signal }, directory, 0);
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Directories on the way to the one file of a stack that may stand above its directory. */
const WORKFLOWS = [".github", "workflows"];

/**
 * The stack's own workflow, which GitHub wants at the repository's root, of a stack that is in a directory below.
 * @param directory as for readStackFiles
 * @param path where the spec says that the directory is, below the root
 * @returns undefined for a stack at the root, or elsewhere than it says, or without a workflow; its path begins with `../`
 */
export async function readRootWorkflow(
  directory: string,
  { path, name }: { readonly path: string; readonly name: string | undefined },
): Promise<StackFile | undefined> {
  const below = sep + path.split("/").join(sep);
  const isThere = path !== "." && directory.endsWith(below);
  if (!isThere || name === undefined || !/^[a-z0-9-]+$/.test(name)) return undefined;
  const root = directory.slice(0, -below.length) || sep;
  const file = join(root, ...WORKFLOWS, `${name}.yaml`);
  try {
    // No link is followed here either.
    if ((await realpath(file)) !== file || !(await lstat(file)).isFile()) return undefined;
    return { ...(await readRegular(file)), path: relative(directory, file).split(sep).join("/") };
  } catch {
    return undefined;
  }
}

/**
 * The directory to validate, absolute and with links resolved.
 * @throws StackError (input, NO_DIRECTORY) when it is no directory
 */
export async function resolveDirectory(directory: string): Promise<string> {
  try {
    const resolved = await realpath(directory);
    if ((await lstat(resolved)).isDirectory()) return resolved;
  } catch (cause) {
    throw noDirectory(directory, cause);
  }
  throw noDirectory(directory);
}

function noDirectory(directory: string, cause?: unknown): StackError {
  return new StackError("input", "NO_DIRECTORY", `${directory} is no directory that can be read`, {
    hint: "Give the directory that holds prod-stack.yaml.",
    cause,
  });
}

interface Walk {
  readonly root: string;
  readonly files: StackFile[];
  readonly signal: AbortSignal | undefined;
}

async function readBelow(walk: Walk, directory: string, depth: number): Promise<void> {
  throwIfCancelled(walk.signal);
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries.filter(({ name }) => !IGNORED.has(name))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && depth < MAX_DIRECTORY_DEPTH) await readBelow(walk, path, depth + 1);
    else if (entry.isFile() || entry.isSymbolicLink())
      walk.files.push(await readEntry(walk.root, path, entry));
    if (walk.files.length > MAX_FILES) throw tooMany(walk.root);
  }
}

function tooMany(directory: string): StackError {
  return new StackError("input", "TOO_MANY_FILES", `${directory} holds more than ${MAX_FILES} files`, {
    hint: "Give the directory of one stack, the one that holds its prod-stack.yaml.",
  });
}

async function readEntry(root: string, path: string, entry: Dirent): Promise<StackFile> {
  const name = relative(root, path).split(sep).join("/");
  if (entry.isSymbolicLink()) return { path: name, text: undefined, unread: await judgeLink(root, path) };
  try {
    return { path: name, ...(await readRegular(path)) };
  } catch {
    return { path: name, text: undefined, unread: "unreadable" };
  }
}

async function readRegular(path: string): Promise<Pick<StackFile, "text" | "unread">> {
  if ((await lstat(path)).size > MAX_FILE_BYTES) return { text: undefined, unread: "too-large" };
  return decode(await readFile(path));
}

/** A link that leads nowhere may lead outside as soon as its target is made. */
async function judgeLink(root: string, path: string): Promise<UnreadReason> {
  try {
    const target = await realpath(path);
    return target === root || target.startsWith(root + sep) ? "link-inside" : "link-outside";
  } catch {
    return "link-outside";
  }
}

function decode(bytes: Buffer): Pick<StackFile, "text" | "unread"> {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { text: undefined, unread: bytes.subarray(0, 8192).includes(0) ? "binary" : "not-utf8" };
  }
}
