// Owns: which addresses are probed from outside, and what counts as a good answer.
// Promises: a path is expected to answer 2xx only where it is known to: the readiness probe's, as far as the route reaches it.
// Must not: know the prober.

import type { Service } from "./service.js";
import type { Environment, Stack } from "./stack.js";

/** Probes of these must get a 2xx; probes of the others any answer that is no server error. */
export const HEALTH_JOB = "endpoint-health";
export const REACH_JOB = "endpoint-reach";

export interface Endpoint {
  readonly service: string;
  readonly url: string;
  readonly job: typeof HEALTH_JOB | typeof REACH_JOB;
}

/** The exposed services of an environment, as their users reach them. */
export function endpointsOf(stack: Stack, { services, settings }: Environment): Endpoint[] {
  if (stack.disabled.includes("exposure")) return [];
  const scheme = settings.gateway.https ? "https" : "http";
  return services.flatMap((service): Endpoint[] => {
    const { exposure, name } = service;
    if (exposure === undefined) return [];
    const health = healthPath(service);
    return [
      {
        service: name,
        url: `${scheme}://${exposure.host}${health ?? exposure.path}`,
        job: health === undefined ? REACH_JOB : HEALTH_JOB,
      },
    ];
  });
}

function healthPath({ exposure, probes }: Service): string | undefined {
  const { kind, path, port } = probes.readiness ?? {};
  if (exposure === undefined || kind !== "http" || path === undefined || port?.name !== exposure.port.name)
    return undefined;
  // An allow-list may keep the prober out; that answer is good enough then.
  if (exposure.allow.length > 0) return undefined;
  const prefix = exposure.path.replace(/\/$/, "");
  return path === prefix || path.startsWith(`${prefix}/`) ? path : undefined;
}
