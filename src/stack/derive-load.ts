// Owns: how many pods a service has at most at one time, what each may take, and its volumes.
// Promises: the surge of a rollout, every schedule at once and a run by hand beside it, init containers included.
// Must not: compare with a quota.

import type { Resources } from "./container.js";
import { bytes } from "./quantity.js";
import type { Vertical } from "./scaling.js";
import type { Service } from "./service.js";

/** Pods that a rolling update adds: maxSurge 25 %, rounded up. */
export const SURGE = 0.25;

/** What KServe's storage initializer takes by default (kserve/kserve, config/configmap/inferenceservice.yaml). */
const STORAGE_INITIALIZER: Resources = {
  requests: { cpu: "100m", memory: "100Mi", ephemeralStorage: "64Mi" },
  limits: { cpu: "1", memory: "1Gi", ephemeralStorage: "512Mi" },
};

export interface Load {
  readonly pods: number;
  /** Containers that run at one time, by phase of the pod; the largest phase counts (Kubernetes docs, "Resource sharing within containers"). */
  readonly phases: readonly (readonly Resources[])[];
}

/** A Deployment whose volume one node has at a time: its old pod leaves before the new one comes. */
export function recreates({ kind, volumes }: Service): boolean {
  return (
    kind === "Deployment" &&
    volumes.some((volume) => volume.kind === "claim" && /^ReadWriteOnce/.test(volume.mode))
  );
}

export function loadOf(service: Service): Load {
  return { pods: podsOf(service), phases: phasesOf(service) };
}

function podsOf(service: Service): number {
  const { kind, schedules, scaling, replicas } = service;
  const most = scaling?.max ?? replicas;
  if (kind === "CronJob") return schedules.length + 1;
  // The pod of the last attempt may still be ending when the next one comes.
  if (kind === "Job") return 2;
  return kind === "StatefulSet" || recreates(service) ? most : most + Math.ceil(most * SURGE);
}

/** Every container of a service's pods. */
export function containerResources({ resources, containers, kind }: Service): Resources[] {
  const fetched = kind === "InferenceService" ? [STORAGE_INITIALIZER] : [];
  return [resources, ...containers.map((container) => container.resources), ...fetched];
}

function phasesOf({ resources, containers, kind, vertical }: Service): Resources[][] {
  const of = (wanted: "sidecar" | "init") =>
    containers.filter((container) => container.kind === wanted).map((container) => container.resources);
  const sidecars = of("sidecar");
  const inits = [...of("init"), ...(kind === "InferenceService" ? [STORAGE_INITIALIZER] : [])];
  return [[largestOf(resources, vertical), ...sidecars], ...inits.map((init) => [init, ...sidecars])];
}

/** One volume claim; the class is undefined where the cluster's default is taken. */
export interface Claim {
  readonly bytes: number;
  readonly storageClass: string | undefined;
}

/** Volumes that a service claims at most. */
export function claimsOf({ volumes, kind, scaling, replicas }: Service): Claim[] {
  const times = kind === "StatefulSet" ? (scaling?.max ?? replicas) : 1;
  return volumes
    .filter((volume) => volume.kind === "claim")
    .flatMap(({ size, storageClass }) => new Array<Claim>(times).fill({ bytes: bytes(size), storageClass }));
}

/** Service objects of a service; KServe makes one of its own beside ours. */
export function addressesOf({ ports, kind }: Service): number {
  return (ports.length > 0 ? 1 : 0) + (kind === "StatefulSet" || kind === "InferenceService" ? 1 : 0);
}

/** A vertical autoscaler that acts may raise the requests as far as its bounds. */
function largestOf(resources: Resources, vertical: Vertical | undefined): Resources {
  if (vertical === undefined || vertical.mode === "Off") return resources;
  const requests = { ...resources.requests };
  for (const resource of vertical.resources) requests[resource] = vertical.max[resource];
  return { ...resources, requests };
}
