// The harness's public face: re-exports only.
export { type ApplyOptions, type ApplyReport, applyInOrder, type ObjectOutcome } from "./apply-in-order.js";
export { kubectlPath } from "./control-plane-programs.js";
export { type CrdGroup, usualCrdGroups } from "./crd-groups.js";
export { installCrds } from "./install-crds.js";
export {
  type KubernetesObject,
  type ManifestDocument,
  manifestFromObject,
  readManifests,
} from "./manifest-documents.js";
export { type ApiServer, type ApiServerOptions, startApiServer } from "./start-api-server.js";
export { type PodOutcome, type PodReport, submitPodTemplates } from "./submit-pod-templates.js";
