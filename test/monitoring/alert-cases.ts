// Owns: for every alert, series on which it must fire and series on which it must keep quiet.
// Promises: plain data; rules.tools.test.ts has promtool try it, and fails for an alert without both.
// Must not: know how the rules are written.

export interface Series {
  readonly series: string;
  /** promtool's notation: 5x10 (ten more of the same), 0+6x10 (a counter), _ (nothing). */
  readonly values: string;
}

export interface Case {
  readonly why: string;
  readonly series: readonly Series[];
  /** Time at which the alert is looked at. */
  readonly at: string;
  /** Labels that the alert must carry; one firing alert for each entry, for firing cases. */
  readonly labels?: readonly Readonly<Record<string, string>>[];
}

export interface AlertCases {
  readonly fires: readonly Case[];
  readonly quiet: readonly Case[];
}

const NS = 'namespace="shop"';
/** A series with a namespace and further labels. */
function s(metric: string, labels: string, values: string): Series {
  return { series: `${metric}{${[NS, labels].filter(Boolean).join(",")}}`, values };
}
/** A series without the stack's namespace. */
function bare(metric: string, labels: string, values: string): Series {
  return { series: `${metric}{${labels}}`, values };
}

const active = s("kube_namespace_status_phase", 'phase="Active"', "1x5000");
const pod = 'pod="api-1",container="api"';

/** Requests a minute to api: good and failed ones. */
function requests(good: string, failed: string): Series[] {
  const labels = 'service="api",job="api",uri="/api"';
  return [
    s("http_server_requests_seconds_count", `${labels},status="200"`, good),
    s("http_server_requests_seconds_count", `${labels},status="500"`, failed),
  ];
}

/** A duration histogram: requests a minute under one second, and in all (the rest takes under five). */
function durations(fast: number, all: number): Series[] {
  const labels = 'service="api",job="api",uri="/api",status="200"';
  return [
    s("http_server_requests_seconds_count", labels, `0+${all}x30`),
    s("http_server_requests_seconds_bucket", `${labels},le="1"`, `0+${fast}x30`),
    s("http_server_requests_seconds_bucket", `${labels},le="5"`, `0+${all}x30`),
    s("http_server_requests_seconds_bucket", `${labels},le="+Inf"`, `0+${all}x30`),
  ];
}

/** A StatefulSet of the stack that is well. */
const ledger = s("kube_statefulset_status_replicas_ready", 'statefulset="ledger"', "1x30");

const gatewayCluster = 'envoy_cluster_name="httproute/shop/web/rule/0"';

function available(deployment: string, values: string): Series {
  return s("kube_deployment_status_replicas_available", `deployment="${deployment}"`, values);
}

/** A burn: failed requests of 10,000 a minute over seven hours. */
function burn(failed: number): Series[] {
  return requests(`0+${10000 - failed}x420`, `0+${failed}x420`);
}

/** Burnt for six hours, then well again for one. */
function recovered(failed: number): Series[] {
  return requests(
    `0+${10000 - failed}x360 ${360 * (10000 - failed)}+10000x60`,
    `0+${failed}x360 ${360 * failed}x60`,
  );
}

