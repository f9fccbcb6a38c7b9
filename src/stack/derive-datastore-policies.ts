// Owns: the traffic of a datastore, of its members, of the operator that runs it, and of its backup.
// Promises: only declared users, scrapes and backups reach the data.
// Must not: know the manifests.

import { backupName } from "./backup-name.js";
import type { Datastore } from "./datastore.js";
import { scalerRules } from "./derive-scaler-rules.js";
import type { OperatorTraffic } from "./engines/engine-operator.js";
import { type Draft, type Peer, type Rule, tcp } from "./policy.js";
import { apiServerPeers, outside, scrape, usersOf } from "./policy-peers.js";
import type { Environment } from "./stack.js";

/** The policy of a datastore, and that of its backup. */
export function datastorePolicies(datastore: Datastore, environment: Environment): Draft[] {
  if (datastore.mode === "external") return [];
  const {
    name,
    port: { number: port },
    backup,
    metrics,
    operator,
  } = datastore;
  const metricsPort = metrics?.port ?? operator?.metrics?.number;
  const members = amongMembers(datastore);
  const own: Draft = {
    name,
    component: name,
    podLabels: operator?.members,
    description: reachedBy(name, members, operator?.summary),
    ingress: [
      ...usersOf(name, environment),
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
  const peersOf: Readonly<Record<OperatorTraffic["peer"], () => Peer[]>> = {
    members: () => [{ kind: "pods", labels: operator.members }],
    operator: () => [{ kind: "namespace", namespace: operator.namespace, labels: operator.labels }],
    "api-server": () => apiServerPeers(environment),
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

function endpointPort(endpoint: string): number {
  const url = new URL(endpoint);
  return url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port);
}
