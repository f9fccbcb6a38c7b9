// Owns: the public API of the package: with src/validate/index.ts the only way in which doors see the core.
// Promises: re-exports only.
// Must not: hold code.

export * from "./apply/apply-plan.js";
export { createFile } from "./apply/create-file.js";
export { ejectRepository } from "./apply/eject-repository.js";
export { readBounded } from "./apply/read-bounded.js";
export * from "./apply/read-repository.js";
export { pathProblem, SafeRoot } from "./apply/safe-path.js";
export * from "./capabilities/capability.js";
export { type RowState, type RowStatus, rowStatuses } from "./capabilities/checklist/row-status.js";
export * from "./capabilities/checklist.js";
export { capabilities, indexes } from "./capabilities/index.js";
export * from "./generate.js";
export { LOST, lostData } from "./impact/lost-data.js";
export { CONFLICT_CHOICES, type ConflictChoice, hasConflictMarkers } from "./plan/conflict-choice.js";
export { type Edit, findEdits } from "./plan/find-edits.js";
export { planEject } from "./plan/plan-eject.js";
export { mergeSides, planRepair, type Sides } from "./plan/plan-repair.js";
export { age, isNewerVersion, refuseNewer } from "./plan/refuse-newer.js";
export { hashOf, type State } from "./plan/state.js";
export * from "./plan/write-plan.js";
export * from "./render/file-tree.js";
export { yieldsOf } from "./render/render-tree.js";
export { describeField, type FieldDescription, fieldNames } from "./spec/describe-field.js";
export * from "./spec/edit-spec.js";
export { isNewerSpec } from "./spec/migrations/migrate-document.js";
export type { Migrated } from "./spec/migrations/migration.js";
export * from "./spec/parse-spec.js";
export * from "./spec/schema/spec-types.js";
export { didYouMean } from "./spec/schema-errors.js";
export { MAX_BYTES as MAX_SPEC_BYTES } from "./spec/spec-document.js";
export { engines } from "./stack/engines/index.js";
export { RUNTIME_PRESETS } from "./stack/presets/runtimes.js";
export { SERVICE_TYPE_PRESETS } from "./stack/presets/service-types.js";
export { TIER_PRESETS } from "./stack/presets/tiers.js";
export * from "./stack/resolve-stack.js";
export * from "./stack/stack.js";
export * from "./stack-error.js";
export * from "./version.js";
