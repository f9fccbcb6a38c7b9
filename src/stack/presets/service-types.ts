// Owns: what each service type brings by default.
// Promises: plain data in the words of prod-stack.yaml, the lowest layer of every service.
// Must not: know runtimes, tiers or environments.

import type { ServiceSpec } from "../../spec/schema/spec-types.js";

type ServiceDefaults = Omit<ServiceSpec, "type" | "runtime" | "image">;

/** What a service becomes in a cluster. */
export type WorkloadKind = "Deployment" | "StatefulSet" | "CronJob" | "Job" | "InferenceService";

export interface ServiceType {
  /** Value of app.kubernetes.io/component. */
  readonly component: string;
  /** One sentence for help texts and docs. */
  readonly summary: string;
  readonly kind: WorkloadKind;
  /** Whether requests arrive from outside as a rule; decides whether exposure is asked for. */
  readonly exposable: boolean;
  /** It answers requests, so that it cannot be without a port. */
  readonly needsPort: boolean;
  /** How it scales in tiers that scale: by the tier's figures, by its own, or not. */
  readonly scales: "as the tier" | "never" | NonNullable<ServiceDefaults["scaling"]>;
  /** Share of its pods that a node drain may take at once: one, or a percentage, which Kubernetes rounds up. */
  readonly disruption: 1 | "50%";
  readonly defaults: ServiceDefaults;
}

const served: ServiceDefaults = {
  replicas: 1,
  resources: {
    requests: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "64Mi" },
    limits: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "512Mi" },
  },
  // Endpoints and load balancers need a few seconds to forget a pod; meanwhile it must go on serving.
  shutdown: { delay: "10s", grace: "45s" },
};

/** Nobody sends it requests, so it may leave at once; what it has begun gets time to end. */
const unserved: ServiceDefaults = { ...served, shutdown: { grace: "60s" } };

const usual = {
  kind: "Deployment",
  exposable: false,
  needsPort: false,
  scales: "as the tier",
  disruption: 1,
} as const;

export const SERVICE_TYPE_PRESETS: Readonly<Record<ServiceSpec["type"], ServiceType>> = {
  "web-api": {
    ...usual,
    component: "api",
    summary: "answers HTTP requests of programs",
    exposable: true,
    needsPort: true,
    defaults: served,
  },
  "web-frontend": {
    ...usual,
    component: "frontend",
    summary: "serves pages to browsers",
    exposable: true,
    needsPort: true,
    defaults: served,
  },
  "grpc-service": {
    ...usual,
    component: "grpc",
    summary: "answers gRPC calls, with the gRPC health service",
    needsPort: true,
    defaults: served,
  },
  worker: {
    ...usual,
    component: "worker",
    summary: "takes work from a queue or a schedule of its own; serves nobody",
    defaults: unserved,
  },
  "scheduled-job": {
    ...usual,
    kind: "CronJob",
    component: "scheduled-job",
    summary: "runs at given times and ends",
    scales: "never",
    // An hour is far beyond most reports and clean-ups, and well before the next day's run.
    defaults: { ...unserved, deadline: "1h", retries: 2 },
  },
  job: {
    ...usual,
    kind: "Job",
    component: "job",
    summary: "runs once with every release and ends, such as a migration",
    scales: "never",
    defaults: { ...unserved, deadline: "30m", retries: 3 },
  },
  "stateful-service": {
    ...usual,
    kind: "StatefulSet",
    component: "stateful-service",
    summary: "keeps data of its own on volumes, one for each pod, with stable names",
    // More pods do not share the load of a store by themselves: somebody has to know that they do.
    scales: "never",
    defaults: { ...served, shutdown: { delay: "10s", grace: "60s" } },
  },
  proxy: {
    ...usual,
    component: "proxy",
    summary: "passes requests on, such as Envoy or NGINX",
    exposable: true,
    needsPort: true,
    // Connections that it holds for others end with it, so it waits longer for them.
    defaults: { ...served, shutdown: { delay: "15s", grace: "60s" } },
  },
  "load-generator": {
    ...usual,
    component: "load-generator",
    summary: "sends requests, to test others under load; serves nobody",
    scales: { min: 2, max: 10, cpu: 70 },
    disruption: "50%",
    defaults: unserved,
  },
  model: {
    ...usual,
    kind: "InferenceService",
    component: "model",
    summary: "answers with the predictions of a model, by KServe or an image of its own",
    exposable: true,
    // The port of KServe's protocol, and of most model servers.
    defaults: { ...served, serving: "kserve", ports: { http: 8080 } },
  },
  "third-party": {
    ...usual,
    component: "third-party",
    summary: "an image of somebody else's, taken as it is",
    scales: "never",
    defaults: served,
  },
};

/** What a service becomes: its type's kind, but for a model that an image of its own serves. */
export function kindOf({ type, serving }: Pick<ServiceSpec, "type" | "serving">): WorkloadKind {
  return type === "model" && serving === "deployment" ? "Deployment" : SERVICE_TYPE_PRESETS[type].kind;
}

/** It ends by itself: nothing is sent to it, and nothing scales it. */
export function endsByItself(kind: WorkloadKind): boolean {
  return kind === "CronJob" || kind === "Job";
}
