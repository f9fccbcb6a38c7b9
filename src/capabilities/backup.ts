// Owns: what backs up a datastore: CronJob, its scripts and settings, the scripts for backup and recovery by hand, the docs.
// Promises: nothing has a backup's name before it has been read back whole; a restore proves the backup first and keeps the old data.
// Must not: decide what is backed up or where to; src/stack does.

import { backupName } from "../stack/backup-name.js";
import type { Backup, Datastore } from "../stack/datastore.js";
import { BACKUP_RESOURCES } from "../stack/derive-quota.js";
import type { Environment, Stack, View } from "../stack/stack.js";
import { docsFile } from "./backup-docs.js";
import { IN_CLUSTER, inClusterScripts, scriptsByHand, sharedScripts } from "./backup-scripts.js";
import { type Capability, type FileSpec, file, type GeneratedConfigMap } from "./capability.js";
import { labelsOf } from "./labels.js";
import { layeredObject } from "./layered-object.js";
import { managedDirectory } from "./places.js";

/** Backups that are kept however old they are. */
export const KEEP_AT_LEAST = 3;

interface BackedUp {
  readonly datastore: Datastore;
  readonly image: NonNullable<Datastore["image"]>;
  readonly backup: Backup;
  readonly pullSecrets: readonly string[];
}

/** The backup of a datastore in a view; undefined where it has none. */
function backedUpIn(view: View, name: string): BackedUp | undefined {
  const datastore = view.datastores.find((candidate) => candidate.name === name);
  if (datastore?.backup === undefined || datastore.image === undefined) return undefined;
  return {
    datastore,
    image: datastore.image,
    backup: datastore.backup,
    pullSecrets: view.settings.pullSecrets,
  };
}

/** What stands in the base: its own view, or that of the first environment with a backup. */
function referenceOf(stack: Stack, name: string): BackedUp | undefined {
  return [stack.base, ...stack.environments]
    .map((view) => backedUpIn(view, name))
    .find((found) => found !== undefined);
}

function change({ datastore }: BackedUp): string {
  return `datastores.${datastore.name}.backup and backup in prod-stack.yaml`;
}

function cronJobView(stack: Stack, { datastore, image, backup, pullSecrets }: BackedUp) {
  const { name } = datastore;
  return {
    name: backupName(name),
    datastore: name,
    labels: labelsOf(stack, backupName(name), "backup"),
    engine: datastore.engine,
    engineName: datastore.engineName,
    host: datastore.host,
    port: String(datastore.port.number),
    image: image.reference,
    imageException: image.exception,
    uploader: backup.uploader.reference,
    uploaderException: backup.uploader.exception,
    user: datastore.user,
    group: datastore.group,
    variables: backup.variables,
    credentials: backup.credentials,
    schedule: backup.schedule,
    timeZone: backup.timeZone,
    settings: settingsName(name),
    scripts: scriptsName(name),
    resources: BACKUP_RESOURCES,
    pullSecrets,
  };
}

type CronJobView = ReturnType<typeof cronJobView>;

function settingsName(datastore: string): string {
  return `${datastore}-backup-settings`;
}

function scriptsName(datastore: string): string {
  return `${datastore}-backup-scripts`;
}

function samePod(view: CronJobView, base: CronJobView): boolean {
  const ignore = { schedule: null, timeZone: null };
  return JSON.stringify({ ...view, ...ignore }) === JSON.stringify({ ...base, ...ignore });
}

function cronJob(stack: Stack, reference: BackedUp): FileSpec[] {
  const { name } = reference.datastore;
  return layeredObject<CronJobView>(stack, {
    object: { apiVersion: "batch/v1", kind: "CronJob", name: backupName(name) },
    directory: `base/${name}`,
    fileName: "backup-cronjob.yaml",
    template: "backup/backup-cronjob.yaml",
    about: {
      what: `The scheduled backup of ${name}.`,
      why: "Data that exists once is lost once; each backup is proved before it has a name, and failures never push out good ones.",
      standard: "Kubernetes docs, CronJob; Pod Security Standards, level restricted",
      change: change(reference),
    },
    base: cronJobView(stack, reference),
    inEnvironment: (environment) => {
      const own = backedUpIn(environment, name);
      return own && cronJobView(stack, own);
    },
    patch: (_environment, view, base) => ({
      template: "backup/backup-cronjob.patch.yaml",
      view: { ...view, samePod: samePod(view, base) },
    }),
  });
}

function serviceAccount(stack: Stack, reference: BackedUp): FileSpec[] {
  const { name } = reference.datastore;
  const view = {
    name: backupName(name),
    datastore: name,
    labels: labelsOf(stack, backupName(name), "backup"),
  };
  return layeredObject(stack, {
    object: { apiVersion: "v1", kind: "ServiceAccount", name: backupName(name) },
    directory: `base/${name}`,
    fileName: "backup-service-account.yaml",
    template: "backup/service-account.yaml",
    about: {
      what: `The identity of the backup of ${name}.`,
      why: "Each component has its own; no token is mounted.",
      standard: "CIS Kubernetes Benchmark 5.1.5, 5.1.6",
      change: change(reference),
    },
    base: view,
    inEnvironment: (environment) => backedUpIn(environment, name) && view,
    patch: () => undefined,
  });
}

