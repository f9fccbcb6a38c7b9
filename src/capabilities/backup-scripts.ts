// Owns: the scripts of a backup: those that run in the cluster, and those that an operator runs.
// Promises: the same in every stack but for the datastore's name; each is a file that can be read and linted.
// Must not: hold settings; those are in a ConfigMap.

import { backupName } from "../stack/backup-name.js";
import type { Backup, Datastore } from "../stack/datastore.js";
import { type FileSpec, file } from "./capability.js";

const WHAT = {
  "engine.sh": "What is particular to the engine.",
  "metadata.sh": "What the scripts of a backup share: its metadata.",
  "dump.sh": "Takes a dump and proves that it is whole.",
  "upload.sh": "Uploads a dump, reads it back, then gives it its name.",
  "prune.sh": "Deletes backups older than the retention, never the newest that are whole.",
  "list.sh": "Lists the backups in the store.",
  "fetch.sh": "Fetches a backup and proves it.",
  "receive.sh": "Takes a dump from an operator's machine.",
  "restore.sh": "Puts a dump in place of the data, keeping the old data.",
} as const;

/** Those that every engine has of its own, in templates/engines. */
const OF_ENGINE: readonly string[] = ["engine.sh", "dump.sh", "restore.sh"];

/** What runs in the job, in the order of a backup and then of a restore. */
export const IN_CLUSTER = Object.keys(WHAT) as readonly (keyof typeof WHAT)[];

export function inClusterScripts({ name, family }: Datastore): FileSpec[] {
  const why =
    "A file of its own can be read, linted and tested; the ConfigMap that carries it gets a new name when it changes.";
  return IN_CLUSTER.map((script) =>
    file(
      `base/${name}/scripts/${script}`,
      OF_ENGINE.includes(script) ? `engines/${family}/${script}` : `backup/in-cluster/${script}`,
      {},
      { what: WHAT[script], why, change: `datastores.${name}.backup and backup in prod-stack.yaml` },
    ),
  );
}

export function scriptsByHand(
  { name, engine, family }: Datastore,
  { extension, restore }: Pick<Backup, "extension" | "restore">,
): FileSpec[] {
  const view = {
    datastore: name,
    engine,
    family,
    extension,
    restore,
    stopsServer: restore === "volume",
    backup: backupName(name),
  };
  const change = `datastores.${name}.backup in prod-stack.yaml`;
  return [
    file(
      `scripts/backup/${name}-backup.sh`,
      "backup/datastore-backup.sh",
      view,
      {
        what: `Backs up ${name} now, or lists its backups.`,
        why: "Before a risky change, a fresh backup in one command, by the very job that makes the scheduled ones.",
        change,
      },
      { executable: true },
    ),
    file(
      `scripts/backup/${name}-recovery.sh`,
      "backup/datastore-recovery.sh",
      view,
      {
        what: `Restores ${name} from a backup.`,
        why: "Under stress nobody remembers every step; this proves the backup before it touches anything, and keeps the old data.",
        change,
      },
      { executable: true },
    ),
  ];
}

/** What the scripts of all datastores share. */
export function sharedScripts(restores: readonly Backup["restore"][]): FileSpec[] {
  const why = "The jobs by hand have the images, settings and rights of the scheduled ones.";
  const shared = {
    "job.sh": "Making a job from the backup's CronJob, and waiting for it.",
    "restore-job.sh": "The job of a restore.",
    ...(restores.includes("volume") && {
      "restore-volume.sh": "Restoring by writing the volume of the stopped server.",
    }),
    ...(restores.includes("network") && {
      "restore-network.sh": "Restoring over the network, beside the old data.",
    }),
  };
  return Object.entries(shared).map(([name, what]) =>
    file(`scripts/backup/${name}`, `backup/${name}`, {}, { what, why, change: "nothing by hand" }),
  );
}
