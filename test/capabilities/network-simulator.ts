// Owns: what NetworkPolicies let through, as the Kubernetes documentation defines it ("Network Policies").
// Promises: both directions count; a pod that no policy selects in a direction is open in it; rules of all policies add up.
// Must not: know how the policies came about.

import { BlockList, isIP } from "node:net";
import type { KubernetesObject } from "../render/build-stacks.js";

export interface Pod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A pod, or an address outside of every pod; Cilium knows some of those by name, or as an entity of the cluster. */
export type End = Pod | { readonly address: string; readonly host?: string; readonly entity?: string };

export interface Connection {
  readonly from: End;
  readonly to: End;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

export class NetworkSimulator {
  constructor(private readonly policies: readonly KubernetesObject[]) {}

  passes({ from, to, port, protocol }: Connection): boolean {
    return this.leaves(from, to, port, protocol) && this.enters(to, from, port, protocol);
  }

  private leaves(from: End, to: End, port: number, protocol: string): boolean {
    return this.allows("Egress", from, to, port, protocol);
  }

  private enters(to: End, from: End, port: number, protocol: string): boolean {
    return this.allows("Ingress", to, from, port, protocol);
  }

  private allows(
    direction: "Egress" | "Ingress",
    self: End,
    other: End,
    port: number,
    protocol: string,
  ): boolean {
    if (!isPod(self)) return true;
    // Rules of both kinds add up; a selecting policy of either closes what it does not allow (Cilium, "Rule Basics").
    const byCilium =
      direction === "Egress" ? this.policies.filter((policy) => selectsByCilium(policy, self)) : [];
    if (byCilium.some(({ spec }) => allowsByCilium(spec.egress, other, port, protocol))) return true;
    const selecting = this.policies
      .filter(isPlain)
      .filter(
        ({ metadata, spec }) =>
          metadata.namespace === self.namespace &&
          typesOf(spec).includes(direction) &&
          selects(spec.podSelector, self.labels),
      );
    if (selecting.length === 0) return byCilium.length === 0;
    const [rules, peers] = direction === "Egress" ? ["egress", "to"] : ["ingress", "from"];
    return selecting.some(({ metadata, spec }) =>
      (spec[rules as string] ?? []).some(
        (rule: KubernetesObject) =>
          matchesPort(rule.ports, port, protocol) &&
          matchesPeer(rule[peers as string], other, metadata.namespace),
      ),
    );
  }
}

const isPlain = ({ kind }: KubernetesObject) => kind === "NetworkPolicy";

function selectsByCilium({ kind, metadata, spec }: KubernetesObject, pod: Pod): boolean {
  return (
    kind === "CiliumNetworkPolicy" &&
    metadata.namespace === pod.namespace &&
    selects(spec.endpointSelector, pod.labels)
  );
}

const NAMESPACE = "k8s:io.kubernetes.pod.namespace";

function allowsByCilium(rules: KubernetesObject[], other: End, port: number, protocol: string): boolean {
  return rules.some(({ toPorts, toEndpoints = [], toFQDNs = [], toEntities = [], ...rest }) => {
    if (Object.keys(rest).length > 0) throw new Error(`${Object.keys(rest)} are not simulated`);
    const opens = toPorts.some(({ ports }: KubernetesObject) =>
      ports.some((one: KubernetesObject) => one.port === String(port) && one.protocol === protocol),
    );
    const reaches = isPod(other)
      ? toEndpoints.some((selector: KubernetesObject) =>
          selects(selector, { ...other.labels, [NAMESPACE]: other.namespace }),
        )
      : toFQDNs.some(({ matchName }: KubernetesObject) => matchName === other.host) ||
        toEntities.includes(other.entity);
    return opens && reaches;
  });
}

export function isPod(end: End): end is Pod {
  return "labels" in end;
}

/** "If no policyTypes are specified then by default Ingress will always be set and Egress if there are egress rules." */
function typesOf(spec: KubernetesObject): string[] {
  return spec.policyTypes ?? ["Ingress", ...(spec.egress === undefined ? [] : ["Egress"])];
}

function selects(selector: KubernetesObject, labels: Readonly<Record<string, string>>): boolean {
  if (selector.matchExpressions !== undefined) throw new Error("matchExpressions are not simulated");
  return Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}

/** No ports, or an empty list, means every port. */
function matchesPort(ports: KubernetesObject[] | undefined, port: number, protocol: string): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some(
    (rule) => (rule.port === undefined || rule.port === port) && (rule.protocol ?? "TCP") === protocol,
  );
}

/** No peers, or an empty list, means everybody. */
function matchesPeer(peers: KubernetesObject[] | undefined, other: End, namespace: string): boolean {
  if (peers === undefined || peers.length === 0) return true;
  return peers.some(({ ipBlock, namespaceSelector, podSelector }) => {
    // Entities have identities of their own, which Cilium matches by no range.
    if (ipBlock !== undefined)
      return !isPod(other) && other.entity === undefined && inBlock(ipBlock, other.address);
    if (!isPod(other)) return false;
    const inNamespace =
      namespaceSelector === undefined
        ? other.namespace === namespace
        : selects(namespaceSelector, { "kubernetes.io/metadata.name": other.namespace });
    return inNamespace && (podSelector === undefined || selects(podSelector, other.labels));
  });
}

function inBlock({ cidr, except = [] }: { cidr: string; except?: string[] }, address: string): boolean {
  return contains(cidr, address) && !except.some((range) => contains(range, address));
}

function contains(cidr: string, address: string): boolean {
  const [network = "", prefix] = cidr.split("/");
  const family = isIP(network) === 6 ? "ipv6" : "ipv4";
  if (isIP(address) !== isIP(network)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  return list.check(address, family);
}
