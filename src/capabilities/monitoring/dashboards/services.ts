// Owns: the dashboard of the services, whatever they are written in.
// Promises: rate, errors, duration and saturation, from the same recordings as the alerts.
// Must not: know a runtime.

import { badFrom, type Dashboard, SERVICE, timeseries } from "../dashboard.js";

const OF_SERVICE = 'namespace="$namespace", service=~"$service"';
/** Pods of a Deployment are called SERVICE-HASH-ID, and its container SERVICE. */
const OF_CONTAINER = 'namespace="$namespace", container=~"$service"';

export function services({ isMeasured }: { readonly isMeasured: boolean }): Dashboard {
  return {
    name: "services",
    title: "Services",
    description: "Requests, errors, durations and resources of each service.",
    variables: [SERVICE],
    panels: [...(isMeasured ? requests() : []), ...objectives(isMeasured), ...saturation()],
  };
}

function requests() {
  return [
    timeseries(
      "Requests",
      "Requests a second.",
      "reqps",
      [[`service:http_requests:rate5m{${OF_SERVICE}}`, "{{service}}"]],
      { width: 8 },
    ),
    timeseries(
      "Failed requests",
      "Share of the requests that ended in a server error; from 5 % on ServiceErrorRatioHigh fires.",
      "percentunit",
      [[`service:http_errors:ratio_rate5m{${OF_SERVICE}}`, "{{service}}"]],
      { width: 8, thresholds: badFrom(0.05) },
    ),
    timeseries(
      "Durations",
      "Time under which 50, 95 and 99 % of the requests stay, and the objective for 95 %.",
      "s",
      [
        [`service:http_request_duration_seconds:p50_rate5m{${OF_SERVICE}}`, "{{service}} 50 %"],
        [`service:http_request_duration_seconds:p95_rate5m{${OF_SERVICE}}`, "{{service}} 95 %"],
        [`service:http_request_duration_seconds:p99_rate5m{${OF_SERVICE}}`, "{{service}} 99 %"],
        [`service:slo_latency_seconds:objective{${OF_SERVICE}}`, "{{service}} objective"],
      ],
      { width: 8 },
    ),
  ];
}

function objectives(isMeasured: boolean) {
  if (!isMeasured) return [];
  const burn = (window: string) =>
    `service:http_errors:ratio_rate${window}{${OF_SERVICE}} / on (namespace, service) (1 - service:slo_availability:objective{${OF_SERVICE}})`;
  return [
    timeseries(
      "Error budget left",
      "What is left of the budget for failed requests. Below 0 it is used up.",
      "percentunit",
      [[`service:slo_error_budget_remaining:ratio{${OF_SERVICE}}`, "{{service}}"]],
      { min: undefined, max: 1 },
    ),
    timeseries(
      "Burn rates",
      "How many times faster than allowed the budget is used. Pages: 14.4 over 1 h, 6 over 6 h. Tickets: 3 over 1 d, 1 over 3 d.",
      "none",
      [
        [burn("1h"), "{{service}} 1 h"],
        [burn("6h"), "{{service}} 6 h"],
        [burn("1d"), "{{service}} 1 d"],
        [burn("3d"), "{{service}} 3 d"],
      ],
    ),
  ];
}

function saturation() {
  const deployment = 'namespace="$namespace", deployment=~"$service"';
  const autoscaler = 'namespace="$namespace", horizontalpodautoscaler=~"$service"';
  return [
    timeseries(
      "Replicas",
      "Pods that are available and wanted, and the most that the autoscaler may start.",
      "short",
      [
        [
          `max by (deployment) (kube_deployment_status_replicas_available{${deployment}})`,
          "{{deployment}} available",
        ],
        [`max by (deployment) (kube_deployment_spec_replicas{${deployment}})`, "{{deployment}} wanted"],
        [
          `max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_max_replicas{${autoscaler}})`,
          "{{horizontalpodautoscaler}} at most",
        ],
      ],
    ),
    timeseries("Restarts", "Restarts of containers, by pod, in ten minutes.", "short", [
      [`sum by (pod) (increase(kube_pod_container_status_restarts_total{${OF_CONTAINER}}[10m]))`, "{{pod}}"],
    ]),
    timeseries(
      "CPU",
      "Cores in use, by pod.",
      "short",
      [[`container:cpu_usage_cores:rate5m{${OF_CONTAINER}}`, "{{pod}}"]],
      { width: 8 },
    ),
    timeseries(
      "CPU, of the limit",
      "Above the limit the kernel throttles.",
      "percentunit",
      [[`container:cpu_limit_utilization:ratio_rate5m{${OF_CONTAINER}}`, "{{pod}}"]],
      { width: 8, thresholds: badFrom(0.85) },
    ),
    timeseries(
      "Memory, of the limit",
      "Above the limit the kernel kills.",
      "percentunit",
      [[`container:memory_limit_utilization:ratio{${OF_CONTAINER}}`, "{{pod}}"]],
      { width: 8, thresholds: badFrom(0.85) },
    ),
    timeseries("Throttling", "Share of the CPU periods in which a container was throttled.", "percentunit", [
      [
        `sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{${OF_CONTAINER}}[$__rate_interval])) / sum by (pod) (rate(container_cpu_cfs_periods_total{${OF_CONTAINER}}[$__rate_interval]))`,
        "{{pod}}",
      ],
    ]),
    timeseries("Network", "Bytes a second that the pods receive and send.", "Bps", [
      [
        'sum by (pod) (rate(container_network_receive_bytes_total{namespace="$namespace", pod=~"($service)-.+"}[$__rate_interval]))',
        "{{pod}} in",
      ],
      [
        'sum by (pod) (rate(container_network_transmit_bytes_total{namespace="$namespace", pod=~"($service)-.+"}[$__rate_interval]))',
        "{{pod}} out",
      ],
    ]),
  ];
}