const services: Record<string, AlertCases> = {
  ServiceDown: {
    fires: [
      {
        why: "no replica of api is available",
        series: [
          active,
          ledger,
          available("api", "0x10"),
          available("web", "2x10"),
          available("worker", "1x10"),
        ],
        at: "5m",
        labels: [{ service: "api", severity: "page", team: "shop-team" }],
      },
      {
        why: "the Deployment of api is gone",
        series: [active, ledger, available("web", "2x10"), available("worker", "1x10")],
        at: "5m",
        labels: [{ service: "api" }],
      },
    ],
    quiet: [
      {
        why: "all have replicas",
        series: [
          active,
          ledger,
          available("api", "1x10"),
          available("web", "2x10"),
          available("worker", "1x10"),
        ],
        at: "5m",
      },
      { why: "kube-state-metrics is away: MetricsSourceMissing tells that", series: [], at: "30m" },
      {
        why: "a gap of half a minute",
        series: [
          active,
          ledger,
          available("api", "1x3 0 1x10"),
          available("web", "2x20"),
          available("worker", "1x20"),
        ],
        at: "8m",
      },
    ],
  },
  ServiceScrapeFailing: {
    fires: [
      {
        why: "no pod answers",
        series: [
          s("up", 'service="api",job="api",instance="1"', "0x10"),
          s("up", 'service="api",job="api",instance="2"', "0x10"),
        ],
        at: "7m",
        labels: [{ service: "api" }],
      },
      { why: "there is no target", series: [], at: "7m", labels: [{ service: "api" }] },
    ],
    quiet: [
      {
        why: "one of two pods answers",
        series: [
          s("up", 'service="api",job="api",instance="1"', "0x10"),
          s("up", 'service="api",job="api",instance="2"', "1x10"),
        ],
        at: "7m",
      },
    ],
  },
  ServiceErrorRatioHigh: {
    fires: [
      {
        why: "6 % fail, by its own metrics",
        series: requests("0+94x30", "0+6x30"),
        at: "20m",
        labels: [{ service: "api" }],
      },
      {
        why: "10 % fail, by the gateway's metrics",
        series: [
          bare("envoy_cluster_upstream_rq_xx", `${gatewayCluster},envoy_response_code_class="2"`, "0+90x30"),
          bare("envoy_cluster_upstream_rq_xx", `${gatewayCluster},envoy_response_code_class="5"`, "0+10x30"),
        ],
        at: "20m",
        labels: [{ service: "web", namespace: "shop" }],
      },
    ],
    quiet: [
      { why: "4 % fail", series: requests("0+96x30", "0+4x30"), at: "20m" },
      {
        why: "half of two requests a minute fail: too few to tell",
        series: requests("0+1x30", "0+1x30"),
        at: "20m",
      },
      {
        why: "client errors are not the service's",
        series: [
          s("http_server_requests_seconds_count", 'service="api",uri="/api",status="404"', "0+100x30"),
        ],
        at: "20m",
      },
      {
        why: "failing probes are not requests",
        series: [
          ...requests("0+100x30", "0x30"),
          s(
            "http_server_requests_seconds_count",
            'service="api",uri="/actuator/health",status="503"',
            "0+100x30",
          ),
        ],
        at: "20m",
      },
      { why: "no traffic at all", series: requests("5x30", "5x30"), at: "20m" },
    ],
  },
  ServiceLatencyHigh: {
    fires: [
      {
        why: "a tenth takes up to five seconds",
        series: durations(90, 100),
        at: "20m",
        labels: [{ service: "api" }],
      },
    ],
    quiet: [{ why: "a hundredth does", series: durations(99, 100), at: "20m" }],
  },
  StatefulReplicasMissing: {
    fires: [
      {
        why: "one of three is not ready for long",
        series: [
          s("kube_statefulset_status_replicas_ready", 'statefulset="ledger"', "2x30"),
          s("kube_statefulset_replicas", 'statefulset="ledger"', "3x30"),
        ],
        at: "20m",
        labels: [{ statefulset: "ledger" }],
      },
    ],
    quiet: [
      {
        why: "only during a rollout; and a datastore has alerts of its own",
        series: [
          s("kube_statefulset_status_replicas_ready", 'statefulset="ledger"', "2x10 3x20"),
          s("kube_statefulset_replicas", 'statefulset="ledger"', "3x30"),
          s("kube_statefulset_status_replicas_ready", 'statefulset="redis"', "0x30"),
          s("kube_statefulset_replicas", 'statefulset="redis"', "1x30"),
        ],
        at: "25m",
      },
    ],
  },
  ScheduledJobLate: {
    fires: [
      {
        why: "it has not succeeded for two days",
        series: [s("kube_cronjob_status_last_successful_time", 'cronjob="report-daily"', "0x3000")],
        at: "2d",
        labels: [{ cronjob: "report-daily" }],
      },
      {
        why: "it has never succeeded since it was made",
        series: [s("kube_cronjob_created", 'cronjob="report-daily"', "0x3000")],
        at: "2d",
        labels: [{ cronjob: "report-daily" }],
      },
    ],
    quiet: [
      {
        why: "it succeeded within its schedule",
        series: [s("kube_cronjob_status_last_successful_time", 'cronjob="report-daily"', "0x3000")],
        at: "24h",
      },
      {
        why: "it is suspended",
        series: [
          s("kube_cronjob_status_last_successful_time", 'cronjob="report-daily"', "0x3000"),
          s("kube_cronjob_spec_suspend", 'cronjob="report-daily"', "1x3000"),
        ],
        at: "2d",
      },
    ],
  },
  ServiceReplicasMissing: {
    fires: [
      {
        why: "one of three is missing for long",
        series: [available("api", "2x30"), s("kube_deployment_spec_replicas", 'deployment="api"', "3x30")],
        at: "20m",
        labels: [{ deployment: "api" }],
      },
    ],
    quiet: [
      {
        why: "only during a rollout",
        series: [
          available("api", "2x10 3x20"),
          s("kube_deployment_spec_replicas", 'deployment="api"', "3x30"),
        ],
        at: "25m",
      },
    ],
  },
  ServiceRolloutStuck: {
    fires: [
      {
        why: "the deadline has passed",
        series: [
          s(
            "kube_deployment_status_condition",
            'deployment="api",condition="Progressing",status="false"',
            "1x10",
          ),
        ],
        at: "5m",
        labels: [{ deployment: "api" }],
      },
    ],
    quiet: [
      {
        why: "it progresses",
        series: [
          s(
            "kube_deployment_status_condition",
            'deployment="api",condition="Progressing",status="false"',
            "0x10",
          ),
          s(
            "kube_deployment_status_condition",
            'deployment="api",condition="Progressing",status="true"',
            "1x10",
          ),
        ],
        at: "5m",
      },
    ],
  },
  AutoscalerAtMaximum: {
    fires: [
      { why: "10 of 10", series: hpa("10", "10"), at: "20m", labels: [{ horizontalpodautoscaler: "api" }] },
    ],
    quiet: [
      { why: "5 of 10", series: hpa("5", "10"), at: "20m" },
      { why: "fewest and most are the same", series: hpa("3", "3"), at: "20m" },
    ],
  },
  AutoscalerBlind: {
    fires: [
      {
        why: "no metrics",
        series: [
          s(
            "kube_horizontalpodautoscaler_status_condition",
            'horizontalpodautoscaler="api",condition="ScalingActive",status="false"',
            "1x30",
          ),
        ],
        at: "20m",
        labels: [{ horizontalpodautoscaler: "api" }],
      },
    ],
    quiet: [
      {
        why: "metrics are back",
        series: [
          s(
            "kube_horizontalpodautoscaler_status_condition",
            'horizontalpodautoscaler="api",condition="ScalingActive",status="false"',
            "1x10 0x20",
          ),
        ],
        at: "20m",
      },
    ],
  },
};

function hpa(current: string, max: string): Series[] {
  const of = 'horizontalpodautoscaler="api"';
  return [
    s("kube_horizontalpodautoscaler_status_current_replicas", of, `${current}x30`),
    s("kube_horizontalpodautoscaler_spec_max_replicas", of, `${max}x30`),
    s("kube_horizontalpodautoscaler_spec_min_replicas", of, "3x30"),
  ];
}

