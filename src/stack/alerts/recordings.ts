// Owns: the recording rules: what alerts and dashboards ask again and again, worked out once.
// Promises: names as the Prometheus docs have them, level:metric:operations; one value per service, whatever measures it.
// Must not: alert.

import { seconds } from "../quantity.js";
import { familiesOf } from "./datastores.js";
import { oneOf, promql, type Recording, type RecordingGroup, type Scope } from "./scope.js";

/** Windows of the burn-rate alerts beyond the 5 minutes that everything else builds on (Google SRE workbook, ch. 5). */
export const BURN_WINDOWS = ["30m", "1h", "2h", "6h", "1d", "3d"] as const;

/** The budget is counted over 30 days, or over what Prometheus keeps where that is less. */
export function budgetWindow(retention: string): string {
  return seconds(retention) >= seconds("30d") ? "30d" : retention;
}

export function recordingGroups(scope: Scope): RecordingGroup[] {
  return [
    { name: "expected", interval: undefined, recordings: expected(scope) },
    { name: "requests", interval: undefined, recordings: requests(scope) },
    { name: "burn-rates", interval: undefined, recordings: burnRates(scope) },
    { name: "error-budget", interval: "2m", recordings: errorBudget(scope) },
    { name: "resources", interval: undefined, recordings: resources(scope) },
    {
      name: "datastore-recordings",
      interval: undefined,
      recordings: familiesOf(scope).flatMap(({ monitoring, scope: own }) => monitoring.recordings(own)),
    },
  ];
}

function constant(
  record: string,
  namespace: string,
  labels: Readonly<Record<string, string>>,
  value = 1,
): Recording {
  return { record, expr: `vector(${value})`, labels: { namespace, ...labels } };
}

function fraction(percentage: number): number {
  return Number((percentage / 100).toFixed(8));
}

/** What there should be: with it, one rule sees both what is broken and what is not there at all. */
function expected({ services, schedules, datastores, backups, environment, namespace }: Scope): Recording[] {
  return [
    ...services.map(({ name }) => constant("service:expected:info", namespace, { service: name })),
    ...services.flatMap(({ name, metrics }) =>
      metrics === undefined ? [] : [constant("service:scrape_expected:info", namespace, { service: name })],
    ),
    ...datastores.map(({ name, engine, role, mode }) =>
      constant("datastore:expected:info", namespace, {
        service: name,
        engine,
        role,
        ...(mode === "operator" ? { mode } : {}),
      }),
    ),
    ...backups.map(({ cronJob, maxAgeSeconds }) =>
      constant("backup:max_age_seconds:objective", namespace, { cronjob: cronJob }, maxAgeSeconds),
    ),
    ...schedules.map(({ cronJob, maxAgeSeconds }) =>
      constant("schedule:max_age_seconds:objective", namespace, { cronjob: cronJob }, maxAgeSeconds),
    ),
    ...environment.secrets.map(({ name }) => constant("secret:expected:info", namespace, { name })),
  ];
}

/** Requests, errors and durations of every service, from its own metrics or from the gateway's. */
function requests(scope: Scope): Recording[] {
  const { measured, measuredAtGateway, inNamespace, namespace } = scope;
  if (measured.length + measuredAtGateway.length === 0) return [];
  const labels = { namespace };
  return [
    { record: "service:http_requests:rate5m", expr: counted(scope, "total"), labels },
    {
      record: "service:http_errors:rate5m",
      // A service without errors has no such series: 0 times its requests stands in.
      expr: `${counted(scope, "errors")}\nor\n0 * service:http_requests:rate5m{${inNamespace}}`,
      labels,
    },
    { record: "service:http_errors:ratio_rate5m", expr: ratio(inNamespace), labels },
    ...[50, 95, 99].map((percent) => ({
      record: `service:http_request_duration_seconds:p${percent}_rate5m`,
      expr: quantile(scope, percent / 100),
      labels,
    })),
    ...[...measured, ...measuredAtGateway].flatMap(({ name, slo }) => [
      constant(
        "service:slo_availability:objective",
        namespace,
        { service: name },
        fraction(slo.availability),
      ),
      constant("service:slo_latency_seconds:objective", namespace, { service: name }, seconds(slo.latency)),
    ]),
  ];
}

/** The families of request metrics that the services of a scope have, each once. */
function families({ measured }: Scope) {
  const found = measured.flatMap(({ requestMetrics }) =>
    requestMetrics === undefined ? [] : [requestMetrics],
  );
  return found.filter((family, index) => found.findIndex(({ count }) => count === family.count) === index);
}

