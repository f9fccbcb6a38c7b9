// Owns: the environment variables of a container: their literals, and where their secret values live.
// Promises: a value that may be secret is never kept: what is kept is where it stands.
// Must not: know datastores.

import { asRecord, listAt, textAt, type Values } from "../validate/values.js";
import { hostsIn, type NamedHost, type Shape, shapeOf } from "./hosts.js";
import { type Manifest, type Origin, placeText, visible } from "./manifest.js";
import type { Report } from "./report.js";
import { labelOf } from "./scene.js";
import { isSecretText, isSecretVariable } from "./secret-text.js";
import type { Container } from "./workloads.js";

/** A literal, or a key of a secret. */
export interface Variable {
  readonly name: string;
  readonly text: string | undefined;
  /** Hosts that its text names, and what kind of address it is; of a text that is not kept, too. */
  readonly hosts: readonly NamedHost[];
  readonly shape: Shape;
  readonly secret: { readonly name: string; readonly key: string } | undefined;
  readonly origin: Origin;
  readonly note: string | undefined;
}

export interface VariableInput {
  readonly container: Container;
  /** The workload. */
  readonly object: Manifest;
  /** Key of the service, after which a secret is called that has none yet. */
  readonly service: string;
  readonly objects: readonly Manifest[];
  readonly report: Report;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** In the order in which the container sees them; later ones win. */
export function variablesOf(input: VariableInput): readonly Variable[] {
  const { container } = input;
  const all = [
    ...listAt(container.data, "envFrom").flatMap((item, index) => fromWhole(asRecord(item), index, input)),
    ...listAt(container.data, "env").flatMap((item) => fromOne(asRecord(item), input) ?? []),
  ].filter(({ name }) => NAME.test(name) && name.length <= 253);
  return [...new Map(all.map((variable) => [variable.name, variable])).values()];
}

function fromOne(item: Values, input: VariableInput): Variable | undefined {
  const name = textAt(item, "name");
  if (name === undefined) return undefined;
  const origin = input.object.origin(...input.container.path, "env", { name });
  const from = asRecord(item.valueFrom);
  if (item.valueFrom === undefined) return literal(name, String(item.value ?? ""), origin, input);
  const secret = asRecord(from.secretKeyRef);
  if (from.secretKeyRef !== undefined)
    return secretVariable(name, textAt(secret, "name") ?? "", textAt(secret, "key") ?? "", origin);
  const map = asRecord(from.configMapKeyRef);
  if (from.configMapKeyRef !== undefined) {
    const found = configMap(textAt(map, "name"), input);
    const value = found?.text("data", textAt(map, "key") ?? "");
    if (found !== undefined && value !== undefined)
      return literal(name, value, found.origin("data", textAt(map, "key") ?? ""), input);
    if (map.optional !== true)
      input.report.leave(
        `${visible(name)} of ${visible(input.object.id)}: its ConfigMap is not in the repository`,
        origin,
      );
    return undefined;
  }
  input.report.leave(
    `${visible(name)} of ${visible(input.object.id)}: a variable from a field of the pod has no place in a spec; a patch of overlays/ENV can give it`,
    origin,
  );
  return undefined;
}

function fromWhole(item: Values, index: number, input: VariableInput): Variable[] {
  const prefix = textAt(item, "prefix") ?? "";
  const origin = input.object.origin(...input.container.path, "envFrom", index);
  const map = textAt(asRecord(item.configMapRef), "name");
  if (map !== undefined) {
    const found = configMap(map, input);
    if (found === undefined) {
      input.report.leave(`variables of ConfigMap ${visible(map)}, which is not in the repository`, origin);
      return [];
    }
    return Object.entries(found.record("data")).map(([key, value]) =>
      literal(`${prefix}${key}`, String(value), found.origin("data", key), input),
    );
  }
  const secret = textAt(asRecord(item.secretRef), "name");
  if (secret === undefined) return [];
  const keys = keysOfSecret(secret, input.objects);
  if (keys.length === 0)
    input.report.leave(
      `variables of Secret ${visible(secret)}, whose keys are not in the repository: name them under env, as { secret: ${labelOf(secret)}, key: KEY }`,
      origin,
    );
  return keys.map((key) => secretVariable(`${prefix}${key}`, secret, key, origin));
}

function configMap(name: string | undefined, { objects }: VariableInput): Manifest | undefined {
  return objects.find((one) => one.kind === "ConfigMap" && one.name === name);
}

function secretVariable(name: string, secret: string, key: string, origin: Origin): Variable {
  const place = { name: labelOf(secret), key: dataKey(key) };
  return { name, text: undefined, hosts: [], shape: undefined, secret: place, origin, note: undefined };
}

function literal(name: string, value: string, origin: Origin, input: VariableInput): Variable {
  const address = { hosts: hostsIn(name, value), shape: shapeOf(value) };
  if (!isSecretVariable(name, value))
    return { name, text: value, ...address, secret: undefined, origin, note: undefined };
  input.report.warn(
    `${visible(name)} stands in plain text at ${placeText(origin)}: it was not copied. Put it into the secret store, and change it, since git keeps the old one`,
    origin,
  );
  const secret = { name: input.service, key: dataKey(name.toLowerCase().replaceAll("_", "-")) };
  return { name, text: undefined, ...address, secret, origin, note: "stood here in plain text; not copied" };
}

function dataKey(text: string): string {
  const key = text
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^-+/, "")
    .replace(/-{2,}/g, "-")
    .slice(0, 253);
  return key === "" ? "value" : key;
}

/** Keys of a secret, by any kind of object that makes one. Values are not looked at. */
export function keysOfSecret(name: string, objects: readonly Manifest[]): string[] {
  const keys = objects.flatMap((object) => {
    if (object.kind === "Secret" && object.name === name)
      return [...Object.keys(object.record("data")), ...Object.keys(object.record("stringData"))];
    if (
      object.kind === "SealedSecret" &&
      (object.text("spec", "template", "metadata", "name") ?? object.name) === name
    )
      return Object.keys(object.record("spec", "encryptedData"));
    if (object.kind === "ExternalSecret" && (object.text("spec", "target", "name") ?? object.name) === name)
      return object.list("spec", "data").flatMap((item) => textAt(item, "secretKey") ?? []);
    return [];
  });
  return [...new Set(keys.map(dataKey))];
}

/** A file's text that may be carried over. */
export function isPublic(text: string): boolean {
  return !isSecretText(text);
}