const slo: Record<string, AlertCases> = {
  ErrorBudgetBurn14x: {
    fires: [
      {
        why: "1.5 % of the requests fail, and the objective is 99.9 %",
        series: burn(150),
        at: "2h",
        labels: [{ service: "api", severity: "page" }],
      },
    ],
    quiet: [
      { why: "1.4 % fail", series: burn(140), at: "2h" },
      { why: "it is over", series: recovered(150), at: "6h30m" },
    ],
  },
  ErrorBudgetBurn6x: {
    fires: [
      { why: "0.65 % fail", series: burn(65), at: "7h", labels: [{ service: "api", severity: "page" }] },
    ],
    quiet: [
      { why: "0.55 % fail", series: burn(55), at: "7h" },
      { why: "it is over", series: recovered(70), at: "6h50m" },
    ],
  },
  ErrorBudgetBurn3x: {
    fires: [
      { why: "0.35 % fail", series: burn(35), at: "7h", labels: [{ service: "api", severity: "ticket" }] },
    ],
    quiet: [{ why: "0.25 % fail", series: burn(25), at: "7h" }],
  },
  ErrorBudgetBurn1x: {
    fires: [
      { why: "0.15 % fail", series: burn(15), at: "7h", labels: [{ service: "api", severity: "ticket" }] },
    ],
    quiet: [{ why: "0.05 % fail", series: burn(5), at: "7h" }],
  },
  ErrorBudgetExhausted: {
    fires: [{ why: "0.2 % failed in all", series: burn(20), at: "3h", labels: [{ service: "api" }] }],
    quiet: [
      { why: "0.05 % failed", series: burn(5), at: "3h" },
      { why: "nothing was asked", series: [], at: "3h" },
    ],
  },
};

function utilization(cpuPerMinute: number, memory: number): Series[] {
  return [
    s("container_cpu_usage_seconds_total", pod, `0+${cpuPerMinute}x40`),
    s("container_memory_working_set_bytes", pod, `${memory}x40`),
    s("kube_pod_container_resource_limits", `${pod},resource="cpu"`, "1x40"),
    s("kube_pod_container_resource_limits", `${pod},resource="memory"`, "100x40"),
  ];
}

function waiting(
  reason: string,
  values: string,
  metric = "kube_pod_container_status_waiting_reason",
): Series {
  return s(metric, `${pod},reason="${reason}"`, values);
}

function readiness(ready: string, phase: string): Series[] {
  return [
    s("kube_pod_status_ready", `pod="api-1",condition="true"`, `${ready}x30`),
    s("kube_pod_status_phase", `pod="api-1",phase="${phase}"`, "1x30"),
  ];
}

const claim = 'persistentvolumeclaim="data-redis-0"';

