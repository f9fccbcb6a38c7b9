// Owns: docs/backup.md: what is backed up where, when and for how long, and how to get it back.
// Promises: figures from the resolved stack; what is not backed up is named with its reason.
// Must not: promise a recovery time that nobody has measured.

import { backupName } from "../stack/derive-policies.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type FileSpec, file } from "./capability.js";

const NO_STORE = "backup.store is not set: nothing is backed up here";

function rowsOf(environment: Environment) {
  return environment.datastores.map(({ name, role, engineName, mode, backup, noBackup }) => ({
    environment: environment.label,
    datastore: name,
    engine: engineName,
    schedule: backup === undefined ? "none" : `${backup.schedule} (${backup.timeZone})`,
    retention: backup === undefined ? "none" : `${backup.retentionDays} days, never the newest 3`,
    place:
      backup === undefined
        ? role === "cache"
          ? "role cache: it can be lost, and fills itself again"
          : mode === "external"
            ? "it runs outside of the stack, and is backed up there"
            : (noBackup ?? NO_STORE)
        : `s3://${backup.store.bucket}/${backup.store.prefix}`,
  }));
}

/** None for a stack without datastores. */
export function docsFile(stack: Stack): FileSpec[] {
  if (stack.base.datastores.length === 0) return [];
  const backedUp = stack.environments.flatMap((environment) =>
    environment.datastores.flatMap(({ name, backup }) =>
      backup === undefined ? [] : [{ environment, name, backup }],
    ),
  );
  const last = backedUp.at(-1);
  const view = {
    name: stack.name,
    rows: stack.environments.flatMap(rowsOf),
    hasBackups: last !== undefined,
    extension: last?.backup.extension ?? "",
    crash: last?.backup.crash ?? "",
    datastore: last?.name ?? "",
    cronJob: last === undefined ? "" : backupName(last.name),
    environment: last?.environment.name ?? "",
    namespace: last?.environment.namespace ?? "",
    credentials: [...new Set(backedUp.map(({ backup }) => backup.credentials))],
    bucket: last?.backup.store.bucket ?? "",
    settings: last === undefined ? "" : `${backupName(last.name)}-settings`,
  };
  return [
    file("docs/backup.md", "backup/backup.md", view, {
      what: "What is backed up, where, when and how long, and how to restore it.",
      why: "A backup that nobody knows how to restore is none.",
      change: "datastores and backup in prod-stack.yaml",
    }),
  ];
}
