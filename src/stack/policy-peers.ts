// Owns: the sides of connections that policies of services and of datastores have in common.
// Promises: by the words that the network plugin knows: Cilium's names and entities, else ranges.
// Must not: decide who talks to whom.

import { internetRanges } from "./internet-ranges.js";
import { type Peer, type Rule, tcp } from "./policy.js";
import type { Environment } from "./stack.js";

/** What every service that uses a target needs. */
export function usersOf(target: string, { services }: Environment): Rule[] {
  return services.flatMap(({ name, edges }) => {
    const edge = edges.find((one) => one.target === target);
    return edge === undefined
      ? []
      : [
          {
            reason: `${name} uses ${target}`,
            peers: [{ kind: "component", name }],
            ports: tcp(edge.port),
          },
        ];
  });
}

/** Without a range, and outside of Cilium, there is none: src/stack/rules asks for one. */
export function apiServerPeers({ settings: { network } }: Environment): Peer[] {
  // Cilium gives nodes and the API server identities of their own, which no range matches (docs: "CIDR based").
  return network.flavour === "cilium"
    ? [{ kind: "entity", entity: "kube-apiserver" }]
    : network.apiServer.map((cidr): Peer => ({ kind: "range", cidr, except: [] }));
}

export function scrape(environment: Environment, port: number): Rule {
  return {
    reason: "scrapes of Prometheus",
    peers: [
      {
        kind: "namespace",
        namespace: environment.settings.monitoring.namespace,
        labels: { "app.kubernetes.io/name": "prometheus" },
      },
    ],
    ports: tcp(port),
  };
}

/** The public internet: everywhere but the company's own ranges and the clouds' metadata service. */
export function internet({ settings: { network } }: Environment): Peer[] {
  return internetRanges(network).map((range): Peer => ({ kind: "range", ...range }));
}

/** Somewhere outside of the cluster, by name where the network plugin knows names. */
export function outside(
  hosts: readonly string[],
  environment: Environment,
): { peers: Peer[]; caveat: string } {
  return environment.settings.network.flavour === "cilium"
    ? { peers: hosts.map((host): Peer => ({ kind: "name", host })), caveat: "" }
    : {
        peers: internet(environment),
        caveat: "; a NetworkPolicy knows no names, so any public address on this port",
      };
}
