// Owns: the forms of each kind of workload after the real Kustomize.
// Promises: what the common errors of production manifests are about: budgets, replicas, writable paths, hooks, schedules, hashes.
// Must not: repeat what holds of every object (built-objects.test.ts).

import { beforeAll, describe, expect, test } from "vitest";
import {
  type BuiltStack,
  buildStacks,
  type KubernetesObject,
  overlayOf,
  podOf,
} from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";

let zoo: BuiltStack;
beforeAll(async () => {
  zoo = (await buildStacks({ zoo: SAMPLE_STACKS.zoo ?? "" })).get("zoo") as BuiltStack;
});

const all = (environment: string, kind: string): KubernetesObject[] =>
  overlayOf(zoo, environment).filter((object) => object.kind === kind);
const one = (environment: string, kind: string, name: string): KubernetesObject | undefined =>
  all(environment, kind).find(({ metadata }) => metadata.name === name);
const names = (environment: string, kind: string): string[] =>
  all(environment, kind)
    .map(({ metadata }) => metadata.name)
    .sort();
const wave = (object: KubernetesObject | undefined): number =>
  Number(object?.metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0);

test("each type becomes its kind, and may be another one in one environment, or there alone, or not at all", () => {
  expect(names("prod", "Deployment")).toEqual(
    ["api", "eater", "edge", "load", "mail", "ranker", "rpc", "site"].sort(),
  );
  expect(names("dev", "Deployment")).toEqual(["api", "eater", "edge", "mail", "rpc", "site", "toy"]);
  expect(names("prod", "StatefulSet")).toEqual(["redis", "store"]);
  expect(names("prod", "CronJob")).toEqual(["report-daily", "report-weekly"]);
  expect(names("dev", "CronJob")).toEqual(["report-daily", "report-hourly"]);
  expect(names("prod", "Job")).toEqual(["migrate", "seed"]);
  expect(names("prod", "InferenceService")).toEqual(["scorer"]);
  expect(names("dev", "InferenceService")).toEqual(["ranker", "scorer"]);
});

describe("a disruption budget", () => {
  test("never blocks a drain, whatever the replicas say, and is only there where pods keep running", () => {
    for (const budget of all("prod", "PodDisruptionBudget")) {
      expect(budget.spec.minAvailable).toBeUndefined();
      expect(budget.spec.unhealthyPodEvictionPolicy).toBe("AlwaysAllow");
    }
    expect(one("prod", "PodDisruptionBudget", "load")?.spec.maxUnavailable).toBe("50%");
    expect(one("prod", "PodDisruptionBudget", "api")?.spec.maxUnavailable).toBe(1);
    expect(names("prod", "PodDisruptionBudget")).not.toContain("report");
    expect(names("prod", "PodDisruptionBudget")).not.toContain("migrate");
  });
});

describe("scaling", () => {
  test("has one owner: an autoscaler or git", () => {
    const scaled = new Map(
      all("prod", "HorizontalPodAutoscaler").map((object) => [object.metadata.name, object.spec]),
    );
    for (const { kind, metadata, spec } of [...all("prod", "Deployment"), ...all("prod", "StatefulSet")]) {
      if (scaled.has(metadata.name)) expect(scaled.get(metadata.name).scaleTargetRef.kind).toBe(kind);
      expect([metadata.name, spec.replicas === undefined]).toEqual([
        metadata.name,
        scaled.has(metadata.name),
      ]);
    }
    expect(scaled.get("load")).toMatchObject({ minReplicas: 2, maxReplicas: 10 });
    expect(scaled.get("load").metrics).toHaveLength(1);
    expect(one("prod", "InferenceService", "scorer")?.spec.predictor).toMatchObject({
      minReplicas: 3,
      maxReplicas: 10,
    });
    expect(scaled.has("scorer")).toBe(false);
  });
});

