// Proves what is said of API versions that go away: by version of Kubernetes, with what to write instead.

import { expect, it } from "vitest";
import { isBeyondKnown, KNOWN, lifecycleOf } from "../../src/validate/kind-lifecycle.js";
import { openSchemaArchive } from "../../src/validate/schema-archive.js";

const archive = openSchemaArchive();

function say(name: string, kubernetes: string): string {
  const [apiVersion = "", kind = ""] = name.split(" ");
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const lifecycle = lifecycleOf({ apiVersion, group, kind }, kubernetes, archive);
  return lifecycle === undefined ? "" : `${lifecycle.state} ${lifecycle.message}`;
}

it.each([
  ["policy/v1beta1 PodDisruptionBudget", "1.20", ""],
  [
    "policy/v1beta1 PodDisruptionBudget",
    "1.21",
    "deprecated is deprecated since 1.21 and goes with 1.25; use policy/v1 PodDisruptionBudget",
  ],
  [
    "policy/v1beta1 PodDisruptionBudget",
    "1.25",
    "removed is gone since 1.25; use policy/v1 PodDisruptionBudget",
  ],
  [
    "autoscaling/v2beta2 HorizontalPodAutoscaler",
    "1.38",
    "removed is gone since 1.26; use autoscaling/v2 HorizontalPodAutoscaler",
  ],
  // Its first replacement is gone as well by then.
  [
    "flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema",
    "1.30",
    "removed is gone since 1.29; use flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema",
  ],
  [
    "flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema",
    "1.38",
    "removed is gone since 1.29; use flowcontrol.apiserver.k8s.io/v1 FlowSchema",
  ],
  ["policy/v1beta1 PodSecurityPolicy", "1.37", "removed is gone since 1.25; nothing replaces it"],
  [
    "apiextensions.k8s.io/v1beta1 CustomResourceDefinition",
    "1.22",
    "removed is gone since 1.22; use apiextensions.k8s.io/v1 CustomResourceDefinition",
  ],
  [
    "external-secrets.io/v1beta1 ExternalSecret",
    "1.37",
    "removed is not served any more by github.com/external-secrets/external-secrets@v1.3.2; use external-secrets.io/v1 ExternalSecret",
  ],
  [
    "cilium.io/v2alpha1 CiliumLoadBalancerIPPool",
    "1.37",
    "deprecated is deprecated by github.com/cilium/cilium@v1.20.2; use cilium.io/v2 CiliumLoadBalancerIPPool",
  ],
  ["apps/v1 Deployments", "1.37", "removed is no kind of Kubernetes 1.37"],
  ["batch/v2alpha1 CronJob", "1.50", "removed is no kind of Kubernetes 1.37"],
  ["batch/v2alpha1 CronJob", "1.10", ""],
  ["apps/v1 Deployment", "1.50", ""],
  ["v1 Service", "1.37", ""],
  ["example.org/v1 Thing", "1.37", ""],
  ["constructor toString", "1.37", "removed is no kind of Kubernetes 1.37"],
])("%s in %s: %s", (name, kubernetes, expected) => {
  expect(say(name, kubernetes)).toBe(expected);
});

it("says of which Kubernetes it is", () => {
  expect(KNOWN).toBe(archive.kubernetesVersions.at(-1));
  expect(isBeyondKnown("1.99")).toBe(true);
  expect(isBeyondKnown(KNOWN)).toBe(false);
  expect(isBeyondKnown("1.9")).toBe(false);
});
