// Owns: rules about environments and their clusters: promotion, namespaces, names.
// Promises: two environments never share a namespace of one cluster, and promotion has a beginning.
// Must not: look at services.

import type { ClusterSpec, StackSpec } from "../schema/spec-types.js";
import { didYouMean, oneOf } from "../schema-errors.js";
import type { SpecRule } from "./check-rules.js";

const promotionExists: SpecRule = (spec, source) => {
  const names = Object.keys(spec.environments);
  return Object.entries(spec.environments).flatMap(([name, { promotesFrom }]) => {
    if (promotesFrom === undefined) return [];
    const path = ["environments", name, "promotesFrom"];
    if (!names.includes(promotesFrom))
      return [
        source.problem(path, `no environment is called "${promotesFrom}"`, {
          expected: oneOf(names),
          suggestion: didYouMean(promotesFrom, names),
        }),
      ];
    return promotesInCircle(spec, name) ? [source.problem(path, "promotion goes round in a circle")] : [];
  });
};

function promotesInCircle(spec: StackSpec, start: string): boolean {
  const seen = new Set([start]);
  let current = spec.environments[start]?.promotesFrom;
  while (current !== undefined && spec.environments[current] !== undefined) {
    if (seen.has(current)) return true;
    seen.add(current);
    current = spec.environments[current]?.promotesFrom;
  }
  return false;
}

/** Where Argo CD itself runs: what an environment without `server` means. */
const IN_CLUSTER = "https://kubernetes.default.svc";

const namespacesDiffer: SpecRule = (spec, source) => {
  const seen = new Map<string, string>();
  return Object.entries(spec.environments).flatMap(([name, environment]) => {
    const namespace = environment.namespace ?? `${spec.name}-${name}`;
    const clusters = Object.entries(environment.clusters ?? { "": environment as ClusterSpec });
    return clusters.flatMap(([cluster, { name: known, server = IN_CLUSTER }]) => {
      const place = `${known ?? server} ${namespace}`;
      const other = seen.get(place);
      seen.set(place, cluster === "" ? name : `${name}/${cluster}`);
      if (other === undefined) return [];
      if (cluster !== "" && other.startsWith(`${name}/`))
        return [
          source.problem(
            ["environments", name, "clusters", cluster],
            `cluster ${other.slice(name.length + 1)} of ${name} is the same one`,
            { expected: "another name or server" },
          ),
        ];
      const path = ["environments", name, ...(environment.namespace === undefined ? [] : ["namespace"])];
      return [
        source.problem(
          path,
          `environment ${other} has the same namespace "${namespace}" on the same cluster`,
        ),
      ];
    });
  });
};

const clustersAreKnown: SpecRule = (spec, source) =>
  Object.entries(spec.environments).flatMap(([name, { clusters, server }]) => {
    const path = ["environments", name, "clusters"];
    const unclear = Object.entries(clusters ?? {})
      .filter(([, cluster]) => (cluster.name === undefined) === (cluster.server === undefined))
      .map(([cluster, { name: known }]) =>
        source.problem(
          [...path, cluster],
          known === undefined ? "nothing says which cluster this is" : "says twice which cluster this is",
          { expected: "name (as Argo CD knows the cluster) or server (its address), one of them" },
        ),
      );
    return clusters === undefined || server === undefined
      ? unclear
      : [
          ...unclear,
          source.problem(["environments", name, "server"], "an environment with clusters is in those", {
            at: "key",
            expected: "the server in one of its clusters",
          }),
        ];
  });

/** prod with the cluster west, and an environment called prod-west, would have one Application. */
const placesDiffer: SpecRule = (spec, source) => {
  const seen = new Map<string, string>();
  return Object.entries(spec.environments).flatMap(([name, { clusters }]) =>
    Object.keys(clusters ?? { "": {} }).flatMap((cluster) => {
      const id = cluster === "" ? name : `${name}-${cluster}`;
      const label = cluster === "" ? name : `${name}/${cluster}`;
      const other = seen.get(id);
      seen.set(id, label);
      const path = ["environments", name, ...(cluster === "" ? [] : ["clusters", cluster])];
      return other === undefined
        ? []
        : [
            source.problem(path, `${label} and ${other} would both be called "${id}"`, {
              at: "key",
              expected: "another name",
            }),
          ];
    }),
  );
};

const meshesHaveClusters: SpecRule = (spec, source) =>
  Object.entries(spec.environments).flatMap(([name, { mesh, clusters = {} }]) =>
    mesh === undefined || Object.keys(clusters).length > 1
      ? []
      : [
          source.problem(["environments", name, "mesh"], "a mesh of one cluster", {
            expected: "two clusters or more in this environment",
          }),
        ],
  );

/** Namespaces that Kubernetes and the platform own. */
const RESERVED_NAMESPACES =
  /^(default|kube-.*|argocd|cert-manager|monitoring|external-secrets|envoy-gateway-system)$/;

const namespacesAreOwn: SpecRule = (spec, source) =>
  Object.entries(spec.environments).flatMap(([name, environment]) => {
    const namespace = environment.namespace ?? `${spec.name}-${name}`;
    if (!RESERVED_NAMESPACES.test(namespace)) return [];
    return [
      source.problem(["environments", name, "namespace"], `namespace "${namespace}" belongs to the cluster`, {
        expected: "a namespace of the stack's own",
      }),
    ];
  });

/** Directories beside those of the environments, in bootstrap/ and monitoring/. */
const DIRECTORIES: Readonly<Record<string, string>> = {
  argocd: "bootstrap/argocd is the directory of Argo CD's project",
  operators: "bootstrap/operators is the directory of the operators that the stack brings",
  previews: "bootstrap/previews is the directory of the preview environments",
  alertmanager: "monitoring/alertmanager is the directory of Alertmanager's configuration",
  grafana: "monitoring/grafana is the directory of the dashboards",
  prometheus: "monitoring/prometheus is the directory of Prometheus' configuration",
};

const environmentsLeaveDirectories: SpecRule = (spec, source) =>
  Object.keys(spec.environments).flatMap((name) => {
    const taken = Object.hasOwn(DIRECTORIES, name) ? DIRECTORIES[name] : undefined;
    if (taken === undefined) return [];
    return [source.problem(["environments", name], taken, { at: "key", expected: "another name" })];
  });

export const environmentRules: readonly SpecRule[] = [
  promotionExists,
  namespacesDiffer,
  namespacesAreOwn,
  environmentsLeaveDirectories,
  clustersAreKnown,
  placesDiffer,
  meshesHaveClusters,
];
