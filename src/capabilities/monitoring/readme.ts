// Owns: what monitoring/README.md says of this stack.
// Promises: only what the files beside it really hold.
// Must not: hold rules.

import { receiversOf } from "../../stack/alert-routing.js";
import { sourcesOf } from "../../stack/alerts/monitoring.js";
import { budgetWindow } from "../../stack/alerts/recordings.js";
import { scopeOf } from "../../stack/alerts/scope.js";
import { alertsOf } from "../../stack/alerts.js";
import { isClusterHome } from "../../stack/cluster-home.js";
import { endpointsOf } from "../../stack/endpoints.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { rowsByPlace } from "../places.js";
import { dashboardsOf } from "./dashboards.js";

/** Where each source of metrics comes from. */
const SOURCES: Readonly<Record<string, string>> = {
  "kube-state-metrics": "states of Deployments, pods, jobs, quotas",
  cadvisor: "CPU and memory of containers, by the kubelet",
  kubelet: "free space of volumes",
  "external-secrets": "whether secrets are synced",
  "blackbox-exporter": "probes from outside, certificates; module http_2xx",
  "envoy-gateway": "requests of services without metrics of their own",
  "argo-cd": "sync and health of the Applications",
};

export function readmeView(stack: Stack) {
  const alerts = alertsOf(stack);
  const sources = [
    ...new Set(
      stack.environments.flatMap((environment) =>
        sourcesOf(scopeOf(stack, environment)).map(({ source }) => source),
      ),
    ),
  ];
  return {
    name: stack.name,
    owner: stack.owner,
    alertCount: alerts.length,
    environments: rowsByPlace(stack, (environment) => [environmentView(stack, environment)]),
    sources: sources.map((source) => ({ source, use: SOURCES[source] ?? "" })),
    groups: [...new Set(alerts.map(({ group }) => group))].map((group) => ({
      group,
      alerts: alerts
        .filter((alert) => alert.group === group)
        .map(({ name, places }) => ({
          name,
          link: `../docs/runbook/alerts/${name}.md`,
          severities: [...new Set(places.map(({ rule }) => rule.severity))].join(", "),
          summary: withoutLabels(places[0]?.rule.summary ?? ""),
        })),
    })),
    dashboards: dashboardsOf(stack).map(({ name, title, description }) => ({
      file: `grafana/dashboards/${name}.json`,
      title,
      description,
    })),
    hasPlain: stack.environments.some(({ settings }) => settings.monitoring.prometheus === "plain"),
    withoutReceivers: stack.environments
      .filter((environment) => receiversOf(environment).length === 0)
      .map(({ label }) => label)
      .join(", "),
  };
}

function environmentView(stack: Stack, environment: Environment) {
  const { monitoring } = environment.settings;
  return {
    tier: environment.tier,
    namespace: environment.namespace,
    flavour: monitoring.prometheus,
    pages: environment.tier === "production" ? "pages and tickets" : "tickets only",
    objective:
      environment.tier === "development"
        ? "none"
        : `${monitoring.slo.availability} % over ${budgetWindow(monitoring.metricRetention)}, 95 % under ${monitoring.slo.latency}`,
    endpoints:
      endpointsOf(stack, environment)
        .map(({ url }) => url)
        .join(", ") || "none",
    receivers:
      receiversOf(environment)
        .map(({ severity, webhook }) => `${severity}: ${webhook.secret}/${webhook.key}`)
        .join(", ") || "none",
    hasDashboards: isClusterHome(stack, environment) ? "yes" : "no",
  };
}

/** A summary as a heading: the label stands for the thing. */
export function withoutLabels(summary: string): string {
  return summary
    .replace(/\{\{ \$labels\.([a-z_]+) \}\}/g, (_match, label: string) => label.toUpperCase())
    .replace(/\{\{ \$value[^}]*\}\}/g, "…");
}
