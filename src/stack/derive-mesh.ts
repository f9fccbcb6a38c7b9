// Owns: what mutual TLS by Istio's ambient mesh changes in the traffic of an environment, and who must be in the mesh.
// Promises: peers stay those of the policies; the tunnel is no way past a port, since the mesh itself checks ports again.
// Must not: know the manifests.

import type { Draft, Peer, Policy, Rule } from "./policy.js";
import type { Environment } from "./stack.js";

/** ztunnel's port for HBONE (istio.io/latest/docs/ambient/usage/networkpolicy). */
const TUNNEL = { port: 15008, protocol: "TCP" } as const;
/** Where kubelet's probes seem to come from in an ambient pod: istio-cni gives them these sources, which no other host can have (same page). */
const PROBES: readonly Peer[] = [{ kind: "range", cidr: "169.254.7.127/32", except: [] }];
const PROBES_IPV6: readonly Peer[] = [
  { kind: "range", cidr: "fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128", except: [] },
];

export function isMeshed({ settings }: Environment): boolean {
  return settings.network.mtls === "istio";
}

/** DNS and the API server are not in the mesh; nothing outside of the cluster is. */
function isMember(peer: Peer): boolean {
  return (
    peer.kind === "component" ||
    peer.kind === "pods" ||
    (peer.kind === "namespace" && peer.namespace !== "kube-system")
  );
}

/** The drafts with the tunnel beside the ports, and probes from where the mesh has them come. */
export function throughMesh(drafts: readonly Draft[], environment: Environment): Draft[] {
  if (!isMeshed(environment)) return [...drafts];
  const tunnelled = (rules: readonly Rule[]) =>
    rules.map((rule) => (rule.peers.some(isMember) ? { ...rule, ports: [...rule.ports, TUNNEL] } : rule));
  const probes: Draft = {
    name: "allow-mesh-probes",
    component: undefined,
    description:
      "The kubelet may probe every pod: the mesh gives its probes this source, which nobody else can have.",
    ingress: [
      {
        reason: "probes of the kubelet",
        peers: environment.settings.network.ipv6 ? [...PROBES, ...PROBES_IPV6] : PROBES,
        ports: [],
      },
    ],
    egress: [],
  };
  return [
    ...drafts.map((draft) => ({
      ...draft,
      ingress: tunnelled(draft.ingress),
      egress: tunnelled(draft.egress),
    })),
    probes,
  ];
}

/** Who may connect to a component, as the mesh checks it: by identity, and by port behind the tunnel. */
export interface Authorization {
  readonly name: string;
  readonly component: string | undefined;
  readonly podLabels: Policy["podLabels"];
  readonly rules: readonly {
    readonly reason: string;
    readonly principals: readonly string[];
    readonly namespaces: readonly string[];
    readonly ports: readonly number[];
  }[];
}

/** One for each policy that lets something in to a component, and for each that lets nothing in. */
export function authorizationsOf(policies: readonly Policy[], { namespace }: Environment): Authorization[] {
  return policies
    .filter(
      ({ flavour, component, podLabels }) =>
        flavour === "kubernetes" && (component ?? podLabels) !== undefined,
    )
    .map(({ name, component, podLabels, ingress }) => ({
      name,
      component,
      podLabels,
      rules: ingress.map(({ reason, peers, ports }) => ({
        reason,
        // A component runs as the service account of its name; the domain of trust is the mesh's own affair.
        principals: peers.flatMap((peer) =>
          peer.kind === "component" ? [`*/ns/${namespace}/sa/${peer.name}`] : [],
        ),
        namespaces: peers.flatMap((peer) =>
          peer.kind === "namespace" ? [peer.namespace] : peer.kind === "pods" ? [namespace] : [],
        ),
        ports: ports.map(({ port }) => port).filter((port) => port !== TUNNEL.port),
      })),
    }));
}

/** Namespaces of the platform whose pods connect to the stack's, and so have to be in the mesh too. */
export function meshNamespaces(policies: readonly Policy[]): string[] {
  const peers = policies.flatMap(({ ingress }) => ingress.flatMap((rule) => rule.peers));
  return [...new Set(peers.flatMap((peer) => (peer.kind === "namespace" ? [peer.namespace] : [])))].sort();
}
