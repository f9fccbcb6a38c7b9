// Owns: one service's wishes about nodes, made concrete.
// Promises: spot nodes are preferred and never required: without them the service still runs.
// Must not: refuse; src/stack/rules does.

import type { ServiceSpec } from "../spec/schema/spec-types.js";
import type { EffectiveSpec } from "./effective.js";
import { SPOT_NODES, type SpotNodes } from "./presets/spot-nodes.js";

export interface Toleration {
  readonly key: string;
  readonly value: string | undefined;
  readonly effect: string | undefined;
}

export interface Placement {
  readonly spot: SpotNodes | undefined;
  /** Undefined without one: an empty map would stand as {}. */
  readonly nodeSelector: Readonly<Record<string, string>> | undefined;
  readonly tolerations: readonly Toleration[];
}

export function placementOf(given: ServiceSpec["placement"], { nodes }: EffectiveSpec): Placement {
  const spot = given?.spot && nodes.spot !== undefined ? SPOT_NODES[nodes.spot] : undefined;
  const selector: Record<string, string> = {
    ...given?.nodeSelector,
    ...(given?.architecture === undefined ? {} : { "kubernetes.io/arch": given.architecture }),
  };
  const names = Object.keys(selector).sort();
  return {
    spot,
    nodeSelector:
      names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, selector[name] ?? ""])),
    tolerations: [
      ...(spot?.taint === undefined ? [] : [spot.taint]),
      ...(given?.tolerations ?? []).map(({ key, value, effect }) => ({ key, value, effect })),
    ],
  };
}
