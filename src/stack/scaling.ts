// Owns: the nouns of autoscaling, as templates read them.
// Promises: plain values, every default concrete.
// Must not: know manifests.

import type { SecretRef } from "./container.js";

/** How fast it scales in one direction. */
export interface Pace {
  readonly windowSeconds: number;
  readonly percent: number | undefined;
  readonly pods: number | undefined;
  readonly periodSeconds: number;
}

/** An event that KEDA scales on, in KEDA's own words. */
export interface Trigger {
  readonly name: string;
  /** Type of KEDA's scaler, such as rabbitmq or redis-streams. */
  readonly type: string;
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
  /** Parameters of a TriggerAuthentication. */
  readonly authentication: readonly (SecretRef & { readonly parameter: string })[];
  /** Datastore of the stack that KEDA reads; network policies let it in. */
  readonly datastore: string | undefined;
}

export interface Scaling {
  readonly min: number;
  readonly max: number;
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly up: Pace;
  readonly down: Pace;
  /** Empty: a HorizontalPodAutoscaler does it; else KEDA. */
  readonly triggers: readonly Trigger[];
  readonly pollingSeconds: number;
  readonly cooldownSeconds: number;
}

export interface Vertical {
  readonly mode: "Off" | "Initial" | "InPlaceOrRecreate";
  readonly resources: readonly ("cpu" | "memory")[];
  readonly min: { readonly cpu: string; readonly memory: string };
  readonly max: { readonly cpu: string; readonly memory: string };
}
