// Owns: the public API of comparing what a plan does to a cluster; apart from the core's, since it builds with other programs.
// Promises: re-exports only.
// Must not: hold code.

export { type Impact, type ImpactOptions, impactOf } from "./build-both.js";
export type { Effect, ObjectChange } from "./compare-objects.js";
