// Owns: the operators that a stack may need of its platform: when, which definitions they serve, and the chart that installs each.
// Promises: a chart's version stands beside the public file in which it was read; definitions are of the versions that manifests use.
// Must not: know how one is installed or checked. To add one: its word in src/spec/schema/words.ts and its row here.

import type { OPERATORS } from "../../spec/schema/words.js";
import type { Environment } from "../stack.js";

export type OperatorName = (typeof OPERATORS)[number];

export interface Operator {
  readonly title: string;
  /** What it does for a stack. */
  readonly purpose: string;
  /** Whether a place needs it; without the capabilities that are switched off. */
  readonly isNeeded: (place: Environment, disabled: readonly string[]) => boolean;
  /** Definitions and the version in which manifests use them. */
  readonly crds: readonly { readonly name: string; readonly version: string }[];
  /** Aggregated API that it serves, such as v1beta1.metrics.k8s.io. */
  readonly api?: string;
  /** Labels of a Deployment by which an operator without definitions is known. */
  readonly deployment?: string;
  readonly namespace: string;
  readonly chart: {
    readonly repository: string;
    readonly name: string;
    readonly version: string;
    /** Values that differ from the chart's own, as JSON-like data. */
    readonly values: Readonly<Record<string, unknown>>;
    /** The public file in which the version was read. */
    readonly source: string;
  };
  /** Further namespaces in which the chart has objects. */
  readonly alsoIn?: readonly string[];
}

const isExposed = ({ services }: Environment) => services.some(({ exposure }) => exposure !== undefined);
const isRun = (datastores: Environment["datastores"], family: string) =>
  datastores.some((datastore) => datastore.operator !== undefined && datastore.family === family);
const crds = (group: string, version: string, ...names: string[]) =>
  names.map((name) => ({ name: `${name}.${group}`, version }));

/** The table of versions of a public platform that follows releases. */
const PLATFORM_TABLE =
  "github.com/arikkfir-org/docs, hub/reference.md, Kubernetes platform, at cbc0d359fa15ecb8d523bd9e952b70401a604b44";

