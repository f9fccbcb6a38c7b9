// Owns: NetworkPolicies.
// Promises: renders what src/stack/derive-policies has derived, one file an environment.
// Must not: add or leave out an edge.

import { derivePolicies, type Peer, type Policy } from "../stack/derive-policies.js";
import type { Stack } from "../stack/stack.js";
import { type Capability, file } from "./capability.js";
import { selectorOf, stackLabels } from "./labels.js";
import { managedDirectory } from "./places.js";

function peerView(stack: Stack, peer: Peer) {
  return {
    podLabels:
      peer.kind === "component"
        ? selectorOf(stack, peer.name)
        : peer.kind === "namespace" || peer.kind === "pods"
          ? peer.labels
          : undefined,
    namespace: peer.kind === "namespace" ? peer.namespace : undefined,
    cidr: peer.kind === "range" ? peer.cidr : undefined,
    except: peer.kind === "range" ? peer.except : [],
  };
}

function policyView(stack: Stack, policy: Policy) {
  const rules = (list: Policy["ingress"]) =>
    list.map(({ reason, peers, ports }) => ({
      reason,
      ports,
      peers: peers.map((peer) => peerView(stack, peer)),
    }));
  return {
    name: policy.name,
    description: policy.description,
    labels: stackLabels(stack, "network-policy"),
    selector:
      policy.pods ?? (policy.component === undefined ? undefined : selectorOf(stack, policy.component)),
    hasIngress: policy.name !== "allow-dns",
    hasEgress: true,
    ingress: rules(policy.ingress),
    egress: rules(policy.egress),
  };
}

export const networkPolicy: Capability = {
  id: "network-policy",
  title: "Network policies",
  summary: "All traffic is denied but the declared edges, DNS, the gateway, scrapes and backups.",
  rows: ["SEC-06", "LAY-02", "ENV-04"],
  withoutIt: "every pod of the cluster can reach every pod of the stack",
  files: (stack) =>
    stack.environments.flatMap((environment) => {
      const policies = derivePolicies(environment);
      if (policies.length === 0) return [];
      return [
        file(
          `${managedDirectory(environment)}/network-policies.yaml`,
          "network/network-policies.yaml",
          { environment: environment.name, policies: policies.map((policy) => policyView(stack, policy)) },
          {
            what: `The network policies of ${environment.name}.`,
            why: "A pod that was broken into reaches only what it needs; every rule derives from `uses` and `expose`.",
            standard: "Kubernetes docs, Network Policies",
            change: "services.*.uses, services.*.expose and network in prod-stack.yaml",
          },
          {
            member: { kustomization: managedDirectory(environment), as: "resources" },
            kinds: ["networking.k8s.io/NetworkPolicy"],
          },
        ),
      ];
    }),
};
