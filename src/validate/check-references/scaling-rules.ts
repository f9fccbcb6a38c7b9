// Owns: rules about autoscalers.
// Promises: each has a target that exists, that no other scaler moves, and whose replicas Git leaves alone.
// Must not: judge thresholds.

import { listAt, textAt, valueAt } from "../values.js";
import { about, type ReferenceRule } from "./reference-rule.js";
import { isTarget, scalersOf, targetOf } from "./scaling.js";

const scaleTarget: ReferenceRule = {
  name: "scale-target",
  find: ({ objects }) => {
    const vertical = objects
      .filter(({ kind }) => kind === "VerticalPodAutoscaler")
      .map((object) => ({ object, target: targetOf(object, "targetRef"), field: "spec.targetRef" }));
    const horizontal = scalersOf(objects).map((scaler) => ({ ...scaler, field: "spec.scaleTargetRef" }));
    return [...horizontal, ...vertical]
      .filter((scaler) => !objects.some((candidate) => isTarget(scaler, candidate)))
      .map(({ object, target, field }) =>
        about(
          object,
          field,
          `scales the ${target.kind} ${target.name}, which is not there`,
          "Mend the name, kind and apiVersion of the target.",
        ),
      );
  },
};

const scaledReplicas: ReferenceRule = {
  name: "replicas-beside-autoscaler",
  find: ({ objects }) =>
    scalersOf(objects).flatMap((scaler) =>
      objects
        .filter(
          (candidate) =>
            isTarget(scaler, candidate) && valueAt(candidate.data, "spec", "replicas") !== undefined,
        )
        .map((candidate) =>
          about(
            candidate,
            "spec.replicas",
            `is set beside the autoscaler ${scaler.object.id}: every sync of Argo CD undoes its work`,
            "Leave replicas out; the autoscaler has a minimum.",
          ),
        ),
    ),
};

const oneScaler: ReferenceRule = {
  name: "one-autoscaler",
  find: ({ objects }) => {
    const scalers = scalersOf(objects);
    return scalers.flatMap(({ object, target }, index) => {
      const other = scalers
        .slice(0, index)
        .find(
          (earlier) =>
            earlier.object.namespace === object.namespace &&
            earlier.target.name === target.name &&
            earlier.target.kind === target.kind,
        );
      if (other === undefined) return [];
      return [
        about(
          object,
          "spec.scaleTargetRef",
          `scales what ${other.object.id} scales as well: they undo each other`,
          "Keep one of them; a ScaledObject brings a HorizontalPodAutoscaler of its own.",
        ),
      ];
    });
  },
};

/** An autoscaler of pod sizes that acts on CPU and memory works against one that counts pods by them. */
const verticalBesideHorizontal: ReferenceRule = {
  name: "vertical-beside-horizontal",
  find: ({ objects }) =>
    objects
      .filter(
        ({ kind, data }) =>
          kind === "VerticalPodAutoscaler" &&
          !["Off", "Initial"].includes(String(valueAt(data, "spec", "updatePolicy", "updateMode") ?? "Auto")),
      )
      .flatMap((object) => {
        const target = targetOf(object, "targetRef");
        const sized = sizedResources(object.data);
        const other = scalersOf(objects).find(
          (scaler) =>
            scaler.target.name === target.name &&
            scaler.object.namespace === object.namespace &&
            countedResources(scaler.object.data).some((resource) => sized.includes(resource)),
        );
        if (other === undefined) return [];
        return [
          about(
            object,
            "spec.updatePolicy.updateMode",
            `resizes pods that ${other.object.id} counts`,
            'Set updateMode: "Off", and read its recommendations.',
            "warning",
          ),
        ];
      }),
};

/** What an autoscaler of pod sizes moves; CPU and memory where nothing says so. */
function sizedResources(data: unknown): readonly unknown[] {
  const policies = listAt(data, "spec", "resourcePolicy", "containerPolicies");
  const named = policies.flatMap((policy) => listAt(policy, "controlledResources"));
  return named.length > 0 ? named : ["cpu", "memory"];
}

/** By what a HorizontalPodAutoscaler or a ScaledObject counts pods; by CPU where it says nothing. */
function countedResources(data: unknown): readonly unknown[] {
  const metrics = listAt(data, "spec", "metrics").map((metric) => textAt(metric, "resource", "name"));
  const triggers = listAt(data, "spec", "triggers").map((trigger) => textAt(trigger, "type"));
  return metrics.length + triggers.length === 0 ? ["cpu"] : [...metrics, ...triggers];
}

const triggerAuthentication: ReferenceRule = {
  name: "trigger-authentication",
  find: ({ objects }) =>
    objects
      .filter(({ group, kind }) => group === "keda.sh" && /^Scaled(?:Object|Job)$/.test(kind))
      .flatMap((object) =>
        listAt(object.data, "spec", "triggers").flatMap((trigger, index) => {
          const name = textAt(trigger, "authenticationRef", "name");
          const kind = textAt(trigger, "authenticationRef", "kind") ?? "TriggerAuthentication";
          // A ClusterTriggerAuthentication is the platform's.
          if (name === undefined || kind !== "TriggerAuthentication") return [];
          if (
            objects.some(
              (candidate) =>
                candidate.kind === kind &&
                candidate.name === name &&
                candidate.namespace === object.namespace,
            )
          )
            return [];
          return [
            about(
              object,
              `spec.triggers[${index}].authenticationRef`,
              `refers to the TriggerAuthentication ${name}, which is not there`,
              "Add it, or mend the name.",
            ),
          ];
        }),
      ),
};

export const scalingRules: readonly ReferenceRule[] = [
  scaleTarget,
  scaledReplicas,
  oneScaler,
  verticalBesideHorizontal,
  triggerAuthentication,
];
