// Owns: the proofs of the rows RES and NET on built stacks.
// Promises: one test a row, which fails when the row is broken.
// Must not: repeat what other rooms test in depth.

import { beforeAll, expect, test } from "vitest";
import { demandOf } from "../../src/stack/derive-quota.js";
import { bytes, cpu } from "../../src/stack/quantity.js";
import { isGuaranteed, resourceFaults } from "../capabilities/pod-security.js";
import type { KubernetesObject } from "../render/build-stacks.js";
import { type Built, build, ENVIRONMENTS } from "./built-shop.js";

let shop: Built;
let limiter: Built;

beforeAll(async () => {
  shop = await build("shop");
  limiter = await build("limiter");
});

test("[RES-01] every container has requests and limits of CPU, memory and scratch space", () => {
  for (const environment of ENVIRONMENTS)
    for (const pod of shop.pods(environment)) expect(resourceFaults(pod)).toEqual([]);
});

test("[RES-02] the stack fits into its quota with all replicas, the surge and every job", () => {
  for (const environment of shop.stack.stack.environments) {
    const { hard } = shop.bootstrap(environment.name, "ResourceQuota")[0].spec;
    const demand = demandOf(environment);
    expect(cpu(hard["requests.cpu"])).toBeGreaterThanOrEqual(demand.requestsCpu);
    expect(bytes(hard["limits.memory"])).toBeGreaterThanOrEqual(demand.limitsMemory);
    expect(Number(hard.pods)).toBeGreaterThanOrEqual(demand.pods);
    expect(bytes(hard["requests.storage"])).toBeGreaterThanOrEqual(demand.storage);
    expect(bytes(hard["requests.ephemeral-storage"])).toBeGreaterThanOrEqual(demand.requestsEphemeral);
    expect(bytes(hard["limits.ephemeral-storage"])).toBeGreaterThanOrEqual(demand.limitsEphemeral);
  }
});

test("[RES-03] what says nothing of its size gets one, and bounds let the stack's own pods in", () => {
  for (const environment of ENVIRONMENTS) {
    const [{ spec }] = shop.of(environment, "LimitRange") as [KubernetesObject];
    const container = spec.limits.find(({ type }: KubernetesObject) => type === "Container");
    expect(Object.keys(container.defaultRequest)).toEqual(expect.arrayContaining(["cpu", "memory"]));
    expect(Object.keys(container.default)).toEqual(expect.arrayContaining(["cpu", "memory"]));
    for (const pod of shop.pods(environment))
      for (const { resources } of pod.spec.containers) {
        expect(cpu(resources.limits.cpu)).toBeLessThanOrEqual(cpu(container.max.cpu));
        expect(bytes(resources.requests.memory)).toBeGreaterThanOrEqual(bytes(container.min.memory));
      }
  }
});

test("[RES-04] datastores have Guaranteed quality of service", () => {
  for (const environment of ENVIRONMENTS) {
    const stores = shop.of(environment, "StatefulSet");
    expect(stores.length).toBe(2);
    for (const { spec } of stores) expect(isGuaranteed(spec.template)).toBe(true);
  }
});

test("[RES-08] a budget takes one pod at a time and never holds up a drain", () => {
  for (const environment of ENVIRONMENTS) {
    const budgets = shop.of(environment, "PodDisruptionBudget");
    expect(budgets.length).toBeGreaterThan(4);
    for (const { spec } of budgets) {
      expect(spec).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
      expect(spec.minAvailable).toBeUndefined();
    }
  }
});

test("[RES-09] pods are spread over nodes and zones", () => {
  for (const { spec } of shop.of("prod", "Deployment")) {
    const pod = spec.template.spec;
    const [term] = pod.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
    expect(term.podAffinityTerm.topologyKey).toBe("kubernetes.io/hostname");
    expect(term.podAffinityTerm.labelSelector.matchLabels).toMatchObject(spec.selector.matchLabels);
    expect(pod.topologySpreadConstraints[0].topologyKey).toBe("topology.kubernetes.io/zone");
  }
});

test("[RES-10] a rollout loses no capacity, and a pod leaves before it ends", () => {
  for (const { metadata, spec } of shop.of("prod", "Deployment")) {
    expect(spec.strategy.rollingUpdate).toEqual({ maxSurge: "25%", maxUnavailable: 0 });
    const [container] = spec.template.spec.containers;
    const delay = container.lifecycle?.preStop.sleep.seconds ?? 0;
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(delay);
    if (metadata.name !== "mailer") expect(delay).toBeGreaterThan(0);
  }
});

test("[RES-11] probes suit the runtime, and what is alive is not what is ready", () => {
  const [spring] = limiter.of("prod", "Deployment")[0].spec.template.spec.containers;
  expect(spring.startupProbe.httpGet.path).toBe("/actuator/health/liveness");
  expect(spring.readinessProbe.httpGet.path).toBe("/actuator/health/readiness");
  expect(spring.livenessProbe.httpGet.path).toBe("/actuator/health/liveness");
  const auth = shop.of("prod", "Deployment").find(({ metadata }) => metadata.name === "auth");
  expect(auth.spec.template.spec.containers[0].readinessProbe.grpc.port).toBeGreaterThan(0);
});

test("[NET-01] one host leads to several services by their paths", () => {
  const routes = shop.of("prod", "HTTPRoute").filter(({ metadata }) => !metadata.name.endsWith("-redirect"));
  const found = routes.map(
    ({ spec }) =>
      `${spec.hostnames[0]}${spec.rules[0].matches[0].path.value} ${spec.rules[0].backendRefs[0].name}`,
  );
  expect(found.sort()).toEqual(["www.example.com/ web", "www.example.com/api api"]);
});

test("[NET-02] a limit counts each client by itself", () => {
  const limits = JSON.stringify(limiter.of("prod", "BackendTrafficPolicy").map(({ spec }) => spec.rateLimit));
  expect(limits).toContain('"requests":100');
  expect(limits).toContain('"type":"Distinct"');
});

test("[NET-03] responses carry the headers that browsers obey", () => {
  const text = JSON.stringify(shop.of("prod", "HTTPRoute"));
  for (const header of [
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
  ])
    expect(text).toContain(header);
  expect(text).toContain("default-src 'self'");
  expect(text).not.toContain("preload");
});

test("[NET-04] other origins may call what says so", () => {
  const text = JSON.stringify(shop.of("prod", "HTTPRoute", "SecurityPolicy"));
  expect(text).toContain('"allowOrigins":["https://www.example.com"]');
});

test("[NET-05] only listed clients come in", () => {
  const text = JSON.stringify(limiter.of("prod", "SecurityPolicy"));
  expect(text).toContain("203.0.113.0/24");
  expect(text).toContain('"defaultAction":"Deny"');
});