const infrastructure: Record<string, AlertCases> = {
  ContainerCpuHigh: {
    fires: [
      {
        why: "90 % of one core",
        series: utilization(54, 10),
        at: "25m",
        labels: [{ pod: "api-1", container: "api", severity: "ticket" }],
      },
    ],
    quiet: [
      { why: "80 % of one core", series: utilization(48, 10), at: "25m" },
      {
        why: "a peak of five minutes",
        series: [
          s("container_cpu_usage_seconds_total", pod, "0+6x10 60+60x5 360+6x20"),
          ...utilization(0, 10).slice(2),
        ],
        at: "25m",
      },
    ],
  },
  ContainerMemoryHigh: {
    fires: [
      {
        why: "90 %",
        series: utilization(1, 90),
        at: "15m",
        labels: [{ pod: "api-1", container: "api", severity: "ticket" }],
      },
    ],
    quiet: [{ why: "80 %", series: utilization(1, 80), at: "15m" }],
  },
  ContainerOomKilled: {
    fires: [
      {
        why: "restarted after the kernel killed it",
        series: [
          s("kube_pod_container_status_restarts_total", pod, "0x10 1x20"),
          s("kube_pod_container_status_last_terminated_reason", `${pod},reason="OOMKilled"`, "_x10 1x20"),
        ],
        at: "15m",
        labels: [{ pod: "api-1", container: "api" }],
      },
    ],
    quiet: [
      {
        why: "that was an hour ago",
        series: [
          s("kube_pod_container_status_restarts_total", pod, "0x10 1x80"),
          s("kube_pod_container_status_last_terminated_reason", `${pod},reason="OOMKilled"`, "_x10 1x80"),
        ],
        at: "80m",
      },
      {
        why: "it ended for another reason",
        series: [
          s("kube_pod_container_status_restarts_total", pod, "0x10 1x20"),
          s("kube_pod_container_status_last_terminated_reason", `${pod},reason="Error"`, "_x10 1x20"),
        ],
        at: "15m",
      },
    ],
  },
  PodCrashLooping: {
    fires: [
      {
        why: "it waits in a crash loop, on and off",
        series: [waiting("CrashLoopBackOff", "1 1 0 1 1 0 1 1 0 1 1 0 1 1")],
        at: "12m",
        labels: [{ pod: "api-1" }],
      },
      {
        why: "five restarts within half an hour",
        series: [s("kube_pod_container_status_restarts_total", pod, "0x5 1x5 2x5 3x5 4x5 5x20")],
        at: "40m",
        labels: [{ pod: "api-1" }],
      },
    ],
    quiet: [
      {
        why: "one restart",
        series: [
          s("kube_pod_container_status_restarts_total", pod, "0x5 1x40"),
          waiting("CrashLoopBackOff", "0x45"),
        ],
        at: "40m",
      },
    ],
  },
  PodImagePullFailing: {
    fires: [
      {
        why: "the reasons take turns",
        series: [
          waiting("ErrImagePull", "1 0 1 0 1 0 1 0 1 0"),
          waiting("ImagePullBackOff", "0 1 0 1 0 1 0 1 0 1"),
        ],
        at: "8m",
        labels: [{ pod: "api-1" }],
      },
      {
        why: "of an init container",
        series: [waiting("ImagePullBackOff", "1x10", "kube_pod_init_container_status_waiting_reason")],
        at: "8m",
        labels: [{ pod: "api-1" }],
      },
    ],
    quiet: [{ why: "it is being created", series: [waiting("ContainerCreating", "1x10")], at: "8m" }],
  },
  PodConfigurationBroken: {
    fires: [
      {
        why: "a secret is missing",
        series: [waiting("CreateContainerConfigError", "1x10")],
        at: "8m",
        labels: [{ pod: "api-1" }],
      },
    ],
    quiet: [{ why: "it is being created", series: [waiting("ContainerCreating", "1x10")], at: "8m" }],
  },
  PodNotReady: {
    fires: [
      {
        why: "it runs, and is not ready",
        series: readiness("0", "Running"),
        at: "20m",
        labels: [{ pod: "api-1" }],
      },
    ],
    quiet: [
      { why: "it is ready", series: readiness("1", "Running"), at: "20m" },
      { why: "it has finished", series: readiness("0", "Succeeded"), at: "20m" },
      {
        why: "it is a job's",
        series: [...readiness("0", "Running"), s("kube_pod_owner", 'pod="api-1",owner_kind="Job"', "1x30")],
        at: "20m",
      },
    ],
  },
  PodUnschedulable: {
    fires: [
      {
        why: "no node has room",
        series: [s("kube_pod_status_unschedulable", 'pod="api-1"', "1x20")],
        at: "15m",
        labels: [{ pod: "api-1" }],
      },
    ],
    quiet: [
      {
        why: "a node came",
        series: [s("kube_pod_status_unschedulable", 'pod="api-1"', "1x5 _x15")],
        at: "15m",
      },
    ],
  },
  DisruptionBudgetBlocking: {
    fires: [
      { why: "none may go", series: budget("0", "3"), at: "40m", labels: [{ poddisruptionbudget: "api" }] },
    ],
    quiet: [
      { why: "one may go", series: budget("1", "3"), at: "40m" },
      { why: "there are no pods", series: budget("0", "0"), at: "40m" },
    ],
  },
  QuotaNearlyFull: {
    fires: [{ why: "19 of 20 pods", series: quota("19", "20"), at: "20m", labels: [{ resource: "pods" }] }],
    quiet: [
      { why: "17 of 20 pods", series: quota("17", "20"), at: "20m" },
      { why: "nothing is allowed on purpose", series: quota("0", "0"), at: "20m" },
    ],
  },
  VolumeFillingUp: {
    fires: [
      {
        why: "25 % free, and 1 % less each hour",
        series: [
          s("kubelet_volume_stats_available_bytes", claim, "3250-1x700"),
          s("kubelet_volume_stats_capacity_bytes", claim, "10000x700"),
        ],
        at: "10h",
        labels: [{ persistentvolumeclaim: "data-redis-0" }],
      },
    ],
    quiet: [
      { why: "25 % free, and steady", series: volume("2500"), at: "10h" },
      {
        why: "half free, and filling",
        series: [
          s("kubelet_volume_stats_available_bytes", claim, "5600-1x700"),
          s("kubelet_volume_stats_capacity_bytes", claim, "10000x700"),
        ],
        at: "10h",
      },
    ],
  },
  VolumeAlmostFull: {
    fires: [
      {
        why: "4 % free",
        series: volume("400"),
        at: "10m",
        labels: [{ persistentvolumeclaim: "data-redis-0", severity: "page" }],
      },
    ],
    quiet: [{ why: "10 % free", series: volume("1000"), at: "10m" }],
  },
  VolumeClaimNotBound: {
    fires: [
      {
        why: "it waits",
        series: [s("kube_persistentvolumeclaim_status_phase", `${claim},phase="Pending"`, "1x30")],
        at: "20m",
        labels: [{ persistentvolumeclaim: "data-redis-0", phase: "Pending" }],
      },
    ],
    quiet: [
      {
        why: "it is bound",
        series: [
          s("kube_persistentvolumeclaim_status_phase", `${claim},phase="Pending"`, "0x30"),
          s("kube_persistentvolumeclaim_status_phase", `${claim},phase="Bound"`, "1x30"),
        ],
        at: "20m",
      },
    ],
  },
  JobFailed: {
    fires: [
      {
        why: "a job has failed",
        series: [s("kube_job_failed", 'job_name="smoke-1",condition="true"', "1x10")],
        at: "8m",
        labels: [{ job_name: "smoke-1" }],
      },
    ],
    quiet: [
      {
        why: "a backup has an alert of its own",
        series: [s("kube_job_failed", 'job_name="redis-backup-1",condition="true"', "1x10")],
        at: "8m",
      },
    ],
  },
};

function budget(allowed: string, pods: string): Series[] {
  const of = 'poddisruptionbudget="api"';
  return [
    s("kube_poddisruptionbudget_status_pod_disruptions_allowed", of, `${allowed}x60`),
    s("kube_poddisruptionbudget_status_expected_pods", of, `${pods}x60`),
  ];
}

