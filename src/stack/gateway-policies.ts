// Owns: the traffic that comes through the gateway: requests of users, and challenges of a certificate authority.
// Promises: from the gateway's proxies alone, by the labels that its implementation gives them.
// Must not: know the manifests.

import { isCertificateShared } from "./certificate-home.js";
import { type Draft, type Rule, tcp } from "./policy.js";
import type { Environment } from "./stack.js";

/** Name of a Gateway of the stack's own. */
export const OWN_GATEWAY = "edge";

/** Pods of cert-manager that answer an ACME authority's challenges (HTTP-01) beside the services. */
export function acmeSolver(environment: Environment): Draft[] {
  if (solvedHosts(environment).length === 0) return [];
  return [
    {
      name: "allow-acme-solver",
      component: undefined,
      podLabels: ACME_SOLVER,
      description: "The authority may see that these hosts are ours, while a certificate is got or renewed.",
      ingress: [fromGateway(environment, ACME_SOLVER_PORT)],
      egress: [],
    },
  ];
}

/** Hosts that an authority may ask about by HTTP in the stack's own namespace: a pod and a Service for each, all at once at first. */
export function solvedHosts({ services, settings }: Pick<Environment, "services" | "settings">): string[] {
  const { gateway, certManager } = settings;
  const provesByDns = certManager.acme?.dns01 !== undefined || certManager.ca !== undefined;
  if (!gateway.https || certManager.mode === "off" || provesByDns || isCertificateShared({ settings }))
    return [];
  return [...new Set(services.flatMap(({ exposure }) => exposure?.hosts ?? []))].sort();
}

/** cert-manager, pkg/issuer/acme/http/{http,pod}.go: the label of solver pods, and the port that they listen on. */
const ACME_SOLVER = { "acme.cert-manager.io/http01-solver": "true" };
const ACME_SOLVER_PORT = 8089;

export function fromGateway(environment: Environment, port: number): Rule {
  return {
    reason: "requests through the gateway's proxies",
    peers: [
      {
        kind: "namespace",
        namespace: environment.settings.gateway.proxyNamespace,
        labels: proxyLabels(environment),
      },
    ],
    ports: tcp(port),
  };
}

/** Envoy Gateway labels proxies with the Gateway that they serve; the others' proxies serve the whole cluster. */
function proxyLabels({ settings, namespace }: Environment): Readonly<Record<string, string>> {
  const { proxyLabels: given, mode, name, namespace: gatewayNamespace } = settings.gateway;
  if (Object.keys(given).length > 0)
    return Object.fromEntries(Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1)));
  const owner = mode === "own" ? { name: OWN_GATEWAY, namespace } : { name, namespace: gatewayNamespace };
  return {
    "gateway.envoyproxy.io/owning-gateway-name": owner.name,
    "gateway.envoyproxy.io/owning-gateway-namespace": owner.namespace,
  };
}
