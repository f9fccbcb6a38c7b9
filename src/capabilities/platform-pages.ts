// Owns: pages about what only the platform or people can do: encryption at rest, access, audit, privacy, capacity.
// Promises: this stack's own names, commands that can be run as they stand, and how to see that it is so.
// Must not: claim that anything on them has been done.

import { capacityOf } from "../stack/derive-capacity.js";
import type { Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";

function viewOf(stack: Stack) {
  const { base, environments } = stack;
  return {
    name: stack.name,
    owner: stack.owner,
    argocd: base.settings.argocd.namespace,
    monitoring: base.settings.monitoring.namespace,
    namespaces: `[${environments.map(({ namespace }) => `"${namespace}"`).join(", ")}]`,
    logRetention: base.settings.monitoring.logRetention,
    environments: environments.map((environment) => ({
      name: environment.label,
      tier: environment.tier,
      namespace: environment.namespace,
      application: `${stack.name}-${environment.id}`,
      production: environment.tier === "production",
      secret: environment.secrets[0]?.name,
      secrets: environment.secrets.map(({ name }) => name).join(", "),
      capacity: capacityOf(environment),
      scaled: environment.services.some(({ scaling }) => scaling !== undefined),
      spot: environment.services
        .filter(({ placement }) => placement.spot !== undefined)
        .map(({ name }) => name)
        .join(", "),
    })),
    datastores: base.datastores.map(({ name, engine, role, clients, backup }) => ({
      name,
      engine,
      role,
      isStore: role === "store",
      clients: clients.join(", "),
      retention: backup?.retentionDays,
    })),
    externals: base.externals.map(({ name, host, clients }) => ({ name, host, clients: clients.join(", ") })),
    hasSecrets: environments.some(({ secrets }) => secrets.length > 0),
  };
}

/** The id is the template's and the file's name. */
const PAGES: readonly {
  readonly id: string;
  readonly row: string;
  readonly what: string;
  readonly why: string;
  readonly standard: string;
}[] = [
  {
    id: "encryption-at-rest",
    row: "SEC-09",
    what: "How the platform encrypts this stack's secrets in etcd, and how to see that it does.",
    why: "A Secret is readable in etcd and its backups unless the API server encrypts it.",
    standard: "Kubernetes docs, Encrypting Confidential Data at Rest; CIS Kubernetes Benchmark 1.2.27",
  },
  {
    id: "access",
    row: "SEC-15",
    what: "Who may do what: single sign-on, second factor and roles for Kubernetes, Argo CD and Grafana.",
    why: "Shared administrators leave no trace; groups of the identity provider do.",
    standard: "Argo CD docs, User Management; Kubernetes docs, OpenID Connect Tokens",
  },
  {
    id: "audit",
    row: "SEC-16",
    what: "The API server's audit policy for this stack's namespaces, kept for 90 days.",
    why: "Without it nobody can say who read a secret or opened a shell.",
    standard: "Kubernetes docs, Auditing; CIS Kubernetes Benchmark 3.2",
  },
  {
    id: "privacy",
    row: "SEC-17",
    what: "Procedures for personal data in this stack's datastores and logs.",
    why: "A request to export or delete a person's data has a deadline; the way must be known before.",
    standard: "GDPR, articles 5, 15, 17 and 20",
  },
  {
    id: "capacity",
    row: "RES-14",
    what: "What this stack asks of its clusters, in quiet times and at its peak.",
    why: "An autoscaler of pods needs nodes: those that are there, or a cluster autoscaler with room.",
    standard: "Kubernetes docs, Node Autoscaling",
  },
];

export const platformPages: Capability = {
  id: "platform-pages",
  title: "Platform pages",
  summary:
    "What only the platform and people can do, with this stack's names: encryption, access, audit, privacy, capacity.",
  rows: PAGES.map(({ row }) => row),
  withoutIt: undefined,
  files: (stack): FileSpec[] =>
    PAGES.map(({ id, what, why, standard }) =>
      file(`docs/platform/${id}.md`, `platform-pages/${id}.md`, viewOf(stack), {
        what,
        why,
        standard,
        change: "prod-stack.yaml; the names and sums follow from it",
      }),
    ),
};