function quota(used: string, hard: string): Series[] {
  const of = 'resourcequota="shop",resource="pods"';
  return [
    s("kube_resourcequota", `${of},type="used"`, `${used}x30`),
    s("kube_resourcequota", `${of},type="hard"`, `${hard}x30`),
  ];
}

function volume(free: string): Series[] {
  return [
    s("kubelet_volume_stats_available_bytes", claim, `${free}x700`),
    s("kubelet_volume_stats_capacity_bytes", claim, "10000x700"),
  ];
}

const redis = 'service="redis",job="redis"';
const cache = 'service="cache",job="cache"';
const ready = (name: string, values: string) =>
  s("kube_statefulset_status_replicas_ready", `statefulset="${name}"`, values);

const datastores: Record<string, AlertCases> = {
  DatastoreDown: {
    fires: [
      {
        why: "its pod is not ready",
        series: [active, ready("redis", "0x10"), ready("cache", "1x10")],
        at: "5m",
        labels: [{ service: "redis", engine: "redis", severity: "page" }],
      },
      {
        why: "its StatefulSet is gone",
        series: [active, ready("cache", "1x10")],
        at: "5m",
        labels: [{ service: "redis" }],
      },
      {
        why: "it does not answer its exporter",
        series: [active, ready("redis", "1x10"), ready("cache", "1x10"), s("redis_up", redis, "0x10")],
        at: "5m",
        labels: [{ service: "redis" }],
      },
    ],
    quiet: [
      {
        why: "both answer",
        series: [active, ready("redis", "1x10"), ready("cache", "1x10"), s("redis_up", redis, "1x10")],
        at: "5m",
      },
      {
        why: "kube-state-metrics is away: MetricsSourceMissing tells that",
        series: [s("redis_up", redis, "1x10")],
        at: "8m",
      },
    ],
  },
  DatastoreScrapeFailing: {
    fires: [
      {
        why: "its exporter does not answer",
        series: [s("up", redis, "0x10"), s("up", cache, "1x10")],
        at: "8m",
        labels: [{ service: "redis" }],
      },
    ],
    quiet: [{ why: "both do", series: [s("up", redis, "1x10"), s("up", cache, "1x10")], at: "8m" }],
  },
  RedisRejectingConnections: {
    fires: [
      {
        why: "some were refused",
        series: [s("redis_rejected_connections_total", redis, "0x5 10x10")],
        at: "8m",
        labels: [{ service: "redis", severity: "page" }],
      },
    ],
    quiet: [
      { why: "that was before", series: [s("redis_rejected_connections_total", redis, "10x30")], at: "20m" },
    ],
  },
  RedisConnectionsHigh: {
    fires: [{ why: "90 of 100", series: connections("90"), at: "15m", labels: [{ service: "redis" }] }],
    quiet: [{ why: "50 of 100", series: connections("50"), at: "15m" }],
  },
  RedisCommandsSlow: {
    fires: [{ why: "20 ms each", series: commands(12), at: "25m", labels: [{ service: "redis" }] }],
    quiet: [
      { why: "1 ms each", series: commands(0.6), at: "25m" },
      {
        why: "no commands",
        series: [
          s("redis_commands_duration_seconds_total", `${redis},cmd="get"`, "5x30"),
          s("redis_commands_total", `${redis},cmd="get"`, "5x30"),
        ],
        at: "25m",
      },
    ],
  },
  RedisMemoryHigh: {
    fires: [
      {
        why: "90 % of a store",
        series: memory(redis, "90", "100"),
        at: "15m",
        labels: [{ service: "redis" }],
      },
    ],
    quiet: [
      { why: "80 % of a store", series: memory(redis, "80", "100"), at: "15m" },
      { why: "a cache is meant to be full", series: memory(cache, "100", "100"), at: "15m" },
      { why: "no limit is set", series: memory(redis, "90", "0"), at: "15m" },
    ],
  },
  RedisRefusingWrites: {
    fires: [
      {
        why: "the first OOM ever",
        series: [s("redis_up", redis, "1x20"), s("redis_errors_total", `${redis},err="OOM"`, "_x10 3x10")],
        at: "12m",
        labels: [{ service: "redis", severity: "page" }],
      },
      {
        why: "more of them",
        series: [
          s("redis_up", redis, "1x20"),
          s("redis_errors_total", `${redis},err="MISCONF"`, "3x10 9x10"),
        ],
        at: "13m",
        labels: [{ service: "redis" }],
      },
    ],
    quiet: [
      {
        why: "old ones",
        series: [s("redis_up", redis, "1x40"), s("redis_errors_total", `${redis},err="OOM"`, "3x40")],
        at: "30m",
      },
      {
        why: "Prometheus has just started",
        series: [s("redis_up", redis, "1x40"), s("redis_errors_total", `${redis},err="OOM"`, "3x40")],
        at: "2m",
      },
      {
        why: "another error",
        series: [s("redis_up", redis, "1x20"), s("redis_errors_total", `${redis},err="ERR"`, "_x10 3x10")],
        at: "12m",
      },
    ],
  },
  RedisEvictingKeys: {
    fires: [
      {
        why: "a store evicts",
        series: [s("redis_evicted_keys_total", redis, "0x5 10x10")],
        at: "8m",
        labels: [{ service: "redis", severity: "page" }],
      },
    ],
    quiet: [{ why: "a cache does", series: [s("redis_evicted_keys_total", cache, "0x5 10x10")], at: "8m" }],
  },
  RedisSnapshotFailing: {
    fires: [
      {
        why: "the last one failed",
        series: [s("redis_rdb_last_bgsave_status", redis, "0x20")],
        at: "15m",
        labels: [{ service: "redis" }],
      },
    ],
    quiet: [
      {
        why: "the next one succeeded",
        series: [s("redis_rdb_last_bgsave_status", redis, "0x5 1x15")],
        at: "15m",
      },
      { why: "a cache has none", series: [s("redis_rdb_last_bgsave_status", cache, "0x20")], at: "15m" },
    ],
  },
  RedisAppendOnlyFailing: {
    fires: [
      {
        why: "the log cannot be written",
        series: appendOnly("0", "1"),
        at: "10m",
        labels: [{ service: "redis", severity: "page" }],
      },
    ],
    quiet: [
      { why: "it can", series: appendOnly("1", "1"), at: "10m" },
      { why: "there is none", series: appendOnly("0", "0"), at: "10m" },
    ],
  },
};

