// Owns: which secrets, settings and volumes an object refers to, and by which key.
// Promises: knows every place in a pod's spec, and those in custom resources that the generator uses.
// Must not: check that they exist.

import type { BuiltObject } from "../built-object.js";
import { listAt, textAt, type Values, valueAt } from "../values.js";
import { containersOf, type PodSource } from "./pod-sources.js";
import type { ProvidedKind } from "./provided.js";

export interface NameReference {
  readonly kind: ProvidedKind;
  readonly owner: BuiltObject;
  /** Path in the owner. */
  readonly path: string;
  readonly name: string;
  /** Undefined: all of it. */
  readonly key: string | undefined;
}

interface Found {
  readonly kind: ProvidedKind;
  readonly path: string;
  readonly name: string | undefined;
  readonly key?: string | undefined;
  readonly optional: unknown;
}

/** Every reference of a pod that must be met before it starts; those marked optional are left out. */
export function podReferences(pod: PodSource): NameReference[] {
  const containers = containersOf(pod).flatMap(({ data, path }) => [
    ...environmentSources(data, path),
    ...variables(data, path),
  ]);
  const volumes = listAt(pod.spec, "volumes").flatMap((volume, index) =>
    volumeReferences(volume, `${pod.path}.volumes[${index}]`),
  );
  return toReferences(pod.owner, [...containers, ...volumes]);
}

function toReferences(owner: BuiltObject, found: readonly Found[]): NameReference[] {
  return found.flatMap(({ kind, path, name, key, optional }) =>
    name === undefined || optional === true ? [] : [{ kind, owner, path, name, key }],
  );
}

function environmentSources(container: unknown, path: string): Found[] {
  return listAt(container, "envFrom").flatMap((source, index) => [
    reference("ConfigMap", valueAt(source, "configMapRef"), `${path}.envFrom[${index}].configMapRef`),
    reference("Secret", valueAt(source, "secretRef"), `${path}.envFrom[${index}].secretRef`),
  ]);
}

function variables(container: unknown, path: string): Found[] {
  return listAt(container, "env").flatMap((variable, index) => [
    reference(
      "ConfigMap",
      valueAt(variable, "valueFrom", "configMapKeyRef"),
      `${path}.env[${index}].valueFrom.configMapKeyRef`,
    ),
    reference(
      "Secret",
      valueAt(variable, "valueFrom", "secretKeyRef"),
      `${path}.env[${index}].valueFrom.secretKeyRef`,
    ),
  ]);
}

function reference(kind: ProvidedKind, value: unknown, path: string): Found {
  return {
    kind,
    path,
    name: textAt(value, "name"),
    key: textAt(value, "key"),
    optional: valueAt(value, "optional"),
  };
}

function volumeReferences(volume: unknown, path: string): Found[] {
  const claim = textAt(volume, "persistentVolumeClaim", "claimName");
  const projected = listAt(volume, "projected", "sources").flatMap((source, index) => [
    ...withItems(
      "ConfigMap",
      valueAt(source, "configMap"),
      "name",
      `${path}.projected.sources[${index}].configMap`,
    ),
    ...withItems("Secret", valueAt(source, "secret"), "name", `${path}.projected.sources[${index}].secret`),
  ]);
  return [
    ...withItems("ConfigMap", valueAt(volume, "configMap"), "name", `${path}.configMap`),
    ...withItems("Secret", valueAt(volume, "secret"), "secretName", `${path}.secret`),
    {
      kind: "PersistentVolumeClaim",
      path: `${path}.persistentVolumeClaim`,
      name: claim,
      optional: undefined,
    },
    ...projected,
  ];
}

/** A volume may take single keys. */
function withItems(kind: ProvidedKind, value: unknown, nameField: string, path: string): Found[] {
  const whole: Found = { kind, path, name: textAt(value, nameField), optional: valueAt(value, "optional") };
  const items = listAt(value, "items");
  return items.length === 0
    ? [whole]
    : items.map((item, index) => ({ ...whole, path: `${path}.items[${index}]`, key: textAt(item, "key") }));
}

type Finder = (data: Values) => Found[];

const CREDENTIALS = ["accessKeyId", "secretAccessKey", "sessionToken", "region"];
const s3 = (data: Values, path: readonly string[]): Found[] =>
  CREDENTIALS.map((field) => reference("Secret", valueAt(data, ...path, field), [...path, field].join(".")));
const endpoints = (data: Values, list: string): Found[] =>
  listAt(data, "spec", list).flatMap((endpoint, index) => [
    reference(
      "Secret",
      valueAt(endpoint, "basicAuth", "username"),
      `spec.${list}[${index}].basicAuth.username`,
    ),
    reference(
      "Secret",
      valueAt(endpoint, "basicAuth", "password"),
      `spec.${list}[${index}].basicAuth.password`,
    ),
    reference(
      "Secret",
      valueAt(endpoint, "authorization", "credentials"),
      `spec.${list}[${index}].authorization.credentials`,
    ),
    reference(
      "Secret",
      valueAt(endpoint, "tlsConfig", "ca", "secret"),
      `spec.${list}[${index}].tlsConfig.ca.secret`,
    ),
  ]);

/** Custom resources and objects without pods that refer to secrets of their own namespace. */
const FINDERS: Readonly<Record<string, Finder>> = {
  "networking.k8s.io/Ingress": (data) =>
    listAt(data, "spec", "tls").map((tls, index) => ({
      kind: "Secret",
      path: `spec.tls[${index}].secretName`,
      name: textAt(tls, "secretName"),
      optional: undefined,
    })),
  "gateway.networking.k8s.io/Gateway": (data) =>
    listAt(data, "spec", "listeners").flatMap((listener, index) =>
      listAt(listener, "tls", "certificateRefs")
        .filter((item) => valueAt(item, "namespace") === undefined)
        .map((item) => reference("Secret", item, `spec.listeners[${index}].tls.certificateRefs`)),
    ),
  "keda.sh/TriggerAuthentication": (data) =>
    listAt(data, "spec", "secretTargetRef").map((item, index) =>
      reference("Secret", item, `spec.secretTargetRef[${index}]`),
    ),
  "monitoring.coreos.com/ServiceMonitor": (data) => endpoints(data, "endpoints"),
  "monitoring.coreos.com/PodMonitor": (data) => endpoints(data, "podMetricsEndpoints"),
  "postgresql.cnpg.io/Cluster": (data) => [
    reference(
      "Secret",
      valueAt(data, "spec", "bootstrap", "initdb", "secret"),
      "spec.bootstrap.initdb.secret",
    ),
    reference("Secret", valueAt(data, "spec", "superuserSecret"), "spec.superuserSecret"),
    ...s3(data, ["spec", "backup", "barmanObjectStore", "s3Credentials"]),
  ],
  "barmancloud.cnpg.io/ObjectStore": (data) => s3(data, ["spec", "configuration", "s3Credentials"]),
};

/** References of objects that make no pods of their own. */
export function objectReferences(object: BuiltObject): NameReference[] {
  return toReferences(object, FINDERS[`${object.group}/${object.kind}`]?.(object.data) ?? []);
}
