// Owns: the public API of the package, and the only door through which src/cli, src/projen and backstage see the core.
// Promises: re-exports only.
// Must not: hold code.

export * from "./apply/apply-plan.js";
export * from "./apply/read-repository.js";
export * from "./capabilities/capability.js";
export { capabilities, indexes } from "./capabilities/index.js";
export * from "./generate.js";
export * from "./plan/write-plan.js";
export * from "./render/file-tree.js";
export * from "./spec/parse-spec.js";
export * from "./spec/schema/spec-types.js";
export * from "./stack/resolve-stack.js";
export * from "./stack/stack.js";
export * from "./stack-error.js";
export * from "./version.js";
