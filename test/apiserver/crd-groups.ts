// The groups of custom kinds that tests can install, by the name of their project.
// Versions and checksums are pinned once for the whole repository, in projenrc/schemas/modules.json.
// No downloading and no servers.

/** Where a group's definitions come from. */
export interface CrdSource {
  /** A Go module or Maven artifact pinned in modules.json. */
  readonly module: string;
  /** Of the module's folders there, only these; all of them by default. */
  readonly folders?: readonly string[];
}

/** Groups by name. */
export const crdSources = {
  "argo-cd": { module: "github.com/argoproj/argo-cd/v3" },
  "argo-rollouts": { module: "github.com/argoproj/argo-rollouts" },
  "barman-cloud": { module: "github.com/cloudnative-pg/plugin-barman-cloud" },
  "cert-manager": { module: "github.com/cert-manager/cert-manager" },
  "chaos-mesh": { module: "github.com/chaos-mesh/chaos-mesh" },
  cilium: { module: "github.com/cilium/cilium" },
  "cloudnative-pg": { module: "github.com/cloudnative-pg/cloudnative-pg" },
  "envoy-gateway": { module: "github.com/envoyproxy/gateway" },
  "external-secrets": { module: "github.com/external-secrets/external-secrets" },
  // Two channels define the same kinds; clusters have the standard one unless they ask for more.
  "gateway-api": { module: "sigs.k8s.io/gateway-api", folders: ["config/crd/standard"] },
  "grafana-operator": { module: "github.com/grafana/grafana-operator/v5" },
  istio: { module: "istio.io/api" },
  keda: { module: "github.com/kedacore/keda/v2" },
  kserve: { module: "github.com/kserve/kserve" },
  kyverno: { module: "github.com/kyverno/kyverno" },
  "prometheus-operator": { module: "github.com/prometheus-operator/prometheus-operator" },
  "sealed-secrets": { module: "github.com/bitnami-labs/sealed-secrets" },
  "secrets-store-csi": { module: "sigs.k8s.io/secrets-store-csi-driver" },
  // On Maven Central: written by Strimzi's own generator.
  strimzi: { module: "io.strimzi:api" },
  traefik: { module: "github.com/traefik/traefik/v3" },
  velero: { module: "github.com/vmware-tanzu/velero" },
  "vertical-pod-autoscaler": { module: "k8s.io/autoscaler/vertical-pod-autoscaler" },
  "volume-snapshots": { module: "github.com/kubernetes-csi/external-snapshotter/client/v8" },
} as const satisfies Record<string, CrdSource>;

/** A group of CRDs: those of one project. */
export type CrdGroup = keyof typeof crdSources;

/** The groups that most generated repositories use. */
export const usualCrdGroups: readonly CrdGroup[] = [
  "argo-cd",
  "prometheus-operator",
  "external-secrets",
  "cert-manager",
  "gateway-api",
  "envoy-gateway",
];
