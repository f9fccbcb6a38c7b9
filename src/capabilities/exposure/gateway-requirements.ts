// Owns: what the gateways of a stack's environments need of the platform.
// Promises: each once, however many environments need it.
// Must not: check a cluster.

import type { Environment, Stack } from "../../stack/stack.js";
import type { Requirement } from "../requirement.js";

export function gatewayRequirements({ environments }: Stack): Requirement[] {
  const all = environments
    .filter(({ services }) => services.some(({ exposure }) => exposure !== undefined))
    .flatMap(requirementsOf);
  return all.filter(({ what }, index) => all.findIndex((other) => other.what === what) === index);
}

function requirementsOf(environment: Environment): Requirement[] {
  const { implementation, proxyNamespace, class: ingressClass } = environment.settings.gateway;
  if (implementation === "envoy-gateway") return envoyRequirements(environment);
  const isTraefik = implementation === "traefik";
  return [
    {
      what: `${isTraefik ? "Traefik 3.7 or later, with the kubernetesCRD provider" : "NGINX Ingress"}, IngressClass ${ingressClass}, in namespace ${proxyNamespace}`,
      why: isTraefik
        ? "routes requests to the services"
        : "routes requests to the services; it was retired in March 2026, so plan the move",
      check: `kubectl get ingressclass ${ingressClass}`,
    },
  ];
}

function envoyRequirements({ settings: { gateway }, services }: Environment): Requirement[] {
  const { mode, name, namespace, rateLimitScope, proxyNamespace, class: gatewayClass } = gateway;
  const counts = services.some(({ exposure }) => exposure?.rateLimit !== undefined);
  const requirements: (Requirement | false)[] = [
    {
      what: `Gateway API v1.5 or later with Envoy Gateway, whose proxies run in ${proxyNamespace} (its deploy type ControllerNamespace, not GatewayNamespace)`,
      why: "routes requests to the services",
      check: "kubectl get gatewayclass",
    },
    mode === "own" && {
      what: `the GatewayClass ${gatewayClass} of Envoy Gateway`,
      why: "the stack's Gateway is made of it",
      check: `kubectl get gatewayclass ${gatewayClass}`,
    },
    mode !== "own" && {
      what: `the Gateway ${name} in namespace ${namespace}, which lets ${mode === "shared" ? "routes" : "listeners"} of the stack's namespaces attach (${mode === "shared" ? "allowedRoutes" : "allowedListeners"})`,
      why: "the routes attach to it",
      check: `kubectl get gateway -n ${namespace} ${name}`,
    },
    counts &&
      rateLimitScope === "global" && {
        what: "Envoy Gateway's global rate limit service",
        why: "counts requests per client",
        check: `kubectl get deploy -n ${proxyNamespace}`,
      },
  ];
  return requirements.filter((requirement): requirement is Requirement => requirement !== false);
}
