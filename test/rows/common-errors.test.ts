// Owns: the twenty common errors of production Kubernetes, one by one: each is caught here, or by the test that is named.
// Promises: a number that loses its test is red.
// Must not: repeat a test that stands elsewhere.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { KubernetesObject } from "../render/build-stacks.js";
import { type Built, build, ENVIRONMENTS } from "./built-shop.js";

const root = join(import.meta.dirname, "../..");

/** What stands elsewhere: number, the wrong form, and the test that refuses it. */
const ELSEWHERE: readonly [number, string, string, string][] = [
  [1, "a budget that blocks a drain", "test/rows/resources.test.ts", "never holds up a drain"],
  [
    3,
    "replicas in git beside an autoscaler",
    "test/capabilities/built-objects.test.ts",
    "have either replicas or an autoscaler",
  ],
  [
    4,
    "an HPA and a ScaledObject on one workload",
    "test/capabilities/scaling.test.ts",
    "of events is KEDA's, and then there is no other",
  ],
  [
    5,
    "a vertical autoscaler that fights",
    "test/capabilities/scaling.test.ts",
    "recommends, or moves requests that no other scaler minds",
  ],
  [
    6,
    "nowhere to write",
    "test/rows/security.test.ts",
    "the root file system is read-only, and what is written to has a size",
  ],
  [
    8,
    "traffic that default-deny forgets",
    "test/capabilities/network-policies.test.ts",
    "exactly what is declared passes",
  ],
  [
    14,
    "an ApplicationSet that guesses or deletes",
    "test/rows/layout.test.ts",
    "strict about its template and deletes nothing",
  ],
  [15, "a project with wildcards", "test/rows/layout.test.ts", "the project has no wildcards"],
  [16, "a branch per environment", "test/rows/layout.test.ts", "a release is an image entry in git"],
  [18, "a backup that is only a file", "test/backup/failures.tools.test.ts", "a restore refuses a backup"],
  [
    20,
    "alerts without a page",
    "test/monitoring/runbook.test.ts",
    "has a page per alert, with four sections that say something",
  ],
];

let shop: Built;
let limiter: Built;

beforeAll(async () => {
  shop = await build("shop");
  limiter = await build("limiter");
});

describe("error", () => {
  test.each(ELSEWHERE)("%i, %s, is refused elsewhere", (_number, _what, file, title) => {
    expect(existsSync(join(root, file))).toBe(true);
    expect(readFileSync(join(root, file), "utf8")).toContain(title);
  });

  test("2: no budget counts in percent of few pods", () => {
    for (const environment of ENVIRONMENTS)
      for (const { spec } of shop.of(environment, "PodDisruptionBudget")) {
        expect(spec.minAvailable).toBeUndefined();
        expect(spec.maxUnavailable).toBe(1);
      }
  });

  test("7: names are resolved over UDP and TCP, by NodeLocal DNSCache too where it runs", () => {
    const [dns] = shop.of("prod", "NetworkPolicy").filter(({ metadata }) => metadata.name === "allow-dns");
    const [rule] = dns.spec.egress;
    expect(rule.ports.map(({ protocol }: KubernetesObject) => protocol).sort()).toEqual(["TCP", "UDP"]);
    expect(JSON.stringify(rule.to)).toContain("169.254.20.10/32");
  });

  test("9: names of namespaces inside of policies and monitors are those of the platform, not the overlay's", () => {
    const policies = JSON.stringify(shop.of("prod", "NetworkPolicy"));
    for (const namespace of ["kube-system", "monitoring", "envoy-gateway-system"])
      expect(policies).toContain(`"kubernetes.io/metadata.name":"${namespace}"`);
    for (const { spec, metadata } of shop.of("prod", "ServiceMonitor")) {
      const names = spec.namespaceSelector?.matchNames;
      expect(names === undefined || names.join() === metadata.namespace).toBe(true);
    }
  });

  test("10: whatever names a generated ConfigMap names it with its hash", () => {
    for (const environment of ENVIRONMENTS) {
      const maps = shop.of(environment, "ConfigMap").map(({ metadata }) => metadata.name);
      const text = JSON.stringify(shop.stack.objects.get(`overlays/${environment}`));
      const named = [...text.matchAll(/"configMapRef":\{"name":"([^"]+)"/g)].map(([, name]) => name);
      expect(named.length).toBeGreaterThan(2);
      expect(named.filter((name) => !maps.includes(name ?? ""))).toEqual([]);
    }
  });

  test("11: labels of the environment are in no selector, and commonLabels is not used", () => {
    for (const { spec } of shop.of("prod", "Deployment", "StatefulSet"))
      expect(Object.keys(spec.selector.matchLabels).sort()).toEqual([
        "app.kubernetes.io/name",
        "app.kubernetes.io/part-of",
      ]);
    for (const { path, contents } of shop.stack.tree)
      if (path.endsWith("kustomization.yaml")) expect(contents).not.toContain("commonLabels");
  });

  test("12: no Secret is in git, and secrets are fetched by the served version", () => {
    for (const environment of ENVIRONMENTS) {
      expect(shop.of(environment, "Secret")).toEqual([]);
      for (const { apiVersion } of shop.of(environment, "ExternalSecret"))
        expect(apiVersion).toBe("external-secrets.io/v1");
    }
  });

  test("13: routes are of the Gateway API, without an Ingress and without snippets", () => {
    expect(shop.of("prod", "HTTPRoute").length).toBeGreaterThan(1);
    expect(shop.of("prod", "Ingress")).toEqual([]);
    for (const { contents } of shop.stack.tree) expect(String(contents)).not.toMatch(/-snippet:/);
  });

  test("17: a CronJob does not overlap, hang or drift, and its Jobs keep no clock of their own", () => {
    const jobs = limiter.of("prod", "CronJob");
    expect(jobs.length).toBeGreaterThan(0);
    for (const { spec } of jobs) {
      expect(spec.concurrencyPolicy).toBe("Forbid");
      expect(spec.startingDeadlineSeconds).toBeGreaterThan(0);
      expect(spec.timeZone).toBeDefined();
      expect(spec.jobTemplate.spec.activeDeadlineSeconds).toBeGreaterThan(0);
      expect(spec.jobTemplate.spec.ttlSecondsAfterFinished).toBeUndefined();
    }
  });

  test("19: nothing sets Velero's backups an hour's life", () => {
    for (const { contents } of shop.stack.tree) expect(String(contents)).not.toMatch(/ttl: "?1h/);
  });
});
