// Owns: one datastore of the merged spec → Datastore.
// Promises: Guaranteed quality of service, credentials by reference, a backup where there is data to lose and a place for it.
// Must not: know an engine; src/stack/engines does. Decide which objects come of it.

import type { Image, Resources } from "./container.js";
import type { Backup, BackupPlan, Datastore, ServerVariable } from "./datastore.js";
import {
  backedUp,
  backupCredentials,
  credentialsOf,
  type Derivation,
  engineImage,
  ownerSecretName,
  pinnedImage,
  resourcesOf,
  writableVolumes,
} from "./derivation.js";
import { clientsOf, engineInput } from "./derive-connection.js";
import type { EffectiveSpec } from "./effective.js";
import type { Engine, EngineBackup, EngineExporter, EngineInput, EngineVariable } from "./engines/engine.js";
import type { OperatorInput } from "./engines/engine-operator.js";
import { engines } from "./engines/index.js";
import { seconds } from "./quantity.js";

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
  const image = imageOf(engine, input, effective);
  const resources = resourcesOf(datastore.resources);
  const isOwn = input.mode === "statefulset";
  return {
    name,
    engine: datastore.engine,
    engineName: engine.summary,
    family: engine.family,
    mode: input.mode,
    version: datastore.version,
    role: datastore.role,
    image,
    host: input.host,
    port: { name: engine.port.name, number: input.port },
    user: engine.user,
    group: engine.group,
    replicas: input.replicas,
    storage: String(datastore.storage),
    storageClass: datastore.storageClass ?? effective.storageClass,
    resources,
    server: isOwn ? serverOf(engine, input, credentials) : undefined,
    operator:
      input.mode === "operator" ? operatorOf(engine, input, derivation, { image, resources }) : undefined,
    configuration: isOwn ? engine.configuration(input) : undefined,
    exporter: isOwn ? exporterOf(engine, input, credentials, derivation) : undefined,
    metrics: isOwn ? metricsOf(engine, input) : undefined,
    client: engine.client,
    check: engine.check(input),
    symptoms: engine.symptoms,
    rotation: rotationOf(engine, input),
    dataMemoryBytes: engine.dataMemory?.(input),
    credentials,
    clients: clientsOf(name, effective),
    noBackup: (input.mode === "operator" ? engine.operator?.noBackup : undefined) ?? engine.noBackup,
    backup: backedUp(derivation, "job").includes(name)
      ? backupOf(input, engine, credentials, derivation)
      : undefined,
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
  const server = engine.server?.(input);
  return (
    server && {
      ...server,
      variables: variablesOf(server.variables, credentials),
      writable: writableVolumes(server.writable),
    }
  );
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

/** What runs elsewhere takes its passwords there. */
function rotationOf({ rotation, operator }: Engine, input: EngineInput): readonly string[] {
  if (input.mode === "external") return [];
  return (input.mode === "operator" ? (operator?.rotation ?? rotation) : rotation)(input);
}

/** The server's image: that of the operator where it has one of its own. */
function imageOf(
  engine: Engine,
  { mode, version }: EngineInput,
  effective: EffectiveSpec,
): Image | undefined {
  const operator = mode === "operator" ? engine.operator : undefined;
  const { image, tagOf } = operator?.image === undefined ? engine : operator;
  return image === undefined ? undefined : engineImage({ image, tagOf }, version, effective);
}

function operatorOf(
  { operator, backup }: Engine,
  input: EngineInput,
  derivation: Derivation,
  { image, resources }: Pick<Datastore, "image" | "resources">,
): Datastore["operator"] {
  if (operator === undefined) return undefined;
  const datastore = derivation.effective.datastores[input.name];
  const isBackedUp = backedUp(derivation, "operator").includes(input.name);
  const full: OperatorInput = {
    ...input,
    image,
    resources,
    storage: String(datastore?.storage),
    storageClass: datastore?.storageClass ?? derivation.effective.storageClass,
    credentials: credentialsOf(input.name, derivation),
    ownerSecret: ownerSecretName(input.name),
    backup: isBackedUp && backup !== undefined ? backupPlan(input.name, backup, derivation) : undefined,
    clients: clientsOf(input.name, derivation.effective),
    controllers:
      datastore?.controllers ?? operator.controllers?.[derivation.place?.tier ?? "development"] ?? 0,
    topics: datastore?.topics ?? {},
  };
  const { summary, namespace, labels, metrics, imageFields } = operator;
  return {
    summary,
    namespace,
    labels,
    metrics,
    imageFields,
    extra: operator.extra(full),
    objects: operator.objects(full),
    members: operator.members(full),
    traffic: operator.traffic(full),
    sidecar: operator.sidecar(full),
    first: operator.first(input.name),
    backup: full.backup,
    asks: operator.asks,
  };
}

function backupPlan(
  name: string,
  engine: Pick<EngineBackup, "retention">,
  { effective, spec, place }: Derivation,
): BackupPlan | undefined {
  const s3 = effective.backup.store?.s3;
  if (s3 === undefined) return undefined;
  const own = effective.datastores[name]?.backup;
  return {
    schedule: own?.schedule ?? effective.backup.schedule,
    timeZone: own?.timeZone ?? "Etc/UTC",
    retentionDays: Math.max(
      1,
      Math.round(seconds(own?.retention ?? effective.backup.retention ?? engine.retention) / 86400),
    ),
    store: {
      bucket: s3.bucket,
      region: s3.region ?? "us-east-1",
      endpoint: s3.endpoint,
      prefix: [s3.prefix ?? spec.name, place?.name, place?.cluster, name].filter(Boolean).join("/"),
    },
    credentials: backupCredentials({ effective, spec, place }),
  };
}

function backupOf(
  input: EngineInput,
  { backup }: Engine,
  credentials: Credentials,
  derivation: Derivation,
): Backup | undefined {
  const plan = backup && backupPlan(input.name, backup, derivation);
  if (plan === undefined || backup === undefined) return undefined;
  return {
    ...plan,
    uploader: pinnedImage("rclone", derivation.effective),
    extension: backup.extension,
    restore: backup.restore,
    variables: variablesOf(backup.variables(input), credentials),
    crash: backup.crash,
    steps: backup.steps,
    kept: backup.kept(input),
  };
}
