// Owns: alerts about what the world sees: endpoints from outside, and certificates.
// Promises: certificates are judged by what is really served, and by their renewal, whatever their lifetime.
// Must not: know the gateway.

import { certificateName, certificateNamespace } from "../certificate-home.js";
import { endpointsOf, HEALTH_JOB, REACH_JOB } from "../endpoints.js";
import { type Alert, type AlertGroup, honoredOrNot, promql, type Scope } from "./scope.js";

export function edgeAlerts(scope: Scope): AlertGroup {
  const endpoints = endpointsOf(scope.stack, scope.environment);
  if (endpoints.length === 0) return { name: "edge", alerts: [] };
  const isHttps = endpoints.some(({ url }) => url.startsWith("https:"));
  const isManaged = isHttps && scope.environment.settings.certManager.mode === "present";
  return {
    name: "edge",
    alerts: [probe(scope), ...(isHttps ? served(scope) : []), ...(isManaged ? managed(scope) : [])],
  };
}

function probe({ inNamespace }: Scope): Alert {
  return {
    name: "EndpointProbeFailing",
    severity: "page",
    for: "2m",
    expr: promql`
      probe_success{${inNamespace},job="${HEALTH_JOB}"} == 0
      or
      probe_http_status_code{${inNamespace},job="${REACH_JOB}"} == 0
      or
      probe_http_status_code{${inNamespace},job="${REACH_JOB}"} >= 500`,
    summary: "{{ $labels.instance }} does not answer from outside",
    description:
      "The blackbox exporter has had no good answer from {{ $labels.instance }} for two minutes: users have none either.",
  };
}

function served({ inNamespace }: Scope): Alert[] {
  const left = `min by (namespace, instance) (probe_ssl_earliest_cert_expiry{${inNamespace}}) - time()`;
  return [
    {
      name: "CertificateExpiringSoon",
      severity: "ticket",
      for: "1h",
      expr: `${left} < 14 * 24 * 3600`,
      summary: "The certificate of {{ $labels.instance }} expires soon",
      description:
        "The certificate that {{ $labels.instance }} serves expires in {{ $value | humanizeDuration }}. It should have been renewed by now.",
    },
    {
      name: "CertificateExpiring",
      severity: "page",
      for: "10m",
      expr: `${left} < 3 * 24 * 3600`,
      summary: "The certificate of {{ $labels.instance }} is about to expire",
      description:
        "The certificate that {{ $labels.instance }} serves expires in {{ $value | humanizeDuration }}; from then on, clients refuse to connect.",
    },
  ];
}

/** The certificate is in the shared Gateway's namespace, else beside the services. */
function managed({ environment, stack }: Scope): Alert[] {
  const place = certificateNamespace(environment);
  const certificate = `name="${certificateName(stack.name, environment.name)}"`;
  const renewal = `max by (name) (${honoredOrNot("certmanager_certificate_renewal_timestamp_seconds", place, certificate)})`;
  return [
    {
      name: "CertificateNotReady",
      severity: "ticket",
      for: "30m",
      expr: `max by (name) (${honoredOrNot("certmanager_certificate_ready_status", place, `condition="True",${certificate}`)}) == 0`,
      summary: "The certificate {{ $labels.name }} is not ready",
      description: "cert-manager has not been able to issue {{ $labels.name }} for thirty minutes.",
    },
    {
      name: "CertificateRenewalOverdue",
      severity: "ticket",
      for: "1h",
      // 0 stands for a certificate that has not been issued yet.
      expr: `time() - (${renewal} > 0) > 6 * 3600`,
      summary: "The renewal of {{ $labels.name }} is overdue",
      description: "cert-manager should have renewed {{ $labels.name }} {{ $value | humanizeDuration }} ago.",
    },
  ];
}
