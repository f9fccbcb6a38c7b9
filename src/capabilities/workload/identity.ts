// Owns: ServiceAccounts: who the pods are, to the cluster and to a cloud.
// Promises: one for each service; no token is mounted unless the process calls the API.
// Must not: give rights; src/capabilities/access.ts does.

import type { ServiceAcross } from "../../stack/across-environments.js";
import { SETTINGS_WAVE } from "../../stack/derive-wave.js";
import type { Identity, Service } from "../../stack/service.js";
import type { Stack } from "../../stack/stack.js";
import type { FileSpec } from "../capability.js";
import { type Labels, labelsOf } from "../labels.js";
import { layeredObject } from "../layered-object.js";
import { changeOf } from "./about.js";
import { changesOf } from "./pod-view.js";

/**
 * Annotations by which each cloud's webhook or metadata server knows the account.
 * They project a token of their own, so that automountServiceAccountToken stays false: EKS "IAM roles for service
 * accounts", Azure "Workload Identity", GKE "Workload Identity Federation".
 */
const ANNOTATIONS: Readonly<Record<Identity["cloud"], string>> = {
  aws: "eks.amazonaws.com/role-arn",
  azure: "azure.workload.identity/client-id",
  gcp: "iam.gke.io/gcp-service-account",
};

function viewOf(service: Service, stack: Stack) {
  const { name, identity, model } = service;
  const annotations: Labels = {
    "argocd.argoproj.io/sync-wave": String(SETTINGS_WAVE),
    ...(identity === undefined ? {} : { [ANNOTATIONS[identity.cloud]]: identity.value }),
  };
  return {
    name,
    labels: labelsOf(stack, name, service.component),
    annotations,
    apiAccess: service.apiAccess,
    storageSecret: model?.secret,
  };
}

export function serviceAccount(stack: Stack, { name, base, inEnvironment }: ServiceAcross): FileSpec[] {
  const of = (service: Service | undefined) => service && viewOf(service, stack);
  return layeredObject(stack, {
    object: { apiVersion: "v1", kind: "ServiceAccount", name },
    directory: `base/${name}`,
    fileName: "service-account.yaml",
    template: "workload/identity.yaml",
    about: {
      what: `The identity of ${name}.`,
      why: "Each component has its own, so that rights are given to one and not to all; no token is mounted unless the process calls the API.",
      standard: "CIS Kubernetes Benchmark 5.1.5, 5.1.6",
      change: changeOf(name),
    },
    base: of(base),
    inEnvironment: (environment) => of(inEnvironment(environment)),
    patch: (_environment, view, below) => ({
      template: "workload/identity.patch.yaml",
      view: { ...view, changes: changesOf(view.annotations, below.annotations) },
    }),
  });
}
