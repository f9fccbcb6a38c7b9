// Owns: operators that a stack brings: which, where, with what rights; and that nothing in bootstrap/ governs itself.
// Promises: by the real Kustomize and the offline schemas.
// Must not: install anything.

import { beforeAll, describe, expect, test } from "vitest";
import { appliedDirectory } from "../../src/capabilities/places.js";
import { OPERATORS } from "../../src/spec/schema/words.js";
import { OPERATOR_PRESETS } from "../../src/stack/presets/operators.js";
import { type BuiltStack, buildStacks, type KubernetesObject, renderText } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";

const INSTALL = (SAMPLE_STACKS.clusters as string).replace(
  "\nservices:",
  "\noperators: { external-secrets: install, metrics-server: install }\nservices:",
);

let installing: BuiltStack;
let all: ReadonlyMap<string, BuiltStack>;
beforeAll(async () => {
  all = await buildStacks({ ...SAMPLE_STACKS, installing: INSTALL });
  installing = all.get("installing") as BuiltStack;
});

const operatorsOf = (built: BuiltStack) => built.objects.get("bootstrap/operators") ?? [];

describe("operators that are to be installed", () => {
  test("are an Application in each cluster that needs them, with a pinned chart", () => {
    const applications = operatorsOf(installing).filter(({ kind }) => kind === "Application");
    const facts = applications.map(({ spec }) => [
      spec.source.chart,
      spec.destination.name ?? spec.destination.server,
    ]);
    const clusters = [
      "https://kubernetes.default.svc",
      "https://one.example.com:6443",
      "https://north.example.com",
    ];
    const named = ["prod-east", "prod-west"];
    // Where nothing scales, nothing needs metrics: dev and stage, and the cluster without autoscaling.
    expect(
      facts
        .filter(([chart]) => chart === "external-secrets")
        .map(([, place]) => place)
        .sort(),
    ).toEqual([...clusters, ...named].sort());
    expect(
      facts
        .filter(([chart]) => chart === "metrics-server")
        .map(([, place]) => place)
        .sort(),
    ).toEqual(expect.arrayContaining(named));
    for (const { spec, metadata } of applications) {
      expect(spec.source.targetRevision).toMatch(/^v?\d+\.\d+\.\d+$/);
      expect(spec.project).toBe("far-operators");
      expect(spec.syncPolicy.automated.prune).toBe(false);
      expect(metadata.finalizers).toBeUndefined();
    }
  });

  test("have a project of their own: their repositories, namespaces and cluster-wide kinds, by name", () => {
    const project = operatorsOf(installing).find(({ kind }) => kind === "AppProject");
    expect(project.spec.sourceRepos).toEqual([
      "https://charts.external-secrets.io",
      "https://kubernetes-sigs.github.io/metrics-server",
    ]);
    expect(JSON.stringify(project.spec)).not.toContain("*");
    const refused = project.spec.namespaceResourceBlacklist.map(({ kind }: KubernetesObject) => kind);
    expect(refused).toEqual(["Application", "ApplicationSet", "AppProject"]);
    const places = project.spec.destinations.map(
      ({ name, server, namespace }: KubernetesObject) => `${name ?? server} ${namespace}`,
    );
    for (const { kind, spec } of operatorsOf(installing))
      if (kind === "Application")
        expect(places).toContain(
          `${spec.destination.name ?? spec.destination.server} ${spec.destination.namespace}`,
        );
  });

  test("are none by default", () => {
    for (const [name, built] of all)
      if (!["installing", "bringing"].includes(name)) expect([name, operatorsOf(built)]).toEqual([name, []]);
  });
});

test("every operator has its row, and every row a version that somebody can look up", () => {
  expect(Object.keys(OPERATOR_PRESETS).sort()).toEqual([...OPERATORS].sort());
  for (const { chart } of Object.values(OPERATOR_PRESETS)) {
    expect(chart.version).toMatch(/^v?\d+\.\d+\.\d+$/);
    expect(chart.source.length).toBeGreaterThan(10);
  }
});

test("no Application syncs bootstrap/, and no overlay holds what governs Applications", () => {
  for (const [name, { stack, objects }] of all) {
    const synced = stack.environments.map((place) => appliedDirectory(place));
    expect(synced.filter((path) => path.startsWith("bootstrap"))).toEqual([]);
    for (const path of synced) {
      const kinds = (objects.get(path) ?? []).map(({ kind }) => kind);
      const governing = ["Application", "ApplicationSet", "AppProject", "Namespace", "ResourceQuota"];
      expect([name, path, kinds.filter((kind) => governing.includes(kind))]).toEqual([name, path, []]);
    }
  }
});

test("what preflight looks for follows from the place, not from the stack", () => {
  const { tree } = renderText(SAMPLE_STACKS.clusters as string);
  const needs = tree.find(({ path }) => path === "scripts/needs.sh")?.contents ?? "";
  const [, west = ""] = /\n {4}prod\/west\)\n([\s\S]*?);;/.exec(needs) ?? [];
  const [, dev = ""] = /\n {4}dev\)\n([\s\S]*?);;/.exec(needs) ?? [];
  expect(west).toContain("class gp3");
  expect(west).toContain("crd certificates.cert-manager.io v1");
  expect(dev).not.toContain("cert-manager.io");
  expect(dev).toContain("class -");
});
