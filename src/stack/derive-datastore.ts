// Owns: one datastore of the merged spec → Datastore.
// Promises: Guaranteed quality of service, credentials by reference, a backup where there is data to lose and a place for it.
// Must not: know an engine; src/stack/engines does. Decide which objects come of it.

import {
  backedUp,
  backupCredentials,
  credentialsOf,
  type Derivation,
  engineImage,
  pinnedImage,
  resourcesOf,
  writableVolumes,
} from "./derivation.js";
import { clientsOf, engineInput } from "./derive-connection.js";
import type { Engine, EngineExporter, EngineInput, EngineVariable } from "./engines/engine.js";
import { engines } from "./engines/index.js";
import { seconds } from "./quantity.js";
import type { Backup, Datastore, Resources, ServerVariable } from "./stack.js";

const EXPORTER: Resources = {
  requests: { cpu: "25m", memory: "32Mi", ephemeralStorage: "16Mi" },
  limits: { cpu: "25m", memory: "32Mi", ephemeralStorage: "16Mi" },
};

/** Guaranteed, like the server beside it. */
function exporterResources({ memory = EXPORTER.limits.memory }: EngineExporter): Resources {
  return { requests: { ...EXPORTER.requests, memory }, limits: { ...EXPORTER.limits, memory } };
}

type Credentials = Datastore["credentials"];

export function deriveDatastore(name: string, derivation: Derivation): Datastore {
  const { effective } = derivation;
  const datastore = effective.datastores[name];
  if (datastore === undefined) throw new Error(`no datastore ${name}`);
  const engine = engines[datastore.engine];
  const input = engineInput(name, derivation);
  const credentials = credentialsOf(name, derivation);
  const isOwn = input.mode === "statefulset";
  return {
    name,
    engine: datastore.engine,
    engineName: engine.summary,
    family: engine.family,
    mode: input.mode,
    version: datastore.version,
    role: datastore.role,
    image: engineImage(engine, datastore.version, effective),
    host: input.host,
    port: { name: engine.port.name, number: input.port },
    user: engine.user,
    group: engine.group,
    replicas: input.replicas,
    storage: String(datastore.storage),
    storageClass: datastore.storageClass ?? effective.storageClass,
    resources: resourcesOf(datastore.resources),
    server: isOwn ? serverOf(engine, input, credentials) : undefined,
    configuration: isOwn ? engine.configuration(input) : undefined,
    exporter: isOwn ? exporterOf(engine, input, credentials, derivation) : undefined,
    metrics: isOwn ? metricsOf(engine, input) : undefined,
    client: engine.client,
    check: engine.check(input),
    symptoms: engine.symptoms,
    dataMemoryBytes: engine.dataMemory?.(input),
    credentials,
    clients: clientsOf(name, effective),
    noBackup: engine.noBackup,
    backup: backedUp(derivation).includes(name) ? backupOf(name, engine, credentials, derivation) : undefined,
  };
}

function variablesOf(variables: readonly EngineVariable[], credentials: Credentials): ServerVariable[] {
  return variables.map((variable) =>
    "value" in variable
      ? { name: variable.name, value: variable.value, secret: undefined }
      : { name: variable.name, value: undefined, secret: credentials[variable.credential] },
  );
}

function serverOf(engine: Engine, input: EngineInput, credentials: Credentials): Datastore["server"] {
  const server = engine.server(input);
  return {
    ...server,
    variables: variablesOf(server.variables, credentials),
    writable: writableVolumes(server.writable),
  };
}

/** Those of the exporter, or of the server itself. */
function metricsOf(engine: Engine, input: EngineInput): Datastore["metrics"] {
  const exporter = engine.exporter(input);
  return exporter === undefined
    ? engine.metrics?.(input)
    : { port: exporter.port, path: exporter.metricsPath };
}

function exporterOf(
  engine: Engine,
  input: EngineInput,
  credentials: Credentials,
  { effective }: Derivation,
): Datastore["exporter"] {
  const exporter = engine.exporter(input);
  return (
    exporter && {
      ...exporter,
      image: pinnedImage(exporter.image, effective),
      variables: variablesOf(exporter.variables, credentials),
      resources: exporterResources(exporter),
    }
  );
}

function backupOf(
  name: string,
  { backup }: Engine,
  credentials: Credentials,
  derivation: Derivation,
): Backup | undefined {
  const { effective, spec, place } = derivation;
  const s3 = effective.backup.store?.s3;
  if (s3 === undefined || backup === undefined) return undefined;
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
      prefix: [prefix, place?.name, place?.cluster, name].filter(Boolean).join("/"),
    },
    credentials: backupCredentials(derivation),
    uploader: pinnedImage("rclone", effective),
    extension: backup.extension,
    restore: backup.restore,
    variables: variablesOf(backup.variables, credentials),
    crash: backup.crash,
  };
}