function counted(scope: Scope, what: "total" | "errors"): string {
  const own = families(scope).map(({ count, status, ignore }) => {
    const matchers = [scope.inNamespace, ignore, what === "errors" ? `${status}=~"5.."` : undefined]
      .filter(Boolean)
      .join(",");
    return `sum by (namespace, service) (rate(${count}{${matchers}}[5m]))`;
  });
  const metric =
    what === "errors"
      ? `envoy_cluster_upstream_rq_xx{envoy_response_code_class="5",`
      : "envoy_cluster_upstream_rq_xx{";
  return [...own, ...atGateway(scope, (routes) => `rate(${metric}${routes}}[5m])`)].join("\nor\n");
}

function quantile(scope: Scope, rank: number): string {
  const own = families(scope).map(({ buckets, ignore }) => {
    const matchers = [scope.inNamespace, ignore].filter(Boolean).join(",");
    return `histogram_quantile(${rank}, sum by (namespace, service, le) (rate(${buckets}{${matchers}}[5m])))`;
  });
  // Envoy counts in milliseconds.
  const gateway = atGateway(
    scope,
    (routes) => `rate(envoy_cluster_upstream_rq_time_bucket{${routes}}[5m])`,
    "service, le",
  ).map((expr) => `histogram_quantile(${rank}, ${expr}) / 1000`);
  return [...own, ...gateway].join("\nor\n");
}

/** Envoy Gateway names an upstream cluster httproute/NAMESPACE/ROUTE/rule/N, or grpcroute/…; a route has its service's name. */
function atGateway(
  { measuredAtGateway, namespace }: Scope,
  expr: (matchers: string) => string,
  by = "service",
): string[] {
  if (measuredAtGateway.length === 0) return [];
  const routes = `envoy_cluster_name=~"(http|grpc)route/${namespace}/(${oneOf(measuredAtGateway.map(({ name }) => name))})/rule/.+"`;
  const named = `label_replace(${expr(routes)}, "service", "$1", "envoy_cluster_name", "[a-z]+route/[^/]+/([^/]+)/rule/.+")`;
  // Their own namespace is the proxies'. Without this one, `or` would take a service's errors and its zero together.
  return [`label_replace(sum by (${by}) (${named}), "namespace", "${namespace}", "", "")`];
}

function ratio(inNamespace: string): string {
  return `service:http_errors:rate5m{${inNamespace}} / service:http_requests:rate5m{${inNamespace}}`;
}

function overWindow(inNamespace: string, window: string): string {
  return promql`
    sum_over_time(service:http_errors:rate5m{${inNamespace}}[${window}])
    / sum_over_time(service:http_requests:rate5m{${inNamespace}}[${window}])`;
}

function burnRates({ measured, measuredAtGateway, inNamespace, namespace }: Scope): Recording[] {
  if (measured.length + measuredAtGateway.length === 0) return [];
  return BURN_WINDOWS.map((window) => ({
    record: `service:http_errors:ratio_rate${window}`,
    expr: overWindow(inNamespace, window),
    labels: { namespace },
  }));
}

function errorBudget({
  measured,
  measuredAtGateway,
  inNamespace,
  namespace,
  environment,
}: Scope): Recording[] {
  if (measured.length + measuredAtGateway.length === 0) return [];
  const window = budgetWindow(environment.settings.monitoring.metricRetention);
  const expr = promql`
    1 - (
      sum_over_time(service:http_errors:rate5m{${inNamespace}}[${window}])
      / sum_over_time(service:http_requests:rate5m{${inNamespace}}[${window}])
    ) / on (namespace, service) (1 - service:slo_availability:objective{${inNamespace}})`;
  return [{ record: "service:slo_error_budget_remaining:ratio", expr, labels: { namespace } }];
}

function resources({ inNamespace, namespace }: Scope): Recording[] {
  const labels = { namespace };
  const used = {
    cpu: `sum by (namespace, pod, container) (rate(container_cpu_usage_seconds_total{${inNamespace},container!=""}[5m]))`,
    memory: `max by (namespace, pod, container) (container_memory_working_set_bytes{${inNamespace},container!=""})`,
  };
  const limit = (resource: string) =>
    `max by (namespace, pod, container) (kube_pod_container_resource_limits{${inNamespace},resource="${resource}"})`;
  return [
    { record: "container:cpu_usage_cores:rate5m", expr: used.cpu, labels },
    {
      record: "container:cpu_limit_utilization:ratio_rate5m",
      expr: `${used.cpu}\n/ on (namespace, pod, container) ${limit("cpu")}`,
      labels,
    },
    {
      record: "container:memory_limit_utilization:ratio",
      expr: `${used.memory}\n/ on (namespace, pod, container) ${limit("memory")}`,
      labels,
    },
  ];
}
