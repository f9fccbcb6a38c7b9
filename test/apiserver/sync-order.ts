// Owns: the order in which Argo CD applies the objects of one sync.
// Promises: phase, then wave, then kind, then name; namespaces and CRDs never after what needs them.
// Must not: talk to a server. Source: Argo CD documentation, "Sync Phases and Waves".
import { isRecord, type KubernetesObject, type ManifestDocument } from "./manifest-documents.js";

const phases = ["PreSync", "Sync", "PostSync", "SyncFail", "PreDelete", "PostDelete"];

/** Kinds that Argo CD applies before all others, in this order; the rest follow, by name. */
const kindOrder = [
  "Namespace",
  "NetworkPolicy",
  "ResourceQuota",
  "LimitRange",
  "PodSecurityPolicy",
  "PodDisruptionBudget",
  "ServiceAccount",
  "Secret",
  "SecretList",
  "ConfigMap",
  "StorageClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "CustomResourceDefinition",
  "ClusterRole",
  "ClusterRoleList",
  "ClusterRoleBinding",
  "ClusterRoleBindingList",
  "Role",
  "RoleList",
  "RoleBinding",
  "RoleBindingList",
  "Service",
  "DaemonSet",
  "Pod",
  "ReplicationController",
  "ReplicaSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "StatefulSet",
  "Job",
  "CronJob",
  "Ingress",
  "APIService",
];

type Rank = readonly [phase: number, wave: number, kind: number];

/**
 * Groups documents into steps, in order. The documents of one step share phase, wave and kind, are sorted by name,
 * and do not depend on each other. Documents marked `argocd.argoproj.io/hook: Skip` are left out, as in a sync.
 */
export function planSyncSteps(documents: readonly ManifestDocument[]): ManifestDocument[][] {
  const applied = documents.filter(({ object }) => hookOf(object) !== "Skip");
  const earliest = earliestUse(applied);
  const ranked = applied.map((document) => ({ document, rank: rankOf(document.object, earliest) }));
  ranked.sort((a, b) => compareRanks(a.rank, b.rank) || compareNames(a.document.object, b.document.object));
  const steps = new Map<string, ManifestDocument[]>();
  for (const { document, rank } of ranked) {
    const key = `${rank.join("/")}/${document.object.kind}`;
    steps.set(key, [...(steps.get(key) ?? []), document]);
  }
  return [...steps.values()];
}

function rankOf(object: KubernetesObject, earliest: ReadonlyMap<string, Rank>): Rank {
  const own = ownRank(object);
  const provided = providedBy(object);
  const needed = provided === undefined ? undefined : earliest.get(provided);
  if (needed === undefined) return own;
  const [phase, wave] = compareRanks(needed, own) < 0 ? needed : own;
  return [phase, wave, Number.NEGATIVE_INFINITY];
}

function ownRank(object: KubernetesObject): Rank {
  const phase = phases.indexOf(hookOf(object));
  const position = kindOrder.indexOf(object.kind);
  return [phase, waveOf(object), position === -1 ? kindOrder.length : position];
}

/** When each namespace and each custom kind is first used. */
function earliestUse(documents: readonly ManifestDocument[]): Map<string, Rank> {
  const earliest = new Map<string, Rank>();
  for (const { object } of documents) {
    const rank = ownRank(object);
    for (const need of neededBy(object)) {
      const known = earliest.get(need);
      if (known === undefined || compareRanks(rank, known) < 0) earliest.set(need, rank);
    }
  }
  return earliest;
}

function neededBy({ apiVersion, kind, metadata }: KubernetesObject): string[] {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return [`kind ${group}/${kind}`, ...(metadata.namespace ? [`namespace ${metadata.namespace}`] : [])];
}

function providedBy(object: KubernetesObject): string | undefined {
  if (object.kind === "Namespace" && object.apiVersion === "v1") return `namespace ${object.metadata.name}`;
  if (object.kind !== "CustomResourceDefinition" || !isRecord(object.spec) || !isRecord(object.spec.names))
    return undefined;
  return `kind ${object.spec.group}/${object.spec.names.kind}`;
}

/** The first phase that a hook names; objects without the annotation belong to the sync itself. */
function hookOf(object: KubernetesObject): string {
  const hooks = (object.metadata.annotations?.["argocd.argoproj.io/hook"] ?? "Sync")
    .split(",")
    .map((name) => name.trim());
  if (hooks.includes("Skip")) return "Skip";
  return phases.find((phase) => hooks.includes(phase)) ?? "Sync";
}

function waveOf(object: KubernetesObject): number {
  const wave = Number.parseInt(object.metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? "0", 10);
  return Number.isNaN(wave) ? 0 : wave;
}

function compareRanks(a: Rank, b: Rank): number {
  return a[0] - b[0] || a[1] - b[1] || Math.sign(a[2] - b[2]) || 0;
}

function compareNames(a: KubernetesObject, b: KubernetesObject): number {
  const [nameOfA, nameOfB] = [a.metadata.name ?? "", b.metadata.name ?? ""];
  return nameOfA < nameOfB ? -1 : nameOfA > nameOfB ? 1 : 0;
}
