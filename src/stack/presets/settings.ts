// Owns: the defaults of all settings, below every layer.
// Promises: a stack works on a cluster with Envoy Gateway, cert-manager, External Secrets, the Prometheus Operator and Argo CD in their usual places.
// Must not: depend on the stack.

import type { Settings } from "../effective.js";
import type { GatewayPreset } from "./gateways.js";

/** Without what the gateway's implementation says: src/stack/presets/gateways.ts. */
type Defaults = Omit<Settings, "gateway"> & {
  readonly gateway: Omit<Settings["gateway"], keyof GatewayPreset["settings"]>;
};

export const DEFAULT_SETTINGS: Defaults = {
  kubernetes: "1.35",
  logLevel: "info",
  namespaces: "managed",
  reloader: "present",
  gateway: {
    implementation: "envoy-gateway",
    mode: "shared",
    name: "public",
    namespace: "gateways",
    https: true,
    trustedHops: 0,
    defaults: {
      // Said, since every gateway has another one of its own: 15 s, none, 60 s between two reads.
      timeout: "60s",
      // OWASP Secure Headers. No preload in Strict-Transport-Security: it cannot be taken back.
      headers: {
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
      },
    },
  },
  certManager: { mode: "present", issuer: "letsencrypt", issuerKind: "ClusterIssuer" },
  network: {
    policies: true,
    flavour: "kubernetes",
    mtls: "off",
    apiServer: [],
    nodeLocalDns: false,
    ipv6: false,
    // RFC 1918, RFC 6598, link-local with the clouds' metadata addresses.
    privateRanges: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"],
  },
  monitoring: {
    prometheus: "operator",
    namespace: "monitoring",
    serviceAccount: "prometheus-k8s",
    labels: { release: "kube-prometheus-stack" },
    interval: { critical: "15s", standard: "30s" },
    sampleLimit: 10000,
    blackbox: "blackbox-exporter.monitoring.svc:9115",
    grafanaLabel: { grafana_dashboard: "1" },
    slo: { availability: 99.9, latency: "2s" },
    logRetention: "7d",
    metricRetention: "15d",
  },
  backup: { schedule: "0 2 * * *" },
  quota: {
    requests: { cpu: "4", memory: "8Gi", "ephemeral-storage": "10Gi" },
    limits: { cpu: "8", memory: "16Gi", "ephemeral-storage": "40Gi" },
    pods: 20,
    services: 10,
    storage: "100Gi",
    storageClasses: {},
  },
  argocd: { namespace: "argocd", automated: true, mode: "application-set", syncWindows: {} },
  secretStore: { name: "platform", kind: "ClusterSecretStore", refresh: "1h" },
  operators: {
    "external-secrets": "present",
    "cert-manager": "present",
    "envoy-gateway": "present",
    "prometheus-operator": "present",
    "metrics-server": "present",
    reloader: "present",
    "cloudnative-pg": "present",
    "barman-cloud": "present",
    strimzi: "present",
  },
  policy: { engine: "validating-admission-policy", action: "deny", images: "tag", operatorNamespaces: [] },
  exceptions: {},
  keda: { namespace: "keda" },
  nodes: {},
  priorityClasses: {},
  registries: {},
  pullSecrets: [],
};
