// Owns: what is on disk at one path, as a plan sees it.
// Promises: text is what can be decoded and encoded again without the loss of a byte; links are not followed.
// Must not: resolve paths; safe-path has.

import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { hashOf } from "../plan/state.js";
import type { DiskFile } from "../plan/write-plan.js";
import { lstat } from "./safe-path.js";
import { readFailure } from "./write-failure.js";

export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw readFailure(path, cause);
  }
}

export function readDiskFile(path: string): DiskFile | undefined {
  const stats = lstat(path);
  if (stats === undefined) return undefined;
  const executable = (stats.mode & 0o111) !== 0;
  if (stats.isFile()) return { ...describeBytes(readBytes(path)), executable };
  const kind = stats.isSymbolicLink() ? "link" : stats.isDirectory() ? "directory" : "other";
  return { contents: undefined, hash: "", textHash: "", lineEnd: "\n", executable, kind };
}

/** Text is what can be decoded and encoded again without the loss of a byte. */
function describeBytes(bytes: Buffer): Omit<DiskFile, "executable"> {
  const hash = hashOf(bytes);
  if (!isUtf8(bytes) || bytes.subarray(0, 8192).includes(0))
    return { contents: undefined, hash, textHash: hash, lineEnd: "\n", kind: "binary" };
  const text = bytes.toString("utf8");
  const isWindows = text.includes("\r\n") && !/(?<!\r)\n/.test(text);
  if (!isWindows) return { contents: text, hash, textHash: hash, lineEnd: "\n", kind: "text" };
  const contents = text.replaceAll("\r\n", "\n");
  return { contents, hash, textHash: hashOf(contents), lineEnd: "\r\n", kind: "text" };
}
