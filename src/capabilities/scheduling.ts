// Owns: the priority classes that the stack asks the platform for.
// Promises: each once per cluster, in bootstrap/cluster, since they belong to no namespace.
// Must not: make classes that nobody declared; services may also name those that the cluster has.

import type { Stack } from "../stack/stack.js";
import { type Capability, file } from "./capability.js";
import { stackLabels } from "./labels.js";

/** By name; environments may add some, and a rule holds that they agree. */
export function classesOf({ base, environments }: Stack) {
  const all = Object.assign({}, ...[...environments, base].map(({ settings }) => settings.priorityClasses));
  return Object.keys(all)
    .sort()
    .map((name) => ({
      name,
      value: all[name].value,
      description: all[name].description ?? "",
      policy: all[name].preempt === false ? "Never" : "PreemptLowerPriority",
    }));
}

export const scheduling: Capability = {
  id: "scheduling",
  title: "Priority classes",
  summary: "Who is scheduled first, and who may be pushed out, when nodes are full.",
  rows: ["RES-13"],
  withoutIt: undefined,
  files: (stack) => {
    const classes = classesOf(stack);
    if (classes.length === 0) return [];
    return [
      file(
        "bootstrap/cluster/priority-classes.yaml",
        "scheduling/priority-classes.yaml",
        { labels: stackLabels(stack, "scheduling"), classes },
        {
          what: "The priority classes of the stack.",
          why: "When nodes are full, what matters most is scheduled first; who may push out whom is decided here, once.",
          standard: "Kubernetes docs, Pod Priority and Preemption",
          change: "priorityClasses in prod-stack.yaml",
        },
        { member: { kustomization: "bootstrap/cluster", as: "resources" } },
      ),
    ];
  },
};
