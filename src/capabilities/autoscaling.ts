// Owns: HorizontalPodAutoscalers.
// Promises: one scaler per workload, and its workload has no replicas in git.
// Must not: choose targets or bounds; src/stack does.

import type { Service, Stack } from "../stack/stack.js";
import { type Capability, file } from "./capability.js";
import { labelsOf } from "./labels.js";
import { managedDirectory } from "./places.js";

function view(stack: Stack, { name, component, scaling, kind }: Service) {
  const metrics = [
    { resource: "cpu", utilization: scaling?.cpu },
    { resource: "memory", utilization: scaling?.memory },
  ].filter(({ utilization }) => utilization !== undefined);
  return {
    name,
    kind,
    labels: labelsOf(stack, name, component),
    min: scaling?.min,
    max: scaling?.max,
    metrics,
  };
}

export const autoscaling: Capability = {
  id: "autoscaling",
  title: "Autoscaling",
  summary: "Pods follow the load, between bounds, quick up and slow down.",
  rows: ["RES-05", "ENV-04", "LAY-02"],
  withoutIt: undefined,
  files: (stack) =>
    stack.environments.flatMap((environment) =>
      environment.services
        // KServe makes one itself, from the bounds of the InferenceService.
        .filter(({ scaling, kind }) => scaling !== undefined && kind !== "InferenceService")
        .map((service) =>
          file(
            `${managedDirectory(environment)}/${service.name}.autoscaler.yaml`,
            "autoscaling/autoscaler.yaml",
            view(stack, service),
            {
              what: `The autoscaler of ${service.name} in ${environment.name}.`,
              why: "Follows the load; slow to scale down, so that a short lull does not cost capacity.",
              standard: "Kubernetes docs, Horizontal Pod Autoscaling",
              change: `services.${service.name}.scaling in prod-stack.yaml`,
            },
            {
              member: { kustomization: managedDirectory(environment), as: "resources" },
              kinds: ["autoscaling/HorizontalPodAutoscaler"],
            },
          ),
        ),
    ),
};
