// Owns: what the autoscalers of a built overlay are: one per workload, with the words of their controllers.
// Promises: judged after the real Kustomize; turning scaling on, off or over works in every direction.
// Must not: judge schemas; the acceptance tests do.

import { beforeAll, describe, expect, test } from "vitest";
import {
  type BuiltStack,
  buildStacks,
  type KubernetesObject,
  ofKind,
  overlayOf,
} from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";

let built: BuiltStack;

beforeAll(async () => {
  const all = await buildStacks({ scaled: SAMPLE_STACKS.scaled ?? "" });
  built = all.get("scaled") as BuiltStack;
});

function one(environment: string, kind: string, name: string): KubernetesObject | undefined {
  return ofKind(overlayOf(built, environment), kind).find(({ metadata }) => metadata.name === name);
}

describe("the autoscaler", () => {
  test("[RES-05] has the targets, the windows and the steps of its answers, and its Deployment no replicas", () => {
    const { spec } = one("prod", "HorizontalPodAutoscaler", "api");
    expect([spec.minReplicas, spec.maxReplicas]).toEqual([3, 10]);
    expect(
      spec.metrics.map(({ resource }: KubernetesObject) => [
        resource.name,
        resource.target.averageUtilization,
      ]),
    ).toEqual([
      ["cpu", 70],
      ["memory", 80],
    ]);
    expect(spec.behavior.scaleUp.stabilizationWindowSeconds).toBe(30);
    expect(spec.behavior.scaleDown.stabilizationWindowSeconds).toBe(600);
    expect(spec.behavior.scaleDown.policies).toEqual([{ type: "Pods", value: 1, periodSeconds: 120 }]);
    expect(one("prod", "Deployment", "api").spec.replicas).toBeUndefined();
    expect(one("dev", "Deployment", "api").spec.replicas).toBe(1);
  });

  test("[RES-05] of a heap that does not shrink minds the CPU alone", () => {
    const metrics = one("prod", "HorizontalPodAutoscaler", "heap").spec.metrics;
    expect(metrics.map(({ resource }: KubernetesObject) => resource.name)).toEqual(["cpu"]);
  });

  test("[RES-06] of events is KEDA's, and then there is no other", () => {
    const scaled = one("prod", "ScaledObject", "jobs").spec;
    expect(one("prod", "HorizontalPodAutoscaler", "jobs")).toBeUndefined();
    expect(one("prod", "Deployment", "jobs").spec.replicas).toBeUndefined();
    expect([scaled.minReplicaCount, scaled.maxReplicaCount]).toEqual([0, 20]);
    const types = scaled.triggers.map(({ type }: KubernetesObject) => type);
    expect(types.sort()).toEqual(
      ["cpu", "cron", "kafka", "prometheus", "rabbitmq", "rabbitmq", "redis", "redis-streams"].sort(),
    );
    const strings = scaled.triggers.flatMap(({ metadata }: KubernetesObject) => Object.values(metadata));
    expect(strings.filter((value: unknown) => typeof value !== "string")).toEqual([]);
  });

  test("[RES-06] of events logs in with keys of secrets that are fetched", () => {
    const objects = overlayOf(built, "prod");
    for (const trigger of one("prod", "ScaledObject", "jobs").spec.triggers) {
      if (trigger.authenticationRef === undefined) continue;
      const login = one("prod", "TriggerAuthentication", trigger.authenticationRef.name);
      expect(login.spec.secretTargetRef.length).toBeGreaterThan(0);
      for (const { name, key } of login.spec.secretTargetRef) {
        const secret = ofKind(objects, "ExternalSecret").find(({ metadata }) => metadata.name === name);
        expect(secret.spec.data.map(({ secretKey }: KubernetesObject) => secretKey)).toContain(key);
      }
    }
  });

  test("[RES-06] of events reaches the queue through the network policies, and nothing else does", () => {
    const rules = one("prod", "NetworkPolicy", "queue").spec.ingress;
    const fromKeda = rules.filter((rule: unknown) => JSON.stringify(rule).includes("keda-operator"));
    expect(fromKeda).toHaveLength(1);
    expect(fromKeda[0].ports).toEqual([{ port: 6379, protocol: "TCP" }]);
    expect(fromKeda[0].from[0].namespaceSelector.matchLabels).toEqual({
      "kubernetes.io/metadata.name": "keda",
    });
  });

  test("[RES-07] of sizes recommends, or moves requests that no other scaler minds", () => {
    const watcher = one("prod", "VerticalPodAutoscaler", "api").spec;
    expect(watcher.updatePolicy.updateMode).toBe("Off");
    const sizer = one("prod", "VerticalPodAutoscaler", "sizer").spec;
    expect(sizer.updatePolicy.updateMode).toBe("InPlaceOrRecreate");
    expect(sizer.resourcePolicy.containerPolicies[0].controlledValues).toBe("RequestsOnly");
    expect(sizer.resourcePolicy.containerPolicies[0].controlledResources).toEqual(["memory"]);
    const limits = one("prod", "Deployment", "sizer").spec.template.spec.containers[0].resources.limits;
    expect(sizer.resourcePolicy.containerPolicies[0].maxAllowed).toEqual({ memory: limits.memory });
    const others = one("prod", "HorizontalPodAutoscaler", "sizer").spec.metrics;
    expect(others.map(({ resource }: KubernetesObject) => resource.name)).toEqual(["cpu"]);
  });
});

