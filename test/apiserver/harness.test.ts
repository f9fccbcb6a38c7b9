// Proves the harness against a real server: what must be refused is refused, for the right reason, and nothing else is.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ApiServer,
  applyInOrder,
  installCrds,
  kubectlPath,
  readManifests,
  startApiServer,
  submitPodTemplates,
  usualCrdGroups,
} from "./index.js";

function fixture(name: string) {
  return readManifests(readFileSync(join(import.meta.dirname, "fixtures", name), "utf8"), name);
}

let server: ApiServer;

beforeAll(async () => {
  server = await startApiServer();
  await installCrds(server, usualCrdGroups);
});

afterAll(() => server?.stop());

describe("a good set", () => {
  const documents = fixture("good.yaml");

  test("is created in sync order, without a warning", async () => {
    const report = await applyInOrder(server, documents);
    expect(report.rejected).toEqual([]);
    expect(report.warnings).toEqual([]);
    expect(report.created.map(({ name }) => name)).toEqual([
      "v1 Namespace shop",
      "v1 ResourceQuota shop/quota",
      "v1 ServiceAccount shop/web",
      "v1 Service shop/web",
      "apps/v1 Deployment shop/web",
      "autoscaling/v2 HorizontalPodAutoscaler shop/web",
      "batch/v1 CronJob shop/report",
      "gateway.networking.k8s.io/v1 HTTPRoute shop/web",
    ]);
  });

  test("is unchanged the second time", async () => {
    const { objects, unchanged } = await applyInOrder(server, documents);
    expect(unchanged).toEqual(objects);
    expect(unchanged).toHaveLength(documents.length);
  });

  test("has Pods that would run, and leaves none behind", async () => {
    const report = await submitPodTemplates(server, documents);
    expect(report.rejected).toEqual([]);
    expect(report.warnings).toEqual([]);
    expect(report.pods.map(({ name }) => name)).toEqual([
      "apps/v1 Deployment shop/web spec.template",
      "batch/v1 CronJob shop/report spec.jobTemplate.spec.template",
    ]);
    const pods = await server.client.send("GET", "/api/v1/pods");
    expect(pods.body).toMatchObject({ kind: "PodList", items: [] });
  });

  test("is reported as changed after an edit", async () => {
    const edited = documents.map((document) => ({
      ...document,
      text: document.text.replace("maxReplicas: 6", "maxReplicas: 7"),
    }));
    const { changed } = await applyInOrder(server, edited);
    expect(changed.map(({ name }) => name)).toEqual(["autoscaling/v2 HorizontalPodAutoscaler shop/web"]);
  });
});

describe("a faulty object is rejected:", () => {
  const reasons: Record<string, RegExp> = {
    "unknown-field": /\.spec\.selectors: field not declared in schema/,
    "duplicate-key": /key "mode" already set in map/,
    "min-over-max": /spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`/,
    "bad-cron": /spec.schedule: Invalid value: "61 \* \* \* \*"/,
    "redirect-with-backend": /RequestRedirect filter must not be used together with backendRefs/,
    "unknown-custom-field": /\.spec\.issuer: field not declared in schema/,
    "removed-api": /the server serves no kind "PodDisruptionBudget" in version "policy\/v1beta1"/,
    "no-such-namespace": /namespaces "nowhere" not found/,
    "?": /metadata.name is missing/,
  };

  test.each(Object.entries(reasons))("%s", async (name, reason) => {
    const documents = fixture("rejected.yaml").filter(({ object }) => (object.metadata.name ?? "?") === name);
    const { objects, rejected } = await applyInOrder(server, documents);
    expect(rejected).toEqual(objects);
    expect(rejected).toHaveLength(1);
    expect(rejected[0]?.rejection).toMatch(reason);
  });

  test("none of them stops the others", async () => {
    const documents = [...fixture("rejected.yaml"), ...fixture("good.yaml")];
    const { rejected } = await applyInOrder(server, documents);
    expect(rejected).toHaveLength(Object.keys(reasons).length);
  });
});

describe("a workload whose Pods would not run", () => {
  const documents = fixture("workloads.yaml");

  test("is accepted with a warning", async () => {
    const { rejected, warnings } = await applyInOrder(server, documents);
    expect(rejected).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^apps\/v1 DaemonSet workloads\/privileged: would violate PodSecurity "restricted:latest"/,
      ),
    ]);
  });

  test("is found by submitting its Pods", async () => {
    const { pods } = await submitPodTemplates(server, documents);
    expect(pods).toMatchObject([
      { rejection: expect.stringMatching(/violates PodSecurity "restricted:latest": .*privileged/) },
      { rejection: expect.stringMatching(/failed quota: quota: must specify requests.cpu/) },
      { missingServiceAccount: "nobody-made-it", warnings: [] },
    ]);
  });
});

test("a deprecated API is applied with a warning", async () => {
  const endpoints = { apiVersion: "v1", kind: "Endpoints", metadata: { name: "old" } };
  const { created, warnings } = await applyInOrder(
    server,
    readManifests(JSON.stringify(endpoints), "inline"),
  );
  expect(created).toHaveLength(1);
  expect(warnings).toEqual([expect.stringMatching(/v1 Endpoints default\/old: v1 Endpoints is deprecated/)]);
});

test("kubectl talks to the server with the kubeconfig", async () => {
  const { stdout } = await execa(await kubectlPath(), [
    "--kubeconfig",
    server.kubeconfig,
    "version",
    "--output=json",
  ]);
  expect(JSON.parse(stdout)).toMatchObject({
    clientVersion: { gitVersion: server.version },
    serverVersion: { gitVersion: server.version },
  });
});

test("nothing is left of a server that was stopped", async () => {
  const second = await startApiServer({ podSecurity: "baseline" });
  await second.stop();
  await expect(second.client.send("GET", "/readyz")).rejects.toThrow("ECONNREFUSED");
  expect(() => readFileSync(second.kubeconfig)).toThrow("ENOENT");
});
