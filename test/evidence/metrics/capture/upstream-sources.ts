/**
 * Owns the capture from upstream sources of what cannot run here without a cluster: documented tables, Go definitions
 * and test data of pinned modules.
 * Promises that each list is read by script from the module and version that is recorded.
 * Must not add a name that the module does not contain.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { KnownMetric, KnownSource } from "../known-metrics.js";
import { parseExposition, seriesOf, unite } from "./exposition.js";
import { definedMetrics, type GoModule, moduleFolder } from "./go-modules.js";

const kubeStateMetrics: GoModule = { path: "k8s.io/kube-state-metrics/v2", version: "v2.19.1" };
const kubernetes: GoModule = { path: "k8s.io/kubernetes", version: "v1.37.0" };
const cadvisor: GoModule = { path: "github.com/google/cadvisor/lib", version: "v0.60.5" };
const argoCd: GoModule = { path: "github.com/argoproj/argo-cd/v3", version: "v3.6.1" };
const certManager: GoModule = { path: "github.com/cert-manager/cert-manager", version: "v1.21.2" };
const externalSecrets: GoModule = { path: "github.com/external-secrets/external-secrets", version: "v1.3.2" };
const barmanCloud: GoModule = { path: "github.com/cloudnative-pg/plugin-barman-cloud", version: "v0.15.0" };
const cloudNativePg: GoModule = { path: "github.com/cloudnative-pg/cloudnative-pg", version: "v1.30.1" };

function fromModule(module: GoModule, how: string, metrics: readonly KnownMetric[]): KnownSource {
  return { source: { module: module.path, version: module.version, how }, metrics: unite(metrics) };
}

function fromGo(module: GoModule, folders: readonly string[]): KnownSource {
  return fromModule(module, `defined in ${folders.join(", ")}`, definedMetrics(module, folders));
}

/** kube-state-metrics: its documented tables, which its own tests hold against the code. */
export function captureKubeStateMetrics(): KnownSource {
  const folder = join(moduleFolder(kubeStateMetrics), "docs/metrics");
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith("-metrics.md"),
  );
  const metrics = pages.sort().flatMap((page) => documentedMetrics(readFileSync(join(folder, page), "utf8")));
  return fromModule(kubeStateMetrics, "tables in docs/metrics", metrics);
}

function documentedMetrics(page: string): KnownMetric[] {
  const rows = page.split("\n").filter((line) => line.startsWith("|"));
  const cells = rows.map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()));
  const header = cells.find((row) => row.some((cell) => cell === "Metric name")) ?? [];
  const [type, labels] = [
    header.indexOf("Metric type"),
    header.findIndex((cell) => cell.startsWith("Labels")),
  ];
  return cells
    .filter((row) => /^`?kube_\w+`?$/.test(row[1] ?? ""))
    .flatMap((row) =>
      seriesOf(row[1]?.replaceAll("`", "") ?? "", (row[type] ?? "").toLowerCase(), labelsOf(row[labels])),
    );
}

// `<label>_LABEL` columns of kube_*_labels and kube_*_annotations depend on the object: they stay out.
function labelsOf(cell: string | undefined): string[] {
  return [...(cell ?? "").matchAll(/`(\w+)`=/g)]
    .map((match) => match[1] ?? "")
    .filter((name) => name === name.toLowerCase());
}

/** cAdvisor as the kubelet serves it: cAdvisor's own expected exposition, with the kubelet's container labels. */
export function captureCadvisor(): KnownSource {
  const text = readFileSync(join(moduleFolder(cadvisor), "metrics/testdata/prometheus_metrics"), "utf8");
  const labels = kubeletContainerLabels();
  const metrics = parseExposition(text)
    .filter((metric) => metric.name.startsWith("container_") || metric.name.startsWith("machine_"))
    .map((metric) => (metric.name.startsWith("container_") ? withLabels(metric, labels) : metric));
  const how = `metrics/testdata/prometheus_metrics, with the labels of containerPrometheusLabelsFunc in ${kubernetes.path} ${kubernetes.version}`;
  return fromModule(cadvisor, how, metrics);
}

// The test data has labels of a made-up container specification; the kubelet replaces those by its own.
function withLabels(metric: KnownMetric, labels: readonly string[]): KnownMetric {
  const own = (metric.labels ?? []).filter(
    (label) => !label.startsWith("container_") && !label.startsWith("zone_"),
  );
  return { ...metric, labels: [...new Set([...own, ...labels])].sort() };
}

