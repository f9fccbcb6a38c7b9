// Owns: alerts about services as their users see them: down, failing, slow, too few.
// Promises: a service that is gone alerts like one that is broken, as long as kube-state-metrics is there to tell.
// Must not: alert on causes; src/stack/alerts/infrastructure.ts does.

import { type AlertGroup, oneOf, promql, type Scope } from "./scope.js";

/** Requests a second below which a ratio says little: 20 in five minutes. */
const LEAST_TRAFFIC = 0.067;

/** True while kube-state-metrics knows the namespace; MetricsSourceMissing tells when it does not. */
export function kubeStateIsKnown(inNamespace: string): string {
  return `on (namespace) (kube_namespace_status_phase{${inNamespace},phase="Active"} == 1)`;
}

// kube-state-metrics' own labels (its pod, its instance) are summed away everywhere: a restart of it must not restart alerts.
export function serviceAlerts(scope: Scope): AlertGroup {
  return {
    name: "services",
    alerts: [...availability(scope), ...requestAlerts(scope), ...replicas(scope), ...autoscaling(scope)],
  };
}

/** Who has a pod that can serve, by the kind of its workload; KServe calls its Deployments NAME-predictor. */
function availableServices(services: Scope["services"], inNamespace: string): string {
  const has = (wanted: string) => services.some(({ kind }) => kind === wanted);
  const named = (metric: string, label: string, pattern: string) =>
    `label_replace(${metric}{${inNamespace}} > 0, "service", "$1", "${label}", "${pattern}")`;
  const deployments = "kube_deployment_status_replicas_available";
  const sources = [
    ...(has("Deployment") ? [named(deployments, "deployment", "(.+)")] : []),
    ...(has("InferenceService") ? [named(deployments, "deployment", "(.+)-predictor")] : []),
    ...(has("StatefulSet") ? [named("kube_statefulset_status_replicas_ready", "statefulset", "(.+)")] : []),
  ];
  return sources.length === 1 ? sources.join("") : `(${sources.join(" or ")})`;
}

function availability({ services, inNamespace }: Scope): AlertGroup["alerts"] {
  if (services.length === 0) return [];
  const scrape = services.some(({ metrics }) => metrics !== undefined);
  return [
    {
      name: "ServiceDown",
      severity: "page",
      for: "1m",
      expr: promql`
        service:expected:info{${inNamespace}}
        unless on (namespace, service)
        ${availableServices(services, inNamespace)}
        and ${kubeStateIsKnown(inNamespace)}`,
      summary: "{{ $labels.service }} has no available replica",
      description:
        "No pod of {{ $labels.service }} has been available for a minute, or its workload is gone.",
    },
    ...(scrape
      ? [
          {
            name: "ServiceScrapeFailing",
            severity: "ticket" as const,
            for: "5m",
            expr: promql`
              service:scrape_expected:info{${inNamespace}}
              unless on (namespace, service)
              (max by (namespace, service) (up{${inNamespace}}) == 1)`,
            summary: "Prometheus gets no metrics of {{ $labels.service }}",
            description:
              "Not one pod of {{ $labels.service }} has been scraped for five minutes: alerts on its errors and latency are blind.",
          },
        ]
      : []),
  ];
}

function requestAlerts({ measured, measuredAtGateway, inNamespace }: Scope): AlertGroup["alerts"] {
  if (measured.length + measuredAtGateway.length === 0) return [];
  const traffic = `service:http_requests:rate5m{${inNamespace}} > ${LEAST_TRAFFIC}`;
  return [
    {
      name: "ServiceErrorRatioHigh",
      severity: "page",
      for: "5m",
      dashboard: "services",
      expr: promql`
        service:http_errors:ratio_rate5m{${inNamespace}} > 0.05
        and on (namespace, service) ${traffic}`,
      summary: "{{ $labels.service }} fails more than 5 % of its requests",
      description:
        "{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} have been answered with a server error for five minutes.",
    },
    {
      name: "ServiceLatencyHigh",
      severity: "page",
      for: "5m",
      dashboard: "services",
      expr: promql`
        service:http_request_duration_seconds:p95_rate5m{${inNamespace}}
        > on (namespace, service) service:slo_latency_seconds:objective{${inNamespace}}
        and on (namespace, service) ${traffic}`,
      summary: "{{ $labels.service }} is slower than its objective",
      description:
        "95 % of the requests to {{ $labels.service }} have taken up to {{ $value | humanizeDuration }} for five minutes; that is over the objective.",
    },
  ];
}

function replicas({ services, inNamespace }: Scope): AlertGroup["alerts"] {
  const stateful = services.filter(({ kind }) => kind === "StatefulSet").map(({ name }) => name);
  return [
    ...(stateful.length === 0
      ? []
      : [
          {
            name: "StatefulReplicasMissing",
            severity: "ticket" as const,
            for: "15m",
            expr: promql`
              max by (namespace, statefulset) (kube_statefulset_status_replicas_ready{${inNamespace},statefulset=~"${oneOf(stateful)}"})
              < max by (namespace, statefulset) (kube_statefulset_replicas{${inNamespace},statefulset=~"${oneOf(stateful)}"})`,
            summary: "{{ $labels.statefulset }} runs with fewer replicas than wanted",
            description:
              "Only {{ $value }} replicas of {{ $labels.statefulset }} have been ready for fifteen minutes. Its pods start in order: one that is stuck holds up those after it.",
          },
        ]),
    {
      name: "ServiceReplicasMissing",
      severity: "ticket",
      for: "15m",
      expr: promql`
        max by (namespace, deployment) (kube_deployment_status_replicas_available{${inNamespace}})
        < max by (namespace, deployment) (kube_deployment_spec_replicas{${inNamespace}})`,
      summary: "{{ $labels.deployment }} runs with fewer replicas than wanted",
      description:
        "Only {{ $value }} replicas of {{ $labels.deployment }} have been available for fifteen minutes.",
    },
    {
      name: "ServiceRolloutStuck",
      severity: "ticket",
      for: "1m",
      expr: `max by (namespace, deployment) (kube_deployment_status_condition{${inNamespace},condition="Progressing",status="false"}) == 1`,
      summary: "The rollout of {{ $labels.deployment }} is stuck",
      description:
        "The rollout of {{ $labels.deployment }} made no progress within its deadline. The old pods go on serving.",
    },
  ];
}

function autoscaling({ services, inNamespace }: Scope): AlertGroup["alerts"] {
  if (services.every(({ scaling }) => scaling === undefined)) return [];
  return [
    {
      name: "AutoscalerAtMaximum",
      severity: "ticket",
      for: "15m",
      expr: promql`
        max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_current_replicas{${inNamespace}})
        >= max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_max_replicas{${inNamespace}})
        > max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_min_replicas{${inNamespace}})`,
      summary: "{{ $labels.horizontalpodautoscaler }} cannot scale any further",
      description:
        "{{ $labels.horizontalpodautoscaler }} has run at its maximum of {{ $value }} replicas for fifteen minutes.",
    },
    {
      name: "AutoscalerBlind",
      severity: "ticket",
      for: "15m",
      expr: `max by (namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_condition{${inNamespace},condition="ScalingActive",status="false"}) == 1`,
      summary: "{{ $labels.horizontalpodautoscaler }} cannot see the load",
      description:
        "{{ $labels.horizontalpodautoscaler }} has not been able to read its metrics for fifteen minutes, so it scales nothing.",
    },
  ];
}
