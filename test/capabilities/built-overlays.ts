// Owns: looking for faults in all built overlays at once.
// Promises: each fault says in which overlay and object it is.
// Must not: know what a fault is.

import type { Environment, Stack } from "../../src/stack/stack.js";
import { type BuiltStack, type KubernetesObject, overlayOf, podOf } from "../render/build-stacks.js";

export interface Place {
  readonly stack: Stack;
  readonly environment: Environment;
  readonly objects: readonly KubernetesObject[];
}

export const nameOf = ({ kind, metadata }: KubernetesObject): string => `${kind}/${metadata.name}`;

export class BuiltOverlays {
  constructor(readonly stacks: ReadonlyMap<string, BuiltStack>) {}

  /** Faults of all overlays. */
  faults(find: (place: Place) => readonly string[]): string[] {
    return [...this.stacks].flatMap(([name, built]) =>
      built.stack.environments.flatMap((environment) => {
        const objects = overlayOf(built, environment.label);
        const found = find({ stack: built.stack, environment, objects });
        return found.map((fault) => `${name}/${environment.label}: ${fault}`);
      }),
    );
  }

  /** Faults of all pod templates, whatever makes the pods. */
  podFaults(find: (pod: KubernetesObject, object: KubernetesObject) => readonly string[]): string[] {
    return this.faults(({ objects }) =>
      objects.flatMap((object) => {
        const pod = podOf(object);
        return pod === undefined ? [] : find(pod, object).map((fault) => `${nameOf(object)}: ${fault}`);
      }),
    );
  }
}
