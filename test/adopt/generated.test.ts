// Owns: what the proposals for the four repositories generate, built by the real Kustomize and checked by the real kubeconform.
// Promises: each object is valid; what was carried over is in it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SchemaChecker } from "../acceptance/check-schemas.js";
import {
  type BuiltStack,
  build,
  buildStacks,
  type KubernetesObject,
  overlayOf,
} from "../render/build-stacks.js";
import { ensureTool } from "../tools/ensure-tool.js";
import { copyFixture, FIXTURES, filesOf, propose } from "./fixtures.js";

let stacks: ReadonlyMap<string, BuiltStack>;
let folder: string;
let checker: SchemaChecker;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "prod-stack-adopt-"));
  checker = new SchemaChecker();
  stacks = await buildStacks(Object.fromEntries(FIXTURES.map((name) => [name, propose(filesOf(name)).text])));
});

afterAll(() => {
  checker.close();
  rmSync(folder, { recursive: true });
});

function find(name: string, environment: string, kind: string, object: string): KubernetesObject {
  const built = stacks.get(name);
  if (built === undefined) throw new Error(name);
  return overlayOf(built, environment).find((one) => one.kind === kind && one.metadata.name === object);
}

const containerOf = (object: KubernetesObject) => object.spec.template.spec.containers[0];

test("every directory that is applied builds, and kubeconform accepts each object", async () => {
  const files = [...stacks].flatMap(([name, { objects }]) =>
    [...objects].map(([directory, all]) => {
      const file = join(folder, `${name}-${directory.replaceAll("/", "-")}.json`);
      writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: all }));
      return file;
    }),
  );
  expect(files.length).toBeGreaterThanOrEqual(12);
  const { valid, faults } = await checker.check(files, "1.35");
  expect(faults).toEqual([]);
  expect(valid.length).toBeGreaterThan(150);
});

describe("what was carried over is in what is built", () => {
  test("image, port, settings, probes and files of a container", () => {
    const api = containerOf(find("multi", "prod", "Deployment", "api"));
    expect(api).toMatchObject({
      args: ["--port=3000"],
      ports: [{ containerPort: 3000 }, { containerPort: 9100 }],
      readinessProbe: { httpGet: { path: "/ready" }, periodSeconds: 7 },
      livenessProbe: { httpGet: { path: "/live" }, failureThreshold: 5 },
    });
    expect(api.image).toBe("ghcr.io/example-org/shop-api:3.1.0");
    expect(api.volumeMounts.map(({ mountPath }: KubernetesObject) => mountPath)).toEqual(
      expect.arrayContaining(["/uploads", "/etc/shop/features.yaml"]),
    );
    expect(find("multi", "prod", "HorizontalPodAutoscaler", "api").spec).toMatchObject({
      minReplicas: 4,
      maxReplicas: 12,
    });
    expect(find("multi", "prod", "CronJob", "report-main").spec).toMatchObject({
      schedule: "15 3 * * 1-5",
      timeZone: "Europe/Berlin",
    });
  });

  test("replicas and resources of each environment", () => {
    expect(find("overlays", "dev", "Deployment", "web").spec.replicas).toBe(1);
    expect(find("overlays", "staging", "Deployment", "web").spec.replicas).toBe(2);
    expect(containerOf(find("overlays", "prod", "Deployment", "web")).resources.limits).toMatchObject({
      cpu: "2",
      memory: "1400Mi",
    });
    expect(containerOf(find("overlays", "dev", "Deployment", "web")).resources.limits).toMatchObject({
      memory: "400Mi",
    });
  });

  test("a datastore's size and version, and its clients' variables", () => {
    const claim = find("flat", "prod", "StatefulSet", "postgres").spec.volumeClaimTemplates[0];
    expect(claim.spec.resources.requests.storage).toBe("12Gi");
    expect(containerOf(find("flat", "prod", "StatefulSet", "postgres")).image).toMatch(/postgres:16\.4/);
    const { env } = containerOf(find("flat", "prod", "Deployment", "auth-service"));
    const connection = env.find(({ name }: KubernetesObject) => name === "ConnectionStrings__Default");
    expect(connection.valueFrom.secretKeyRef).toBeDefined();
  });

  test("hosts and paths", () => {
    const { spec } = find("overlays", "prod", "HTTPRoute", "web");
    expect(spec.hostnames).toEqual(["web.example.org"]);
    expect(JSON.stringify(spec.rules)).toContain('"value":"/app"');
    expect(find("multi", "prod", "Ingress", "api").spec.rules[0].host).toBe("api.shop.example.com");
  });
});

test("read structurally, overlays give the same proposal as built by Kustomize", async () => {
  const directory = join(folder, "overlays");
  copyFixture("overlays", directory);
  const kustomize = await ensureTool("kustomize");
  const roots = ["dev", "staging", "prod"].map((name) => `deploy/overlays/${name}`);
  const built = new Map<string, string>();
  for (const root of roots) {
    const objects = await build(kustomize, join(directory, root));
    built.set(root, objects.map((one) => JSON.stringify(one)).join("\n---\n"));
  }
  const files = filesOf("overlays");
  const withKustomize = propose(files, { built });
  expect(withKustomize.parsed.spec).toEqual(propose(files).parsed.spec);
  expect(withKustomize.origins).toEqual(propose(files).origins);
});
