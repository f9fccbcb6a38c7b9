// Owns: which traffic an environment needs, as network policies: derived from the declared topology, never written by hand.
// Promises: exactly the declared edges, DNS, the gateway, scrapes and backups; nothing else.
// Must not: know the manifests.

import type { OperatorTraffic } from "./engines/engine-operator.js";
import type { Datastore, Environment, Service } from "./stack.js";

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
  | { readonly kind: "range"; readonly cidr: string; readonly except: readonly string[] };

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
  /** Labels of the pods instead, where an operator made them. */
  readonly pods?: Readonly<Record<string, string>> | undefined;
  readonly description: string;
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
}

const tcp = (...ports: number[]): Rule["ports"] => ports.map((port) => ({ port, protocol: "TCP" }));

/** Name of a Gateway of the stack's own. */
export const OWN_GATEWAY = "edge";

/** Name of the pods of a datastore's backup. */
export function backupName(datastore: string): string {
  return `${datastore}-backup`;
}

/** All policies of an environment; none where they are switched off. */
export function derivePolicies(environment: Environment): Policy[] {
  if (!environment.settings.network.policies) return [];
  return [
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
    ...environment.services.map((service) => servicePolicy(service, environment)),
    ...environment.datastores.flatMap((datastore) => datastorePolicies(datastore, environment)),
  ];
}

/** UDP and TCP: answers over 512 bytes come by TCP. NodeLocal DNSCache answers on a link-local address. */
function dns({ settings }: Environment): Rule {
  const local: Peer[] = settings.network.nodeLocalDns
    ? [{ kind: "range", cidr: "169.254.20.10/32", except: [] }]
    : [];
  return {
    reason: "DNS of the cluster",
    peers: [{ kind: "namespace", namespace: "kube-system", labels: { "k8s-app": "kube-dns" } }, ...local],
    ports: [
      { port: 53, protocol: "UDP" },
      { port: 53, protocol: "TCP" },
    ],
  };
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

function gateway(environment: Environment, port: number): Rule {
  const { proxyNamespace, mode, name, namespace } = environment.settings.gateway;
  const owner =
    mode === "own" ? { name: OWN_GATEWAY, namespace: environment.namespace } : { name, namespace };
  return {
    reason: "requests through the gateway's proxies",
    peers: [
      {
        kind: "namespace",
        namespace: proxyNamespace,
        labels: {
          "gateway.envoyproxy.io/owning-gateway-name": owner.name,
          "gateway.envoyproxy.io/owning-gateway-namespace": owner.namespace,
        },
      },
    ],
    ports: tcp(port),
  };
}

/** The public internet: everywhere but the company's own ranges and the clouds' metadata service. */
function internet({ settings }: Environment): Peer {
  return {
    kind: "range",
    cidr: "0.0.0.0/0",
    except: settings.network.privateRanges.filter((range) => !range.includes(":")),
  };
}

function servicePolicy(service: Service, environment: Environment): Policy {
  const { name, exposure, metrics } = service;
  const clients = environment.services.filter(({ edges }) => edges.some(({ target }) => target === name));
  const ingress: Rule[] = [];
  if (exposure !== undefined) ingress.push(gateway(environment, exposure.port.number));
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
  return {
    reason: `${reason} (${edge.host}); a NetworkPolicy knows no names, so any public address on this port`,
    peers: [internet(environment)],
    ports: tcp(edge.port),
  };
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

function apiServer({ name, apiAccess }: Service, { settings }: Environment): Rule[] {
  // Without a range the rule would allow every address; src/stack/rules asks for one.
  if (!apiAccess || settings.network.apiServer.length === 0) return [];
  return [
    {
      reason: `${name} calls the Kubernetes API`,
      peers: settings.network.apiServer.map((cidr): Peer => ({ kind: "range", cidr, except: [] })),
      ports: tcp(443, 6443),
    },
  ];
}

function datastorePolicies(datastore: Datastore, environment: Environment): Policy[] {
  if (datastore.mode === "external") return [];
  const {
    name,
    port: { number: port },
    backup,
    exporter,
    operator,
  } = datastore;
  const metricsPort = exporter?.port ?? operator?.metrics?.number;
  const clients: Rule[] = environment.services
    .filter(({ edges }) => edges.some(({ target }) => target === name))
    .map((client) => ({
      reason: `${client.name} uses ${name}`,
      peers: [{ kind: "component", name: client.name }],
      ports: tcp(port),
    }));
  const own: Policy = {
    name,
    component: name,
    pods: operator?.members,
    description: `What may reach ${name}. It reaches ${operator === undefined ? "nothing itself" : `what ${operator.summary} has it reach`}.`,
    ingress: [
      ...clients,
      ...(metricsPort === undefined ? [] : [scrape(environment, metricsPort)]),
      ...operatorTraffic(datastore, environment, "ingress"),
    ],
    egress: operatorTraffic(datastore, environment, "egress"),
  };
  if (backup === undefined) return [own];
  const job = backupName(name);
  const storePort = backup.store.endpoint === undefined ? 443 : endpointPort(backup.store.endpoint);
  const store: Rule = {
    reason: `backups go to the object store (${backup.store.endpoint ?? `S3 in ${backup.store.region}`})`,
    peers: [internet(environment)],
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
    "api-server": () => network.apiServer.map((cidr): Peer => ({ kind: "range", cidr, except: [] })),
    "object-store": () => (operator.backup === undefined ? [] : [internet(environment)]),
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
