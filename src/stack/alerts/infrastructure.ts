// Owns: alerts about pods, containers, volumes and quotas of the namespace.
// Promises: causes are tickets; the pages on what users notice are elsewhere. Only a volume about to be full pages, since data is at stake.
// Must not: alert on nodes or the control plane; those are the platform's.

import { claimsOf } from "../derive-load.js";
import { type AlertGroup, promql, type Scope } from "./scope.js";

export function infrastructureAlerts(scope: Scope): AlertGroup {
  return {
    name: "infrastructure",
    alerts: [...resources(scope), ...pods(scope), ...budgets(scope), ...volumes(scope), ...jobs(scope)],
  };
}

function resources({ inNamespace }: Scope): AlertGroup["alerts"] {
  return [
    {
      name: "ContainerCpuHigh",
      severity: "ticket",
      for: "10m",
      expr: `container:cpu_limit_utilization:ratio_rate5m{${inNamespace}} > 0.85`,
      summary: "{{ $labels.container }} in {{ $labels.pod }} is near its CPU limit",
      description:
        "{{ $labels.container }} in {{ $labels.pod }} has used {{ $value | humanizePercentage }} of its CPU limit for ten minutes; beyond it, the kernel throttles.",
    },
    {
      name: "ContainerMemoryHigh",
      severity: "ticket",
      for: "10m",
      expr: `container:memory_limit_utilization:ratio{${inNamespace}} > 0.85`,
      summary: "{{ $labels.container }} in {{ $labels.pod }} is near its memory limit",
      description:
        "{{ $labels.container }} in {{ $labels.pod }} has used {{ $value | humanizePercentage }} of its memory limit for ten minutes; beyond it, the kernel kills it.",
    },
    {
      name: "ContainerOomKilled",
      severity: "ticket",
      for: undefined,
      expr: promql`
        sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{${inNamespace}}[10m])) > 0
        and on (namespace, pod, container)
        kube_pod_container_status_last_terminated_reason{${inNamespace},reason="OOMKilled"} == 1`,
      summary: "{{ $labels.container }} in {{ $labels.pod }} ran out of memory",
      description:
        "The kernel killed {{ $labels.container }} in {{ $labels.pod }} in the last ten minutes, because it went over its memory limit.",
    },
  ];
}

function pods({ inNamespace }: Scope): AlertGroup["alerts"] {
  const waiting = (reasons: string) => promql`
    max by (namespace, pod, container) (
      kube_pod_container_status_waiting_reason{${inNamespace},reason=~"${reasons}"}
      or kube_pod_init_container_status_waiting_reason{${inNamespace},reason=~"${reasons}"}
    ) == 1`;
  return [
    {
      name: "PodCrashLooping",
      severity: "ticket",
      for: "5m",
      expr: promql`
        max by (namespace, pod, container) (max_over_time(kube_pod_container_status_waiting_reason{${inNamespace},reason="CrashLoopBackOff"}[5m])) == 1
        or
        sum by (namespace, pod, container) (increase(kube_pod_container_status_restarts_total{${inNamespace}}[1h])) > 3`,
      summary: "{{ $labels.container }} in {{ $labels.pod }} keeps restarting",
      description:
        "{{ $labels.container }} in {{ $labels.pod }} is in a crash loop, or has restarted more than three times within an hour.",
    },
    {
      name: "PodImagePullFailing",
      severity: "ticket",
      for: "5m",
      expr: waiting("ErrImagePull|ImagePullBackOff|InvalidImageName"),
      summary: "The image of {{ $labels.container }} in {{ $labels.pod }} cannot be pulled",
      description:
        "The node has not been able to pull the image of {{ $labels.container }} in {{ $labels.pod }} for five minutes.",
    },
    {
      name: "PodConfigurationBroken",
      severity: "ticket",
      for: "5m",
      expr: waiting("CreateContainerConfigError|CreateContainerError|RunContainerError"),
      summary: "{{ $labels.container }} in {{ $labels.pod }} cannot be created",
      description:
        "Kubernetes has not been able to create {{ $labels.container }} in {{ $labels.pod }} for five minutes: as a rule a Secret, a ConfigMap or a key in one of them is missing.",
    },
    {
      name: "PodNotReady",
      severity: "ticket",
      for: "15m",
      expr: promql`
        max by (namespace, pod) (kube_pod_status_ready{${inNamespace},condition="true"}) == 0
        and on (namespace, pod) kube_pod_status_phase{${inNamespace},phase=~"Pending|Running|Unknown"} == 1
        unless on (namespace, pod) kube_pod_owner{${inNamespace},owner_kind="Job"}`,
      summary: "{{ $labels.pod }} is not ready",
      description: "{{ $labels.pod }} has not been ready for fifteen minutes; no Service sends it requests.",
    },
    {
      name: "PodUnschedulable",
      severity: "ticket",
      for: "10m",
      expr: `max by (namespace, pod) (kube_pod_status_unschedulable{${inNamespace}}) == 1`,
      summary: "No node has room for {{ $labels.pod }}",
      description:
        "{{ $labels.pod }} has not been scheduled for ten minutes: no node fits its requests, its affinity or its volume.",
    },
  ];
}

