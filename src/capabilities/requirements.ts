// Owns: what a stack needs of the platform it runs on.
// Promises: derived from what the stack uses; nothing that it does not need is listed.
// Must not: check a cluster.

import type { Stack } from "../stack/stack.js";

export interface Requirement {
  readonly what: string;
  readonly why: string;
  /** A command that shows it. */
  readonly check: string;
}

const crd = (name: string) => `kubectl get crd ${name}`;

/** Everything that must be there before the first sync. */
export function requirementsOf(stack: Stack): Requirement[] {
  const { settings, services, datastores, secrets } = stack.base;
  const any = (test: (environment: Stack["environments"][number]) => boolean) =>
    stack.environments.some(test);
  const exposed = services.filter(({ exposure }) => exposure !== undefined);
  const requirements: (Requirement | false)[] = [
    {
      what: `Kubernetes ${settings.kubernetes} or later`,
      why: "native sidecars, sleep hooks and the pinned Pod Security version",
      check: "kubectl version",
    },
    {
      what: `Argo CD 3 in namespace ${settings.argocd.namespace}`,
      why: "deploys this repository",
      check: crd("applicationsets.argoproj.io"),
    },
    secrets.length > 0 && {
      what: `External Secrets Operator, serving external-secrets.io/v1, with the stores ${[...new Set(secrets.map(({ store }) => store))].join(", ")}`,
      why: "fetches secrets",
      check: "kubectl get clustersecretstore",
    },
    exposed.length > 0 && {
      what: "Gateway API v1.5 or later with Envoy Gateway",
      why: "routes requests to the services",
      check: "kubectl get gatewayclass",
    },
    exposed.length > 0 &&
      settings.gateway.mode !== "own" && {
        what: `the Gateway ${settings.gateway.name} in namespace ${settings.gateway.namespace}, which lets routes of the stack's namespaces attach (allowedRoutes)`,
        why: "the routes attach to it",
        check: `kubectl get gateway -n ${settings.gateway.namespace} ${settings.gateway.name}`,
      },
    services.some(({ exposure }) => exposure?.rateLimit !== undefined) && {
      what: "Envoy Gateway's global rate limit service",
      why: "counts requests per client",
      check: `kubectl get deploy -n ${settings.gateway.proxyNamespace}`,
    },
    any(({ settings: own }) => own.gateway.https && own.certManager.mode === "present") &&
      exposed.length > 0 && {
        what: `cert-manager with the ${settings.certManager.issuerKind} ${settings.certManager.issuer}`,
        why: "certificates",
        check: `kubectl get ${settings.certManager.issuerKind.toLowerCase()} ${settings.certManager.issuer}`,
      },
    settings.monitoring.prometheus === "operator" && {
      what: `the Prometheus Operator, with Prometheus in namespace ${settings.monitoring.namespace}, selecting ${
        Object.entries(settings.monitoring.labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(", ") || "everything"
      }`,
      why: "metrics and alerts",
      check: crd("servicemonitors.monitoring.coreos.com"),
    },
    any(({ services: own }) => own.some(({ scaling }) => scaling !== undefined)) && {
      what: "metrics-server",
      why: "autoscaling needs current CPU and memory use",
      check: "kubectl top nodes",
    },
    settings.reloader === "present" &&
      secrets.length > 0 && {
        what: "Stakater Reloader",
        why: "restarts pods after a rotated secret",
        check: "kubectl get deploy -A -l app.kubernetes.io/name=reloader",
      },
    any(({ settings: own }) => own.network.policies) && {
      what: "a network plugin that enforces NetworkPolicy",
      why: "without one the policies are paper",
      check: "kubectl get pods -n kube-system",
    },
    datastores.some(({ role }) => role === "store") && {
      what: `a StorageClass (${[...new Set(datastores.map(({ storageClass }) => storageClass ?? "the default one"))].join(", ")}) that can expand volumes`,
      why: "volumes of the datastores",
      check: "kubectl get storageclass",
    },
  ];
  return requirements.filter((requirement): requirement is Requirement => requirement !== false);
}
