// Owns: which traffic an environment needs, as network policies: derived from the declared topology, never written by hand.
// Promises: exactly the declared edges, DNS, the gateway, scrapes and backups; nothing else.
// Must not: know the manifests.

import { scalerRules } from "./derive-scaler-rules.js";
import type { OperatorTraffic } from "./engines/engine-operator.js";
import { acmeSolver, fromGateway } from "./gateway-policies.js";
import { internetRanges } from "./internet-ranges.js";
import { type Draft, type Peer, type Policy, type Rule, tcp } from "./policy.js";
import type { Datastore, Environment, Service } from "./stack.js";

/** Name of the pods of a datastore's backup. */
export function backupName(datastore: string): string {
  return `${datastore}-backup`;
}

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
  return drafts.flatMap((draft) => inFlavours(draft, environment));
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

function scrape(environment: Environment, port: number): Rule {
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
function internet({ settings: { network } }: Environment): Peer[] {
  return internetRanges(network).map((range): Peer => ({ kind: "range", ...range }));
}

/** Somewhere outside of the cluster, by name where the network plugin knows names. */
function outside(hosts: readonly string[], environment: Environment): { peers: Peer[]; caveat: string } {
  return environment.settings.network.flavour === "cilium"
    ? { peers: hosts.map((host): Peer => ({ kind: "name", host })), caveat: "" }
    : {
        peers: internet(environment),
        caveat: "; a NetworkPolicy knows no names, so any public address on this port",
      };
}

function servicePolicy(service: Service, environment: Environment): Draft {
  const { name, exposure, metrics } = service;
  const clients = environment.services.filter(({ edges }) => edges.some(({ target }) => target === name));
  const ingress: Rule[] = [];
  if (exposure !== undefined) ingress.push(fromGateway(environment, exposure.port.number));
  for (const client of clients) {
    const port = client.edges.find(({ target }) => target === name)?.port ?? 0;
    ingress.push({
      reason: `${client.name} uses ${name}`,
      peers: [{ kind: "component", name: client.name }],
      ports: tcp(port),
    });
  }
  if (metrics !== undefined) ingress.push(scrape(environment, metrics.port.number));
  return {
    name,
    component: name,
    description: `What may reach ${name}, and what it may reach.`,
    ingress,
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
  const { peers, caveat } = outside([edge.host], environment);
  return { reason: `${reason} (${edge.host})${caveat}`, peers, ports: tcp(edge.port) };
}

/** A component by its name; an operator's pods by their own labels. */
function targetPeer(target: string, { datastores }: Environment): Peer {
  const operator = datastores.find(({ name }) => name === target)?.operator;
  return operator === undefined
    ? { kind: "component", name: target }
    : { kind: "pods", labels: operator.members };
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
      // GKE, "Workload Identity Federation", network policies: 988 without Dataplane V2, 80 with it.
      reason: `${name} gets tokens of its Google account from the node's metadata server`,
      peers: [
        { kind: "range", cidr: "169.254.169.252/32", except: [] },
        { kind: "range", cidr: "169.254.169.254/32", except: [] },
      ],
      ports: tcp(80, 988),
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

function apiServer({ name, apiAccess }: Service, { settings }: Environment): Rule[] {
  if (!apiAccess) return [];
  const reason = `${name} calls the Kubernetes API`;
  // Cilium gives nodes and the API server identities of their own, which no range matches (docs: "CIDR based").
  if (settings.network.flavour === "cilium")
    return [{ reason, peers: [{ kind: "entity", entity: "kube-apiserver" }], ports: tcp(443, 6443) }];
  // Without a range the rule would allow every address; src/stack/rules asks for one.
  if (settings.network.apiServer.length === 0) return [];
  return [
    {
      reason,
      peers: settings.network.apiServer.map((cidr): Peer => ({ kind: "range", cidr, except: [] })),
      ports: tcp(443, 6443),
    },
  ];
}

function datastorePolicies(datastore: Datastore, environment: Environment): Draft[] {
  if (datastore.mode === "external") return [];
  const {
    name,
    port: { number: port },
    backup,
    metrics,
    operator,
  } = datastore;
  const metricsPort = metrics?.port ?? operator?.metrics?.number;
  const clients: Rule[] = environment.services
    .filter(({ edges }) => edges.some(({ target }) => target === name))
    .map((client) => ({
      reason: `${client.name} uses ${name}`,
      peers: [{ kind: "component", name: client.name }],
      ports: tcp(port),
    }));
  const members = amongMembers(datastore);
  const own: Draft = {
    name,
    component: name,
    podLabels: operator?.members,
    description: reachedBy(name, members, operator?.summary),
    ingress: [
      ...clients,
      ...members,
      ...(metricsPort === undefined ? [] : [scrape(environment, metricsPort)]),
      ...operatorTraffic(datastore, environment, "ingress"),
      ...scalerRules(name, port, environment),
    ],
    egress: [...members, ...operatorTraffic(datastore, environment, "egress")],
  };
  if (backup === undefined) return [own];
  const job = backupName(name);
  const storePort = backup.store.endpoint === undefined ? 443 : endpointPort(backup.store.endpoint);
  const { peers, caveat } = outside(storeHosts(backup.store), environment);
  const store: Rule = {
    reason: `backups go to the object store (${backup.store.endpoint ?? `S3 in ${backup.store.region}`})${caveat}`,
    peers,
    ports: tcp(storePort),
  };
  return [
    {
      ...own,
      ingress: [
        ...own.ingress,
        {
          reason: "the backup job reads the data",
          peers: [{ kind: "component", name: job }],
          ports: tcp(port),
        },
      ],
    },
    {
      name: job,
      component: job,
      description: `What the backup of ${name} may reach; nothing reaches it.`,
      ingress: [],
      egress: [{ reason: "reads the data", peers: [{ kind: "component", name }], ports: tcp(port) }, store],
    },
  ];
}

/** By path and by subdomain: clients of S3 choose. */
function storeHosts({ endpoint, bucket, region }: NonNullable<Datastore["backup"]>["store"]): string[] {
  const host = endpoint === undefined ? `s3.${region}.amazonaws.com` : new URL(endpoint).hostname;
  return [host, `${bucket}.${host}`];
}

function reachedBy(name: string, members: readonly Rule[], operator: string | undefined): string {
  const reached =
    operator !== undefined
      ? `what ${operator} has it reach`
      : members.length === 0
        ? "nothing itself"
        : "nothing but its own members";
  return `What may reach ${name}. It reaches ${reached}.`;
}

/** A single one talks to itself, which no policy forbids. */
function amongMembers({ name, server, replicas }: Datastore): Rule[] {
  const ports = server?.memberPorts ?? [];
  if (ports.length === 0 || replicas === 1) return [];
  return [
    {
      reason: `the members of ${name} form a cluster`,
      peers: [{ kind: "component", name }],
      ports: tcp(...ports.map(({ number }) => number)),
    },
  ];
}

function operatorTraffic(
  { operator }: Datastore,
  environment: Environment,
  direction: "ingress" | "egress",
): Rule[] {
  if (operator === undefined) return [];
  const { network } = environment.settings;
  const peersOf: Readonly<Record<OperatorTraffic["peer"], () => Peer[]>> = {
    members: () => [{ kind: "pods", labels: operator.members }],
    operator: () => [{ kind: "namespace", namespace: operator.namespace, labels: operator.labels }],
    "api-server": () =>
      network.flavour === "cilium"
        ? [{ kind: "entity", entity: "kube-apiserver" }]
        : network.apiServer.map((cidr): Peer => ({ kind: "range", cidr, except: [] })),
    "object-store": () =>
      operator.backup === undefined ? [] : outside(storeHosts(operator.backup.store), environment).peers,
  };
  return (
    operator.traffic
      .filter((traffic) => traffic.direction === direction)
      .map(({ reason, peer, ports }) => ({ reason, peers: peersOf[peer](), ports: tcp(...ports) }))
      // A rule without peers would allow every address; src/stack/rules asks for the API server's.
      .filter(({ peers }) => peers.length > 0)
  );
}

export function endpointPort(endpoint: string): number {
  const url = new URL(endpoint);
  return url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port);
}