describe("jobs", () => {
  test("run as Sync hooks, after the datastores and before who waits, and their settings are there before", () => {
    const migrate = one("prod", "Job", "migrate");
    const seed = one("prod", "Job", "seed");
    for (const job of [migrate, seed])
      expect(job?.metadata.annotations).toMatchObject({
        "argocd.argoproj.io/hook": "Sync",
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
      });
    expect(wave(one("prod", "StatefulSet", "redis"))).toBeLessThan(wave(migrate));
    expect(wave(migrate)).toBeLessThan(wave(seed));
    expect(wave(seed)).toBeLessThan(wave(one("prod", "Deployment", "api")));
    for (const kind of ["ServiceAccount", "ExternalSecret", "NetworkPolicy"])
      for (const object of all("prod", kind).filter(({ metadata }) => metadata.name === "migrate"))
        expect(wave(object)).toBeLessThan(wave(migrate));
    const settings = all("prod", "ConfigMap").filter(({ metadata }) =>
      /^migrate-config-/.test(metadata.name),
    );
    expect(settings.map(wave)).toEqual([-20]);
  });

  test("end, and are tried again", () => {
    for (const job of all("prod", "Job")) {
      expect(job.spec.activeDeadlineSeconds).toBeGreaterThan(0);
      expect(job.spec.backoffLimit).toBeGreaterThan(0);
      expect(podOf(job)?.spec.restartPolicy).toBe("Never");
    }
  });
});

describe("schedules", () => {
  test("never overlap, have a time zone and an end, and no TTL", () => {
    const schedules = all("prod", "CronJob");
    expect(schedules).toHaveLength(2);
    for (const { spec } of schedules) {
      expect(spec).toMatchObject({ concurrencyPolicy: "Forbid", startingDeadlineSeconds: 300 });
      expect(spec.timeZone).toMatch(/\//);
      expect(spec.successfulJobsHistoryLimit + spec.failedJobsHistoryLimit).toBeGreaterThan(0);
      expect(spec.jobTemplate.spec.ttlSecondsAfterFinished).toBeUndefined();
      expect(spec.jobTemplate.spec.activeDeadlineSeconds).toBe(3600);
    }
    const pod = podOf(one("prod", "CronJob", "report-daily") as KubernetesObject);
    expect(pod?.spec.containers[0].args).toEqual(["--daily"]);
    expect(one("prod", "CronJob", "report-weekly")?.spec.suspend).toBe(true);
  });
});

describe("a stateful service", () => {
  test("keeps its volumes, and its pods have names", () => {
    const store = one("prod", "StatefulSet", "store");
    expect(store?.metadata.annotations?.["argocd.argoproj.io/sync-options"]).toBe("Prune=false,Delete=false");
    expect(store?.spec.persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: "Retain",
      whenScaled: "Retain",
    });
    expect(one("prod", "Service", store?.spec.serviceName)?.spec.clusterIP).toBe("None");
    const size = (environment: string) =>
      one(environment, "StatefulSet", "store")?.spec.volumeClaimTemplates[0].spec;
    expect(size("prod").resources.requests.storage).toBe("10Gi");
    expect(size("dev")).toMatchObject({
      storageClassName: "slow",
      resources: { requests: { storage: "1Gi" } },
    });
  });

  test("a volume of one node never has two pods: the old one leaves first", () => {
    expect(one("dev", "Deployment", "mail")?.spec.strategy).toEqual({ type: "Recreate" });
    expect(one("prod", "Deployment", "mail")?.spec.strategy.type).toBe("RollingUpdate");
    expect(one("dev", "PersistentVolumeClaim", "mail-data")?.metadata.annotations).toMatchObject({
      "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
    });
  });
});

