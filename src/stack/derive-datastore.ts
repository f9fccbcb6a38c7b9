// Owns: one datastore of the merged spec → Datastore.
// Promises: Guaranteed quality of service, a password by reference, a backup where there is data to lose and a place for it.
// Must not: decide which objects come of it.

import {
  backedUp,
  backupCredentials,
  type Derivation,
  engineImage,
  passwordOf,
  pinnedImage,
  resourcesOf,
} from "./derivation.js";
import { ENGINE_PRESETS } from "./presets/engines.js";
import { bytes, seconds } from "./quantity.js";
import type { Backup, Datastore, Resources } from "./stack.js";

/** Share of the memory limit that data may take; the rest is for fork, buffers and fragmentation (Redis docs, "maxmemory"). */
const DATA_SHARE = 0.6;

const EXPORTER: Resources = {
  requests: { cpu: "25m", memory: "32Mi", ephemeralStorage: "16Mi" },
  limits: { cpu: "25m", memory: "32Mi", ephemeralStorage: "16Mi" },
};

export function deriveDatastore(name: string, derivation: Derivation): Datastore {
  const { effective } = derivation;
  const datastore = effective.datastores[name];
  if (datastore === undefined) throw new Error(`no datastore ${name}`);
  const preset = ENGINE_PRESETS[datastore.engine];
  const resources = resourcesOf(datastore.resources);
  return {
    name,
    engine: datastore.engine,
    version: datastore.version,
    role: datastore.role,
    image: engineImage(preset.image, datastore.version, effective),
    exporter: pinnedImage("redis-exporter", effective),
    server: preset.server,
    client: preset.client,
    port: preset.port,
    user: preset.user,
    group: preset.group,
    storage: String(datastore.storage),
    storageClass: datastore.storageClass,
    resources,
    exporterResources: EXPORTER,
    maxMemoryBytes: Math.floor(bytes(resources.limits.memory) * DATA_SHARE),
    password: passwordOf(name, derivation),
    clients: Object.entries(effective.services)
      .filter(([, { uses }]) => uses !== undefined && name in uses)
      .map(([client]) => client)
      .sort(),
    backup: backedUp(derivation).includes(name) ? backupOf(name, derivation) : undefined,
  };
}

function backupOf(name: string, derivation: Derivation): Backup | undefined {
  const { effective, spec, place } = derivation;
  const s3 = effective.backup.store?.s3;
  if (s3 === undefined) return undefined;
  const own = effective.datastores[name]?.backup;
  const prefix = s3.prefix ?? spec.name;
  return {
    schedule: own?.schedule ?? effective.backup.schedule,
    timeZone: own?.timeZone ?? "Etc/UTC",
    retentionDays: Math.max(1, Math.round(seconds(own?.retention ?? effective.backup.retention) / 86400)),
    store: {
      bucket: s3.bucket,
      region: s3.region ?? "us-east-1",
      endpoint: s3.endpoint,
      prefix: [prefix, place?.name, name].filter(Boolean).join("/"),
    },
    credentials: backupCredentials(derivation),
    uploader: pinnedImage("rclone", effective),
  };
}
