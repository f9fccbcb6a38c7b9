// Owns: which autoscalers there are, and how many pods a workload has at least.
// Promises: one view of HorizontalPodAutoscaler and KEDA's ScaledObject.
// Must not: judge them.

import type { BuiltObject } from "../built-object.js";
import { textAt, valueAt } from "../values.js";

export interface Scaler {
  readonly object: BuiltObject;
  readonly target: { readonly group: string; readonly kind: string; readonly name: string };
  readonly minimum: number;
}

/** Every autoscaler that sets the number of pods. */
export function scalersOf(objects: readonly BuiltObject[]): Scaler[] {
  return objects.flatMap((object) => {
    const isHorizontal = object.group === "autoscaling" && object.kind === "HorizontalPodAutoscaler";
    const isKeda = object.group === "keda.sh" && object.kind === "ScaledObject";
    if (!isHorizontal && !isKeda) return [];
    const minimum =
      valueAt(object.data, "spec", isKeda ? "minReplicaCount" : "minReplicas") ?? (isKeda ? 0 : 1);
    return [{ object, target: targetOf(object), minimum: Number(minimum) }];
  });
}

/** KEDA may leave the kind out: a Deployment is meant. */
export function targetOf({ data }: BuiltObject, field = "scaleTargetRef"): Scaler["target"] {
  const apiVersion = textAt(data, "spec", field, "apiVersion") ?? "apps/v1";
  return {
    group: apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "",
    kind: textAt(data, "spec", field, "kind") ?? "Deployment",
    name: textAt(data, "spec", field, "name") ?? "",
  };
}

export function isTarget(
  { target, object }: Pick<Scaler, "target" | "object">,
  candidate: BuiltObject,
): boolean {
  const { group, kind, name, namespace } = candidate;
  return (
    group === target.group && kind === target.kind && name === target.name && namespace === object.namespace
  );
}

const REPLICATED = new Set(["Deployment", "StatefulSet", "ReplicaSet", "Rollout"]);

/** How many pods run at the quietest time; undefined where that depends on the cluster. */
export function smallestReplicas(owner: BuiltObject, objects: readonly BuiltObject[]): number | undefined {
  if (!REPLICATED.has(owner.kind)) return undefined;
  const scaler = scalersOf(objects).find((candidate) => isTarget(candidate, owner));
  if (scaler !== undefined) return scaler.minimum;
  const replicas = valueAt(owner.data, "spec", "replicas") ?? 1;
  return typeof replicas === "number" ? replicas : undefined;
}
