// Owns: PostgreSQL by CloudNativePG: a cluster of servers with failover, and its backups by the Barman Cloud plugin.
// Promises: superuser access off; members spread over nodes; the log is archived all the time where there is a place for backups.
// Must not: render.

import type { Resources } from "../../container.js";
import type { EngineOperator, OperatorInput, OperatorObject } from "../engine-operator.js";
import { postgresqlClusterAlerts } from "./cluster-alerts.js";
import { postgresqlClusterRecordings } from "./cluster-recordings.js";
import { sizingOf } from "./sizing.js";

/** Of the plugin's container beside each server. */
const SIDECAR: Resources = {
  requests: { cpu: "100m", memory: "256Mi", ephemeralStorage: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi", ephemeralStorage: "512Mi" },
};

const PLUGIN = "barman-cloud.cloudnative-pg.io";

/** CloudNativePG docs, "Labels": it sets this one on every pod of a cluster, also on those that only set it up. */
const members = ({ name }: Pick<OperatorInput, "name">) => ({ "cnpg.io/cluster": name });

function cluster(input: OperatorInput): OperatorObject {
  const { name, database, replicas, resources, storage, storageClass, ownerSecret, backup } = input;
  const sizing = sizingOf(input);
  return {
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    name,
    fileName: "cluster.yaml",
    template: "engines/postgresql/cluster.yaml",
    patch: "engines/postgresql/cluster.patch.yaml",
    view: {
      datastore: name,
      instances: replicas,
      // With two or more one commit waits for another member only where that one is there.
      spread: replicas > 1,
      database,
      owner: input.username,
      ownerSecret,
      resources,
      storage,
      storageClass,
      archive: backup === undefined ? undefined : { plugin: PLUGIN, store: `${name}-backup` },
      // Text: PostgreSQL's parameters are strings to the operator.
      parameters: {
        max_connections: String(sizing.maxConnections),
        shared_buffers: `${sizing.sharedBuffersMb}MB`,
        effective_cache_size: `${sizing.effectiveCacheMb}MB`,
        maintenance_work_mem: `${sizing.maintenanceMb}MB`,
        work_mem: `${sizing.workMb}MB`,
        max_wal_size: `${sizing.maxWalMb}MB`,
        min_wal_size: `${sizing.minWalMb}MB`,
        random_page_cost: "1.1",
        idle_in_transaction_session_timeout: "10min",
        log_min_duration_statement: "1s",
        log_lock_waits: "on",
      },
    },
    about: {
      what: `The PostgreSQL cluster ${name}: ${replicas} of CloudNativePG's instances.`,
      why: "A primary that is lost is replaced within seconds; requests equal limits; Argo CD never deletes it.",
      standard: "CloudNativePG docs, API Reference: Cluster",
    },
  };
}

function backupObjects({ name, backup }: OperatorInput): OperatorObject[] {
  if (backup === undefined) return [];
  const { store, credentials, retentionDays, schedule } = backup;
  const common = { datastore: name, store: `${name}-backup`, plugin: PLUGIN };
  return [
    {
      apiVersion: "barmancloud.cnpg.io/v1",
      kind: "ObjectStore",
      name: `${name}-backup`,
      fileName: "object-store.yaml",
      template: "engines/postgresql/object-store.yaml",
      patch: "engines/postgresql/object-store.patch.yaml",
      view: {
        ...common,
        destination: `s3://${store.bucket}/${store.prefix}`,
        endpoint: store.endpoint,
        region: store.region,
        credentials,
        retention: `${retentionDays}d`,
        resources: SIDECAR,
      },
      about: {
        what: `Where the log and the backups of ${name} go.`,
        why: "With every piece of the log archived, a restore goes to any moment since the oldest backup.",
        standard: "Barman Cloud plugin docs, ObjectStore",
      },
    },
    {
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "ScheduledBackup",
      name: `${name}-backup`,
      fileName: "scheduled-backup.yaml",
      template: "engines/postgresql/scheduled-backup.yaml",
      patch: "engines/postgresql/scheduled-backup.patch.yaml",
      // The operator's schedules begin with seconds.
      view: { ...common, schedule: schedule.startsWith("@") ? schedule : `0 ${schedule}` },
      about: {
        what: `When ${name} is backed up.`,
        why: "The log alone would have to be replayed from the beginning.",
        standard: "CloudNativePG docs, API Reference: ScheduledBackup",
      },
    },
  ];
}

export const cloudNativePg: EngineOperator = {
  summary: "CloudNativePG",
  namespace: "cnpg-system",
  labels: { "app.kubernetes.io/name": "cloudnative-pg" },
  image: "cloudnative-pg-postgresql",
  tagOf: (version) => `${version}-standard-trixie`,
  objects: (input) => [cluster(input), ...backupObjects(input)],
  members,
  first: (name) => ({
    pod: `${name}-1`,
    container: "postgres",
    claim: `${name}-1`,
    dataPath: "/var/lib/postgresql/data",
  }),
  // -rw, -ro and -r; a job sets up a member, and one may be replaced at the same time.
  extra: ({ resources, backup }) => ({
    services: 3,
    pods: [{ count: 1, resources: [resources, ...(backup === undefined ? [] : [SIDECAR])] }],
  }),
  // CloudNativePG docs, "Networking": the operator reaches 8000 and 5432, members reach each other and the API server.
  traffic: ({ backup }) => [
    {
      direction: "ingress",
      reason: "the operator asks for the status",
      peer: "operator",
      ports: [5432, 8000],
    },
    { direction: "ingress", reason: "replication between members", peer: "members", ports: [5432, 8000] },
    { direction: "egress", reason: "replication between members", peer: "members", ports: [5432, 8000] },
    {
      direction: "egress",
      reason: "each member reads its orders from, and tells its state to, the Kubernetes API",
      peer: "api-server",
      ports: [443, 6443],
    },
    ...(backup === undefined
      ? []
      : [
          {
            direction: "egress",
            reason: "log and backups go to the object store",
            peer: "object-store",
            ports: [portOf(backup.store.endpoint)],
          } as const,
        ]),
  ],
  sidecar: ({ backup }) => (backup === undefined ? undefined : SIDECAR),
  metrics: { port: "metrics", number: 9187, path: "/metrics" },
  replicas: { development: 1, staging: 2, production: 3 },
  needsOwnerSecret: true,
  // CloudNativePG docs, "Labels": a secret with it is looked at when it changes, not at the next round.
  ownerSecretLabels: { "cnpg.io/reload": "true" },
  rotation: ({ name, username }) => [
    `The operator gives \`${username}\` the new password as soon as \`${name}-owner\` has it; no server restarts, and open connections stay.`,
    "New connections with the old password fail until the client has restarted, which a rolling restart does pod by pod: no request is lost where the client keeps a pool.",
    "Replication and the operator log in by certificates, which it renews itself.",
  ],
  backsUp: true,
  monitoring: {
    up: "cnpg_collector_up",
    recordings: postgresqlClusterRecordings,
    alerts: postgresqlClusterAlerts,
    drops: [
      {
        regex: "cnpg_pg_stat_bgwriter_.+",
        reason: "counters of the background writer; the checkpointer's stay",
      },
    ],
  },
  imageFields: [{ group: "postgresql.cnpg.io", kind: "Cluster", path: "spec/imageName" }],
};

function portOf(endpoint: string | undefined): number {
  if (endpoint === undefined) return 443;
  const { port, protocol } = new URL(endpoint);
  return port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
}
