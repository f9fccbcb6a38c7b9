// Owns: rules about nodes and priorities.
// Promises: nothing that holds data is sent to a node that may vanish; nothing asks for nodes that nobody named.
// Must not: look at a cluster.

import type { Settings } from "../effective.js";
import { endsByItself } from "../presets/service-types.js";
import { environmentPath, type StackRule, serviceRule } from "./stack-rule.js";

type PriorityClass = Settings["priorityClasses"][string];

const spotIsKnown = serviceRule(({ name, placement }, { effective }) =>
  effective.services[name]?.placement?.spot === true && placement.spot === undefined
    ? [
        {
          path: ["placement", "spot"],
          message: `${name} goes to spot nodes, and nothing says whose they are`,
          expected: "nodes: { spot: gke }, or karpenter, eks, aks",
        },
      ]
    : [],
);

/** What owns volumes would lose its node, and the volume its zone, at any minute. */
const dataStaysOffSpot = serviceRule(({ name, kind, volumes, placement }) =>
  placement.spot !== undefined &&
  (kind === "StatefulSet" || volumes.some((volume) => volume.kind === "claim"))
    ? [
        {
          path: ["placement", "spot"],
          message: `${name} holds data, and spot nodes vanish`,
          expected: "no spot for what is stateful",
        },
      ]
    : [],
);

/** One replica on a node that vanishes is an outage with a date. */
const spotHasCompany = serviceRule(({ name, kind, placement, scaling, replicas }, { tier }) =>
  // A run that is interrupted is tried again.
  !endsByItself(kind) &&
  placement.spot !== undefined &&
  tier === "production" &&
  (scaling?.min ?? replicas) === 1
    ? [
        {
          path: ["placement", "spot"],
          message: `${name} has a single pod on spot nodes`,
          expected: "at least 2 replicas, or no spot",
        },
      ]
    : [],
);

/** The API server keeps these names for itself. */
const classesAreOurs: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    Object.keys(environment.settings.priorityClasses)
      .filter((name) => name.startsWith("system-"))
      .map((name) =>
        source.problem(["priorityClasses", name], `"${name}" begins like the classes of Kubernetes itself`, {
          at: "key",
          expected: "a name without system-",
        }),
      ),
  );

/** A class belongs to the cluster: environments cannot disagree about it. */
const classesAgree: StackRule = ({ base, environments }, source) => {
  const seen = new Map<string, string>();
  for (const [name, priorityClass] of Object.entries(base.settings.priorityClasses))
    seen.set(name, textOf(priorityClass));
  return environments.flatMap((view) =>
    Object.entries(view.settings.priorityClasses).flatMap(([name, priorityClass]) => {
      const text = textOf(priorityClass);
      const other = seen.get(name);
      seen.set(name, other ?? text);
      if (other === undefined || other === text) return [];
      return [
        source.problem(
          environmentPath(view, "priorityClasses", name),
          `the priority class ${name} is not the same everywhere`,
          { expected: "one meaning; a class belongs to the whole cluster" },
        ),
      ];
    }),
  );
};

function textOf({ value, description, preempt }: PriorityClass): string {
  return JSON.stringify([value, description, preempt]);
}

export const placementRules = [
  spotIsKnown,
  dataStaysOffSpot,
  spotHasCompany,
  classesAreOurs,
  classesAgree,
] as const;