function connections(open: string): Series[] {
  return [s("redis_connected_clients", redis, `${open}x30`), s("redis_config_maxclients", redis, "100x30")];
}

/** Seconds that 600 commands take in a minute. */
function commands(seconds: number): Series[] {
  return [
    s("redis_commands_duration_seconds_total", `${redis},cmd="get"`, `0+${seconds}x30`),
    s("redis_commands_total", `${redis},cmd="get"`, "0+600x30"),
  ];
}

function memory(of: string, used: string, max: string): Series[] {
  return [s("redis_memory_used_bytes", of, `${used}x30`), s("redis_memory_max_bytes", of, `${max}x30`)];
}

function appendOnly(status: string, enabled: string): Series[] {
  return [
    s("redis_aof_last_write_status", redis, `${status}x20`),
    s("redis_aof_enabled", redis, `${enabled}x20`),
  ];
}

const cron = 'cronjob="redis-backup"';

const backup: Record<string, AlertCases> = {
  BackupStale: {
    fires: [
      {
        why: "the last success is 27 hours old",
        series: [
          s("kube_cronjob_status_last_successful_time", cron, "0x1700"),
          s("kube_cronjob_created", cron, "0x1700"),
        ],
        at: "27h",
        labels: [{ cronjob: "redis-backup" }],
      },
      {
        why: "there never was one",
        series: [s("kube_cronjob_created", cron, "0x1700")],
        at: "27h",
        labels: [{ cronjob: "redis-backup" }],
      },
    ],
    quiet: [
      {
        why: "a day old, as it should be",
        series: [s("kube_cronjob_status_last_successful_time", cron, "0x1700")],
        at: "25h",
      },
      { why: "newly made, no run yet", series: [s("kube_cronjob_created", cron, "0x60")], at: "1h" },
      { why: "there is none: BackupJobMissing tells that", series: [], at: "27h" },
    ],
  },
  BackupJobMissing: {
    fires: [
      { why: "there is no CronJob", series: [active], at: "20m", labels: [{ cronjob: "redis-backup" }] },
    ],
    quiet: [
      { why: "there is", series: [active, s("kube_cronjob_info", cron, "1x30")], at: "20m" },
      { why: "kube-state-metrics is away: MetricsSourceMissing tells that", series: [], at: "20m" },
    ],
  },
  BackupSuspended: {
    fires: [
      {
        why: "for more than an hour",
        series: [s("kube_cronjob_spec_suspend", cron, "1x90")],
        at: "70m",
        labels: [{ cronjob: "redis-backup" }],
      },
    ],
    quiet: [
      { why: "during a restore", series: [s("kube_cronjob_spec_suspend", cron, "1x30 0x60")], at: "70m" },
    ],
  },
  BackupFailed: {
    fires: [
      {
        why: "it failed after the last success",
        series: failedJob("100", "200"),
        at: "10m",
        labels: [{ cronjob: "redis-backup" }],
      },
      {
        why: "it never succeeded",
        series: failedJob(undefined, "200"),
        at: "10m",
        labels: [{ cronjob: "redis-backup" }],
      },
    ],
    quiet: [{ why: "a later one succeeded", series: failedJob("300", "200"), at: "10m" }],
  },
};

function failedJob(succeeded: string | undefined, failed: string): Series[] {
  const job = 'job_name="redis-backup-29000000"';
  const success =
    succeeded === undefined ? [] : [s("kube_cronjob_status_last_successful_time", cron, `${succeeded}x20`)];
  return [
    ...success,
    s("kube_cronjob_created", cron, "50x20"),
    s("kube_job_created", job, `${failed}x20`),
    s("kube_job_failed", `${job},condition="true"`, "1x20"),
  ];
}

function synced(namespaceLabel: string, values: Readonly<Record<string, string>>): Series[] {
  return Object.entries(values).map(([name, status]) =>
    bare(
      "externalsecret_status_condition",
      `${namespaceLabel},name="${name}",condition="Ready",status="True"`,
      `${status}x40`,
    ),
  );
}
const allSecrets = { alerting: "1", "backup-store": "1", cache: "1", redis: "1" };

