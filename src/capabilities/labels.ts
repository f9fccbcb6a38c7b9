// Owns: the recommended labels of objects, and the two by which pods are selected.
// Promises: selectors never change: they are immutable in Deployments and StatefulSets.
// Must not: hold labels of environments; the overlays add those.

import type { Stack } from "../stack/stack.js";

export type Labels = Readonly<Record<string, string>>;

/** Labels by which pods of a component are selected. */
export function selectorOf(stack: Stack, name: string): Labels {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": stack.name };
}

/** Labels of an object, without those of the environment. */
export function labelsOf(stack: Stack, name: string, component: string, version?: string): Labels {
  return {
    ...selectorOf(stack, name),
    "app.kubernetes.io/component": component,
    ...(version === undefined ? {} : { "app.kubernetes.io/version": versionLabel(version) }),
  };
}

/** A tag as a label's value: a tag may be twice as long, and begin or end with what a label may not. */
export function versionLabel(tag: string): string {
  return tag.slice(0, 63).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}

/** Labels of everything that belongs to the stack as a whole. */
export function stackLabels(stack: Stack, component: string): Labels {
  return {
    "app.kubernetes.io/name": stack.name,
    "app.kubernetes.io/part-of": stack.name,
    "app.kubernetes.io/component": component,
  };
}