function budgets({ inNamespace }: Scope): AlertGroup["alerts"] {
  return [
    {
      name: "DisruptionBudgetBlocking",
      severity: "ticket",
      for: "30m",
      expr: promql`
        max by (namespace, poddisruptionbudget) (kube_poddisruptionbudget_status_pod_disruptions_allowed{${inNamespace}}) == 0
        and on (namespace, poddisruptionbudget) kube_poddisruptionbudget_status_expected_pods{${inNamespace}} > 0`,
      summary: "{{ $labels.poddisruptionbudget }} lets no pod go",
      description:
        "The disruption budget {{ $labels.poddisruptionbudget }} has allowed no eviction for thirty minutes: node maintenance may wait for it.",
    },
    {
      name: "QuotaNearlyFull",
      severity: "ticket",
      for: "15m",
      expr: promql`
        max by (namespace, resourcequota, resource) (kube_resourcequota{${inNamespace},type="used"})
        / (max by (namespace, resourcequota, resource) (kube_resourcequota{${inNamespace},type="hard"}) > 0)
        > 0.9`,
      summary: "The quota for {{ $labels.resource }} is nearly used up",
      description:
        "{{ $value | humanizePercentage }} of the quota for {{ $labels.resource }} in {{ $labels.resourcequota }} is used: rollouts and autoscaling may soon be refused.",
    },
  ];
}

function volumes({ environment, datastores, inNamespace }: Scope): AlertGroup["alerts"] {
  const claims = environment.services.some((service) => claimsOf(service).length > 0);
  if (!claims && datastores.every(({ role }) => role === "cache")) return [];
  const smallest = "min by (namespace, persistentvolumeclaim)";
  const free = promql`
    ${smallest} (kubelet_volume_stats_available_bytes{${inNamespace}})
    / ${smallest} (kubelet_volume_stats_capacity_bytes{${inNamespace}})`;
  return [
    {
      name: "VolumeFillingUp",
      severity: "ticket",
      for: "30m",
      expr: `${free} < 0.3
and on (namespace, persistentvolumeclaim)
predict_linear(kubelet_volume_stats_available_bytes{${inNamespace}}[6h], 4 * 24 * 3600) < 0`,
      summary: "{{ $labels.persistentvolumeclaim }} will be full within four days",
      description:
        "{{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} is free, and at the rate of the last six hours nothing will be in four days.",
    },
    {
      name: "VolumeAlmostFull",
      severity: "page",
      for: "5m",
      expr: `${free} < 0.05`,
      summary: "{{ $labels.persistentvolumeclaim }} is almost full",
      description:
        "Only {{ $value | humanizePercentage }} of {{ $labels.persistentvolumeclaim }} is free. A full volume stops writes and may damage what is being written.",
    },
    {
      name: "VolumeClaimNotBound",
      severity: "ticket",
      for: "15m",
      expr: `max by (namespace, persistentvolumeclaim, phase) (kube_persistentvolumeclaim_status_phase{${inNamespace},phase=~"Pending|Lost"}) == 1`,
      summary: "{{ $labels.persistentvolumeclaim }} has no volume",
      description:
        "The claim {{ $labels.persistentvolumeclaim }} has been {{ $labels.phase }} for fifteen minutes.",
    },
  ];
}

function jobs({ backups, schedules, inNamespace }: Scope): AlertGroup["alerts"] {
  const isBackup =
    backups.length === 0 ? "" : `,job_name!~"(${backups.map(({ cronJob }) => cronJob).join("|")})-.*"`;
  return [
    ...(schedules.length === 0
      ? []
      : [
          {
            name: "ScheduledJobLate",
            severity: "ticket" as const,
            for: "5m",
            expr: promql`
              (
                time()
                - max by (namespace, cronjob) (
                  kube_cronjob_status_last_successful_time{${inNamespace}}
                  or kube_cronjob_created{${inNamespace}}
                )
              )
              > on (namespace, cronjob) schedule:max_age_seconds:objective{${inNamespace}}
              unless on (namespace, cronjob) (kube_cronjob_spec_suspend{${inNamespace}} == 1)`,
            summary: "{{ $labels.cronjob }} has not succeeded for too long",
            description:
              "The last run of {{ $labels.cronjob }} that succeeded is {{ $value | humanizeDuration }} ago: longer than its schedule, its deadline and some slack allow.",
          },
        ]),
    {
      name: "JobFailed",
      severity: "ticket",
      for: "5m",
      expr: `max by (namespace, job_name) (kube_job_failed{${inNamespace},condition="true"${isBackup}}) == 1`,
      summary: "The job {{ $labels.job_name }} failed",
      description:
        "{{ $labels.job_name }} used up its retries or its time. The alert ends when the Job is deleted.",
    },
  ];
}
