// Owns: what stands beside the StatefulSet of a datastore: its Services, identity and disruption budget.
// Promises: one address for clients, one headless for stable pod names; no token, no drain that waits for ever.
// Must not: select other pods than those of the datastore.

import { headlessName } from "../../stack/derive-connection.js";
import type { Environment, Stack } from "../../stack/stack.js";
import type { FileSpec } from "../capability.js";
import { labelsOf, selectorOf } from "../labels.js";
import { deletion, layeredObject } from "../layered-object.js";
import { absentIn, COMPONENT, changeOf, type Own, ownIn } from "./own-datastore.js";

function viewOf(stack: Stack, { name, image, port, metrics }: Own) {
  const labels = labelsOf(stack, name, COMPONENT, image.tag);
  return {
    name,
    headless: headlessName(name),
    // Monitors select by the labels of a Service: the headless one must not count as a second target.
    headlessLabels: { ...labels, "app.kubernetes.io/component": "datastore-headless" },
    port,
    metricsPort: metrics?.port,
    labels,
    selector: selectorOf(stack, name),
    apiAccess: false,
  };
}

/** Services, identity and disruption budget, wherever the stack runs the datastore. */
export function identityFiles(stack: Stack, reference: Own): FileSpec[] {
  const { name } = reference;
  const view = viewOf(stack, reference);
  const fixed = {
    directory: `base/${name}`,
    base: ownIn(stack.base, name) && view,
    inEnvironment: (environment: Environment) => ownIn(environment, name) && view,
    patch: () => undefined,
  };
  return [
    ...services(stack, reference, fixed),
    ...layeredObject(stack, {
      ...fixed,
      object: { apiVersion: "v1", kind: "ServiceAccount", name },
      fileName: "service-account.yaml",
      template: "workload/service-account.yaml",
      about: {
        what: `The identity of ${name}.`,
        why: "Each component has its own; no token is mounted.",
        standard: "CIS Kubernetes Benchmark 5.1.5, 5.1.6",
        change: changeOf(reference),
      },
    }),
    ...layeredObject(stack, {
      ...fixed,
      object: { apiVersion: "policy/v1", kind: "PodDisruptionBudget", name },
      fileName: "pod-disruption-budget.yaml",
      template: "workload/pod-disruption-budget.yaml",
      about: {
        what: `How many pods of ${name} a node drain may take at once.`,
        why: "One: with a single replica a drain still goes through, after a short interruption.",
        change: changeOf(reference),
      },
    }),
  ];
}

type View = ReturnType<typeof viewOf>;

interface Fixed {
  readonly directory: string;
  readonly base: View | undefined;
  readonly inEnvironment: (environment: Environment) => View | undefined;
  readonly patch: () => undefined;
}

function services(stack: Stack, reference: Own, fixed: Fixed): FileSpec[] {
  const { name } = reference;
  const about = {
    what: `The Services of ${name}.`,
    why: "One address for clients and the exporter, one headless for the StatefulSet's stable pod names.",
    change: changeOf(reference),
  };
  const headless = { apiVersion: "v1", kind: "Service", name: headlessName(name) };
  const absent = fixed.base === undefined ? [] : absentIn(stack, name);
  return [
    ...layeredObject(stack, {
      ...fixed,
      object: { apiVersion: "v1", kind: "Service", name },
      fileName: "service.yaml",
      template: "datastore/service.yaml",
      about,
    }),
    ...absent.map((environment) => deletion(headless, environment, about, "service.yaml")),
  ];
}