const security: Record<string, AlertCases> = {
  ExternalSecretNotSynced: {
    fires: [
      {
        why: "one is not synced",
        series: synced(NS, { ...allSecrets, redis: "0" }),
        at: "20m",
        labels: [{ name: "redis" }],
      },
      {
        why: "one is not there, where the operator's namespace label wins",
        series: synced('namespace="external-secrets",exported_namespace="shop"', {
          alerting: "1",
          "backup-store": "1",
          cache: "1",
        }),
        at: "20m",
        labels: [{ name: "redis" }],
      },
    ],
    quiet: [
      { why: "all are synced", series: synced(NS, allSecrets), at: "20m" },
      { why: "there are no such metrics: MetricsSourceMissing tells that", series: [], at: "20m" },
    ],
  },
  PodOnHostNetwork: {
    fires: [
      {
        why: "one is",
        series: [s("kube_pod_info", 'pod="x",host_network="true"', "1x10")],
        at: "2m",
        labels: [{ pod: "x" }],
      },
    ],
    quiet: [
      { why: "none is", series: [s("kube_pod_info", 'pod="x",host_network="false"', "1x10")], at: "2m" },
    ],
  },
  PodUsesDefaultServiceAccount: {
    fires: [
      {
        why: "one does",
        series: [
          s("kube_pod_service_account", 'pod="x",service_account="default"', "1x20"),
          s("kube_pod_status_phase", 'pod="x",phase="Running"', "1x20"),
        ],
        at: "8m",
        labels: [{ pod: "x" }],
      },
    ],
    quiet: [
      {
        why: "it has its own",
        series: [
          s("kube_pod_service_account", 'pod="x",service_account="api"', "1x20"),
          s("kube_pod_status_phase", 'pod="x",phase="Running"', "1x20"),
        ],
        at: "8m",
      },
      {
        why: "it has ended",
        series: [
          s("kube_pod_service_account", 'pod="x",service_account="default"', "1x20"),
          s("kube_pod_status_phase", 'pod="x",phase="Running"', "0x20"),
        ],
        at: "8m",
      },
    ],
  },
  NetworkPoliciesMissing: {
    fires: [{ why: "there is none", series: [active], at: "20m", labels: [{ namespace: "shop" }] }],
    quiet: [
      {
        why: "there is one",
        series: [active, s("kube_networkpolicy_created", 'networkpolicy="default-deny"', "1x30")],
        at: "20m",
      },
      { why: "kube-state-metrics is away", series: [], at: "20m" },
    ],
  },
  UnauthorizedRequestsHigh: {
    fires: [
      { why: "half of 60 a minute", series: unauthorized(30, 30), at: "40m", labels: [{ service: "api" }] },
    ],
    quiet: [
      { why: "a tenth", series: unauthorized(54, 6), at: "40m" },
      { why: "half of 10 a minute", series: unauthorized(5, 5), at: "40m" },
    ],
  },
};

function unauthorized(good: number, refused: number): Series[] {
  const labels = 'service="api",job="api",uri="/api"';
  return [
    s("http_server_requests_seconds_count", `${labels},status="200"`, `0+${good}x60`),
    s("http_server_requests_seconds_count", `${labels},status="401"`, `0+${refused}x60`),
  ];
}

const health = 'job="endpoint-health",service="web",instance="https://shop.example.com/"';
const reach = 'job="endpoint-reach",service="api",instance="https://shop.example.com/api"';
const day = 86400;

function certificate(metric: string, labels: string, values: string): Series[] {
  return [
    bare(metric, `namespace="cert-manager",exported_namespace="gateways",name="shop-prod"${labels}`, values),
  ];
}

const edge: Record<string, AlertCases> = {
  EndpointProbeFailing: {
    fires: [
      {
        why: "no 2xx where one must come",
        series: [s("probe_success", health, "0x10")],
        at: "5m",
        labels: [{ service: "web", severity: "page" }],
      },
      {
        why: "no answer at all",
        series: [s("probe_http_status_code", reach, "0x10")],
        at: "5m",
        labels: [{ service: "api" }],
      },
      {
        why: "a server error",
        series: [s("probe_http_status_code", reach, "503x10")],
        at: "5m",
        labels: [{ service: "api" }],
      },
    ],
    quiet: [
      {
        why: "2xx, and 404 where any answer will do",
        series: [
          s("probe_success", health, "1x10"),
          s("probe_success", reach, "0x10"),
          s("probe_http_status_code", reach, "404x10"),
        ],
        at: "5m",
      },
    ],
  },
  CertificateExpiringSoon: {
    fires: [
      {
        why: "ten days left",
        series: [s("probe_ssl_earliest_cert_expiry", health, `${10 * day}x90`)],
        at: "70m",
        labels: [{ severity: "ticket" }],
      },
    ],
    quiet: [
      {
        why: "thirty days left",
        series: [s("probe_ssl_earliest_cert_expiry", health, `${30 * day}x90`)],
        at: "70m",
      },
      { why: "no TLS", series: [s("probe_success", health, "1x90")], at: "70m" },
    ],
  },
  CertificateExpiring: {
    fires: [
      {
        why: "two days left",
        series: [s("probe_ssl_earliest_cert_expiry", health, `${2 * day}x90`)],
        at: "20m",
        labels: [{ severity: "page" }],
      },
    ],
    quiet: [
      {
        why: "ten days left",
        series: [s("probe_ssl_earliest_cert_expiry", health, `${10 * day}x90`)],
        at: "20m",
      },
    ],
  },
  CertificateNotReady: {
    fires: [
      {
        why: "not issued",
        series: certificate("certmanager_certificate_ready_status", ',condition="True"', "0x60"),
        at: "40m",
        labels: [{ name: "shop-prod" }],
      },
    ],
    quiet: [
      {
        why: "issued",
        series: certificate("certmanager_certificate_ready_status", ',condition="True"', "1x60"),
        at: "40m",
      },
    ],
  },
  CertificateRenewalOverdue: {
    fires: [
      {
        why: "planned for the first minute, and nine hours later still not done",
        series: certificate("certmanager_certificate_renewal_timestamp_seconds", "", "60x600"),
        at: "9h",
        labels: [{ name: "shop-prod" }],
      },
    ],
    quiet: [
      {
        why: "planned for tomorrow",
        series: certificate("certmanager_certificate_renewal_timestamp_seconds", "", `${day}x600`),
        at: "9h",
      },
      {
        why: "not issued yet",
        series: certificate("certmanager_certificate_renewal_timestamp_seconds", "", "0x600"),
        at: "9h",
      },
    ],
  },
};

