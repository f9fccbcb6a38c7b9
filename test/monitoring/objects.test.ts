// Owns: the objects of the operator's flavour and the files of the plain one.
// Promises: read as YAML, as a cluster or Prometheus would.
// Must not: check rules or dashboards; their own tests do.
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { PLAIN_SHOP, rendered, SHOP, WORKER } from "./stacks.js";

// biome-ignore lint/suspicious/noExplicitAny: free-form manifests
type Manifest = any;

function documents(spec: string, path: string): Manifest[] {
  const contents = rendered(spec).get(path);
  if (contents === undefined) throw new Error(`no ${path}`);
  return parseAllDocuments(contents)
    .map((document) => document.toJS())
    .filter(Boolean);
}

const prod = (file: string) => `stacks/shop/monitoring/prod/${file}`;

describe("operator", () => {
  test("has a monitor per service with metrics and per datastore, with limits, and looks into no other namespace", () => {
    const monitors = documents(SHOP, prod("service-monitors.yaml"));
    expect(monitors.map(({ metadata }) => metadata.name)).toEqual(["api", "cache", "redis"]);
    for (const { metadata, spec } of monitors) {
      expect(metadata.namespace).toBeUndefined();
      expect(metadata.labels).toMatchObject({ team: "monitoring", release: "kube-prometheus-stack" });
      expect(spec.namespaceSelector).toBeUndefined();
      expect(spec.sampleLimit).toBe(10000);
      expect(spec.endpoints[0].metricRelabelings.length).toBeGreaterThan(0);
    }
    const [api, , redis] = monitors;
    expect(api.spec.endpoints[0]).toMatchObject({
      port: "http",
      path: "/actuator/prometheus",
      interval: "15s",
      scrapeTimeout: "10s",
    });
    expect(redis.spec.endpoints[0]).toMatchObject({ port: "metrics", interval: "30s" });
  });

  test("selects each Service once", () => {
    const files = rendered(SHOP);
    for (const { metadata, spec } of documents(SHOP, prod("service-monitors.yaml"))) {
      const services = documents(SHOP, `stacks/shop/base/${metadata.name}/service.yaml`);
      const selected = services.filter(({ metadata: { labels } }) =>
        Object.entries(spec.selector.matchLabels).every(([name, value]) => labels[name] === value),
      );
      expect(
        selected.map((service) => service.metadata.name),
        metadata.name,
      ).toEqual([metadata.name]);
      expect(selected[0].spec.ports.map(({ name }: { name: string }) => name)).toContain(
        spec.endpoints[0].port,
      );
    }
    expect(files.size).toBeGreaterThan(0);
  });

  test("probes each exposed service where it is known to answer, else where it must not fail", () => {
    const probes = documents(SHOP, prod("probes.yaml"));
    expect(
      probes.map(({ metadata, spec }) => [metadata.name, spec.jobName, spec.targets.staticConfig.static[0]]),
    ).toEqual([
      ["api", "endpoint-reach", "https://shop.example.com/api"],
      ["web", "endpoint-health", "https://shop.example.com/"],
    ]);
    expect(
      documents(SHOP, "stacks/shop/monitoring/dev/probes.yaml")[0].spec.targets.staticConfig.static[0],
    ).toMatch(/^http:/);
  });

  test("routes by severity and team, with addresses from secrets", () => {
    const [{ spec }] = documents(SHOP, prod("alertmanager-config.yaml"));
    expect(spec.route.matchers).toContainEqual({ name: "team", matchType: "=", value: "shop-team" });
    expect(spec.route.routes.map(({ receiver }: { receiver: string }) => receiver)).toEqual([
      "page",
      "ticket",
    ]);
    expect(spec.receivers[0].webhookConfigs[0].urlSecret).toEqual({ name: "alerting", key: "page-url" });
    expect(spec.inhibitRules.length).toBeGreaterThan(3);
  });

  test("lets Prometheus look for targets in this namespace, and nothing else", () => {
    const [role, binding] = documents(SHOP, prod("access.yaml"));
    expect(role.rules.flatMap(({ resources }: { resources: string[] }) => resources)).toEqual([
      "endpoints",
      "pods",
      "services",
      "endpointslices",
    ]);
    expect(new Set(role.rules.flatMap(({ verbs }: { verbs: string[] }) => verbs))).toEqual(
      new Set(["get", "list", "watch"]),
    );
    expect(binding.subjects).toEqual([
      { kind: "ServiceAccount", name: "prometheus-k8s", namespace: "monitoring" },
    ]);
  });

  test("names a service account called default by its user name, which Kustomize leaves alone", () => {
    const spec = SHOP.replace("labels: { team: monitoring }", "serviceAccount: default");
    expect(documents(spec, prod("access.yaml"))[1].subjects).toEqual([
      {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "User",
        name: "system:serviceaccount:monitoring:default",
      },
    ]);
  });

  test("has no routing without receivers, and says what to set", () => {
    const files = rendered(WORKER);
    expect([...files.keys()].filter((path) => path.includes("alertmanager"))).toEqual([]);
    expect(files.get("monitoring/README.md")).toContain("receivers:");
  });
});

describe("plain", () => {
  const config = (): Manifest =>
    parse(rendered(PLAIN_SHOP).get("stacks/shop/monitoring/prometheus/prometheus.prod.yaml") ?? "");

  test("has no objects of the operator", () => {
    for (const [path, contents] of rendered(PLAIN_SHOP))
      if (path.endsWith(".yaml")) expect(contents, path).not.toContain("monitoring.coreos.com/");
  });

  test("discovers by Kubernetes, limited to named namespaces but for nodes", () => {
    const roles = ["endpointslice", "pod", "node"];
    for (const job of config().scrape_configs) {
      for (const { role, namespaces, ...rest } of job.kubernetes_sd_configs ?? []) {
        expect(rest, job.job_name).toEqual({});
        expect(roles, job.job_name).toContain(role);
        if (role !== "node") expect(namespaces.names.length, job.job_name).toBeGreaterThan(0);
      }
    }
    const names = config().scrape_configs.map(({ job_name }: { job_name: string }) => job_name);
    expect(names).toEqual(
      expect.arrayContaining([
        "apiserver",
        "kubelet",
        "cadvisor",
        "node-exporter",
        "kube-state-metrics",
        "platform",
        "endpoint-health",
        "endpoint-reach",
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test("scrapes the same targets as the operator's flavour", () => {
    const targets = config().scrape_configs.filter(({ job_name }: { job_name: string }) =>
      job_name.startsWith("shop-targets-"),
    );
    const places = targets.flatMap(({ relabel_configs }: Manifest) => relabel_configs[1].regex);
    expect(places).toEqual([
      "(shop-dev;api|shop;api);http",
      "(shop-dev;cache|shop-dev;redis|shop;cache|shop;redis);metrics",
    ]);
    for (const { sample_limit } of targets) expect(sample_limit).toBe(10000);
  });

  test("reads addresses from mounted secrets", () => {
    const { receivers, route }: Manifest = parse(
      rendered(PLAIN_SHOP).get("stacks/shop/monitoring/alertmanager/alertmanager.yaml") ?? "",
    );
    expect(
      receivers.find(({ name }: { name: string }) => name === "prod-page").webhook_configs[0].url_file,
    ).toBe("/etc/alertmanager/secrets/alerting/page-url");
    expect(
      route.routes.find(({ receiver }: { receiver: string }) => receiver === "prod-page").matchers,
    ).toContain('severity = "page"');
  });
});
