// Owns: the dashboard that is opened first: is the stack well, and if not, where to look.
// Promises: objectives and error budgets on top, causes below.
// Must not: go into one service; the others do.

import { badFrom, type Dashboard, goodFrom, stat, timeseries } from "../dashboard.js";

const NS = 'namespace="$namespace"';

interface Parts {
  readonly isMeasured: boolean;
  readonly hasBackup: boolean;
  readonly hasDatastore: boolean;
  /** Names of the recording rules of the engines that run. */
  readonly recorded: ReadonlySet<string>;
  readonly objective: number;
}

export function overview({ isMeasured, hasBackup, hasDatastore, recorded, objective }: Parts): Dashboard {
  return {
    name: "overview",
    title: "Overview",
    description:
      "Is the stack well, and if not, where to look: objectives, alerts, requests, resources, datastores, delivery.",
    variables: [],
    panels: [
      ...status(),
      ...(isMeasured ? requests(objective) : []),
      ...resources(),
      ...(hasDatastore ? datastores(recorded) : []),
      ...(hasBackup ? backups() : []),
    ],
  };
}

function status() {
  return [
    stat(
      "Alerts firing",
      "Alerts of this namespace that fire now; docs/runbook has a page for each.",
      "short",
      `count(ALERTS{${NS}, alertstate="firing"}) or vector(0)`,
      badFrom(1),
    ),
    stat(
      "Services down",
      "Services of the stack without an available replica.",
      "short",
      `count(service:expected:info{${NS}} unless on (service) label_replace(kube_deployment_status_replicas_available{${NS}} > 0, "service", "$1", "deployment", "(.+)")) or vector(0)`,
      badFrom(1),
    ),
    stat(
      "Pods not ready",
      "Pods that run and are not ready.",
      "short",
      `sum(kube_pod_status_ready{${NS}, condition="false"} * on (namespace, pod) group_left () (kube_pod_status_phase{${NS}, phase="Running"} == 1)) or vector(0)`,
      badFrom(1),
    ),
    stat(
      "Restarts in 1 h",
      "Restarts of containers within the last hour.",
      "short",
      `sum(increase(kube_pod_container_status_restarts_total{${NS}}[1h])) or vector(0)`,
      badFrom(3),
    ),
    stat(
      "Endpoints reachable",
      "Share of the exposed addresses that the blackbox exporter reaches.",
      "percentunit",
      `avg(probe_success{${NS}})`,
      goodFrom(0.5, 1),
    ),
    stat(
      "Certificates left",
      "Time until the first certificate of the exposed addresses expires.",
      "s",
      `min(probe_ssl_earliest_cert_expiry{${NS}}) - time()`,
      goodFrom(3 * 86400, 14 * 86400),
    ),
  ];
}

function requests(objective: number) {
  return [
    timeseries(
      "Error budget left",
      `What is left of the budget for failed requests; the objective is ${objective} % unless a service has its own. Below 0 it is used up.`,
      "percentunit",
      [[`service:slo_error_budget_remaining:ratio{${NS}}`, "{{service}}"]],
      { min: undefined, max: 1, thresholds: goodFrom(0, 0.25) },
    ),
    timeseries(
      "Burn rate, 1 h",
      "How many times faster than allowed the budget is used: 1 is just right, 14.4 pages.",
      "none",
      [
        [
          `service:http_errors:ratio_rate1h{${NS}} / on (namespace, service) (1 - service:slo_availability:objective{${NS}})`,
          "{{service}}",
        ],
      ],
      { thresholds: badFrom(14.4) },
    ),
    timeseries(
      "Requests",
      "Requests a second, by service.",
      "reqps",
      [[`service:http_requests:rate5m{${NS}}`, "{{service}}"]],
      { width: 8 },
    ),
    timeseries(
      "Failed requests",
      "Share of the requests that ended in a server error.",
      "percentunit",
      [[`service:http_errors:ratio_rate5m{${NS}}`, "{{service}}"]],
      { width: 8, thresholds: badFrom(0.05) },
    ),
    timeseries(
      "Latency, 95 %",
      "Time under which 95 % of the requests stay.",
      "s",
      [[`service:http_request_duration_seconds:p95_rate5m{${NS}}`, "{{service}}"]],
      { width: 8 },
    ),
  ];
}

function resources() {
  return [
    timeseries(
      "Replicas available",
      "Pods that can serve, by Deployment.",
      "short",
      [[`max by (deployment) (kube_deployment_status_replicas_available{${NS}})`, "{{deployment}}"]],
      { width: 8 },
    ),
    timeseries(
      "CPU, of the limit",
      "The busiest container of each kind; above its limit the kernel throttles.",
      "percentunit",
      [[`max by (container) (container:cpu_limit_utilization:ratio_rate5m{${NS}})`, "{{container}}"]],
      { width: 8, thresholds: badFrom(0.85) },
    ),
    timeseries(
      "Memory, of the limit",
      "The fullest container of each kind; above its limit the kernel kills.",
      "percentunit",
      [[`max by (container) (container:memory_limit_utilization:ratio{${NS}})`, "{{container}}"]],
      { width: 8, thresholds: badFrom(0.85) },
    ),
    timeseries(
      "Quota used",
      "Share of the namespace's quota that is used.",
      "percentunit",
      [
        [
          `max by (resource) (kube_resourcequota{${NS}, type="used"}) / (max by (resource) (kube_resourcequota{${NS}, type="hard"}) > 0)`,
          "{{resource}}",
        ],
      ],
      { thresholds: badFrom(0.9) },
    ),
    timeseries(
      "Applications of Argo CD",
      "1 for each Application of this namespace, by state of sync and health.",
      "short",
      [
        [
          'sum by (name, sync_status, health_status) (argocd_app_info{dest_namespace="$namespace"})',
          "{{name}} {{sync_status}} {{health_status}}",
        ],
      ],
    ),
  ];
}

/** Panels on what not every engine tells, and on what every volume does. */
function datastores(recorded: ReadonlySet<string>) {
  const ofEngines = [
    {
      record: "datastore:memory_utilization:ratio",
      title: "Datastore memory",
      about: "Share of the memory for data that is used.",
      unit: "percentunit",
      more: { thresholds: badFrom(0.85) },
    },
    {
      record: "datastore:commands:rate5m",
      title: "Datastore commands",
      about: "Commands a second.",
      unit: "ops",
      more: {},
    },
  ];
  return [
    ...ofEngines
      .filter(({ record }) => recorded.has(record))
      .map(({ record, title, about, unit, more }) =>
        timeseries(title, about, unit, [[`${record}{${NS}}`, "{{service}}"]], { width: 8, ...more }),
      ),
    timeseries(
      "Volumes free",
      "Share of each volume that is free.",
      "percentunit",
      [
        [
          `min by (persistentvolumeclaim) (kubelet_volume_stats_available_bytes{${NS}} / kubelet_volume_stats_capacity_bytes{${NS}})`,
          "{{persistentvolumeclaim}}",
        ],
      ],
      { width: 8, thresholds: goodFrom(0.05, 0.3) },
    ),
  ];
}

function backups() {
  return [
    timeseries(
      "Age of the newest backup",
      "Time since a backup last succeeded, against the age from which BackupStale fires.",
      "s",
      [
        [
          `time() - max by (cronjob) (kube_cronjob_status_last_successful_time{${NS}} and on (namespace, cronjob) backup:max_age_seconds:objective{${NS}})`,
          "{{cronjob}}",
        ],
        [`max by (cronjob) (backup:max_age_seconds:objective{${NS}})`, "{{cronjob}} allowed"],
      ],
    ),
  ];
}