function kubeletContainerLabels(): string[] {
  const server = readFileSync(join(moduleFolder(kubernetes), "pkg/kubelet/server/server.go"), "utf8");
  const exporter = readFileSync(join(moduleFolder(cadvisor), "metrics/prometheus.go"), "utf8");
  const set = /set := map\[string\]string\{([^}]+)\}/.exec(server)?.[1];
  if (!set) throw new Error("containerPrometheusLabelsFunc is not where it was.");
  return [...set.matchAll(/^\s*(?:metrics\.(\w+)|"(\w+)"):/gm)].map(([, constant, literal]) => {
    const label = literal ?? new RegExp(`${constant}\\s*=\\s*"(\\w+)"`).exec(exporter)?.[1];
    if (!label) throw new Error(`The value of ${constant} is not where it was.`);
    return label;
  });
}

/** The kubelet's own metrics, those of volumes included. */
export function captureKubelet(): KnownSource {
  return fromGo(kubernetes, ["pkg/kubelet/metrics", "pkg/kubelet/metrics/collectors"]);
}

/** Argo CD: application controller, API server, repository server, ApplicationSet controller. */
export function captureArgoCd(): KnownSource {
  const folders = ["controller/metrics", "server/metrics", "reposerver/metrics", "applicationset/metrics"];
  return fromGo(argoCd, [...folders, "util/metrics/kubectl"]);
}

/** cert-manager's controller. */
export function captureCertManager(): KnownSource {
  return fromGo(certManager, ["pkg/metrics", "internal/collectors"]);
}

/** External Secrets Operator: ExternalSecret, and the stores. */
export function captureExternalSecrets(): KnownSource {
  const metrics = [
    "externalsecret/esmetrics",
    "secretstore/ssmetrics",
    "secretstore/cssmetrics",
    "secretstore/metrics",
  ];
  const folders = metrics.map((folder) => `pkg/controllers/${folder}`);
  return fromGo(externalSecrets, [...folders, "pkg/controllers/metrics"]);
}

/** CloudNativePG instances: the collector, and the default queries that the operator ships. */
export function captureCloudNativePg(): KnownSource {
  const collector = definedMetrics(cloudNativePg, ["pkg/management/postgres/webserver/metricserver"]);
  const path = "config/manager/default-monitoring.yaml";
  const manifests = parseAllDocuments(readFileSync(join(moduleFolder(cloudNativePg), path), "utf8"));
  const queries = manifests.flatMap((manifest) => queriesOf(manifest.toJS() as ConfigMap));
  return fromModule(cloudNativePg, `defined in the metricserver package, and queries of ${path}`, [
    ...collector,
    ...queries,
  ]);
}

/** The plugin's series are told by the instance that it stands beside; the name's first part is the plugin's own name. */
export function captureBarmanCloud(): KnownSource {
  const read = (path: string) => readFileSync(join(moduleFolder(barmanCloud), path), "utf8");
  const [, plugin = ""] = /PluginName = "([^"]+)"/.exec(read("internal/cnpgi/metadata/constants.go")) ?? [];
  const source = "internal/cnpgi/instance/metrics.go";
  const metrics = [...read(source).matchAll(/= buildFqName\("(\w+)"\)/g)].map(
    ([, name]): KnownMetric => ({
      name: `${plugin.replace(/[.-]/g, "_")}_${name}`,
      type: "gauge",
      labels: [],
    }),
  );
  return fromModule(barmanCloud, `defined in ${source}`, metrics);
}

interface ConfigMap {
  readonly data: { readonly queries: string };
}

interface Query {
  readonly name?: string;
  readonly metrics: readonly Record<string, { readonly usage: string }>[];
}

// The name is cnpg_QUERY_COLUMN (CloudNativePG documentation, "Monitoring", user-defined metrics).
function queriesOf(manifest: ConfigMap): KnownMetric[] {
  const queries = parseAllDocuments(manifest.data.queries)[0]?.toJS() as Record<string, Query>;
  return Object.entries(queries).flatMap(([key, query]) => {
    const columns = query.metrics.flatMap((column) => Object.entries(column));
    const labels = columns.filter(([, { usage }]) => usage === "LABEL").map(([name]) => name);
    return columns
      .filter(([, { usage }]) => usage === "GAUGE" || usage === "COUNTER")
      .flatMap(([name, { usage }]) =>
        seriesOf(`cnpg_${query.name ?? key}_${name}`, usage.toLowerCase(), labels),
      );
  });
}