export const OPERATOR_PRESETS: Readonly<Record<OperatorName, Operator>> = {
  "external-secrets": {
    title: "External Secrets Operator",
    purpose: "fetches secrets from their store",
    isNeeded: ({ secrets }) => secrets.length > 0,
    crds: crds("external-secrets.io", "v1", "externalsecrets"),
    namespace: "external-secrets",
    chart: {
      repository: "https://charts.external-secrets.io",
      name: "external-secrets",
      version: "2.11.0",
      values: { installCRDs: true },
      source: PLATFORM_TABLE,
    },
  },
  "cert-manager": {
    title: "cert-manager",
    purpose: "gets and renews certificates",
    isNeeded: (place, disabled) =>
      isExposed(place) &&
      !disabled.includes("exposure") &&
      place.settings.gateway.https &&
      place.settings.certManager.mode === "present",
    crds: crds("cert-manager.io", "v1", "certificates", "issuers", "clusterissuers"),
    namespace: "cert-manager",
    chart: {
      repository: "https://charts.jetstack.io",
      name: "cert-manager",
      version: "v1.21.2",
      values: { crds: { enabled: true, keep: true } },
      source: PLATFORM_TABLE,
    },
    // Leader election.
    alsoIn: ["kube-system"],
  },
  "envoy-gateway": {
    title: "Gateway API with Envoy Gateway",
    purpose: "routes requests to the services",
    isNeeded: (place, disabled) =>
      isExposed(place) &&
      !disabled.includes("exposure") &&
      place.settings.gateway.implementation === "envoy-gateway",
    crds: [
      ...crds("gateway.networking.k8s.io", "v1", "gateways", "httproutes", "grpcroutes"),
      ...crds("gateway.envoyproxy.io", "v1alpha1", "backendtrafficpolicies", "securitypolicies"),
    ],
    namespace: "envoy-gateway-system",
    chart: {
      repository: "docker.io/envoyproxy",
      name: "gateway-helm",
      version: "v1.9.2",
      values: {},
      source: "Envoy Gateway docs, Install with Helm; chart and release have one version",
    },
  },
  "prometheus-operator": {
    title: "Prometheus Operator (kube-prometheus-stack)",
    purpose: "metrics and alerts",
    isNeeded: ({ settings }, disabled) =>
      settings.monitoring.prometheus === "operator" && !disabled.includes("monitoring"),
    crds: crds("monitoring.coreos.com", "v1", "servicemonitors", "prometheusrules", "probes"),
    namespace: "monitoring",
    chart: {
      repository: "https://prometheus-community.github.io/helm-charts",
      name: "kube-prometheus-stack",
      version: "87.17.0",
      values: {},
      source: "a public Argo CD Application with this chart, read by its exact version",
    },
    // Services by which the control plane is scraped.
    alsoIn: ["kube-system"],
  },
  "metrics-server": {
    title: "metrics-server",
    purpose: "current use of CPU and memory, for autoscaling",
    isNeeded: ({ services }) => services.some(({ scaling }) => scaling !== undefined),
    crds: [],
    api: "v1beta1.metrics.k8s.io",
    namespace: "kube-system",
    chart: {
      repository: "https://kubernetes-sigs.github.io/metrics-server",
      name: "metrics-server",
      version: "3.13.0",
      values: {},
      source: "a public Argo CD Application with this chart, read by its exact version",
    },
  },
  reloader: {
    title: "Stakater Reloader",
    purpose: "restarts pods after a rotated secret",
    isNeeded: ({ settings, secrets, datastores }) =>
      settings.reloader === "present" && (secrets.length > 0 || isRun(datastores, "kafka")),
    crds: [],
    deployment: "app.kubernetes.io/name=reloader",
    namespace: "reloader",
    chart: {
      repository: "https://stakater.github.io/stakater-charts",
      name: "reloader",
      version: "2.2.17",
      values: {},
      source: PLATFORM_TABLE,
    },
  },
  "cloudnative-pg": {
    title: "CloudNativePG",
    purpose: "runs clusters of PostgreSQL servers",
    isNeeded: ({ datastores }) => isRun(datastores, "postgresql"),
    crds: crds("postgresql.cnpg.io", "v1", "clusters", "scheduledbackups"),
    namespace: "cnpg-system",
    chart: {
      repository: "https://cloudnative-pg.github.io/charts",
      name: "cloudnative-pg",
      version: "0.29.1",
      values: {},
      source: "a public installation script that names this chart and operator 1.30.1 side by side",
    },
  },
  "barman-cloud": {
    title: "Barman Cloud plugin of CloudNativePG",
    purpose: "archives the log of PostgreSQL clusters and backs them up",
    isNeeded: ({ datastores }) =>
      datastores.some(({ operator, family }) => family === "postgresql" && operator?.backup !== undefined),
    crds: crds("barmancloud.cnpg.io", "v1", "objectstores"),
    namespace: "cnpg-system",
    chart: {
      repository: "https://cloudnative-pg.github.io/charts",
      name: "plugin-barman-cloud",
      version: "0.8.0",
      values: {},
      source: "a public installation plan that names this chart and plugin v0.15.0 side by side",
    },
  },
  strimzi: {
    title: "Strimzi",
    purpose: "runs Kafka clusters, and makes their users",
    isNeeded: ({ datastores }) => isRun(datastores, "kafka"),
    crds: crds("kafka.strimzi.io", "v1", "kafkas", "kafkanodepools", "kafkatopics", "kafkausers"),
    namespace: "strimzi",
    chart: {
      repository: "https://strimzi.io/charts/",
      name: "strimzi-kafka-operator",
      version: "1.2.0",
      // The stack's own policies say who may connect; Strimzi's would open the metrics to every pod.
      values: { watchAnyNamespace: true, generateNetworkPolicy: false },
      source:
        "a public reference of Helm values that names this chart, its repository and version 1.2.0 side by side",
    },
  },
};
