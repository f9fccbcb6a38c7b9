// Owns: what a mesh of clusters changes: global services, and the edges between clusters.
// Promises: by the real Kustomize.
// Must not: run Cilium.

import { beforeAll, describe, expect, test } from "vitest";
import { type BuiltStack, buildStacks, ofKind, overlayOf } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";

let built: BuiltStack;
beforeAll(async () => {
  built = (await buildStacks({ clusters: SAMPLE_STACKS.clusters as string })).get("clusters") as BuiltStack;
});

const isGlobal = ({ metadata }: { metadata: { annotations?: Record<string, string> } }) =>
  metadata.annotations?.["service.cilium.io/global"] === "true";
const named = (objects: readonly { metadata: { name: string } }[]) =>
  objects.map(({ metadata }) => metadata.name).sort();

describe("[NET-08] global services", () => {
  test("are those that another cluster has too, and no datastore", () => {
    const globals = (label: string) => named(ofKind(overlayOf(built, label), "Service").filter(isGlobal));
    expect(globals("prod/west")).toEqual(["api", "worker"]);
    expect(globals("prod/east")).toEqual(["api", "worker"]);
    expect(globals("prod/north")).toEqual(["api"]);
    expect(globals("dev")).toEqual([]);
    expect(globals("stage/one")).toEqual([]);
  });

  test("stay where a pod is ready", () => {
    const [api] = ofKind(overlayOf(built, "prod/west"), "Service").filter(isGlobal);
    expect(api.metadata.annotations).toMatchObject({
      "service.cilium.io/shared": "true",
      "service.cilium.io/affinity": "local",
    });
  });
});

describe("policies between clusters", () => {
  const policies = (label: string) => ofKind(overlayOf(built, label), "CiliumNetworkPolicy");

  test("allow the declared edge from both sides, to and from every cluster, and nothing else", () => {
    expect(named(policies("prod/west"))).toEqual(["api-mesh", "worker-mesh"]);
    const [api, worker] = policies("prod/west");
    const anywhere = [{ key: "io.cilium.k8s.policy.cluster", operator: "Exists" }];
    const peer = (name: string) => ({
      matchLabels: { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "far" },
      matchExpressions: anywhere,
    });
    const toPorts = [{ ports: [{ port: "8080", protocol: "TCP" }] }];
    expect(api.spec.ingress).toBeUndefined();
    expect(api.spec.egress).toEqual([{ toEndpoints: [peer("worker")], toPorts }]);
    expect(worker.spec.ingress).toEqual([{ fromEndpoints: [peer("api")], toPorts }]);
    expect(worker.spec.egress).toBeUndefined();
  });

  test("are not there without the edge, nor without a mesh", () => {
    expect(policies("prod/north")).toEqual([]);
    expect(policies("stage/one")).toEqual([]);
  });
});

test("the page names this stack's clusters and services", () => {
  const page = built.tree.find(({ path }) => path === "docs/cluster-mesh.md")?.contents ?? "";
  expect(page).toContain("east (us-east-1), north, west (us-west-2)");
  expect(page).toMatch(/\| worker \| between east, west \|/);
  expect(page).toContain("encryption.type=wireguard");
});
