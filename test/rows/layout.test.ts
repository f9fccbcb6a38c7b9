// Owns: the proofs of the rows LAY, GIT and ENV on a built stack of three tiers.
// Promises: one test a row, which fails when the row is broken.
// Must not: repeat what other rooms test in depth.

import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { type KubernetesObject, renderText } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { type Built, build, ENVIRONMENTS } from "./built-shop.js";

let shop: Built;

beforeAll(async () => {
  shop = await build("shop");
});

const replicas = (environment: string, name: string) =>
  shop.of(environment, "Deployment").find(({ metadata }) => metadata.name === name)?.spec.replicas;
const paths = () => shop.stack.tree.map(({ path }) => path);

test("[LAY-01] there is one base, and one overlay with an outer layer per environment", () => {
  expect(paths()).toContain("base/kustomization.yaml");
  for (const environment of ENVIRONMENTS) {
    expect(shop.file(`overlays/${environment}/kustomization.yaml`)).toContain("- managed");
    expect(shop.file(`overlays/${environment}/managed/kustomization.yaml`)).toContain("../../../base");
  }
});

test("[LAY-02] the base has what a workload needs; production adds autoscaling and network policies", () => {
  for (const part of ["deployment", "service", "service-account", "pod-disruption-budget"])
    expect(paths()).toContain(`base/api/${part}.yaml`);
  expect(shop.of("prod", "HorizontalPodAutoscaler")).not.toEqual([]);
  expect(shop.of("prod", "NetworkPolicy")).not.toEqual([]);
  expect(shop.of("staging", "HorizontalPodAutoscaler")).toEqual([]);
});

test("[LAY-03] monitoring, scripts and runbooks have folders of their own", () => {
  for (const folder of ["monitoring/", "scripts/", "docs/runbook/"])
    expect(paths().filter((path) => path.startsWith(folder)).length).toBeGreaterThan(1);
});

test("[LAY-04] every object has the recommended labels and its environment", () => {
  for (const { kind, metadata } of shop.stack.objects.get("overlays/prod") ?? []) {
    const missing = ["name", "instance", "part-of", "component", "managed-by"].filter(
      (label) => metadata.labels?.[`app.kubernetes.io/${label}`] === undefined,
    );
    expect([kind, metadata.name, missing, metadata.labels.environment]).toEqual([
      kind,
      metadata.name,
      [],
      "prod",
    ]);
  }
});

test("[LAY-05] several services stand beside each other, each with its own image, port and resources", () => {
  const own = shop
    .of("prod", "Deployment")
    .map(({ spec }) => spec.template.spec.containers[0])
    .map(
      ({ name, image, ports }) =>
        `${name} ${image.split(":")[0].split("/").at(-1)} ${ports?.[0]?.containerPort}`,
    );
  expect(own.sort()).toEqual(["api api 8080", "auth auth 8081", "mailer mailer undefined", "web web 8080"]);
});

test("[GIT-01] the ApplicationSet is strict about its template and deletes nothing", () => {
  const [set] = shop.bootstrap("argocd", "ApplicationSet");
  expect(set.spec.goTemplate).toBe(true);
  expect(set.spec.goTemplateOptions).toContain("missingkey=error");
  expect(set.spec.syncPolicy.preserveResourcesOnDeletion).toBe(true);
  expect(set.spec.template.spec.project).not.toContain("{{");
  expect(set.spec.template.metadata.finalizers).toBeUndefined();
});

test("[GIT-02] the project has no wildcards and may hold none of Argo CD's own kinds", () => {
  const [{ spec }] = shop.bootstrap("argocd", "AppProject") as [KubernetesObject];
  expect(
    JSON.stringify([spec.sourceRepos, spec.destinations, spec.namespaceResourceWhitelist]),
  ).not.toContain('"*"');
  expect(spec.clusterResourceWhitelist).toEqual([]);
  const kinds = spec.namespaceResourceWhitelist.map(({ kind }: KubernetesObject) => kind);
  expect(kinds.filter((kind: string) => /^(Application|ApplicationSet|AppProject)$/.test(kind))).toEqual([]);
});

