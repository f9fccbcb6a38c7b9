// Owns: rules about what selects pods in order to protect them: network policies and disruption budgets.
// Promises: a policy that selects nothing is found: it looks like protection and is none.
// Must not: judge which traffic should be allowed.

import type { BuiltObject } from "../built-object.js";
import { labelsAt, listAt, textAt, valueAt } from "../values.js";
import { PASSING_POD_LABELS, type PodSource, portsOf } from "./pod-sources.js";
import { about, type Complaint, type ReferenceRule, type References } from "./reference-rule.js";
import { smallestReplicas } from "./scaling.js";
import { describeSelector, isEmptySelector, matchesSelector } from "./selectors.js";

const LABELS_HINT = "Make it equal to labels of the workload's pod template.";

function policiesOf({ objects }: References): BuiltObject[] {
  return objects.filter(({ group, kind }) => group === "networking.k8s.io" && kind === "NetworkPolicy");
}

function podsIn(namespace: string, selector: unknown, { pods }: References): PodSource[] {
  return pods.filter((pod) => pod.namespace === namespace && matchesSelector(selector, pod.labels));
}

/** Pods that come and go without an object of the repository cannot be seen. */
function isPassing(selector: unknown): boolean {
  const keys = [
    ...Object.keys(labelsAt(selector, "matchLabels")),
    ...listAt(selector, "matchExpressions").map((item) => textAt(item, "key") ?? ""),
  ];
  return keys.some((key) => PASSING_POD_LABELS.has(key));
}

function selectsNothing(namespace: string, selector: unknown, references: References): boolean {
  return (
    !isEmptySelector(selector) && !isPassing(selector) && podsIn(namespace, selector, references).length === 0
  );
}

const networkPolicySelector: ReferenceRule = {
  name: "network-policy-selector",
  find: (references) =>
    policiesOf(references).flatMap((policy) => {
      const selector = valueAt(policy.data, "spec", "podSelector");
      if (!selectsNothing(policy.namespace, selector, references)) return [];
      return [
        about(
          policy,
          "spec.podSelector",
          `selects no pod of the overlay: ${describeSelector(selector)}`,
          LABELS_HINT,
        ),
      ];
    }),
};

const DIRECTIONS = [
  ["ingress", "from"],
  ["egress", "to"],
] as const;

const networkPolicyPeer: ReferenceRule = {
  name: "network-policy-peer",
  find: (references) =>
    policiesOf(references).flatMap((policy) =>
      DIRECTIONS.flatMap(([direction, peers]) =>
        listAt(policy.data, "spec", direction).flatMap((rule, index) =>
          listAt(rule, peers).flatMap((peer, position) =>
            checkPeer(policy, peer, `spec.${direction}[${index}].${peers}[${position}]`, references),
          ),
        ),
      ),
    ),
};

function checkPeer(policy: BuiltObject, peer: unknown, path: string, references: References): Complaint[] {
  const selector = valueAt(peer, "podSelector");
  if (selector === undefined || !isOwnNamespace(policy, peer)) return [];
  if (!selectsNothing(policy.namespace, selector, references)) return [];
  return [
    about(
      policy,
      path,
      `lets through pods that the overlay does not have: ${describeSelector(selector)}`,
      LABELS_HINT,
    ),
  ];
}

/** Without a namespaceSelector the policy's own namespace is meant; of others nothing is known. */
function isOwnNamespace({ namespace }: BuiltObject, peer: unknown): boolean {
  const selector = valueAt(peer, "namespaceSelector");
  if (selector === undefined) return true;
  return labelsAt(selector, "matchLabels")["kubernetes.io/metadata.name"] === namespace;
}

const networkPolicyPort: ReferenceRule = {
  name: "network-policy-port",
  find: (references) =>
    policiesOf(references).flatMap((policy) => {
      const pods = podsIn(policy.namespace, valueAt(policy.data, "spec", "podSelector"), references);
      if (pods.length === 0 || pods.some(({ spec }) => spec === undefined)) return [];
      const names = pods.flatMap(portsOf).map(({ name }) => name);
      return listAt(policy.data, "spec", "ingress").flatMap((rule, index) =>
        listAt(rule, "ports").flatMap((port, position) => {
          const name = textAt(port, "port");
          if (name === undefined || names.includes(name)) return [];
          return [
            about(
              policy,
              `spec.ingress[${index}].ports[${position}]`,
              `opens the port ${name}, which none of its pods has`,
              `They have ${[...new Set(names)].join(", ") || "no named ports"}.`,
            ),
          ];
        }),
      );
    }),
};

