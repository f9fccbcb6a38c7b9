// Owns: the table of reference rules, and holding an overlay to it.
// Promises: every rule sees the same objects; to add a rule is to add it to one of the lists.
// Must not: build or read files.

import type { BuiltOverlay } from "../build-overlay.js";
import { type CheckOutcome, type Finding, outcomeOf } from "../validation-report.js";
import { textAt } from "../values.js";
import { accessRules } from "./access-rules.js";
import { imageRules } from "./image-rules.js";
import { monitoringRules } from "./monitoring-rules.js";
import { nameRules } from "./name-rules.js";
import { objectRules } from "./object-rules.js";
import { findPodSources } from "./pod-sources.js";
import { policyRules } from "./policy-rules.js";
import { findProvided } from "./provided.js";
import type { ReferenceRule, References } from "./reference-rule.js";
import { scalingRules } from "./scaling-rules.js";
import { serviceRules } from "./service-rules.js";
import { workloadRules } from "./workload-rules.js";

export const REFERENCE_RULES: readonly ReferenceRule[] = [
  ...objectRules,
  ...workloadRules,
  ...serviceRules,
  ...nameRules,
  ...accessRules,
  ...policyRules,
  ...scalingRules,
  ...monitoringRules,
  ...imageRules,
];

type Built = Pick<BuiltOverlay, "overlay" | "objects" | "kustomizations">;

/**
 * Dangling references between the objects of one overlay, and what else only their sum shows.
 * @param foreign names of ConfigMaps that somebody else makes
 */
export function checkReferences(built: Built, foreign: readonly string[] = []): CheckOutcome {
  return outcomeOf(built.objects.length, "objects", findDangling(built, REFERENCE_RULES, foreign));
}

/** The findings alone. */
export function findDangling(
  built: Built,
  rules: readonly ReferenceRule[] = REFERENCE_RULES,
  foreign: readonly string[] = [],
): Finding[] {
  const references = toReferences(built, foreign);
  return rules.flatMap(({ name, find }) =>
    find(references).map((complaint) => ({ rule: name, ...complaint })),
  );
}

function toReferences(
  { overlay, objects: built, kustomizations }: Built,
  foreign: readonly string[],
): References {
  const namespace = namespaceOf(overlay, kustomizations);
  const objects = built.map((object) => (object.namespace === "" ? { ...object, namespace } : object));
  const pods = findPodSources(objects);
  const services = objects.filter(({ group, kind }) => group === "" && kind === "Service");
  const namespaces = new Set([...pods, ...services].map((object) => object.namespace));
  return {
    overlay,
    objects,
    kustomizations,
    pods,
    provided: findProvided(objects, foreign),
    namespace,
    namespaces,
  };
}

/**
 * The environment's own namespace, the outermost that a kustomization sets. Argo CD puts there whatever names none, such
 * as an object that the user adds to the outer overlay.
 */
function namespaceOf(overlay: Built["overlay"], kustomizations: Built["kustomizations"]): string {
  const set = kustomizations.map(({ data }) => textAt(data, "namespace"));
  return set.find((found) => found !== undefined) ?? overlay.namespace ?? "";
}
