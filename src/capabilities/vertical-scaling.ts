// Owns: VerticalPodAutoscalers.
// Promises: recommends unless asked for more; never moves limits, nor a resource that a horizontal autoscaler counts by.
// Must not: choose bounds; src/stack does.

import type { Vertical } from "../stack/scaling.js";
import type { Service } from "../stack/service.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";
import { labelsOf } from "./labels.js";
import { managedDirectory } from "./places.js";

function verticalView(stack: Stack, { name, component, kind }: Service, vertical: Vertical) {
  const { mode, resources, min, max } = vertical;
  return {
    name,
    kind,
    labels: labelsOf(stack, name, component),
    recommends: mode === "Off",
    mode,
    resources,
    bounds: resources.map((resource) => ({ resource, min: min[resource], max: max[resource] })),
  };
}

function verticalFiles(stack: Stack, environment: Environment, service: Service): FileSpec[] {
  const { name, vertical, kind } = service;
  // KServe owns the Deployment of a model, and its size.
  if (vertical === undefined || kind === "InferenceService") return [];
  const kustomization = managedDirectory(environment);
  return [
    file(
      `${kustomization}/${name}.vertical-autoscaler.yaml`,
      "autoscaling/vertical.yaml",
      verticalView(stack, service, vertical),
      {
        what: `The vertical autoscaler of ${name} in ${environment.label}, in mode ${vertical.mode}.`,
        why: "Right sizes come from measured use, not from guesses; in mode Off people read them and decide.",
        standard: "Kubernetes autoscaler docs, Vertical Pod Autoscaler",
        change: `services.${name}.vertical in prod-stack.yaml`,
      },
      {
        member: { kustomization, as: "resources" },
        kinds: ["autoscaling.k8s.io/VerticalPodAutoscaler"],
      },
    ),
  ];
}

export const verticalScaling: Capability = {
  id: "vertical-scaling",
  title: "Right-sizing",
  summary: "The vertical autoscaler recommends requests from measured use, or sets them where asked.",
  rows: ["RES-07"],
  withoutIt: undefined,
  files: (stack) =>
    stack.environments.flatMap((environment) =>
      environment.services.flatMap((service) => verticalFiles(stack, environment, service)),
    ),
};
