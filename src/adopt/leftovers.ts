// Owns: what becomes of objects that are no workload: which are replaced by generated ones, and which are left.
// Promises: every object of a repository is carried over, replaced, or named; values of secrets are not looked at.
// Must not: read workloads.

import { type Manifest, visible } from "./manifest.js";
import type { Report } from "./report.js";
import type { Scene } from "./scene.js";

/** Kinds whose contents the facts have. */
const CARRIED = new Set(
  "Deployment StatefulSet DaemonSet CronJob Job InferenceService Service Ingress HTTPRoute GRPCRoute HorizontalPodAutoscaler ConfigMap Secret ExternalSecret SealedSecret PersistentVolumeClaim Namespace ServiceMonitor PodMonitor".split(
    " ",
  ),
);

/** Kinds of which the generated repository has its own, and from what. */
const REPLACED: Readonly<Record<string, string>> = {
  NetworkPolicy: "policies are derived from uses and expose",
  PodDisruptionBudget: "a budget is generated that never blocks a drain",
  ServiceAccount: "each component has one of its own, without a token",
  ResourceQuota: "the quota is computed from what the stack needs",
  LimitRange: "bootstrap/ has one",
  Application: "bootstrap/argocd has the Applications of this stack",
  ApplicationSet: "bootstrap/argocd has the ApplicationSet of this stack",
  AppProject: "bootstrap/argocd has the project of this stack",
  Certificate: "certificates follow from expose and certManager",
  PrometheusRule: "alerts are generated; add those of your own beside them",
  Gateway: "the gateway of the stack is that which gateway names",
  Probe: "probes are generated for what is exposed",
  ValidatingAdmissionPolicy: "policies of admission follow from policy",
  ValidatingAdmissionPolicyBinding: "policies of admission follow from policy",
  Role: "rights come from apiAccess and access",
  RoleBinding: "rights come from apiAccess and access",
};

const FOREIGN: Readonly<Record<string, string>> = {
  CustomResourceDefinition: "definitions are the platform's",
  ClusterRole: "rights over the cluster are the platform's",
  ClusterRoleBinding: "rights over the cluster are the platform's",
  StorageClass: "storage classes are the platform's",
  PersistentVolume: "volumes are the platform's",
  ClusterIssuer: "issuers are the platform's: certManager names one",
  Pod: "a pod by itself: make it a Deployment first",
  ReplicaSet: "a ReplicaSet by itself: make it a Deployment first",
  Rollout: "Argo Rollouts is not covered: make it a Deployment first",
};

/** Names of one kind are told together. */
const SHOWN = 6;

export function reportLeftovers(scenes: readonly Scene[]): void {
  const [first] = scenes;
  const kinds = new Map<string, Manifest[]>();
  for (const object of scenes.flatMap(({ place }) => place.objects)) {
    const { kind } = object;
    if (kind === "Secret" && first !== undefined) warnOfSecret(object, first.report);
    if (CARRIED.has(kind)) continue;
    const known = kinds.get(kind) ?? [];
    if (!known.some(({ id }) => id === object.id)) kinds.set(kind, [...known, object]);
  }
  if (first !== undefined) warnOfHelm(first.place.objects, first.report);
  for (const [kind, objects] of kinds) {
    const names = objects.slice(0, SHOWN).map(({ name }) => visible(name, 60));
    const more = objects.length > SHOWN ? ` and ${objects.length - SHOWN} more` : "";
    const reason = REPLACED[kind] ?? FOREIGN[kind] ?? "this kind is not covered";
    first?.report.leave(`${visible(kind)}/${names.join(", ")}${more}: ${reason}`, objects[0]?.origin());
  }
}

/** A release that is still installed would fight for what it knows, or take it along when it goes. */
function warnOfHelm(objects: readonly Manifest[], report: Report): void {
  const managed = objects.filter(({ labels }) => labels["app.kubernetes.io/managed-by"] === "Helm");
  const [first] = managed;
  if (first === undefined) return;
  const charts = [...new Set(managed.flatMap(({ labels }) => labels["helm.sh/chart"] ?? []))].sort();
  const which = charts.length === 0 ? "" : ` (${visible(charts.join(", "))})`;
  report.warn(
    `Helm manages ${managed.length} of these objects${which}: uninstall the release once the traffic has moved; nothing here is Helm's any more`,
    first.origin("metadata", "labels"),
  );
}

function warnOfSecret(object: Manifest, report: Report): void {
  const count = Object.keys({ ...object.record("data"), ...object.record("stringData") }).length;
  if (count === 0 || object.at("sops") !== undefined) return;
  const origin = object.origin();
  report.warn(
    `Secret ${visible(object.name)} keeps ${count === 1 ? "a value" : `${count} values`} in git (${origin.file}): none was copied. Put them into the secret store under the keys that prod-stack.yaml names, and change them, since git keeps the old ones`,
    origin,
  );
}