/** Cilium writes the source of a label before it; without one, any. */
const ciliumSelector: ReferenceRule = {
  name: "cilium-policy-selector",
  find: (references) =>
    references.objects
      .filter(({ group, kind }) => group === "cilium.io" && kind === "CiliumNetworkPolicy")
      .flatMap((policy) => {
        const selector = withoutSources(valueAt(policy.data, "spec", "endpointSelector"));
        if (!selectsNothing(policy.namespace, selector, references)) return [];
        return [
          about(
            policy,
            "spec.endpointSelector",
            `selects no pod of the overlay: ${describeSelector(selector)}`,
            LABELS_HINT,
          ),
        ];
      }),
};

function withoutSources(selector: unknown): unknown {
  const plain = (key: string) => key.replace(/^(?:k8s|any)[:.]/, "");
  const matchLabels = Object.fromEntries(
    Object.entries(labelsAt(selector, "matchLabels")).map(([key, value]) => [plain(key), value]),
  );
  const known = Object.fromEntries(
    Object.entries(matchLabels).filter(
      ([key]) => !key.startsWith("io.kubernetes.pod.") && !key.startsWith("io.cilium."),
    ),
  );
  return {
    matchLabels: known,
    matchExpressions: listAt(selector, "matchExpressions").map((item) => ({
      ...(item as object),
      key: plain(textAt(item, "key") ?? ""),
    })),
  };
}

function budgetsOf({ objects }: References): BuiltObject[] {
  return objects.filter(({ group, kind }) => group === "policy" && kind === "PodDisruptionBudget");
}

const budgetSelector: ReferenceRule = {
  name: "disruption-budget-selector",
  find: (references) =>
    budgetsOf(references).flatMap((budget) => {
      const selector = valueAt(budget.data, "spec", "selector");
      if (!selectsNothing(budget.namespace, selector, references)) return [];
      return [
        about(
          budget,
          "spec.selector",
          `selects no pod of the overlay: ${describeSelector(selector)}`,
          LABELS_HINT,
        ),
      ];
    }),
};

/** https://kubernetes.io/docs/tasks/run-application/configure-pdb/: percentages round up. */
const budgetBlocksDrains: ReferenceRule = {
  name: "disruption-budget-blocks",
  find: (references) =>
    budgetsOf(references).flatMap((budget) => {
      const { maxUnavailable, minAvailable } = {
        maxUnavailable: valueAt(budget.data, "spec", "maxUnavailable"),
        minAvailable: valueAt(budget.data, "spec", "minAvailable"),
      };
      const hint = "Use maxUnavailable: 1, which lets a drain take one pod at a time, also where one runs.";
      if (/^0+%?$/.test(String(maxUnavailable)))
        return [about(budget, "spec.maxUnavailable", "never lets a pod go: no node can be drained", hint)];
      const replicas = replicasBehind(budget, references);
      if (minAvailable === undefined || replicas === undefined || replicas === 0) return [];
      if (amountOf(minAvailable, replicas) < replicas) return [];
      return [
        about(
          budget,
          "spec.minAvailable",
          `wants ${String(minAvailable)} of ${replicas} pods at all times: no node can be drained`,
          hint,
        ),
      ];
    }),
};

function amountOf(value: unknown, replicas: number): number {
  const text = String(value);
  return text.endsWith("%") ? Math.ceil((Number.parseFloat(text) / 100) * replicas) : Number(value);
}

/** How many pods run at least; undefined where that is not said. */
function replicasBehind(budget: BuiltObject, references: References): number | undefined {
  const pods = podsIn(budget.namespace, valueAt(budget.data, "spec", "selector"), references);
  const replicas = pods.map(({ owner }) => smallestReplicas(owner, references.objects));
  if (replicas.length === 0 || replicas.includes(undefined)) return undefined;
  return replicas.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

export const policyRules: readonly ReferenceRule[] = [
  networkPolicySelector,
  networkPolicyPeer,
  networkPolicyPort,
  ciliumSelector,
  budgetSelector,
  budgetBlocksDrains,
];