/** ConfigMaps of the base that an environment without backups does without. */
function deletedConfigMaps(stack: Stack, { datastore }: BackedUp): FileSpec[] {
  return stack.environments
    .filter((environment) => backedUpIn(environment, datastore.name) === undefined)
    .flatMap((environment) =>
      [settingsName(datastore.name), scriptsName(datastore.name)].map((name) => deletion(environment, name)),
    );
}

function deletion(environment: Environment, name: string): FileSpec {
  const kustomization = managedDirectory(environment);
  const about = {
    what: `${environment.name} does without ${name}.`,
    why: "Nothing is backed up here.",
    change: "backup in prod-stack.yaml",
  };
  return file(
    `${kustomization}/${name}.configmap.patch.yaml`,
    "kustomize/delete.patch.yaml",
    { apiVersion: "v1", kind: "ConfigMap", name },
    about,
    { member: { kustomization, as: "patches" } },
  );
}

/** Environment variables of the uploader; rclone reads its remote `store` from RCLONE_CONFIG_STORE_*. */
function settingsOf({ backup }: BackedUp): string[] {
  const { bucket, region, endpoint, prefix } = backup.store;
  const values: Record<string, string | number> = {
    S3_BUCKET: bucket,
    S3_PREFIX: prefix,
    RETENTION_DAYS: backup.retentionDays,
    KEEP_AT_LEAST,
    PRUNE: "yes",
    // No configuration file: rclone's documented name for none.
    RCLONE_CONFIG: "/notfound",
    RCLONE_CONFIG_STORE_TYPE: "s3",
    RCLONE_CONFIG_STORE_PROVIDER: endpoint === undefined ? "AWS" : "Other",
    RCLONE_CONFIG_STORE_REGION: region,
    RCLONE_CONFIG_STORE_ENDPOINT: endpoint ?? "",
    // A missing bucket is a mistake to be seen, not one to be made.
    RCLONE_CONFIG_STORE_NO_CHECK_BUCKET: "true",
  };
  return Object.entries(values).map(([name, value]) => `${name}=${value}`);
}

function configMapsOf(stack: Stack, reference: BackedUp): GeneratedConfigMap[] {
  const { name } = reference.datastore;
  const labels = labelsOf(stack, backupName(name), "backup");
  const base = settingsOf(reference);
  const own = stack.environments.flatMap((environment): GeneratedConfigMap[] => {
    const here = backedUpIn(environment, name);
    const changed = here === undefined ? [] : settingsOf(here).filter((setting) => !base.includes(setting));
    return changed.length === 0
      ? []
      : [
          {
            kustomization: managedDirectory(environment),
            name: settingsName(name),
            behavior: "merge",
            literals: changed,
            files: [],
            labels: {},
          },
        ];
  });
  return [
    {
      kustomization: `base/${name}`,
      name: settingsName(name),
      behavior: "create",
      literals: base,
      files: [],
      labels,
    },
    {
      kustomization: `base/${name}`,
      name: scriptsName(name),
      behavior: "create",
      literals: [],
      files: IN_CLUSTER.map((script) => `scripts/${script}`),
      labels,
    },
    ...own,
  ];
}

function filesOf(stack: Stack, name: string): FileSpec[] {
  const reference = referenceOf(stack, name);
  if (reference === undefined) return [];
  return [
    ...cronJob(stack, reference),
    ...serviceAccount(stack, reference),
    ...deletedConfigMaps(stack, reference),
    ...inClusterScripts(reference.datastore),
    ...scriptsByHand(reference.datastore, reference.backup),
  ];
}

function backedUpNames(stack: Stack): string[] {
  return stack.base.datastores
    .map(({ name }) => name)
    .filter((name) => referenceOf(stack, name) !== undefined);
}

export const backup: Capability = {
  id: "backup",
  title: "Backups",
  summary:
    "Scheduled, proved backups of every store to S3, and a recovery script that proves a backup before it touches anything.",
  rows: ["BAK-01", "BAK-02", "BAK-07", "BAK-08"],
  withoutIt: "data that is deleted or damaged is gone",
  files: (stack) => {
    const names = backedUpNames(stack);
    return [
      ...names.flatMap((name) => filesOf(stack, name)),
      ...(names.length > 0
        ? sharedScripts(names.flatMap((name) => referenceOf(stack, name)?.backup.restore ?? []))
        : []),
      ...docsFile(stack),
    ];
  },
  configMaps: (stack) =>
    stack.base.datastores.flatMap(({ name }) => {
      const reference = referenceOf(stack, name);
      return reference === undefined ? [] : configMapsOf(stack, reference);
    }),
};
