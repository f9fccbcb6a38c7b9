// Owns: when Argo CD applies what a service is made of.
// Promises: a job comes after the datastores and before the services that wait for it.
// Must not: know the manifests.

import type { EffectiveSpec } from "./effective.js";

/** Accounts, settings, secrets and policies: what pods need before they start. */
export const SETTINGS_WAVE = -20;

/** Jobs that others wait for lie between the datastores at -10 and the services at 0. */
export const MOST_WAVES = 9;

/** The wave of a service: 0, and for a job before those of the services that wait for it. */
export function waveOf(name: string, { services }: Pick<EffectiveSpec, "services">): number {
  return -depthOf(name, services, new Set());
}

/** How many jobs lie between a service and the last that waits for it; Infinity where they wait in a circle. */
export function depthOf(
  name: string,
  services: EffectiveSpec["services"],
  seen: ReadonlySet<string>,
): number {
  if (seen.has(name)) return Number.POSITIVE_INFINITY;
  const waiting = services[name]?.before ?? [];
  const below = new Set([...seen, name]);
  return waiting.reduce((depth, other) => Math.max(depth, 1 + depthOf(other, services, below)), 0);
}