describe("an environment turns", () => {
  test("events off", () => {
    expect(one("dev", "ScaledObject", "jobs")).toBeUndefined();
    expect(one("dev", "TriggerAuthentication", "jobs-list")).toBeUndefined();
    expect(one("dev", "Deployment", "jobs").spec.replicas).toBe(1);
  });

  test("events into the load", () => {
    expect(one("load", "ScaledObject", "jobs")).toBeUndefined();
    expect(one("load", "HorizontalPodAutoscaler", "jobs").spec.minReplicas).toBe(2);
  });

  test("the load into events", () => {
    expect(one("load", "HorizontalPodAutoscaler", "api")).toBeUndefined();
    expect(one("load", "ScaledObject", "api").spec.minReplicaCount).toBe(3);
    expect(one("load", "Deployment", "api").spec.replicas).toBeUndefined();
  });

  test("sizes on and off", () => {
    expect(one("dev", "VerticalPodAutoscaler", "api")).toBeUndefined();
    expect(one("load", "VerticalPodAutoscaler", "heap").spec.updatePolicy.updateMode).toBe("Initial");
  });
});

describe("nodes", () => {
  test("[RES-13] of spot are preferred, never required, and their taint is tolerated", () => {
    const { affinity, tolerations, nodeSelector } = one("prod", "Deployment", "jobs").spec.template.spec;
    expect(affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution).toBeUndefined();
    const [{ preference }] = affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution;
    expect(preference.matchExpressions).toEqual([
      { key: "cloud.google.com/gke-spot", operator: "In", values: ["true"] },
    ]);
    expect(tolerations[0]).toEqual({
      key: "cloud.google.com/gke-spot",
      operator: "Equal",
      value: "true",
      effect: "NoSchedule",
    });
    expect(nodeSelector).toEqual({ "kubernetes.io/arch": "arm64", pool: "batch" });
    expect(affinity.podAntiAffinity).toBeDefined();
  });

  test("[RES-13] of spot are another cloud's in another environment, and nobody's in a third", () => {
    const spec = one("load", "Deployment", "jobs").spec.template.spec;
    expect(JSON.stringify(spec.affinity.nodeAffinity)).toContain("karpenter.sh/capacity-type");
    expect(spec.tolerations.map(({ key }: KubernetesObject) => key)).toEqual(["dedicated"]);
    const plain = one("dev", "Deployment", "jobs").spec.template.spec;
    expect([plain.affinity.nodeAffinity, plain.tolerations, plain.nodeSelector]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("[RES-13] never take a datastore for granted", () => {
    for (const environment of ["dev", "load", "prod"])
      for (const store of ofKind(overlayOf(built, environment), "StatefulSet"))
        expect(JSON.stringify(store.spec.template.spec)).not.toMatch(/spot|capacity/i);
  });

  test("[RES-13] are taken by priority: the class is made once, and its pods name it", () => {
    const classes = ofKind(built.objects.get("bootstrap/cluster") ?? [], "PriorityClass");
    expect(classes.map(({ metadata, value }) => [metadata.name, value])).toEqual([["high", 1000]]);
    expect(one("prod", "Deployment", "api").spec.template.spec.priorityClassName).toBe("high");
    const readme = built.tree.find(({ path }) => path === "README.md")?.contents ?? "";
    expect(readme.indexOf("kubectl apply -k bootstrap/cluster")).toBeGreaterThan(0);
    expect(readme.indexOf("kubectl apply -k bootstrap/cluster")).toBeLessThan(
      readme.indexOf("### Deploy to"),
    );
  });
});

test("[SEC-01] a user namespace is the pod's own where it is asked for, and only there", () => {
  expect(one("prod", "Deployment", "api").spec.template.spec.hostUsers).toBe(false);
  expect(one("dev", "Deployment", "api").spec.template.spec.hostUsers).toBeUndefined();
  expect(one("prod", "Deployment", "jobs").spec.template.spec.hostUsers).toBeUndefined();
});
