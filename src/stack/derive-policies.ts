// Owns: which traffic an environment needs, as network policies: derived from the declared topology, never written by hand.
// Promises: exactly the declared edges, DNS, the gateway, scrapes and backups; nothing else.
// Must not: know the manifests.

import { datastorePolicies } from "./derive-datastore-policies.js";
import { throughMesh } from "./derive-mesh.js";
import { acmeSolver, fromGateway } from "./gateway-policies.js";
import { type Draft, type Peer, type Policy, type Rule, tcp } from "./policy.js";
import { apiServerPeers, internet, outside, scrape, usersOf } from "./policy-peers.js";
import type { Service } from "./service.js";
import type { Environment } from "./stack.js";

/** All policies of an environment; none where they are switched off. */
export function derivePolicies(environment: Environment): Policy[] {
  if (!environment.settings.network.policies) return [];
  const drafts: Draft[] = [
    {
      name: "default-deny",
      component: undefined,
      description: "Nothing passes that no other policy allows.",
      ingress: [],
      egress: [],
    },
    {
      name: "allow-dns",
      component: undefined,
      description: "Every pod may resolve names.",
      ingress: [],
      egress: [dns(environment)],
    },
    ...acmeSolver(environment),
    ...environment.services.map((service) => servicePolicy(service, environment)),
    ...environment.datastores.flatMap((datastore) => datastorePolicies(datastore, environment)),
  ];
  return throughMesh(drafts, environment).flatMap((draft) => inFlavours(draft, environment));
}

/** One policy, or two of one name: rules that only Cilium has words for go into one of its own kind. */
function inFlavours(draft: Draft, { settings }: Environment): Policy[] {
  if (settings.network.flavour === "kubernetes") return [{ ...draft, flavour: "kubernetes" }];
  // Names are learnt from answers that Cilium's DNS proxy has seen, so that it has to see them all.
  if (draft.name === "allow-dns") return [{ ...draft, flavour: "cilium" }];
  const isCilium = ({ peers }: Rule) => peers.some(({ kind }) => kind === "name" || kind === "entity");
  const own: Policy = {
    ...draft,
    flavour: "kubernetes",
    egress: draft.egress.filter((rule) => !isCilium(rule)),
  };
  const byName = draft.egress.filter(isCilium);
  if (byName.length === 0) return [own];
  return [
    own,
    {
      ...draft,
      flavour: "cilium",
      description: `What ${draft.name} may reach by name.`,
      ingress: [],
      egress: byName,
    },
  ];
}

/** UDP and TCP: answers over 512 bytes come by TCP. NodeLocal DNSCache answers on a link-local address. */
function dns({ settings }: Environment): Rule {
  const local = settings.network.nodeLocalDns ? nodeLocalDns(settings.network.flavour) : [];
  return {
    reason: "DNS of the cluster",
    peers: [{ kind: "namespace", namespace: "kube-system", labels: { "k8s-app": "kube-dns" } }, ...local],
    ports: [
      { port: 53, protocol: "UDP" },
      { port: 53, protocol: "TCP" },
    ],
  };
}

/** Cilium redirects to the cache's pod on the node (CiliumLocalRedirectPolicy), which has labels like any other. */
function nodeLocalDns(flavour: "kubernetes" | "cilium"): Peer[] {
  return flavour === "cilium"
    ? [{ kind: "namespace", namespace: "kube-system", labels: { "k8s-app": "node-local-dns" } }]
    : [{ kind: "range", cidr: "169.254.20.10/32", except: [] }];
}

function servicePolicy(service: Service, environment: Environment): Draft {
  const { name, exposure, metrics } = service;
  return {
    name,
    component: name,
    description: `What may reach ${name}, and what it may reach.`,
    ingress: [
      ...(exposure === undefined ? [] : [fromGateway(environment, exposure.port.number)]),
      ...usersOf(name, environment),
      ...(metrics === undefined ? [] : [scrape(environment, metrics.port.number)]),
    ],
    egress: [
      ...service.edges.map((edge) => egressOf(service, edge, environment)),
      ...apiServer(service, environment),
      ...clouds(service, environment),
    ],
  };
}

function egressOf(service: Service, edge: Service["edges"][number], environment: Environment): Rule {
  const reason = `${service.name} uses ${edge.target}`;
  if (edge.kind !== "external")
    return { reason, peers: [targetPeer(edge.target, environment)], ports: tcp(edge.port) };
  if (edge.addresses.length > 0)
    return {
      reason: `${reason} (${edge.host})`,
      peers: edge.addresses.map((cidr): Peer => ({ kind: "range", cidr, except: [] })),
      ports: tcp(edge.port),
    };
  // An address says more than a name: exactly this one, inside of the company too.
  if (isIPv4(edge.host))
    return { reason, peers: [{ kind: "range", cidr: `${edge.host}/32`, except: [] }], ports: tcp(edge.port) };
  const { peers, caveat } = outside(edge.hosts, environment);
  return { reason: `${reason} (${edge.host})${caveat}`, peers, ports: tcp(edge.port) };
}

function isIPv4(host: string): boolean {
  const parts = host.split(".");
  return parts.length === 4 && parts.every((part) => /^[0-9]{1,3}$/.test(part) && Number(part) <= 255);
}

/** What a cloud identity and the download of a model need beside the declared edges. */
function clouds({ name, identity, model, containers }: Service, environment: Environment): Rule[] {
  const rules: Rule[] = [];
  if (identity?.cloud === "gcp")
    rules.push({
      // GKE, "Workload Identity Federation", network policies; each address with its own ports.
      reason: `${name} gets tokens of its Google account from the node's metadata server, without Dataplane V2`,
      peers: [{ kind: "range", cidr: "169.254.169.252/32", except: [] }],
      ports: tcp(987, 988),
    });
  if (identity?.cloud === "gcp")
    rules.push({
      reason: `${name} gets tokens of its Google account from the node's metadata server, with Dataplane V2`,
      peers: [{ kind: "range", cidr: "169.254.169.254/32", except: [] }],
      ports: tcp(80, 8080),
    });
  const isFetched =
    model === undefined
      ? containers.some((container) => container.name === "model-download")
      : !/^pvc:/.test(model.storage);
  if (identity !== undefined || isFetched)
    rules.push({
      reason:
        identity === undefined
          ? `${name} fetches its model; a NetworkPolicy knows no names, so any public address on this port`
          : `${name} signs in at its cloud and uses what that gives; any public address on this port`,
      peers: internet(environment),
      ports: tcp(443),
    });
  return rules;
}

/** A component by its name; an operator's pods by their own labels. */
function targetPeer(target: string, { datastores }: Environment): Peer {
  const operator = datastores.find(({ name }) => name === target)?.operator;
  return operator === undefined
    ? { kind: "component", name: target }
    : { kind: "pods", labels: operator.members };
}

function apiServer({ name, apiAccess }: Service, environment: Environment): Rule[] {
  const peers = apiServerPeers(environment);
  // A rule without peers would allow every address.
  return apiAccess && peers.length > 0
    ? [{ reason: `${name} calls the Kubernetes API`, peers, ports: tcp(443, 6443) }]
    : [];
}
