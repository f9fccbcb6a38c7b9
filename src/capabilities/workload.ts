// Owns: what makes a service run: its workload, Service, ServiceAccount, configuration, volumes, disruption budget.
// Promises: Pod Security "restricted" in every pod; replicas never beside an autoscaler; a change of settings rolls the pods.
// Must not: decide probes, resources or settings; src/stack does.

import { type ServiceAcross, servicesAcross } from "../stack/across-environments.js";
import type { Stack } from "../stack/stack.js";
import type { Capability, FileSpec } from "./capability.js";
import { address, headlessAddress } from "./workload/addresses.js";
import { claims } from "./workload/claims.js";
import { disruptionBudget } from "./workload/disruption-budget.js";
import { serviceAccount } from "./workload/identity.js";
import { inferenceService } from "./workload/inference-service.js";
import { deletedOwnMaps, ownMaps, seededFiles } from "./workload/own-files.js";
import { replicated } from "./workload/replicated.js";
import { cronJobs, job } from "./workload/runs.js";
import { contentFileSpecs, deletedMaps, generatedMaps } from "./workload/settings-maps.js";

/** Each part says itself where it has nothing to do: a service may be of another kind in another environment. */
function filesOf(stack: Stack, service: ServiceAcross): FileSpec[] {
  return [
    ...replicated(stack, service, "Deployment"),
    ...replicated(stack, service, "StatefulSet"),
    ...cronJobs(stack, service),
    ...job(stack, service),
    ...inferenceService(stack, service),
    ...address(stack, service),
    ...headlessAddress(stack, service),
    ...serviceAccount(stack, service),
    ...disruptionBudget(stack, service),
    ...claims(stack, service),
    ...contentFileSpecs(stack, service),
    ...deletedMaps(stack, service),
    ...deletedOwnMaps(stack, service),
  ];
}

export const workload: Capability = {
  id: "workload",
  title: "Workloads",
  summary:
    "Workload, Service, ServiceAccount, settings, files, volumes and disruption budget of every service.",
  rows: [
    "LAY-02",
    "LAY-04",
    "LAY-05",
    "ENV-01",
    "ENV-02",
    "ENV-03",
    "ENV-05",
    "SEC-01",
    "SEC-02",
    "SEC-03",
    "SEC-05",
    "SEC-14",
    "RES-01",
    "RES-08",
    "RES-09",
    "RES-10",
    "RES-11",
    "RES-13",
  ],
  withoutIt: undefined,
  files: (stack) => {
    const services = servicesAcross(stack);
    return [...services.flatMap((service) => filesOf(stack, service)), ...seededFiles(stack, services)];
  },
  configMaps: (stack) =>
    servicesAcross(stack).flatMap((service) => [
      ...generatedMaps(stack, service),
      ...ownMaps(stack, service),
    ]),
};
