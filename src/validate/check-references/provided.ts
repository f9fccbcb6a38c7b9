// Owns: what others of an overlay may refer to by name: secrets, settings, services, accounts and volumes.
// Promises: what an operator makes counts as well, with its keys and ports where those are known.
// Must not: assume that something exists which nothing in the overlay yields.

import type { BuiltObject } from "../built-object.js";
import { listAt, recordAt, textAt, valueAt } from "../values.js";

export type ProvidedKind = "Secret" | "ConfigMap" | "Service" | "ServiceAccount" | "PersistentVolumeClaim";

export interface ProvidedPort {
  readonly name: string | undefined;
  readonly number: unknown;
}

export interface Provided {
  readonly kind: ProvidedKind;
  /** Undefined: in every namespace. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** Keys of a Secret or ConfigMap; undefined where they are not known. */
  readonly keys?: readonly string[] | undefined;
  /** Ports of a Service; undefined where they are not known. */
  readonly ports?: readonly ProvidedPort[] | undefined;
  readonly object?: BuiltObject;
}

type Yield = Omit<Provided, "namespace" | "object">;
type Provider = (object: BuiltObject) => readonly Yield[];

const keysOf = (data: unknown, ...fields: readonly (readonly string[])[]) =>
  fields.flatMap((path) => Object.keys(recordAt(data, ...path)));

function secret(name: string | undefined, keys?: readonly string[]): Yield[] {
  return name === undefined ? [] : [{ kind: "Secret", name, keys }];
}

function service(name: string, ports?: readonly ProvidedPort[]): Yield {
  return { kind: "Service", name, ports };
}

const CERTIFICATE_KEYS = ["tls.crt", "tls.key", "ca.crt"];
/** https://cloudnative-pg.io/documentation/current/applications/ */
const POSTGRES_KEYS = [
  "username",
  "user",
  "password",
  "dbname",
  "host",
  "port",
  "uri",
  "jdbc-uri",
  "fqdn-uri",
  "fqdn-jdbc-uri",
  "pgpass",
];
const postgresPort = [{ name: "postgres", number: 5432 }];

/** https://external-secrets.io/latest/guides/templating/: a template replaces the fetched keys unless it merges. */
function externalSecretKeys(data: unknown): readonly string[] | undefined {
  const templated = keysOf(data, ["spec", "target", "template", "data"]);
  const hasTemplate =
    templated.length > 0 || listAt(data, "spec", "target", "template", "templateFrom").length > 0;
  const merges = textAt(data, "spec", "target", "template", "mergePolicy") === "Merge";
  if (listAt(data, "spec", "target", "template", "templateFrom").length > 0) return undefined;
  if (hasTemplate && !merges) return templated;
  if (listAt(data, "spec", "dataFrom").length > 0) return undefined;
  return [...templated, ...listAt(data, "spec", "data").flatMap((item) => textAt(item, "secretKey") ?? [])];
}

function servicePorts(data: unknown): ProvidedPort[] {
  return listAt(data, "spec", "ports").map((port) => ({
    name: textAt(port, "name"),
    number: valueAt(port, "port"),
  }));
}

function postgres({ name, data }: BuiltObject): Yield[] {
  const own =
    textAt(data, "spec", "bootstrap", "initdb", "secret", "name") === undefined
      ? secret(`${name}-app`, POSTGRES_KEYS)
      : [];
  const superuser =
    valueAt(data, "spec", "enableSuperuserAccess") === true ? secret(`${name}-superuser`, POSTGRES_KEYS) : [];
  const certificates = ["ca", "server", "replication"].flatMap((suffix) => secret(`${name}-${suffix}`));
  const services = ["rw", "r", "ro"].map((suffix) => service(`${name}-${suffix}`, postgresPort));
  return [...own, ...superuser, ...certificates, ...services, { kind: "ServiceAccount", name }];
}

/** cert-manager makes the secrets of a Gateway or Ingress that has its annotation. */
function hasIssuer({ data }: BuiltObject): boolean {
  return Object.keys(recordAt(data, "metadata", "annotations")).some((key) =>
    /^cert-manager\.io\/(?:cluster-)?issuer$/.test(key),
  );
}

function listenerSecrets(object: BuiltObject): Yield[] {
  if (!hasIssuer(object)) return [];
  const references = listAt(object.data, "spec", "listeners").flatMap((listener) =>
    listAt(listener, "tls", "certificateRefs"),
  );
  return references.flatMap((reference) => secret(textAt(reference, "name"), CERTIFICATE_KEYS));
}

