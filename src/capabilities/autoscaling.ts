// Owns: HorizontalPodAutoscalers, and the ScaledObjects of KEDA that stand in their place.
// Promises: one scaler per workload, and its workload has no replicas in git.
// Must not: choose targets or bounds; src/stack does.

import { FALLBACK_FAILURES } from "../stack/presets/scaling.js";
import type { Pace, Scaling } from "../stack/scaling.js";
import type { Service } from "../stack/service.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";
import { labelsOf } from "./labels.js";
import { managedDirectory } from "./places.js";

function paceView({ windowSeconds, percent, pods, periodSeconds }: Pace) {
  const steps = [
    { type: "Percent", value: percent, periodSeconds },
    { type: "Pods", value: pods, periodSeconds },
  ].filter(({ value }) => value !== undefined);
  return { windowSeconds, steps };
}

export function authenticationName(service: string, trigger: string): string {
  return `${service}-${trigger}`;
}

function view(stack: Stack, { name, component, kind }: Service, scaling: Scaling) {
  const metrics = [
    { resource: "cpu", utilization: scaling.cpu },
    { resource: "memory", utilization: scaling.memory },
  ].filter(({ utilization }) => utilization !== undefined);
  return {
    name,
    kind,
    labels: labelsOf(stack, name, component),
    min: scaling.min,
    startsSingle: scaling.min < 2,
    max: scaling.max,
    metrics: metrics.map((metric) => ({ ...metric, value: String(metric.utilization) })),
    up: paceView(scaling.up),
    down: paceView(scaling.down),
    pollingSeconds: scaling.pollingSeconds,
    cooldownSeconds: scaling.cooldownSeconds,
    fallback: { failures: FALLBACK_FAILURES, replicas: Math.max(1, scaling.min) },
    triggers: scaling.triggers.map((trigger) => ({
      ...trigger,
      authenticationName: authenticationName(name, trigger.name),
    })),
  };
}

function horizontal(stack: Stack, environment: Environment, service: Service): FileSpec[] {
  const { name, scaling } = service;
  if (scaling === undefined) return [];
  const kustomization = managedDirectory(environment);
  const member = { kustomization, as: "resources" } as const;
  const change = `services.${name}.scaling in prod-stack.yaml`;
  const isKeda = scaling.triggers.length > 0;
  const scaler = file(
    `${kustomization}/${name}.autoscaler.yaml`,
    isKeda ? "autoscaling/scaled-object.yaml" : "autoscaling/autoscaler.yaml",
    view(stack, service, scaling),
    {
      what: `The autoscaler of ${name} in ${environment.label}.`,
      why: "Follows the load; slow to scale down, so that a short lull does not cost capacity.",
      standard: isKeda
        ? "KEDA docs, ScaledObject specification"
        : "Kubernetes docs, Horizontal Pod Autoscaling",
      change,
    },
    { member, kinds: [isKeda ? "keda.sh/ScaledObject" : "autoscaling/HorizontalPodAutoscaler"] },
  );
  const logins = scaling.triggers
    .filter(({ authentication }) => authentication.length > 0)
    .map((trigger) =>
      file(
        `${kustomization}/${name}.${trigger.name}.trigger-authentication.yaml`,
        "autoscaling/trigger-authentication.yaml",
        {
          name: authenticationName(name, trigger.name),
          service: name,
          trigger: trigger.name,
          labels: labelsOf(stack, name, service.component),
          parameters: trigger.authentication,
        },
        {
          what: `What KEDA logs in with for the trigger ${trigger.name} of ${name}.`,
          why: "KEDA reads the queue itself, with the keys of a secret that is fetched like every other.",
          standard: "KEDA docs, TriggerAuthentication",
          change,
        },
        { member, kinds: ["keda.sh/TriggerAuthentication"] },
      ),
    );
  return [scaler, ...logins];
}

export const autoscaling: Capability = {
  id: "autoscaling",
  title: "Autoscaling",
  summary: "Pods follow the load, between bounds, quick up and slow down.",
  rows: ["RES-05", "ENV-04", "LAY-02"],
  withoutIt: undefined,
  files: (stack) => scalersOf(stack, false),
};

/** KEDA's part is a capability of its own: a stack without events does not claim it. */
export const eventScaling: Capability = {
  id: "event-scaling",
  title: "Event-driven autoscaling",
  summary: "KEDA scales services by queues, times or queries, in the place of the autoscaler.",
  rows: ["RES-06"],
  withoutIt: undefined,
  files: (stack) => scalersOf(stack, true),
};

function scalersOf(stack: Stack, byEvents: boolean): FileSpec[] {
  return stack.environments.flatMap((environment) =>
    environment.services
      // KServe makes one itself, from the bounds of the InferenceService.
      .filter(({ kind }) => kind !== "InferenceService")
      .filter(({ scaling }) => scaling !== undefined && scaling.triggers.length > 0 === byEvents)
      .flatMap((service) => horizontal(stack, environment, service)),
  );
}
