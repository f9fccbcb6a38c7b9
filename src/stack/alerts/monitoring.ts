// Owns: the alert about alerting itself.
// Promises: where a source of metrics is gone, the alerts that need it cannot fire: this one does.
// Must not: watch the health of those programs; the platform does.

import { endpointsOf } from "../endpoints.js";
import { type AlertGroup, honoredOrNot, type Scope } from "./scope.js";

export function monitoringAlerts(scope: Scope): AlertGroup {
  const expr = sourcesOf(scope)
    .map(({ source, series }) => `label_replace(absent(${series}), "source", "${source}", "", "")`)
    .join("\nor\n");
  return {
    name: "monitoring",
    alerts: [
      {
        name: "MetricsSourceMissing",
        severity: "ticket",
        for: "15m",
        expr,
        summary: "There are no metrics of {{ $labels.source }}",
        description:
          "Prometheus has had no metrics of this namespace from {{ $labels.source }} for fifteen minutes: the alerts that need them are blind.",
      },
    ],
  };
}

/** The sources that the rules of an environment build on, with a series that is always there. */
export function sourcesOf({
  stack,
  inNamespace,
  namespace,
  environment,
  datastores,
  measuredAtGateway,
  argoHere,
}: Scope) {
  const sources: { source: string; series: string; needed: boolean }[] = [
    { source: "kube-state-metrics", series: `kube_namespace_status_phase{${inNamespace}}`, needed: true },
    { source: "cadvisor", series: `container_memory_working_set_bytes{${inNamespace}}`, needed: true },
    {
      source: "kubelet",
      series: `kubelet_volume_stats_available_bytes{${inNamespace}}`,
      needed: datastores.some(({ role }) => role === "store"),
    },
    {
      source: "external-secrets",
      series: honoredOrNot("externalsecret_status_condition", namespace, ""),
      needed: environment.secrets.length > 0,
    },
    {
      source: "blackbox-exporter",
      series: `probe_success{${inNamespace}}`,
      needed: endpointsOf(stack, environment).length > 0,
    },
    {
      source: "envoy-gateway",
      series: `envoy_cluster_upstream_rq_total{envoy_cluster_name=~"(http|grpc)route/${namespace}/.+"}`,
      needed: measuredAtGateway.length > 0,
    },
    { source: "argo-cd", series: `argocd_app_info{dest_namespace="${namespace}"}`, needed: argoHere },
  ];
  return sources.filter(({ needed }) => needed);
}
