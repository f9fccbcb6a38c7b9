// Owns: what a stack needs of the platform it runs on.
// Promises: derived from what the stack uses; nothing that it does not need is listed.
// Must not: check a cluster.

import { OPERATOR_PRESETS } from "../stack/presets/operators.js";
import type { Stack } from "../stack/stack.js";
import { unique } from "../stack/unique.js";
import { gatewayRequirements } from "./exposure/gateway-requirements.js";
import type { Requirement } from "./requirement.js";

const crd = (name: string) => `kubectl get crd ${name}`;

/** Classes that services name and that nobody here makes. */
function prioritiesOf({ base, environments }: Stack): Requirement[] {
  const views = [base, ...environments];
  const made = views.flatMap(({ settings }) => Object.keys(settings.priorityClasses));
  const named = views.flatMap(({ services }) => services.map(({ priorityClass }) => priorityClass));
  return [...new Set(named)]
    .filter((name): name is string => name !== undefined && !made.includes(name))
    .sort()
    .map((name) => ({
      what: `the PriorityClass ${name}`,
      why: "the API server refuses pods that name an unknown one",
      check: `kubectl get priorityclass ${name}`,
    }));
}

/** Operators that run datastores, and what their installation must be like. */
function datastoreOperators({ environments }: Stack): Requirement[] {
  const all = environments.flatMap(({ datastores }) => datastores);
  return unique(
    all.flatMap(({ operator, engineName }) => (operator === undefined ? [] : [{ ...operator, engineName }])),
    ({ summary }) => summary,
  ).map(({ summary, namespace, asks, engineName, objects }) => ({
    what: `${summary} in namespace ${namespace}${asks === undefined ? "" : `. ${asks}`}`,
    why: `runs ${engineName}`,
    check: `kubectl api-resources --api-group=${(objects[0]?.apiVersion ?? "").split("/")[0]}`,
  }));
}

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
    ...gatewayRequirements(stack),
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
    ...datastoreOperators(stack),
    any(({ services: own }) => own.some(({ scaling }) => scaling !== undefined)) && {
      what: "metrics-server",
      why: "autoscaling needs current CPU and memory use",
      check: "kubectl top nodes",
    },
    any(({ services: own }) => own.some(({ scaling }) => (scaling?.triggers.length ?? 0) > 0)) && {
      what: `KEDA 2.17 or later in namespace ${settings.keda.namespace}`,
      why: "scales services by queues, times and queries",
      check: crd("scaledobjects.keda.sh"),
    },
    any(({ services: own }) => own.some(({ vertical }) => vertical !== undefined)) && {
      what: "the Vertical Pod Autoscaler, 1.4 or later",
      why: "recommends requests from measured use",
      check: crd("verticalpodautoscalers.autoscaling.k8s.io"),
    },
    any(({ services: own }) => own.some(({ placement }) => placement.spot !== undefined)) && {
      what: "spot nodes with the label and taint of their cloud",
      why: "what tolerates an interruption runs there first",
      check: "kubectl get nodes --show-labels",
    },
    any(({ services: own }) => own.some(({ hostUsers }) => !hostUsers)) && {
      what: "nodes with Linux 6.3, containerd 2.0 or CRI-O 1.25, and file systems with id-mapped mounts",
      why: "pods with a user namespace of their own (hostUsers: false)",
      check: "kubectl get nodes -o wide",
    },
    ...prioritiesOf(stack),
    settings.reloader === "present" &&
      any((place) => OPERATOR_PRESETS.reloader.isNeeded(place, stack.disabled)) && {
        what: "Stakater Reloader",
        why: "restarts pods after a rotated secret",
        check: "kubectl get deploy -A -l app.kubernetes.io/name=reloader",
      },
    any(({ settings: own }) => own.network.policies && own.network.flavour === "cilium") && {
      what: "Cilium with its DNS proxy (the default)",
      why: "externals are allowed by name",
      check: crd("ciliumnetworkpolicies.cilium.io"),
    },
    any(({ settings: own }) => own.network.policies && own.network.flavour === "kubernetes") && {
      what: "a network plugin that enforces NetworkPolicy",
      why: "without one the policies are paper",
      check: "kubectl get pods -n kube-system",
    },
    datastores.some(({ role }) => role === "store") && {
      what: `a StorageClass (${[...new Set(stack.environments.flatMap((place) => place.datastores.map(({ storageClass }) => storageClass ?? "the default one")))].join(", ")}) that can expand volumes`,
      why: "volumes of the datastores",
      check: "kubectl get storageclass",
    },
  ];
  return requirements.filter((requirement): requirement is Requirement => requirement !== false);
}