test("[GIT-03] a single Application per environment stands in the place of the set, and deletes nothing", () => {
  const text = `${SAMPLE_STACKS.smallest ?? ""}\nargocd: { mode: application }\n`;
  const { tree } = renderText(text);
  const applications = tree.filter(({ path }) => /^bootstrap\/argocd\/.*\.application\.yaml$/.test(path));
  expect(applications).toHaveLength(2);
  expect(tree.some(({ path }) => path.endsWith("application-set.yaml"))).toBe(false);
  for (const { contents } of applications) {
    const { kind, metadata, spec } = parse(contents);
    expect([kind, metadata.finalizers]).toEqual(["Application", undefined]);
    expect(spec.source.path).toMatch(/^overlays\//);
    expect(spec.project).toBe("hello");
  }
});

test("[GIT-04] a release is an image entry in git, and a script promotes it", () => {
  for (const environment of ENVIRONMENTS)
    expect(shop.file(`overlays/${environment}/kustomization.yaml`)).toMatch(/^images:\n {2}- name: /m);
  expect(shop.stack.tree.find(({ path }) => path === "scripts/promote.sh")?.mode).toBe(0o755);
});

test("[GIT-05] the way back goes by git, and the one past it is written down", () => {
  expect(shop.file("scripts/rollback.sh")).toContain("git");
  expect(shop.file("docs/runbook/README.md").toLowerCase()).toContain("rollback");
});

test("[ENV-01] there are one, two and three replicas, or an autoscaler from three", () => {
  expect(replicas("dev", "api")).toBe(1);
  expect(replicas("staging", "api")).toBe(2);
  expect(replicas("prod", "api")).toBeUndefined();
  const [scaler] = shop
    .of("prod", "HorizontalPodAutoscaler")
    .filter(({ metadata }) => metadata.name === "api");
  expect(scaler.spec.minReplicas).toBe(3);
});

test("[ENV-02] development is small, talks much, takes plain HTTP and has a namespace of its own", () => {
  const [api] = shop.of("dev", "Deployment").filter(({ metadata }) => metadata.name === "api");
  expect(api.spec.template.spec.containers[0].resources.requests).toMatchObject({
    cpu: "100m",
    memory: "256Mi",
  });
  expect(api.metadata.namespace).toBe("shop-dev");
  const [config] = shop
    .of("dev", "ConfigMap")
    .filter(({ metadata }) => metadata.name.startsWith("api-config"));
  expect(Object.values(config.data)).toContain("Debug");
  const redirects = shop.of("dev", "HTTPRoute").filter(({ metadata }) => metadata.name.endsWith("-redirect"));
  expect(redirects).toEqual([]);
});

test("[ENV-04] production is autoscaled, HTTPS only and closed", () => {
  expect(shop.of("prod", "HorizontalPodAutoscaler").length).toBe(shop.of("prod", "Deployment").length);
  const routes = shop.of("prod", "HTTPRoute");
  const redirects = routes.filter(({ metadata }) => metadata.name.endsWith("-redirect"));
  expect(redirects.length).toBeGreaterThan(0);
  for (const { spec } of routes.filter((route) => !redirects.includes(route)))
    expect(spec.parentRefs.map(({ sectionName }: KubernetesObject) => sectionName)).toEqual(["https"]);
  const policies = shop.of("prod", "NetworkPolicy").map(({ metadata }) => metadata.name);
  expect(policies).toContain("default-deny");
});

test("[ENV-05] settings differ by environment, and a change of them rolls the pods", () => {
  const name = (environment: string) =>
    shop.of(environment, "ConfigMap").find(({ metadata }) => metadata.name.startsWith("api-config")).metadata
      .name;
  expect(name("dev")).not.toBe(name("prod"));
  for (const environment of ENVIRONMENTS) {
    const [api] = shop.of(environment, "Deployment").filter(({ metadata }) => metadata.name === "api");
    expect(api.spec.template.spec.containers[0].envFrom[0].configMapRef.name).toBe(name(environment));
  }
});
