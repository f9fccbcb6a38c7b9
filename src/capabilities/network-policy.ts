// Owns: NetworkPolicies.
// Promises: renders what src/stack/derive-policies has derived, one file an environment.
// Must not: add or leave out an edge.

import { derivePolicies } from "../stack/derive-policies.js";
import type { Peer, Policy } from "../stack/policy.js";
import type { Environment, Stack } from "../stack/stack.js";
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

/** Cilium's own words: a rule has one kind of peers, and ports as text. */
function ciliumRule({ reason, peers, ports }: Policy["egress"][number]) {
  const of = <K extends Peer["kind"]>(kind: K) =>
    peers.filter((peer): peer is Extract<Peer, { kind: K }> => peer.kind === kind);
  return {
    reason,
    // Names are learnt from the answers to these questions.
    isDns: ports.some(({ port }) => port === 53),
    ports: ports.map(({ port, protocol }) => ({ port: String(port), protocol })),
    endpoints: [
      ...of("namespace").map(({ namespace, labels }) => ({
        labels: { "k8s:io.kubernetes.pod.namespace": namespace, ...labels },
      })),
      ...of("pods").map(({ labels }) => ({ labels })),
    ],
    entities: of("entity").map(({ entity }) => entity),
    names: of("name").map(({ host }) => host),
  };
}

/** Its pods are made by an operator or KServe: no file of the repository has them. */
function hasForeignPods({ services, datastores }: Environment, { component, podLabels }: Policy): boolean {
  if (podLabels !== undefined) return true;
  return (
    services.some(({ name, kind }) => name === component && kind === "InferenceService") ||
    datastores.some(({ name, operator }) => name === component && operator !== undefined)
  );
}

function policyView(stack: Stack, environment: Environment, policy: Policy) {
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
    isCilium: policy.flavour === "cilium",
    hasForeignPods: hasForeignPods(environment, policy),
    selector:
      policy.podLabels ?? (policy.component === undefined ? undefined : selectorOf(stack, policy.component)),
    hasIngress: policy.name !== "allow-dns",
    hasEgress: true,
    ingress: rules(policy.ingress),
    egress: rules(policy.flavour === "cilium" ? [] : policy.egress),
    ciliumEgress: policy.flavour === "cilium" ? policy.egress.map(ciliumRule) : [],
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
          {
            environment: environment.name,
            isCilium: environment.settings.network.flavour === "cilium",
            policies: policies.map((policy) => policyView(stack, environment, policy)),
          },
          {
            what: `The network policies of ${environment.name}.`,
            why: "A pod that was broken into reaches only what it needs; every rule derives from `uses` and `expose`.",
            standard: "Kubernetes docs, Network Policies",
            change: "services.*.uses, services.*.expose and network in prod-stack.yaml",
          },
          {
            member: { kustomization: managedDirectory(environment), as: "resources" },
            kinds: [
              "networking.k8s.io/NetworkPolicy",
              ...(policies.some(({ flavour }) => flavour === "cilium")
                ? ["cilium.io/CiliumNetworkPolicy"]
                : []),
            ],
          },
        ),
      ];
    }),
};
