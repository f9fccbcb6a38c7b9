// Owns: what a network policy is, before it is a manifest.
// Promises: plain values.
// Must not: derive them.

/** One side of a connection, seen from the pods of a policy. */
export type Peer =
  | { readonly kind: "component"; readonly name: string }
  /** Pods of the namespace that an operator made, by its labels. */
  | { readonly kind: "pods"; readonly labels: Readonly<Record<string, string>> }
  | {
      readonly kind: "namespace";
      readonly namespace: string;
      readonly labels: Readonly<Record<string, string>>;
    }
  | { readonly kind: "range"; readonly cidr: string; readonly except: readonly string[] }
  /** Cilium alone: a DNS name; "*." stands for one label. */
  | { readonly kind: "name"; readonly host: string }
  /** Cilium alone: the API server, wherever it is. */
  | { readonly kind: "entity"; readonly entity: "kube-apiserver" };

export interface Rule {
  /** Why the traffic is there; stands as a comment in the manifest. */
  readonly reason: string;
  readonly peers: readonly Peer[];
  readonly ports: readonly { readonly port: number; readonly protocol: "TCP" | "UDP" }[];
}

export interface Policy {
  /** Name of the object. */
  readonly name: string;
  /** app.kubernetes.io/name of the pods; undefined for all pods of the namespace. */
  readonly component: string | undefined;
  /** Other labels of the pods that it selects, where they are not a component of the stack. */
  readonly podLabels?: Readonly<Record<string, string>> | undefined;
  /** cilium: a CiliumNetworkPolicy, for what a NetworkPolicy has no words for. */
  readonly flavour: "kubernetes" | "cilium";
  readonly description: string;
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
}

/** Before the flavour is known. */
export type Draft = Omit<Policy, "flavour">;

export const tcp = (...ports: number[]): Rule["ports"] => ports.map((port) => ({ port, protocol: "TCP" }));
