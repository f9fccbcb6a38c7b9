// Owns: what pages of the runbook say of datastores: of all, or of one family of engines.
// Promises: names, paths and figures of this stack; nothing of what runs elsewhere.
// Must not: hold text; what an engine's symptoms mean stands with the engine.

import { scopeOf } from "../../stack/alerts/scope.js";
import { backupName } from "../../stack/backup-name.js";
import type { Datastore } from "../../stack/datastore.js";
import { formatBytes } from "../../stack/quantity.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { unique } from "../../stack/unique.js";
import { rowsByPlace } from "../places.js";
import { linksView } from "./links-view.js";
import { names } from "./runbook-facts.js";

/** Datastores with pods of their own here. */
function inCluster({ datastores }: Environment): Datastore[] {
  return datastores.filter(({ mode }) => mode !== "external");
}

/** What pages say of datastores: of all, or of one family of engines. */
export function datastoreNames(stack: Stack, main: Environment, family?: string) {
  const isMeant = (item: Datastore) => family === undefined || item.family === family;
  const all = stack.environments.flatMap(inCluster).filter(isMeant);
  const first = inCluster(main).find(isMeant) ?? all[0];
  return {
    datastore: first?.name ?? "",
    datastoreList: names(all),
    client: first?.client ?? "",
    check: first?.check ?? "",
    exporterPort: first?.metrics?.port ?? 0,
    datastores: unique(all, ({ name }) => name).map((item) => ({
      name: item.name,
      maxMemory: item.dataMemoryBytes === undefined ? undefined : formatBytes(item.dataMemoryBytes),
      pod: item.operator?.first.pod ?? `${item.name}-0`,
      container: item.operator?.first.container ?? item.name,
      dataPath: item.operator?.first.dataPath ?? item.server?.dataPath,
    })),
    stores: rowsByPlace(stack, (environment) =>
      inCluster(environment)
        .filter(isMeant)
        .map(({ name, engineName, role, clients, dataMemoryBytes, resources }) => ({
          name,
          engine: engineName,
          role,
          clients: clients.join(", ") || "nobody",
          maxMemory: dataMemoryBytes === undefined ? "" : formatBytes(dataMemoryBytes),
          limit: resources.limits.memory,
        })),
    ),
  };
}

/** Clients' errors stand in troubleshooting, above the alerts' pages; lines of logs in a page beside them. */
function symptomsView(stack: Stack, where: "client" | "log") {
  const all = stack.environments.flatMap(({ datastores }) => datastores);
  const { link, page } = linksView(stack);
  const links = where === "client" ? page : link;
  return unique(all, ({ family }) => family).flatMap(({ symptoms }) =>
    symptoms
      .filter((symptom) => symptom.where === where)
      .map(({ says, means, alert }) => ({
        says,
        means: alert === undefined ? means : `${means}: ${links[alert] ?? alert}`,
      })),
  );
}

export function datastoreView(stack: Stack, main: Environment) {
  const all = stack.environments.flatMap(inCluster);
  const backups = rowsByPlace(stack, (environment) =>
    scopeOf(stack, environment).backups.map(({ datastore, maxAgeSeconds }) => ({
      datastore,
      maxAgeSeconds,
      ...environment.datastores.find(({ name }) => name === datastore)?.backup,
    })),
  );
  const backedUp =
    backups.findLast(({ environment }) => environment === main.name || environment === main.label)
      ?.datastore ?? backups[0]?.datastore;
  return {
    ...datastoreNames(stack, main),
    clientSymptoms: symptomsView(stack, "client"),
    logSymptoms: symptomsView(stack, "log"),
    claims: rowsByPlace(stack, (environment) =>
      inCluster(environment)
        .filter(({ role }) => role === "store")
        .map(({ name, storage, operator }) => ({
          claim: operator?.first.claim ?? `data-${name}-0`,
          size: storage,
        })),
    ),
    backup: backedUp === undefined ? "" : backupName(backedUp),
    backupOf: backedUp ?? "",
    backupList: [...new Set(backups.map(({ datastore }) => backupName(datastore)))].join(", "),
    backups: backups.map(({ environment, datastore, maxAgeSeconds, schedule, timeZone, retentionDays }) => ({
      environment,
      datastore,
      schedule: schedule ?? "",
      timeZone: timeZone ?? "",
      retentionDays: retentionDays ?? 0,
      stale: `${maxAgeSeconds / 3600} h`,
    })),
    buckets: [
      ...new Set(
        all.flatMap(({ backup }) =>
          backup === undefined ? [] : [`s3://${backup.store.bucket}/${backup.store.prefix}`],
        ),
      ),
    ].sort(),
  };
}