const app = (labels: string, values: string) =>
  bare("argocd_app_info", `namespace="argocd",dest_namespace="shop",name="shop-prod",${labels}`, values);
const well = app('sync_status="Synced",health_status="Healthy",autosync_enabled="true"', "1x200");
const syncs = (phase: string, values: string) =>
  bare("argocd_app_sync_total", `namespace="argocd",name="shop-prod",phase="${phase}"`, values);

const delivery: Record<string, AlertCases> = {
  ArgoAppOutOfSync: {
    fires: [
      {
        why: "for more than half an hour",
        series: [app('sync_status="OutOfSync",health_status="Healthy"', "1x60")],
        at: "40m",
        labels: [{ name: "shop-prod" }],
      },
    ],
    quiet: [
      { why: "in sync", series: [well], at: "40m" },
      {
        why: "a sync is under way",
        series: [
          app('sync_status="OutOfSync",health_status="Healthy"', "1x10 _x50"),
          app('sync_status="Synced",health_status="Healthy"', "_x10 1x50"),
        ],
        at: "40m",
      },
    ],
  },
  ArgoAppDegraded: {
    fires: [
      {
        why: "something does not work",
        series: [app('sync_status="Synced",health_status="Degraded"', "1x60")],
        at: "15m",
        labels: [{ name: "shop-prod", health_status: "Degraded" }],
      },
    ],
    quiet: [{ why: "all is well", series: [well], at: "15m" }],
  },
  ArgoAppSyncFailing: {
    fires: [
      {
        why: "the first failure ever",
        series: [well, syncs("Failed", "_x40 1x20")],
        at: "45m",
        labels: [{ name: "shop-prod" }],
      },
      {
        why: "one more",
        series: [well, syncs("Error", "1x40 2x20")],
        at: "45m",
        labels: [{ name: "shop-prod" }],
      },
    ],
    quiet: [
      { why: "syncs succeed", series: [well, syncs("Succeeded", "0+1x60")], at: "45m" },
      { why: "failures of long ago", series: [well, syncs("Failed", "3x120")], at: "100m" },
      {
        why: "another application",
        series: [
          bare("argocd_app_sync_total", 'namespace="argocd",name="other",phase="Failed"', "0+1x60"),
          well,
        ],
        at: "45m",
      },
    ],
  },
  ArgoAppAutoSyncOff: {
    fires: [
      {
        why: "for more than two hours",
        series: [app('sync_status="Synced",health_status="Healthy",autosync_enabled="false"', "1x200")],
        at: "130m",
        labels: [{ name: "shop-prod" }],
      },
    ],
    quiet: [{ why: "it is on", series: [well], at: "130m" }],
  },
};

/** Everything that is always there where all is well; the whole rule set must keep quiet on it. */
export const HEALTHY: readonly Series[] = [
  active,
  ...["api", "web", "worker"].flatMap((name) => [
    available(name, "3x200"),
    s("kube_deployment_spec_replicas", `deployment="${name}"`, "3x200"),
  ]),
  ...["redis", "cache", "ledger"].map((name) => ready(name, "1x200")),
  ...[redis, cache, 'service="api",job="api"'].map((labels) => s("up", labels, "1x200")),
  s("redis_up", redis, "1x200"),
  ...requests("0+100x200", "0x200"),
  ...utilization(6, 50).map(({ series, values }) => ({ series, values: values.replace("x40", "x200") })),
  ...volume("9000"),
  s("kube_cronjob_info", cron, "1x200"),
  s("kube_cronjob_spec_suspend", cron, "0x200"),
  s("kube_cronjob_status_last_successful_time", cron, "0x200"),
  s("kube_networkpolicy_created", 'networkpolicy="default-deny"', "1x200"),
  ...synced(NS, allSecrets).map(({ series, values }) => ({ series, values: values.replace("x40", "x200") })),
  s("probe_success", health, "1x200"),
  s("probe_http_status_code", reach, "404x200"),
  s("probe_ssl_earliest_cert_expiry", health, `${60 * day}x200`),
  ...certificate("certmanager_certificate_ready_status", ',condition="True"', "1x200"),
  bare("envoy_cluster_upstream_rq_total", gatewayCluster, "0+100x200"),
  bare("envoy_cluster_upstream_rq_xx", `${gatewayCluster},envoy_response_code_class="2"`, "0+100x200"),
  well,
];

const source = (name: string) => HEALTHY.filter(({ series }) => !series.startsWith(`${name}{`));

const monitoring: Record<string, AlertCases> = {
  MetricsSourceMissing: {
    fires: [
      ["kube_namespace_status_phase", "kube-state-metrics"],
      ["container_memory_working_set_bytes", "cadvisor"],
      ["kubelet_volume_stats_available_bytes", "kubelet"],
      ["externalsecret_status_condition", "external-secrets"],
      ["probe_success", "blackbox-exporter"],
      ["envoy_cluster_upstream_rq_total", "envoy-gateway"],
      ["argocd_app_info", "argo-cd"],
    ].map(([metric = "", name = ""]) => ({
      why: `${name} is gone`,
      series: source(metric),
      at: "30m",
      labels: [{ source: name }],
    })),
    quiet: [{ why: "all are there", series: HEALTHY, at: "30m" }],
  },
};

export const ALERT_CASES: Readonly<Record<string, AlertCases>> = {
  ...services,
  ...slo,
  ...infrastructure,
  ...datastores,
  ...backup,
  ...security,
  ...edge,
  ...delivery,
  ...monitoring,
};
