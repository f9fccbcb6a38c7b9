// Owns: how a service reaches a datastore: the variables of the connection, and the secret values that are made for it.
// Promises: two datastores of one service never give one variable; what holds a password comes from a secret.
// Must not: know an engine or a runtime.

import type { SecretRef } from "./container.js";
import { credentialsOf, type Derivation } from "./derivation.js";
import type { EffectiveDatastore, EffectiveService, EffectiveSpec } from "./effective.js";
import { type Engine, type EngineInput, PASSWORD } from "./engines/engine.js";
import { engines } from "./engines/index.js";
import { bytes, cpu } from "./quantity.js";

/** Names of the services that use a target, sorted. */
export function clientsOf(target: string, effective: EffectiveSpec): string[] {
  return Object.entries(effective.services)
    .filter(([, { uses }]) => uses !== undefined && target in uses)
    .map(([name]) => name)
    .sort();
}

/** Name of the Service by which the pods of a datastore have stable names. */
export function headlessName(datastore: string): string {
  return `${datastore}-headless`;
}

/** Stable name of one member; the namespace's search domain completes it, so that it is the same everywhere. */
function memberName(datastore: string, index: number): string {
  return `${datastore}-${index}.${headlessName(datastore)}`;
}

type Address = Pick<EngineInput, "host" | "hosts" | "port" | "tls">;

/** Where clients reach it: one that runs elsewhere is where the spec says. */
function addressOf(name: string, { mode, ...datastore }: EffectiveDatastore, engine: Engine): Address {
  const way = mode ?? engine.modes[0];
  if (way !== "external") {
    const host = engine.hostOf?.(name, way) ?? name;
    const tls = way === "operator" && engine.operator?.hasTls === true;
    const port = tls ? (engine.tlsPort ?? engine.port.number) : engine.port.number;
    return { host, hosts: [host], port, tls };
  }
  const { host = name, hosts = [], tls = true } = datastore;
  const usual = tls ? (engine.tlsPort ?? engine.port.number) : engine.port.number;
  return { host, hosts: [host, ...hosts], port: datastore.port ?? usual, tls };
}

/** What an engine is told of a datastore. */
export function engineInput(name: string, { effective, spec, place }: Derivation): EngineInput {
  const datastore = effective.datastores[name];
  if (datastore === undefined) throw new Error(`no datastore ${name}`);
  const engine = engines[datastore.engine];
  const mode = datastore.mode ?? engine.modes[0];
  const ofTier = mode === "operator" ? engine.operator?.replicas[place?.tier ?? "development"] : undefined;
  const replicas = datastore.replicas ?? ofTier ?? 1;
  const account = spec.name.replaceAll("-", "_");
  return {
    name,
    version: datastore.version,
    mode,
    role: datastore.role,
    ...addressOf(name, datastore, engine),
    sasl: datastore.sasl ?? "SCRAM-SHA-512",
    database: datastore.database ?? account,
    username: datastore.username ?? account.slice(0, 32),
    replicas,
    members: Array.from({ length: replicas }, (_, index) => memberName(name, index)),
    memoryBytes: bytes(String(datastore.resources.limits?.memory ?? "512Mi")),
    cpuMillicores: cpu(String(datastore.resources.limits?.cpu ?? "250m")),
    storageBytes: bytes(String(datastore.storage)),
  };
}

/** A value of a connection: text, or a secret value. */
export type ConnectionValue = string | SecretRef;

/** The variables by which a service reaches its datastores. */
export function connectionsOf(
  name: string,
  service: EffectiveService,
  derivation: Derivation,
): Readonly<Record<string, ConnectionValue>> {
  const targets = datastoresOf(service, derivation.effective);
  const usual = new Map(targets.map((target) => [target, usualNames(target, service, derivation.effective)]));
  const values: Record<string, ConnectionValue> = {};
  for (const target of targets) {
    const own = usual.get(target) ?? {};
    const isShared = targets.some((other) => other !== target && overlap(own, usual.get(other) ?? {}));
    const names = { ...(isShared ? prefixedNames(target, own) : own), ...service.uses?.[target]?.env };
    const parts = partsOf(target, name, derivation);
    for (const [part, variable] of Object.entries(names)) {
      const value = parts[part];
      if (value !== undefined && variable !== undefined)
        values[variable] =
          typeof value === "string" && value.includes(PASSWORD)
            ? secretPart(target, part, value, derivation)
            : value;
    }
  }
  return values;
}

