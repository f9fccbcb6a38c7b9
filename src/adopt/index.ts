// Owns: the public API of adoption, apart from the core's, which most runs need alone.
// Promises: re-exports only.
// Must not: hold code.

export { type ComparedRow, compareChecklist } from "./checklist/compare-checklist.js";
export { placeText, type Remark, visible } from "./manifest.js";
export { rootsOf } from "./places.js";
export { type AdoptInput, proposeStack, type SourceInput, type StackProposal } from "./propose-stack.js";
export { generatorFiles } from "./read-kustomization.js";
export { isYaml, readManifests } from "./read-manifests.js";
