// Owns: Services: the stable names of a service's pods inside the cluster.
// Promises: one where there are ports, and a headless one for pods with names of their own.
// Must not: expose anything outside of the cluster.

import type { ServiceAcross } from "../../stack/across-environments.js";
import type { Service } from "../../stack/service.js";
import type { Stack } from "../../stack/stack.js";
import type { FileSpec } from "../capability.js";
import { labelsOf, selectorOf } from "../labels.js";
import { layeredObject } from "../layered-object.js";
import { changeOf } from "./about.js";
import { headlessName } from "./replicated.js";

function viewOf(own: Service, stack: Stack, name: string) {
  return {
    name,
    service: own.name,
    labels: labelsOf(stack, own.name, own.component),
    // Another component, so that Prometheus scrapes the pods by one of the two Services alone.
    headlessLabels: labelsOf(stack, own.name, `${own.component}-headless`),
    selector: selectorOf(stack, own.name),
    hasForeignPods: own.kind === "InferenceService",
    // KServe's containers name their ports themselves, so the number stands there.
    ports: own.ports.map((port) => ({
      ...port,
      target: own.kind === "InferenceService" ? port.number : port.name,
      appProtocol: appProtocol(own, port.name),
    })),
  };
}

function appProtocol({ type }: Service, port: string): string {
  return type === "grpc-service" || port === "grpc" ? "kubernetes.io/h2c" : "http";
}

export function address(stack: Stack, { name, base, inEnvironment }: ServiceAcross): FileSpec[] {
  const of = (own: Service | undefined) =>
    own === undefined || own.ports.length === 0 ? undefined : viewOf(own, stack, name);
  return layeredObject(stack, {
    object: { apiVersion: "v1", kind: "Service", name },
    directory: `base/${name}`,
    fileName: "service.yaml",
    template: "workload/service.yaml",
    about: {
      what: `The Service of ${name}.`,
      why: "A stable name and address inside the cluster for the pods that are ready.",
      change: changeOf(name),
    },
    base: of(base),
    inEnvironment: (environment) => of(inEnvironment(environment)),
    patch: (_environment, own) => ({ template: "workload/service.patch.yaml", view: own }),
  });
}

/** A StatefulSet needs one even where it has no port (serviceName is required to give its pods names). */
export function headlessAddress(stack: Stack, { name, base, inEnvironment }: ServiceAcross): FileSpec[] {
  const of = (own: Service | undefined) =>
    own?.kind === "StatefulSet" ? viewOf(own, stack, headlessName(name)) : undefined;
  return layeredObject(stack, {
    object: { apiVersion: "v1", kind: "Service", name: headlessName(name) },
    directory: `base/${name}`,
    fileName: "headless-service.yaml",
    template: "workload/headless-service.yaml",
    about: {
      what: `The headless Service of ${name}.`,
      why: "Gives each pod a DNS name of its own, before it is ready too, so that the pods find each other.",
      change: changeOf(name),
    },
    base: of(base),
    inEnvironment: (environment) => of(inEnvironment(environment)),
    patch: (_environment, own) => ({ template: "workload/service.patch.yaml", view: own }),
  });
}
