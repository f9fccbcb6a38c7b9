/**
 * Holds that the captured lists are whole and told apart by source, that PromQL is read as Prometheus reads it,
 * and that a query for something which nothing exports is found.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type KnownSource, knownMetrics, metricNamesIn, targetLabels, unknownIn } from "./known-metrics.js";

const folder = join(import.meta.dirname, "known");
const known = knownMetrics();

describe.each(readdirSync(folder))("known/%s", (file) => {
  const { source, metrics } = JSON.parse(readFileSync(join(folder, file), "utf8")) as KnownSource;

  it("tells the module, the version, and how it was captured", () => {
    expect(source.module).toMatch(/\w/);
    expect(source.version).toMatch(/\d+\.\d+/);
    expect(source.how.length).toBeGreaterThan(20);
  });

  it("lists each series name once, in order", () => {
    const names = metrics.map((metric) => metric.name);
    expect(names).toEqual([...new Set(names)].sort());
    expect(names.filter((name) => !/^[a-zA-Z_:][\w:]*$/.test(name))).toEqual([]);
  });

  it("has types of Prometheus, and `le` on every bucket whose labels are known", () => {
    const types = ["counter", "gauge", "histogram", "summary", "untyped"];
    expect(metrics.filter((metric) => !types.includes(metric.type))).toEqual([]);
    const buckets = metrics.filter(
      (metric) => metric.type === "histogram" && metric.name.endsWith("_bucket"),
    );
    expect(buckets.filter((metric) => metric.labels && !metric.labels.includes("le"))).toEqual([]);
  });
});

describe("knownMetrics", () => {
  it.each([
    ["redis_up", "gauge", "redis-exporter"],
    ["http_server_requests_seconds_bucket", "histogram", "spring-boot"],
    ["kube_horizontalpodautoscaler_spec_max_replicas", "gauge", "kube-state-metrics"],
    ["container_cpu_cfs_throttled_periods_total", "counter", "cadvisor"],
    ["kubelet_volume_stats_available_bytes", "gauge", "kubelet"],
    ["probe_ssl_earliest_cert_expiry", "gauge", "blackbox-exporter"],
    ["argocd_app_info", "gauge", "argo-cd"],
    ["certmanager_certificate_expiration_timestamp_seconds", "gauge", "cert-manager"],
    ["externalsecret_sync_calls_error", "counter", "external-secrets"],
    ["cnpg_collector_up", "gauge", "cloudnative-pg"],
    ["ALERTS", "gauge", "prometheus"],
    ["envoy_cluster_upstream_rq_xx", "counter", "envoy"],
  ])("knows %s, a %s of %s", (name, type, source) => {
    expect(known.get(name)).toMatchObject({ type, sources: [source] });
  });

  it("unites what several sources export", () => {
    expect(known.get("process_start_time_seconds")?.sources).toEqual(
      expect.arrayContaining(["go", "spring-boot"]),
    );
  });
});

describe("metricNamesIn", () => {
  it.each([
    ["up", ["up"]],
    ['sum by (le) (rate(a_bucket{x="1"}[5m])) / ignoring(x) group_left b_total', ["a_bucket", "b_total"]],
    ['absent(up{job="x"}) or on(pod) job:errors:ratio5m', ["job:errors:ratio5m", "up"]],
    ["max_over_time(a[1h:5m] offset 1d) > bool 1 and a @ end()", ["a"]],
    ['{__name__="a", x="1"}', ["a"]],
    ['{"with.dots", "l.m"="1"}', ["with.dots"]],
    ['count_values("version", label_replace(a, "b", "$1", "c", "(.*)"))', ["a"]],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own syntax
    ["rate(a[$__rate_interval]) > $threshold * ${factor:raw}", ["a"]],
    ["vector(1)", []],
  ])("reads %s", (promql, names) => {
    expect(metricNamesIn(promql).names).toEqual(names);
  });

  it("tells the labels that selectors match, with the series they are for", () => {
    expect(metricNamesIn('a{x="1",y!~"$y"} - {__name__="b", z="1"}').labelMatchers).toEqual([
      { metric: "a", label: "x" },
      { metric: "a", label: "y" },
      { metric: "b", label: "z" },
    ]);
  });

  it.each(["sum(", "rate(a[5m]", "a{x=}", ""])("refuses %j, which is no PromQL", (promql) => {
    expect(() => metricNamesIn(promql)).toThrow("Not PromQL");
  });

  it.each(['{job="x"}', '{__name__=~"a|b"}'])("refuses %s, whose series name is open", (promql) => {
    expect(() => metricNamesIn(promql)).toThrow("without a series name");
  });
});

describe("unknownIn", () => {
  it("finds nothing in a query for what is exported", () => {
    const query =
      'sum by (uri, le) (rate(http_server_requests_seconds_bucket{outcome="SERVER_ERROR", job="x"}[5m]))';
    expect(unknownIn(query, known)).toEqual([]);
  });

  it("finds a name that nothing exports, unless the repository records it", () => {
    const query = "rate_limiter_requests_total / job:requests:rate5m";
    expect(unknownIn(query, known, new Set(["job:requests:rate5m"]))).toEqual([
      "nothing exports rate_limiter_requests_total",
    ]);
  });

  it("finds a label that the series does not have", () => {
    const query = 'http_server_requests_seconds_count{code="500"}';
    expect(unknownIn(query, known)).toEqual(["http_server_requests_seconds_count has no label code"]);
  });

  it("knows the labels of targets, and what they make of the exporter's own", () => {
    const matchers = targetLabels.map((label) => `${label}="x"`).join(",");
    expect(unknownIn(`redis_up{${matchers}}`, known)).toEqual([]);
    expect(unknownIn('kube_pod_info{exported_namespace="x"}', known)).toEqual([]);
  });
});