describe("files", () => {
  const mapOf = (environment: string, name: string) =>
    all(environment, "ConfigMap").find(({ metadata }) => metadata.name.startsWith(`${name}-`));
  const volumeNames = (environment: string, name: string): string[] =>
    (podOf(one(environment, "Deployment", name) as KubernetesObject)?.spec.volumes ?? []).flatMap(
      // biome-ignore lint/suspicious/noExplicitAny: built objects have no types.
      (volume: any) => volume.configMap?.name ?? [],
    );

  test("reach the pods by a name that has a hash of the content, in each environment its own", () => {
    for (const map of ["api-files", "api-own-files"]) {
      const [dev, prod] = ["dev", "prod"].map((environment) => mapOf(environment, map)?.metadata.name);
      expect(dev).toMatch(new RegExp(`^${map}-[a-z0-9]{10}$`));
      expect(dev).not.toBe(prod);
      expect(volumeNames("dev", "api")).toContain(dev);
      expect(volumeNames("prod", "api")).toContain(prod);
    }
  });

  test("arrive byte for byte, and those of another environment stay away", () => {
    expect(mapOf("prod", "api-files")?.data["etc-app-extra.json"]).toBe('{"a": 1}\n\n\n  ');
    expect(mapOf("dev", "api-files")?.data["etc-app-extra.json"]).toBe("{}");
    expect(mapOf("dev", "api-own-files")?.data["etc-app-app.yaml"]).toContain("config/dev/app.yaml");
    expect(mapOf("dev", "api-own-files")?.data["etc-envoy-envoy.yaml"]).toContain("config/envoy.yaml");
    expect(mapOf("prod", "toy-own-files")).toBeUndefined();
  });
});

describe("other containers", () => {
  test("sidecars are native, start first, and may be scraped and released", () => {
    const pod = podOf(one("prod", "Deployment", "api") as KubernetesObject);
    const [proxy, prepare] = pod?.spec.initContainers ?? [];
    expect([proxy.name, proxy.restartPolicy, prepare.name, prepare.restartPolicy]).toEqual([
      "proxy",
      "Always",
      "prepare",
      undefined,
    ]);
    expect(proxy.image).toBe("ghcr.io/example-org/proxy:2.0.0");
    expect(one("prod", "ServiceMonitor", "api")?.spec.endpoints[0]).toMatchObject({
      port: "envoy-admin",
      path: "/stats/prometheus",
    });
    expect(podOf(one("dev", "Deployment", "api") as KubernetesObject)?.spec.initContainers).toHaveLength(1);
  });
});

describe("a cloud identity", () => {
  test("is an annotation of the account, and mounts no token", () => {
    expect(one("prod", "ServiceAccount", "api")?.metadata.annotations).toMatchObject({
      "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/api",
    });
    const dev = one("dev", "ServiceAccount", "api");
    expect(dev?.metadata.annotations).toMatchObject({
      "iam.gke.io/gcp-service-account": "api@p.iam.gserviceaccount.com",
    });
    expect(dev?.metadata.annotations).not.toHaveProperty("eks.amazonaws.com/role-arn");
    const label = (environment: string) =>
      podOf(one(environment, "Deployment", "eater") as KubernetesObject)?.metadata.labels?.[
        "azure.workload.identity/use"
      ];
    expect([label("dev"), label("prod")]).toEqual(["true", undefined]);
    expect(dev?.automountServiceAccountToken).toBe(false);
  });
});

describe("runtimes", () => {
  const settings = (environment: string, name: string) =>
    all(environment, "ConfigMap").find(({ metadata }) => metadata.name.startsWith(`${name}-config-`))?.data;

  test("follow the limits of the container", () => {
    expect(settings("prod", "rpc")).toMatchObject({ GOMEMLIMIT: "921MiB" });
    expect(settings("dev", "rpc")).toMatchObject({ GOMEMLIMIT: "460MiB" });
    expect(settings("prod", "eater")).toMatchObject({ WEB_CONCURRENCY: "1" });
  });

  test("have switches for testing where people test", () => {
    expect(settings("dev", "api")).toMatchObject({ ASPNETCORE_ENVIRONMENT: "Development" });
    expect(settings("prod", "api")).toMatchObject({ ASPNETCORE_ENVIRONMENT: "Production" });
  });
});
