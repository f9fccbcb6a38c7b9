// Owns: InferenceServices: models that KServe serves.
// Promises: plain Deployments underneath (KServe's mode Standard), restricted pods, bounds of scaling in one place.
// Must not: choose the server; KServe does, by the model's format.

import type { ServiceAcross } from "../../stack/across-environments.js";
import type { Service } from "../../stack/service.js";
import type { Stack } from "../../stack/stack.js";
import type { FileSpec } from "../capability.js";
import { labelsOf } from "../labels.js";
import { layeredObject } from "../layered-object.js";
import { changeOf } from "./about.js";
import { podView } from "./pod-view.js";

function viewOf(service: Service, stack: Stack) {
  const { scaling, replicas } = service;
  return {
    name: service.name,
    labels: labelsOf(stack, service.name, service.component),
    pod: podView(service, stack),
    framework: service.model?.framework ?? "",
    storage: service.model?.storage ?? "",
    min: scaling?.min ?? replicas,
    max: scaling?.max ?? replicas,
    // KServe scales on one figure.
    scaleMetric: scaling === undefined ? undefined : scaling.cpu === undefined ? "memory" : "cpu",
    scaleTarget: scaling?.cpu ?? scaling?.memory ?? 0,
  };
}

export function inferenceService(stack: Stack, { name, base, inEnvironment }: ServiceAcross): FileSpec[] {
  const of = (service: Service | undefined) =>
    service?.kind === "InferenceService" ? viewOf(service, stack) : undefined;
  return layeredObject(stack, {
    object: { apiVersion: "serving.kserve.io/v1beta1", kind: "InferenceService", name },
    directory: `base/${name}`,
    fileName: "inference-service.yaml",
    template: "workload/inference-service.yaml",
    about: {
      what: `The model ${name}.`,
      why: "KServe fetches the model and runs the server that fits its format.",
      standard: "KServe docs, InferenceService, deployment mode Standard",
      change: changeOf(name),
    },
    base: of(base),
    inEnvironment: (environment) => of(inEnvironment(environment)),
    patch: (_environment, view) => ({ template: "workload/inference-service.patch.yaml", view }),
  });
}
