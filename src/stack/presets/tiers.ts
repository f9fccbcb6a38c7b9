// Owns: what each tier of environments brings by default.
// Promises: the figures of the seeds: 1, 2 and 3 replicas; 256Mi/100m in development; 1Gi and 1 CPU as production's limit, 3 to 10 pods.
// Must not: know single services; a tier speaks of every service alike.

import type { ServiceSpec, TierName } from "../../spec/schema/spec-types.js";
import type { Settings } from "../effective.js";
import type { RuntimePreset } from "./runtimes.js";
import { endsByItself, type ServiceType } from "./service-types.js";

type ServiceDefaults = Omit<ServiceSpec, "type" | "runtime" | "image">;

export interface TierPreset {
  readonly summary: string;
  readonly settings: DeepPartial<Settings>;
  readonly service: (runtime: RuntimePreset, type: ServiceType) => ServiceDefaults;
}

type DeepPartial<T> = T extends object ? { readonly [K in keyof T]?: DeepPartial<T[K]> } : T;

function resources(
  requests: [string, string],
  limits: [string, string],
): NonNullable<ServiceDefaults["resources"]> {
  return {
    requests: { cpu: requests[0], memory: requests[1] },
    limits: { cpu: limits[0], memory: limits[1] },
  };
}

/** A job runs as often as it is told to, not on several nodes. */
function replicas(count: number, { kind }: ServiceType): ServiceDefaults {
  return endsByItself(kind) ? {} : { replicas: count };
}

function scaling({ memoryShrinks }: RuntimePreset, { scales }: ServiceType): ServiceDefaults {
  if (scales === "never") return {};
  if (scales !== "as the tier") return { scaling: scales };
  // A heap that never shrinks would scale up once and stay there, so those runtimes scale on CPU alone.
  return { scaling: { min: 3, max: 10, cpu: 70, ...(memoryShrinks ? { memory: 80 } : {}) } };
}

export const TIER_PRESETS: Readonly<Record<TierName, TierPreset>> = {
  development: {
    summary: "small, talkative, reachable over plain HTTP",
    settings: { logLevel: "debug", network: { policies: false }, gateway: { https: false } },
    service: (_runtime, type) => ({
      ...replicas(1, type),
      resources: resources(["100m", "256Mi"], ["500m", "512Mi"]),
    }),
  },
  staging: {
    summary: "like production, smaller",
    settings: { logLevel: "info", network: { policies: true }, gateway: { https: true } },
    service: (_runtime, type) => ({
      ...replicas(2, type),
      resources: resources(["200m", "512Mi"], ["1", "1Gi"]),
    }),
  },
  production: {
    summary: "autoscaled, HTTPS only, closed by network policies",
    settings: { logLevel: "info", network: { policies: true }, gateway: { https: true } },
    service: (runtime, type) => ({
      ...replicas(3, type),
      resources: resources(["250m", "512Mi"], ["1", "1Gi"]),
      ...scaling(runtime, type),
    }),
  },
};
