// Owns: alerts about secrets, identities and isolation.
// Promises: only what the cluster itself says of this namespace, so that no agent is needed.
// Must not: read audit logs; those are the platform's.

import { type Alert, type AlertGroup, honoredOrNot, promql, type Scope } from "./scope.js";

export function securityAlerts(scope: Scope): AlertGroup {
  return { name: "security", alerts: [...secrets(scope), ...isolation(scope), ...unauthorized(scope)] };
}

function secrets({ environment, namespace, inNamespace }: Scope): Alert[] {
  if (environment.secrets.length === 0) return [];
  return [
    {
      name: "ExternalSecretNotSynced",
      severity: "ticket",
      for: "15m",
      expr: promql`
        secret:expected:info{${inNamespace}}
        unless on (name)
        (max by (name) (${honoredOrNot("externalsecret_status_condition", namespace, 'condition="Ready",status="True"')}) == 1)
        and on () (count(${honoredOrNot("externalsecret_status_condition", namespace, "")}) > 0)`,
      summary: "The secret {{ $labels.name }} is not synced",
      description:
        "External Secrets has not been able to fetch {{ $labels.name }} for fifteen minutes. Running pods keep the old value; new ones may not start.",
    },
  ];
}

function isolation({ environment, inNamespace, stack }: Scope): Alert[] {
  const policies: Alert = {
    name: "NetworkPoliciesMissing",
    severity: "ticket",
    for: "15m",
    expr: promql`
      max by (namespace) (kube_namespace_status_phase{${inNamespace},phase="Active"}) == 1
      unless on (namespace) kube_networkpolicy_created{${inNamespace}}`,
    summary: "No network policy protects the namespace",
    description:
      "The stack asks for network policies, and the namespace has had none for fifteen minutes: every pod may talk to every other.",
  };
  return [
    {
      name: "PodOnHostNetwork",
      severity: "ticket",
      for: undefined,
      expr: `max by (namespace, pod) (kube_pod_info{${inNamespace},host_network="true"}) == 1`,
      summary: "{{ $labels.pod }} is on the host network",
      description:
        "{{ $labels.pod }} runs on the network of its node, past all network policies. Pod Security refuses that, so somebody has weakened it.",
    },
    {
      name: "PodUsesDefaultServiceAccount",
      severity: "ticket",
      for: "5m",
      expr: promql`
        max by (namespace, pod) (kube_pod_service_account{${inNamespace},service_account="default"}) == 1
        and on (namespace, pod) kube_pod_status_phase{${inNamespace},phase=~"Pending|Running"} == 1`,
      summary: "{{ $labels.pod }} runs as the default service account",
      description:
        "Every component of the stack has a service account of its own; {{ $labels.pod }} does not belong to it, or has lost its own.",
    },
    ...(environment.settings.network.policies && !stack.disabled.includes("network-policy")
      ? [policies]
      : []),
  ];
}

/** Only metrics that know single status codes can tell 401 from 404. */
function unauthorized({ measured, inNamespace }: Scope): Alert[] {
  const metrics = measured[0]?.requestMetrics;
  if (metrics === undefined) return [];
  const { count, status, ignore } = metrics;
  const rate = (more: string) =>
    `sum by (namespace, service) (rate(${count}{${[inNamespace, ignore, more].filter(Boolean).join(",")}}[15m]))`;
  return [
    {
      name: "UnauthorizedRequestsHigh",
      severity: "ticket",
      for: "15m",
      dashboard: "services",
      expr: promql`
        ${rate(`${status}=~"401|403"`)}
        / ${rate("")} > 0.3
        and on (namespace, service) service:http_requests:rate5m{${inNamespace}} > 0.5`,
      summary: "Many requests to {{ $labels.service }} are refused as unauthorised",
      description:
        "{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} have been answered 401 or 403 for fifteen minutes: an attack, or a client with a wrong credential.",
    },
  ];
}
