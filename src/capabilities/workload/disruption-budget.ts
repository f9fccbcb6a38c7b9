// Owns: PodDisruptionBudgets.
// Promises: a node drain always goes through, whatever the replicas and the autoscaler say.
// Must not: use minAvailable: with one replica it lets no pod go (kubernetes/kubernetes#66811).

import type { ServiceAcross } from "../../stack/across-environments.js";
import { endsByItself } from "../../stack/presets/service-types.js";
import type { Service } from "../../stack/service.js";
import type { Stack } from "../../stack/stack.js";
import type { FileSpec } from "../capability.js";
import { labelsOf, selectorOf } from "../labels.js";
import { layeredObject } from "../layered-object.js";
import { changeOf } from "./about.js";

export function disruptionBudget(stack: Stack, { name, base, inEnvironment }: ServiceAcross): FileSpec[] {
  const of = (service: Service | undefined) =>
    service === undefined || endsByItself(service.kind)
      ? undefined
      : {
          name,
          labels: labelsOf(stack, name, service.component),
          selector: selectorOf(stack, name),
          maxUnavailable: service.disruption,
          isShare: service.disruption !== 1,
        };
  return layeredObject(stack, {
    object: { apiVersion: "policy/v1", kind: "PodDisruptionBudget", name },
    directory: `base/${name}`,
    fileName: "pod-disruption-budget.yaml",
    template: "workload/disruption-budget.yaml",
    about: {
      what: `How many pods of ${name} a node drain may take at once.`,
      why: "Never none: with a single replica a drain still goes through; pods that are not ready never block one.",
      standard: "Kubernetes docs, Specifying a Disruption Budget",
      change: changeOf(name),
    },
    base: of(base),
    inEnvironment: (environment) => of(inEnvironment(environment)),
    patch: (_environment, view) => ({ template: "workload/disruption-budget.patch.yaml", view }),
  });
}
