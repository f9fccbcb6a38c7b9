// Owns: the namespaces: Pod Security, quota, default limits.
// Promises: restricted is enforced in a pinned version; the stack fits into its quota.
// Must not: be synced by the application that lives in them; the platform team applies bootstrap/.

import { deriveLimits } from "../stack/derive-limits.js";
import { isMeshed } from "../stack/derive-mesh.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";
import { stackLabels } from "./labels.js";
import { bootstrapDirectory } from "./places.js";

function namespaceFiles(stack: Stack, environment: Environment): FileSpec[] {
  if (environment.settings.namespaces === "external") return [];
  const kustomization = bootstrapDirectory(environment);
  const member = { kustomization, as: "resources" } as const;
  const labels = {
    // Istio's ambient mesh takes in what runs here.
    ...(isMeshed(environment) ? { "istio.io/dataplane-mode": "ambient" } : {}),
    ...stackLabels(stack, "namespace"),
    "app.kubernetes.io/instance": `${stack.name}-${environment.name}`,
    environment: environment.name,
  };
  const view = {
    namespace: environment.namespace,
    environment: environment.name,
    labels,
    podSecurity: `v${environment.settings.kubernetes}`,
    owner: stack.owner,
    quota: {
      ...environment.quota,
      podCount: String(environment.quota.pods),
      serviceCount: String(environment.quota.services),
      storageByClass: classQuotas(environment),
    },
  };
  return [
    file(
      `${kustomization}/namespace.yaml`,
      "namespace/namespace.yaml",
      view,
      {
        what: `The namespace of ${environment.label}.`,
        why: 'Pod Security "restricted" is enforced, in a pinned version: a cluster upgrade cannot change what is allowed.',
        standard: "Pod Security Admission",
        change: `environments.${environment.name}.namespace in prod-stack.yaml`,
      },
      { member },
    ),
    file(
      `${kustomization}/resource-quota.yaml`,
      "namespace/resource-quota.yaml",
      view,
      {
        what: `The quota of ${environment.label}.`,
        why: "One stack cannot starve the others; it is checked that this one fits, surge and jobs included.",
        standard: "Kubernetes docs, Resource Quotas",
        change: "quota in prod-stack.yaml",
      },
      { member },
    ),
  ];
}

/** Kubernetes docs, Resource Quotas: what a claim of one class may ask for. */
export function classQuotas({ quota }: Environment) {
  return quota.storageByClass.map(({ name, storage }) => ({
    key: `${name}.storageclass.storage.k8s.io/requests.storage`,
    storage,
  }));
}

function limitRange(stack: Stack): FileSpec {
  return file(
    "base/limit-range.yaml",
    "namespace/limit-range.yaml",
    { name: stack.name, labels: stackLabels(stack, "limits"), ...deriveLimits(stack) },
    {
      what: "Defaults and bounds of containers.",
      why: "A container that says nothing still gets modest requests and limits, so that the quota lets it in.",
      standard: "Kubernetes docs, Limit Ranges",
      change: "a patch in overlays/ENV/kustomization.yaml",
    },
    { member: { kustomization: "base", as: "resources" }, kinds: ["/LimitRange"] },
  );
}

export const namespace: Capability = {
  id: "namespace",
  title: "Namespaces",
  summary: 'Namespaces with Pod Security "restricted", a quota that the stack fits into, and default limits.',
  rows: ["LAY-02", "SEC-04", "RES-02", "RES-03", "ENV-02", "ENV-04"],
  withoutIt: undefined,
  files: (stack) => [
    limitRange(stack),
    ...stack.environments.flatMap((environment) => namespaceFiles(stack, environment)),
  ],
};
