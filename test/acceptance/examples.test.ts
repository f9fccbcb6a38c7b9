// Proves each example with the packed command and the real tools: it generates, builds, and is valid on every Kubernetes version.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { ensureTool } from "../tools/ensure-tool.js";
import { ROOT } from "./build-package.js";
import { SchemaChecker } from "./check-schemas.js";
import { appliedDirectories, buildOverlay, generateByCommand, runCommand } from "./packed-package.js";

/** How many objects of which kind each directory yields, as reviewed. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "devops-lab": {
    "bootstrap/argocd": "AppProject 1, ApplicationSet 1",
    "bootstrap/dev":
      "Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "bootstrap/prod/east":
      "Certificate 1, Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "bootstrap/prod/west":
      "Certificate 1, Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "clusters/prod/east":
      "CiliumNetworkPolicy 4, ConfigMap 5, Deployment 2, ExternalSecret 1, HTTPRoute 2, HorizontalPodAutoscaler 2, LimitRange 1, NetworkPolicy 3, PodDisruptionBudget 2, Probe 1, PrometheusRule 1, Role 2, RoleBinding 2, Service 2, ServiceAccount 2, ServiceMonitor 1, VerticalPodAutoscaler 1",
    "clusters/prod/west":
      "CiliumNetworkPolicy 4, ConfigMap 5, Deployment 2, ExternalSecret 1, HTTPRoute 2, HorizontalPodAutoscaler 2, LimitRange 1, NetworkPolicy 3, PodDisruptionBudget 2, Probe 1, PrometheusRule 1, Role 2, RoleBinding 2, Service 2, ServiceAccount 2, ServiceMonitor 1, VerticalPodAutoscaler 1",
    "overlays/dev":
      "ConfigMap 8, CronJob 1, Deployment 2, ExternalSecret 2, HTTPRoute 1, LimitRange 1, PodDisruptionBudget 3, Probe 1, PrometheusRule 1, Role 2, RoleBinding 2, Service 4, ServiceAccount 4, ServiceMonitor 2, StatefulSet 1, VerticalPodAutoscaler 1",
  },
  expensetracker: {
    "bootstrap/argocd": "AppProject 1, ApplicationSet 1",
    "bootstrap/development":
      "Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "bootstrap/production":
      "Certificate 1, Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "bootstrap/staging":
      "Certificate 1, Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "overlays/development":
      "BackendTrafficPolicy 5, ConfigMap 9, CronJob 1, Deployment 5, ExternalSecret 3, HTTPRoute 5, Job 1, LimitRange 1, PodDisruptionBudget 6, Probe 5, PrometheusRule 1, Role 2, RoleBinding 2, Service 7, ServiceAccount 8, ServiceMonitor 5, StatefulSet 1",
    "overlays/production":
      "BackendTrafficPolicy 5, ConfigMap 12, CronJob 1, Deployment 5, ExternalSecret 3, HTTPRoute 10, HorizontalPodAutoscaler 5, Job 1, LimitRange 1, NetworkPolicy 10, PodDisruptionBudget 6, Probe 5, PrometheusRule 1, Role 2, RoleBinding 2, Service 7, ServiceAccount 8, ServiceMonitor 5, StatefulSet 1",
    "overlays/staging":
      "BackendTrafficPolicy 5, ConfigMap 9, CronJob 1, Deployment 5, ExternalSecret 3, HTTPRoute 10, Job 1, LimitRange 1, NetworkPolicy 10, PodDisruptionBudget 6, Probe 5, PrometheusRule 1, Role 2, RoleBinding 2, Service 7, ServiceAccount 8, ServiceMonitor 5, StatefulSet 1",
  },
  mlops: {
    "bootstrap/argocd": "AppProject 1, ApplicationSet 1",
    "bootstrap/dev":
      "Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "bootstrap/prod":
      "Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "overlays/dev":
      "BackendTrafficPolicy 1, ConfigMap 4, CronJob 1, Deployment 1, EnvoyProxy 1, ExternalSecret 2, Gateway 1, HTTPRoute 1, InferenceService 2, LimitRange 1, PodDisruptionBudget 4, Probe 1, PrometheusRule 1, Role 2, RoleBinding 2, SecurityPolicy 1, Service 5, ServiceAccount 5, ServiceMonitor 2, StatefulSet 1",
    "overlays/prod":
      "BackendTrafficPolicy 1, Certificate 1, ConfigMap 4, Deployment 1, EnvoyProxy 1, ExternalSecret 1, Gateway 1, HTTPRoute 2, HorizontalPodAutoscaler 1, InferenceService 2, Issuer 1, LimitRange 1, NetworkPolicy 5, PodDisruptionBudget 3, Probe 1, PrometheusRule 1, Role 2, RoleBinding 2, SecurityPolicy 1, Service 3, ServiceAccount 3, ServiceMonitor 1",
  },
  "proxy-monitor": {
    "bootstrap/argocd": "AppProject 1, ApplicationSet 1",
    "bootstrap/dev":
      "Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "bootstrap/prod":
      "Certificate 1, Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "bootstrap/staging":
      "Certificate 1, Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "overlays/dev":
      "BackendTrafficPolicy 2, ConfigMap 6, Deployment 4, HTTPRoute 2, LimitRange 1, PodDisruptionBudget 4, Probe 2, PrometheusRule 1, Role 2, RoleBinding 2, Service 4, ServiceAccount 4, ServiceMonitor 4",
    "overlays/prod":
      "BackendTrafficPolicy 2, ConfigMap 8, Deployment 4, HTTPRoute 4, HorizontalPodAutoscaler 4, LimitRange 1, NetworkPolicy 6, PodDisruptionBudget 4, Probe 2, PrometheusRule 1, Role 2, RoleBinding 2, Service 4, ServiceAccount 4, ServiceMonitor 4",
    "overlays/staging":
      "BackendTrafficPolicy 2, ConfigMap 6, Deployment 4, HTTPRoute 4, LimitRange 1, NetworkPolicy 6, PodDisruptionBudget 4, Probe 2, PrometheusRule 1, Role 2, RoleBinding 2, Service 4, ServiceAccount 4, ServiceMonitor 4",
  },
  "rate-limiter": {
    "overlays/dev":
      "BackendTrafficPolicy 1, ConfigMap 4, CronJob 1, Deployment 1, ExternalSecret 2, HTTPRoute 1, LimitRange 1, PodDisruptionBudget 2, Probe 1, PrometheusRule 1, Role 2, RoleBinding 2, Service 3, ServiceAccount 3, ServiceMonitor 2, StatefulSet 1",
    "overlays/prod":
      "BackendTrafficPolicy 1, ConfigMap 8, CronJob 1, Deployment 1, ExternalSecret 2, HTTPRoute 2, HorizontalPodAutoscaler 1, LimitRange 1, NetworkPolicy 5, PodDisruptionBudget 2, Probe 1, PrometheusRule 1, Role 2, RoleBinding 2, Service 3, ServiceAccount 3, ServiceMonitor 2, StatefulSet 1",
    "bootstrap/argocd": "AppProject 1, ApplicationSet 1",
    "bootstrap/dev":
      "Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
    "bootstrap/prod":
      "Certificate 1, Namespace 1, ResourceQuota 1, ValidatingAdmissionPolicy 2, ValidatingAdmissionPolicyBinding 2",
  },
};

let folder: string;
let checker: SchemaChecker;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "prod-stack-examples-"));
  checker = new SchemaChecker();
});

afterAll(() => {
  checker.close();
  rmSync(folder, { recursive: true });
});

test("every example is here", () => {
  expect(readdirSync(join(ROOT, "examples")).sort()).toEqual(Object.keys(EXPECTED).sort());
});

function kindsOf(manifests: string): string {
  const counts = new Map<string, number>();
  for (const document of parseAllDocuments(manifests)) {
    const { kind } = document.toJS() as { kind: string };
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${kind} ${count}`)
    .join(", ");
}

describe.each(Object.keys(EXPECTED))("%s", (name) => {
  const repository = () => join(folder, name);
  const built = new Map<string, string>();

  beforeAll(async () => {
    generateByCommand(name, join(ROOT, "examples", name, "prod-stack.yaml"), folder);
    const kustomize = await ensureTool("kustomize");
    for (const directory of appliedDirectories(repository()))
      built.set(directory, buildOverlay(kustomize, join(repository(), directory)));
  });

  test("yields the objects that were reviewed", () => {
    const found = [...built].map(([directory, manifests]) => [directory, kindsOf(manifests)]);
    expect(Object.fromEntries(found)).toEqual(EXPECTED[name]);
  });

  test.each(["1.35", "1.36", "1.37"])("is valid on Kubernetes %s, each object", async (version) => {
    expect(checker.versions).toContain(version);
    const files = [...built].map(([directory, manifests]) => {
      const file = join(folder, `${name}-${directory.replaceAll("/", "-")}.yaml`);
      writeFileSync(file, manifests);
      return file;
    });
    const { valid, faults } = await checker.check(files, version);
    expect(faults).toEqual([]);
    const expected = Object.values(EXPECTED[name] ?? {}).flatMap(
      (kinds) => kinds.match(/\d+/g)?.map(Number) ?? [],
    );
    expect(valid).toHaveLength(expected.reduce((sum, count) => sum + count, 0));
  });

  test("passes the generator's own validation", () => {
    const { status, stdout, stderr } = runCommand(["validate"], repository());
    expect(status, stdout + stderr).toBe(0);
  });
});

test("the rate limiter's production quota is raised by itself, and holds its largest release", async () => {
  const quota = buildOverlay(await ensureTool("kustomize"), join(folder, "rate-limiter/bootstrap/prod"));
  const { spec } = parseAllDocuments(quota)
    .map((document) => document.toJS())
    .find(({ kind }) => kind === "ResourceQuota");
  const overlay = buildOverlay(await ensureTool("kustomize"), join(folder, "rate-limiter/overlays/prod"));
  const deployment = parse(overlay.split("\n---\n").find((text) => /^kind: Deployment$/m.test(text)) ?? "");
  const [{ resources }] = deployment.spec.template.spec.containers;
  // Ten replicas and one more during a rolling update.
  const limit =
    Number.parseFloat(resources.limits.cpu) / (String(resources.limits.cpu).endsWith("m") ? 1000 : 1);
  expect(Number(spec.hard["limits.cpu"])).toBeGreaterThanOrEqual(11 * limit);
});
