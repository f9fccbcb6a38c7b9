// Owns: what the operating system's refusals mean.
// Promises: a refusal that a user can mend becomes a StackError that says what was refused and what that leaves.
// Must not: hide anything else; that is a bug, and stays what it is.

import { StackError } from "../stack-error.js";

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than allowed",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EIO: "the disk failed",
  EBUSY: "it is in use",
  ENAMETOOLONG: "a name is too long",
  ENOTDIR: "a part of the path is not a directory",
  EISDIR: "a directory is in the way",
  EEXIST: "something is in the way",
  ENOTEMPTY: "the directory is not empty any more",
};

/** @param hint what the failure leaves, and what to do */
export function writeFailure(place: string, cause: unknown, hint = "Nothing was changed."): unknown {
  return failure("WRITE", "write", place, cause, hint);
}

export function readFailure(place: string, cause: unknown): unknown {
  return failure("READ", "read", place, cause, "Nothing was changed.");
}

function failure(code: string, verb: string, place: string, cause: unknown, hint: string): unknown {
  if (cause instanceof StackError) return cause;
  const { code: errno = "", path = place } = cause as NodeJS.ErrnoException;
  const reason = REASONS[errno];
  if (reason === undefined) return cause;
  return new StackError("input", code, `cannot ${verb} ${path}: ${reason}`, { hint, cause });
}