const PROVIDERS: Readonly<Record<string, Provider>> = {
  "/Secret": ({ name, data }) => secret(name, keysOf(data, ["data"], ["stringData"])),
  "/ConfigMap": ({ name, data }) => [
    { kind: "ConfigMap", name, keys: keysOf(data, ["data"], ["binaryData"]) },
  ],
  "/Service": ({ name, data }) => [service(name, servicePorts(data))],
  "/ServiceAccount": ({ name }) => [{ kind: "ServiceAccount", name }],
  "/PersistentVolumeClaim": ({ name }) => [{ kind: "PersistentVolumeClaim", name }],
  "external-secrets.io/ExternalSecret": ({ name, data }) =>
    secret(textAt(data, "spec", "target", "name") ?? name, externalSecretKeys(data)),
  "bitnami.com/SealedSecret": ({ name, data }) =>
    secret(
      textAt(data, "spec", "template", "metadata", "name") ?? name,
      keysOf(data, ["spec", "encryptedData"], ["spec", "template", "data"]),
    ),
  "cert-manager.io/Certificate": ({ data }) =>
    secret(
      textAt(data, "spec", "secretName"),
      valueAt(data, "spec", "keystores") === undefined ? CERTIFICATE_KEYS : undefined,
    ),
  "networking.k8s.io/Ingress": (object) =>
    hasIssuer(object)
      ? listAt(object.data, "spec", "tls").flatMap((tls) =>
          secret(textAt(tls, "secretName"), CERTIFICATE_KEYS),
        )
      : [],
  "gateway.networking.k8s.io/Gateway": listenerSecrets,
  "gateway.networking.k8s.io/ListenerSet": listenerSecrets,
  "gateway.networking.x-k8s.io/XListenerSet": listenerSecrets,
  "secrets-store.csi.x-k8s.io/SecretProviderClass": ({ data }) =>
    listAt(data, "spec", "secretObjects").flatMap((item) => secret(textAt(item, "secretName"))),
  "postgresql.cnpg.io/Cluster": postgres,
  "postgresql.cnpg.io/Pooler": ({ name }) => [service(name, postgresPort)],
  "monitoring.coreos.com/Prometheus": () => [
    service("prometheus-operated", [
      { name: "web", number: 9090 },
      { name: "grpc", number: 10901 },
    ]),
  ],
  "monitoring.coreos.com/Alertmanager": () => [
    service("alertmanager-operated", [{ name: "web", number: 9093 }]),
  ],
  "grafana.integreatly.org/Grafana": ({ name }) => [
    service(`${name}-service`),
    ...secret(`${name}-admin-credentials`),
    { kind: "ServiceAccount", name: `${name}-sa` },
  ],
  "serving.kserve.io/InferenceService": ({ name }) => [service(name), service(`${name}-predictor`)],
  "opentelemetry.io/OpenTelemetryCollector": ({ name }) => [
    service(`${name}-collector`),
    { kind: "ServiceAccount", name: `${name}-collector` },
  ],
};

/** What every namespace has from the start. */
const IN_EVERY_NAMESPACE: readonly Provided[] = [
  { kind: "ServiceAccount", namespace: undefined, name: "default" },
  { kind: "ConfigMap", namespace: undefined, name: "kube-root-ca.crt", keys: ["ca.crt"] },
];

/** @param foreign names of ConfigMaps that somebody else makes */
export function findProvided(objects: readonly BuiltObject[], foreign: readonly string[] = []): Provided[] {
  const made = objects.flatMap((object) => {
    const yields = PROVIDERS[`${object.group}/${object.kind}`]?.(object) ?? [];
    return [...yields, ...bundled(object)].map((item) => ({ namespace: object.namespace, ...item, object }));
  });
  const elsewhere = foreign.map((name): Provided => ({ kind: "ConfigMap", namespace: undefined, name }));
  return [...made, ...IN_EVERY_NAMESPACE, ...elsewhere];
}

/** trust-manager writes one map into many namespaces. */
function bundled({ group, kind, name, data }: BuiltObject): Omit<Provided, "object">[] {
  if (group !== "trust.cert-manager.io" || kind !== "Bundle") return [];
  const key = textAt(data, "spec", "target", "configMap", "key");
  return key === undefined ? [] : [{ kind: "ConfigMap", namespace: undefined, name, keys: [key] }];
}

/** The first of a kind, name and namespace. */
export function findOne(
  provided: readonly Provided[],
  kind: ProvidedKind,
  namespace: string,
  name: string,
): Provided | undefined {
  return provided.find(
    (item) =>
      item.kind === kind &&
      item.name === name &&
      (item.namespace === undefined || item.namespace === namespace),
  );
}

/** Names of a kind in a namespace, for hints. */
export function namesOf(provided: readonly Provided[], kind: ProvidedKind, namespace: string): string[] {
  return provided
    .filter((item) => item.kind === kind && item.namespace === namespace)
    .map(({ name }) => name);
}
