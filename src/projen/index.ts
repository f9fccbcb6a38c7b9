// Owns: the projen door of the package.
// Promises: projen's classes too, so that a project has one copy of them: the one that ProdStackProject extends.
// Must not: hold code.

export * from "projen";
export type { ProdStackOptions } from "./options.js";
export { ProdStackProject } from "./prod-stack-project.js";
