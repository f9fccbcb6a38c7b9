// Owns: single facts for the runbook: applications, certificates, components, secrets, how long things are kept.
// Promises: the same names as in the manifests.
// Must not: hold text beyond a table's cell.

import { certificateName, certificateNamespace } from "../../stack/certificate-home.js";
import type { Environment, Secret, Stack } from "../../stack/stack.js";

export function applicationOf(stack: Stack, environment: Environment): string {
  return `${stack.name}-${environment.id}`;
}

/** The certificate of an environment's hosts: in the shared Gateway's namespace, else beside the services. */
export function certificatesOf(stack: Stack, environment: Environment) {
  const { gateway, certManager } = environment.settings;
  const hosts = [...new Set(environment.services.flatMap(({ exposure }) => exposure?.hosts ?? []))].sort();
  if (hosts.length === 0 || !gateway.https || certManager.mode !== "present") return [];
  return [
    {
      hosts: hosts.join(", "),
      name: certificateName(stack.name, environment.name),
      namespace: certificateNamespace(environment),
    },
  ];
}

/** Services and datastores with what they use and who uses them, over all environments. */
export function componentsOf({ environments }: Stack) {
  const found = new Map<string, { name: string; kind: string; uses: string; usedBy: string }>();
  for (const { services, datastores } of environments) {
    for (const { name, type, edges, clients, exposure } of services) {
      const usedBy = [...(exposure === undefined ? [] : ["users, through the gateway"]), ...clients];
      found.set(name, {
        name,
        kind: type,
        uses: edges.map(({ target }) => target).join(", ") || "nothing",
        usedBy: usedBy.join(", ") || "nobody",
      });
    }
    for (const { name, engine, role, clients } of datastores) {
      found.set(name, {
        name,
        kind: `${engine} ${role}`,
        uses: "nothing",
        usedBy: clients.join(", ") || "nobody",
      });
    }
  }
  return [...found.values()];
}

export function secretsOf({ secrets, settings }: Environment) {
  return secrets.map(({ name, store, storeKind, path, keys, refresh }: Secret) => ({
    name,
    store: `${storeKind} ${store}`,
    path,
    keys: keys.join(", "),
    refresh,
    reloads: settings.reloader === "present" ? "yes" : "no",
  }));
}

/** What data there is, where, and for how long (logs and audit by the platform's settings). */
export function retentionOf({ environments }: Stack) {
  const main = environments.at(-1);
  if (main === undefined) return [];
  const { metricRetention, logRetention } = main.settings.monitoring;
  const backups = environments.flatMap(({ label: name, datastores }) =>
    datastores.flatMap((datastore) =>
      datastore.backup === undefined
        ? []
        : [
            {
              what: `Backups of ${datastore.name} in ${name}`,
              where: `s3://${datastore.backup.store.bucket}/${datastore.backup.store.prefix}`,
              time: `${datastore.backup.retentionDays} days, and always the newest`,
            },
          ],
    ),
  );
  return [
    { what: "Metrics", where: "Prometheus", time: metricRetention },
    {
      what: "Logs, one JSON object per line where the runtime can",
      where: "the platform's log store",
      time: logRetention,
    },
    {
      what: "Audit log of the Kubernetes API",
      where: "the platform",
      time: "90 days, by the platform's policy",
    },
    { what: "Every configuration and release there ever was", where: "git", time: "for ever" },
    ...backups,
  ];
}

/** As a list in a sentence, each once. */
export function names(items: readonly { readonly name: string }[]): string {
  return [...new Set(items.map(({ name }) => name))].join(", ");
}
