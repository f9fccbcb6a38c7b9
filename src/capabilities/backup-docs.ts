// Owns: docs/backup.md: what is backed up where, when and for how long, and how to get it back.
// Promises: figures from the resolved stack; what is not backed up is named with its reason.
// Must not: promise a recovery time that nobody has measured.

import { backupName } from "../stack/backup-name.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type FileSpec, file } from "./capability.js";

const NO_STORE = "backup.store is not set: nothing is backed up here";

function rowsOf(environment: Environment) {
  return environment.datastores.map(({ name, role, engineName, mode, operator, noBackup, backup: own }) => {
    const backup = own ?? operator?.backup;
    return {
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
          : `s3://${backup.store.bucket}/${backup.store.prefix}${own === undefined ? `, by ${operator?.summary}` : ""}`,
    };
  });
}

/** As one word of a shell command. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** One datastore of each engine, where it is nearest to production: its names stand in the commands. */
function guidesOf(environments: readonly Environment[]) {
  const all = environments.flatMap((environment) =>
    environment.datastores.flatMap(({ name, engineName, engine, backup }) =>
      backup === undefined ? [] : [{ environment, name, engine, engineName, backup }],
    ),
  );
  return all
    .filter(({ engine }, index) => all.findLastIndex((other) => other.engine === engine) === index)
    .sort((a, b) => (a.engine < b.engine ? -1 : 1))
    .map(({ environment, name, engineName, backup }) => ({
      engineName,
      datastore: name,
      cronJob: backupName(name),
      environment: environment.name,
      namespace: environment.namespace,
      extension: backup.extension,
      crash: backup.crash,
      bucket: backup.store.bucket,
      settings: `${backupName(name)}-settings`,
      stopsServer: backup.restore === "volume",
      // Two steps come before these: the proof, and the question.
      steps: backup.steps.map((text, index) => ({ number: index + 3, text })),
      keptList: shellWord(backup.kept.list),
      keptRemove: shellWord(backup.kept.remove),
    }));
}

/** None for a stack without datastores. */
export function docsFile(stack: Stack): FileSpec[] {
  if (stack.base.datastores.length === 0) return [];
  const guides = guidesOf(stack.environments);
  const credentials = stack.environments.flatMap(({ datastores }) =>
    datastores.flatMap(({ backup }) => backup?.credentials ?? []),
  );
  const last = guides.at(-1);
  const view = {
    name: stack.name,
    rows: stack.environments.flatMap(rowsOf),
    hasBackups: last !== undefined,
    guides,
    datastore: last?.datastore ?? "",
    extension: last?.extension ?? "",
    bucket: last?.bucket ?? "",
    settings: last?.settings ?? "",
    stopsServer: last?.stopsServer ?? false,
    credentials: [...new Set(credentials)],
  };
  return [
    file("docs/backup.md", "backup/backup.md", view, {
      what: "What is backed up, where, when and how long, and how to restore it.",
      why: "A backup that nobody knows how to restore is none.",
      change: "datastores and backup in prod-stack.yaml",
    }),
  ];
}
