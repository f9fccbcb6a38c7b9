// Owns: what each service type brings by default.
// Promises: plain data in the words of prod-stack.yaml, the lowest layer of every service.
// Must not: know runtimes, tiers or environments.

import type { ServiceSpec } from "../../spec/schema/spec-types.js";

type ServiceDefaults = Omit<ServiceSpec, "type" | "runtime" | "image">;

export interface ServiceType {
  /** Value of app.kubernetes.io/component. */
  readonly component: string;
  /** One sentence for help texts and docs. */
  readonly summary: string;
  /** Whether requests arrive from outside as a rule; decides whether exposure is asked for. */
  readonly exposable: boolean;
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

export const SERVICE_TYPE_PRESETS: Readonly<Record<ServiceSpec["type"], ServiceType>> = {
  "web-api": {
    component: "api",
    summary: "answers HTTP requests of programs",
    exposable: true,
    defaults: served,
  },
  "web-frontend": {
    component: "frontend",
    summary: "serves pages to browsers",
    exposable: true,
    defaults: served,
  },
  "grpc-service": {
    component: "grpc",
    summary: "answers gRPC calls, with the gRPC health service",
    exposable: false,
    defaults: served,
  },
  worker: {
    component: "worker",
    summary: "takes work from a queue or a schedule of its own; serves nobody",
    exposable: false,
    defaults: { ...served, shutdown: { grace: "60s" } },
  },
};