/** Where an operator makes users, each client has its own, with secrets that are there and not fetched. */
function partsOf(
  target: string,
  client: string,
  derivation: Derivation,
): Readonly<Record<string, ConnectionValue>> {
  const { connection, operator } = engines[derivation.effective.datastores[target]?.engine ?? "redis"];
  const input = engineInput(target, derivation);
  return input.mode === "operator" && operator?.connection !== undefined
    ? operator.connection(input, client)
    : connection.parts(input);
}

function datastoresOf({ uses }: EffectiveService, { datastores }: EffectiveSpec): string[] {
  return Object.keys(uses ?? {})
    .filter((target) => datastores[target] !== undefined)
    .sort();
}

/** Names that the runtime's usual libraries read. */
function usualNames(
  target: string,
  { runtime, type }: EffectiveService,
  { datastores }: EffectiveSpec,
): Readonly<Record<string, string>> {
  // Somebody else's image has names of its own: only those that are told are given.
  if (type === "third-party") return {};
  const { connection } = engines[datastores[target]?.engine ?? "redis"];
  return connection.byRuntime[runtime] ?? connection.variables;
}

function overlap(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = new Set(Object.values(a));
  return Object.values(b).some((name) => names.has(name));
}

/** orders-db, url → ORDERS_DB_URL. */
function prefixedNames(
  target: string,
  names: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const prefix = constantCase(target);
  return Object.fromEntries(Object.keys(names).map((part) => [part, `${prefix}_${constantCase(part)}`]));
}

function constantCase(text: string): string {
  return text
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toUpperCase();
}

/** The password as it is, or a text around it that the secret store's template makes. */
function secretPart(target: string, part: string, text: string, derivation: Derivation): SecretRef {
  const { password } = credentialsOf(target, derivation);
  return text === PASSWORD ? password : { secret: password.secret, key: madeKey(target, part) };
}

function madeKey(target: string, part: string): string {
  return `${target}-${constantCase(part).toLowerCase().replaceAll("_", "-")}`;
}

/** A value that is made of another one in the same secret. */
export interface MadeValue extends SecretRef {
  /** Template of External Secrets (Go), such as redis://:{{ … }}@redis:6379. */
  readonly template: string;
}

/** Every text around a password that some service of the view asks for. */
export function madeValues(derivation: Derivation): MadeValue[] {
  const { effective } = derivation;
  const made = new Map<string, MadeValue>();
  for (const [name, service] of Object.entries(effective.services)) {
    const asked = Object.values(connectionsOf(name, service, derivation));
    for (const target of datastoresOf(service, effective)) {
      const { connection } = engines[effective.datastores[target]?.engine ?? "redis"];
      const { password } = credentialsOf(target, derivation);
      for (const [part, text] of Object.entries(connection.parts(engineInput(target, derivation)))) {
        const key = madeKey(target, part);
        const isAsked = asked.some(
          (value) => typeof value !== "string" && value.secret === password.secret && value.key === key,
        );
        if (isAsked && text !== PASSWORD)
          made.set(`${password.secret}/${key}`, {
            secret: password.secret,
            key,
            template: withPassword(text, password.key, part),
          });
      }
    }
  }
  return [...made.values()];
}

/**
 * Where the password is a part of something, it is escaped: it may hold any character. `urlquery` writes a blank as "+", which
 * means a plus before an address' "@"; in a connection string a quote within quotes is doubled, in JAAS a backslash goes before it.
 */
const ESCAPES: Readonly<Record<string, string>> = {
  url: ' | urlquery | replace "+" "%20"',
  jdbcUrl: ' | urlquery | replace "+" "%20"',
  connectionString: ` | replace "'" "''"`,
  jaasConfig: String.raw` | replace "\\" "\\\\" | replace "\"" "\\\""`,
};

function withPassword(text: string, key: string, part: string): string {
  const escaped = ESCAPES[part] ?? "";
  return text.replaceAll(PASSWORD, `{{ index . "${key}"${escaped} }}`);
}
