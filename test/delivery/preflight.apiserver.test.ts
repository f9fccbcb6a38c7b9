// Proves preflight.sh on a real API server: what is missing is named, and what is there is found.
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureTool } from "../tools/ensure-tool.js";
import { type Cluster, namespaceObject, startCluster } from "./cluster.js";
import { createWorkingTree, type WorkingTree } from "./working-tree.js";

const SPEC = `apiVersion: prod-stack/v1
name: shop
source: { url: "https://github.com/example-org/shop" }
services:
  api: { type: web-api, runtime: go, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }, uses: { data: {} }, expose: { host: api } }
datastores: { data: { engine: redis, storageClass: fast } }
environments:
  dev: { tier: development, domain: dev.example.com }
  prod: { tier: production, domain: example.com, clusters: { west: { name: prod-west }, east: { name: prod-east } } }
`;

let cluster: Cluster;
let tree: WorkingTree;
beforeAll(async () => {
  cluster = await startCluster();
  tree = await createWorkingTree(SPEC, await ensureTool("kustomize"));
});
afterAll(async () => {
  tree?.remove();
  await cluster?.stop();
});

async function preflight(...args: string[]) {
  const { exitCode, all } = await execa(`${tree.root}/scripts/preflight.sh`, args, {
    env: cluster.environment,
    reject: false,
    all: true,
  });
  const lines = (all ?? "").split("\n");
  return { exitCode, all, missing: lines.filter((line) => line.startsWith("missing")) };
}

test("an empty cluster lacks what it has no objects of, and has the definitions that it has", async () => {
  const { exitCode, missing, all } = await preflight("dev");
  expect(exitCode).toBe(1);
  expect(missing.map((line) => line.split(":")[0])).toEqual([
    "missing  deployment app.kubernetes.io/name=reloader",
    "missing  object clustersecretstores.external-secrets.io platform",
    "missing  object gateways.gateway.networking.k8s.io public in gateways",
    "missing  class fast",
  ]);
  expect(all).toContain("ok       kubernetes 1.35");
  expect(all).toContain("ok       crd externalsecrets.external-secrets.io v1");
});

test("all is well once the platform has it", async () => {
  await cluster.apply(namespaceObject("gateways"));
  await cluster.apply(namespaceObject("reloader"));
  await cluster.apply({
    apiVersion: "external-secrets.io/v1",
    kind: "ClusterSecretStore",
    metadata: { name: "platform" },
    spec: { provider: { fake: { data: [] } } },
  });
  await cluster.apply({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "public", namespace: "gateways" },
    spec: { gatewayClassName: "envoy", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
  });
  await cluster.apply({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "fast" },
    provisioner: "example.com/disk",
  });
  const labels = { "app.kubernetes.io/name": "reloader" };
  await cluster.apply({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "reloader", namespace: "reloader", labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "reloader", image: "example/reloader:1" }] },
      },
    },
  });
  const { exitCode, all, missing } = await preflight("dev");
  expect([missing, all]).toEqual([[], all]);
  expect(exitCode).toBe(0);
});

test("an environment of several clusters is asked for one of them", async () => {
  expect((await preflight("prod")).all).toContain("which cluster of prod? One of: east west");
  expect((await preflight("prod", "north")).all).toContain("prod has no cluster north");
  const { exitCode, missing } = await preflight("prod", "west");
  expect(exitCode).toBe(1);
  expect(missing.join("\n")).toContain("api v1beta1.metrics.k8s.io: metrics-server");
});
