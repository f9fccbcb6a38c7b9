// Owns: what a stack needs of its platform: operators that the stack brings itself, and a script that checks a cluster.
// Promises: a pinned chart for each operator that is to be installed, in a project of its own; nothing that is not needed.
// Must not: know single operators; src/stack/presets/operators.ts does.

import { OPERATOR_PRESETS, type OperatorName } from "../stack/presets/operators.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";
import { stackLabels } from "./labels.js";
import { oncePerEnvironment } from "./places.js";
import { needsOf } from "./platform/cluster-needs.js";

const CHANGE = "operators in prod-stack.yaml or platform.yaml";
const member = { kustomization: "bootstrap/operators", as: "resources" } as const;

export function neededOperators(stack: Stack, place: Environment): OperatorName[] {
  const names = Object.keys(OPERATOR_PRESETS) as OperatorName[];
  return names.filter((name) => OPERATOR_PRESETS[name].isNeeded(place, stack.disabled));
}

interface Installation {
  readonly operator: OperatorName;
  readonly place: Environment;
}

/** Each operator once in each cluster where a place asks for it. */
function installations(stack: Stack): Installation[] {
  const found = new Map<string, Installation>();
  for (const place of stack.environments)
    for (const operator of neededOperators(stack, place))
      if (place.settings.operators[operator] === "install")
        found.set(`${operator} ${place.server}`, { operator, place });
  return [...found.values()].sort((a, b) => (a.operator < b.operator ? -1 : 1));
}

function destinationView({ destination }: Environment) {
  return {
    server: "server" in destination ? destination.server : "",
    clusterName: "name" in destination ? destination.name : "",
  };
}

function applicationFile(stack: Stack, { operator, place }: Installation): FileSpec {
  const { title, purpose, namespace, chart } = OPERATOR_PRESETS[operator];
  const name = `${stack.name}-${operator}-${place.id}`;
  const view = {
    name,
    project: `${stack.name}-operators`,
    argocd: stack.base.settings.argocd.namespace,
    labels: stackLabels(stack, "operator"),
    title,
    purpose,
    operator,
    namespace,
    repository: chart.repository,
    chartName: chart.name,
    version: chart.version,
    values: chart.values,
    hasValues: Object.keys(chart.values).length > 0,
    ...destinationView(place),
  };
  return file(
    `bootstrap/operators/${operator}-${place.id}.yaml`,
    "platform/operator.yaml",
    view,
    {
      what: `Installs ${title} in the cluster of ${place.label}.`,
      why: `It ${purpose}, and operators.${operator} says that the platform does not have it.`,
      standard: "Argo CD docs, Helm",
      change: CHANGE,
    },
    { member },
  );
}

function projectFile(stack: Stack, all: readonly Installation[]): FileSpec {
  const destinations = all.flatMap(({ operator, place }) => {
    const { namespace, alsoIn = [] } = OPERATOR_PRESETS[operator];
    return [namespace, ...alsoIn].map((one) => ({ namespace: one, ...destinationView(place) }));
  });
  const unique = (items: readonly object[]) => [
    ...new Map(items.map((one) => [JSON.stringify(one), one])).values(),
  ];
  return file(
    "bootstrap/operators/project.yaml",
    "platform/operators-project.yaml",
    {
      name: `${stack.name}-operators`,
      stack: stack.name,
      argocd: stack.base.settings.argocd.namespace,
      labels: stackLabels(stack, "operator"),
      repositories: [
        ...new Set(all.map(({ operator }) => OPERATOR_PRESETS[operator].chart.repository)),
      ].sort(),
      destinations: unique(destinations),
    },
    {
      what: "The Argo CD project of the operators that this stack brings.",
      why: "They need rights in the whole cluster, which the stack's own project must not have.",
      standard: "Argo CD docs, Projects",
      change: CHANGE,
    },
    { member },
  );
}

function preflightFiles(stack: Stack): FileSpec[] {
  const places = stack.environments.map((place) => ({
    label: place.label,
    needs: needsOf(stack, place, neededOperators(stack, place)),
  }));
  const about = {
    what: "Checks a cluster for everything that an environment needs of it.",
    why: "A missing operator or class shows here before it shows as a failed sync.",
    change: "nothing by hand: what it looks for follows from prod-stack.yaml",
  };
  return [
    file(
      "scripts/needs.sh",
      "platform/needs.sh",
      { name: stack.name, places, first: oncePerEnvironment(stack)[0]?.name ?? "" },
      { ...about, what: "What each environment needs of its cluster, for preflight.sh." },
    ),
    file("scripts/preflight.sh", "platform/preflight.sh", {}, about, { executable: true }),
  ];
}

export const platform: Capability = {
  id: "platform",
  title: "Platform",
  summary: "Operators that the stack brings where the platform has none, and a script that checks a cluster.",
  rows: ["GIT-02", "LAY-03"],
  withoutIt: undefined,
  files: (stack) => {
    const all = installations(stack);
    return [
      ...preflightFiles(stack),
      ...(all.length === 0 ? [] : [projectFile(stack, all)]),
      ...all.map((one) => applicationFile(stack, one)),
    ];
  },
};
