// Owns: the public API of validation, apart from the core's: it brings a schema validator and a process runner,
//       which generation must not pay for.
// Promises: re-exports only.
// Must not: hold code.

export { type BuiltDirectories, buildDirectories } from "./build-directories.js";
export { findRemovals, type RemovalReport, type RemovedObject } from "./find-removals.js";
export { formatValidation } from "./format-validation.js";
export { type Progress, type ValidateOptions, validateRepository } from "./validate-repository.js";
export type { Finding, ValidationReport } from "./validation-report.js";
