// Owns: rules about environments: promotion and namespaces.
// Promises: two environments never share a namespace of one cluster, and promotion has a beginning.
// Must not: look at services.

import type { StackSpec } from "../schema/spec-types.js";
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
    const place = `${environment.server ?? IN_CLUSTER} ${namespace}`;
    const other = seen.get(place);
    seen.set(place, name);
    const path =
      environment.namespace === undefined ? ["environments", name] : ["environments", name, "namespace"];
    return other === undefined
      ? []
      : [
          source.problem(
            path,
            `environment ${other} has the same namespace "${namespace}" on the same cluster`,
          ),
        ];
  });
};

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
];
