// Owns: reading a file that the user named, or standard input.
// Promises: bounded; whatever cannot be read is a StackError that says what it is.
// Must not: parse.

import { lstatSync, readFileSync, type Stats, statSync } from "node:fs";
import { MAX_SPEC_BYTES, StackError } from "../../index.js";

export function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** @throws StackError (input, READ) */
export function readTextFile(path: string): string {
  try {
    const stats = statSync(path);
    if (stats.isDirectory())
      throw new StackError("input", "READ", `${path} is a directory, and a file is needed`);
    if (!stats.isFile()) throw new StackError("input", "READ", `${path} is not a regular file`);
    if (stats.size > MAX_SPEC_BYTES) throw tooLarge(path);
    return decode(readFileSync(path), path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** @throws StackError (input, READ) */
export async function readStandardInput(
  stdin: NodeJS.ReadStream,
  limit: number = MAX_SPEC_BYTES,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > limit) throw tooLarge("standard input");
  }
  return decode(Buffer.concat(chunks), "standard input");
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new StackError("input", "READ", `${name} is not a text file`, {
      hint: "A prod-stack.yaml is YAML in UTF-8.",
      cause,
    });
  }
}

function tooLarge(name: string): StackError {
  return new StackError("input", "READ", `${name} is larger than ${MAX_SPEC_BYTES / 1024} KiB`, {
    hint: "A prod-stack.yaml has some hundred lines.",
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOTDIR: "a part of the path is not a directory",
  ELOOP: "its links go round in a circle",
  ENAMETOOLONG: "the name is too long",
};

function unreadable(path: string, cause: unknown): unknown {
  const reason = REASONS[(cause as NodeJS.ErrnoException).code ?? ""];
  return reason === undefined
    ? cause
    : new StackError("input", "READ", `cannot read ${path}: ${reason}`, { cause });
}
