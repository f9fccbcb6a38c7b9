// Owns: what Kubernetes does with a changed object of each kind: which fields it refuses to change, which restart pods,
//       and which objects hold data.
// Promises: plain data, with its source.
// Must not: compare.

import type { BuiltObject } from "../validate/built-object.js";

/** `Kind.group`, as in `StatefulSet.apps`; the group is left out for the core one. */
export function kindOf({ kind, group }: Pick<BuiltObject, "kind" | "group">): string {
  return group === "" ? kind : `${kind}.${group}`;
}

/** Objects that are lost with their data, or take everything in them along. */
const STATEFUL = new Set([
  "Namespace",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "StatefulSet.apps",
  "Cluster.postgresql.cnpg.io",
  "Kafka.kafka.strimzi.io",
  "KafkaNodePool.kafka.strimzi.io",
  "KafkaTopic.kafka.strimzi.io",
]);

export function isStateful(object: BuiltObject): boolean {
  return STATEFUL.has(kindOf(object));
}

/**
 * Fields of which the API server, or the operator that reads them, refuses every change: `all` of spec but those in `except`, or the named paths.
 * Sources: pkg/apis/{apps,batch,core,rbac,scheduling,storage}/validation in kubernetes/kubernetes 1.35: ValidateStatefulSetUpdate,
 * ValidateDeploymentUpdate, ValidateJobSpecUpdate, ValidatePersistentVolumeClaimUpdate, ValidateRoleBindingUpdate and others.
 */
interface Immutable {
  readonly paths?: readonly string[];
  readonly specExcept?: readonly string[];
}

const IMMUTABLE: Readonly<Record<string, Immutable>> = {
  "StatefulSet.apps": {
    specExcept: [
      "replicas",
      "ordinals",
      "template",
      "updateStrategy",
      "persistentVolumeClaimRetentionPolicy",
      "minReadySeconds",
      "revisionHistoryLimit",
    ],
  },
  "Deployment.apps": { paths: ["spec.selector"] },
  "DaemonSet.apps": { paths: ["spec.selector"] },
  "ReplicaSet.apps": { paths: ["spec.selector"] },
  "Job.batch": { paths: ["spec.selector", "spec.template", "spec.completionMode", "spec.manualSelector"] },
  PersistentVolumeClaim: { specExcept: ["resources", "volumeAttributesClassName"] },
  "RoleBinding.rbac.authorization.k8s.io": { paths: ["roleRef"] },
  "ClusterRoleBinding.rbac.authorization.k8s.io": { paths: ["roleRef"] },
  "PriorityClass.scheduling.k8s.io": { paths: ["value", "preemptionPolicy"] },
  "StorageClass.storage.k8s.io": {
    paths: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode", "mountOptions"],
  },
  // Strimzi takes these and leaves the volumes as they are (Strimzi docs, "Persistent storage"): new nodes are the way.
  "KafkaNodePool.kafka.strimzi.io": {
    paths: ["spec.roles", "spec.storage.type", "spec.storage.volumes.0.class"],
  },
  "KafkaTopic.kafka.strimzi.io": { paths: ["spec.topicName"] },
};

/** Strimzi 1.2 writes the controllers into each other's settings at the start: another number of them is another cluster's. */
const CONTROLLERS: Immutable = {
  paths: [...(IMMUTABLE["KafkaNodePool.kafka.strimzi.io"]?.paths ?? []), "spec.replicas"],
};

/** Paths that differ and must not; empty where the change is an ordinary one. */
export function refusedPaths(object: BuiltObject, changed: readonly string[]): string[] {
  const rule = ruleOf(object);
  if (rule === undefined) return [];
  const { paths = [], specExcept } = rule;
  const isUnder = (path: string, above: string) => path === above || path.startsWith(`${above}.`);
  return changed.filter((path) =>
    specExcept === undefined
      ? paths.some((above) => isUnder(path, above))
      : path.startsWith("spec.") && !specExcept.some((field) => isUnder(path, `spec.${field}`)),
  );
}

function ruleOf(object: BuiltObject): Immutable | undefined {
  if (isFrozen(object)) return { paths: ["data", "stringData", "binaryData"] };
  return holdsState(object) ? CONTROLLERS : IMMUTABLE[kindOf(object)];
}

function holdsState(object: BuiltObject): boolean {
  const { roles } = (object.data.spec ?? {}) as { roles?: unknown };
  return (
    kindOf(object) === "KafkaNodePool.kafka.strimzi.io" &&
    Array.isArray(roles) &&
    roles.includes("controller")
  );
}

function isFrozen({ kind, data }: BuiltObject): boolean {
  return (kind === "ConfigMap" || kind === "Secret") && data.immutable === true;
}

const ROLLING = new Set(["Deployment.apps", "StatefulSet.apps", "DaemonSet.apps"]);

/** Whether a change at a path replaces running pods. */
export function restartsPods(object: BuiltObject, path: string): boolean {
  return ROLLING.has(kindOf(object)) && (path === "spec.template" || path.startsWith("spec.template."));
}

/** A hook is deleted and made again by every sync, so a change of it is none of the cluster's. */
export function isHook({ data }: BuiltObject): boolean {
  const { annotations } = (data.metadata ?? {}) as { annotations?: Record<string, unknown> };
  return annotations?.["argocd.argoproj.io/hook"] !== undefined;
}
