// Owns: the stacks by which the rows of the checklist are proven, built once for a test file.
// Promises: three tiers, every kind of service and store of the sample stacks.
// Must not: judge.

import {
  type BuiltStack,
  buildStacks,
  type KubernetesObject,
  ofKind,
  overlayOf,
  podOf,
} from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";

export interface Built {
  readonly stack: BuiltStack;
  readonly of: (environment: string, ...kinds: string[]) => KubernetesObject[];
  readonly pods: (environment: string) => KubernetesObject[];
  readonly file: (path: string) => string;
  readonly bootstrap: (directory: string, ...kinds: string[]) => KubernetesObject[];
}

export async function build(name: "shop" | "limiter"): Promise<Built> {
  const stack = (await buildStacks({ [name]: SAMPLE_STACKS[name] ?? "" })).get(name) as BuiltStack;
  return {
    stack,
    of: (environment, ...kinds) => ofKind(overlayOf(stack, environment), ...kinds),
    pods: (environment) =>
      overlayOf(stack, environment).flatMap((object) => {
        const pod = podOf(object);
        return pod === undefined ? [] : [{ owner: object.metadata.name, ...pod }];
      }),
    file: (path) => String(stack.tree.find((candidate) => candidate.path === path)?.contents ?? ""),
    bootstrap: (directory, ...kinds) => ofKind(stack.objects.get(`bootstrap/${directory}`) ?? [], ...kinds),
  };
}

export const ENVIRONMENTS = ["dev", "staging", "prod"] as const;

export function containersOf({ spec }: KubernetesObject): KubernetesObject[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}
