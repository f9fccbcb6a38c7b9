// Owns: what every derivation starts from, and the small facts that several of them share.
// Promises: pure lookups over the merged spec.
// Must not: import a derivation.

import type { StackSpec, TierName } from "../spec/schema/spec-types.js";
import type { Amounts, Image, Resources, SecretRef } from "./container.js";
import type { Datastore } from "./datastore.js";
import type { EffectiveSpec } from "./effective.js";
import type { Engine } from "./engines/engine.js";
import { engines } from "./engines/index.js";
import { type ImagePin, images } from "./images.js";
import { bytes, formatBytes } from "./quantity.js";

export interface Derivation {
  readonly spec: StackSpec;
  readonly effective: EffectiveSpec;
  /** Undefined in the base. */
  readonly place:
    | {
        readonly name: string;
        readonly cluster?: string | undefined;
        readonly domain: string;
        readonly tier: TierName;
        readonly namespace: string;
      }
    | undefined;
}

type LooseAmounts =
  | {
      readonly cpu?: string | number;
      readonly memory?: string | number;
      readonly "ephemeral-storage"?: string | number;
    }
  | undefined;

/** Amounts as strings; scratch space defaults to a modest share of the node's disk. */
export function amountsOf(amounts: LooseAmounts, ephemeralStorage: string): Amounts {
  return {
    cpu: String(amounts?.cpu ?? "100m"),
    memory: String(amounts?.memory ?? "128Mi"),
    ephemeralStorage: String(amounts?.["ephemeral-storage"] ?? ephemeralStorage),
  };
}

export function resourcesOf(resources: {
  readonly requests?: LooseAmounts;
  readonly limits?: LooseAmounts;
}): Resources {
  return { requests: amountsOf(resources.requests, "64Mi"), limits: amountsOf(resources.limits, "512Mi") };
}

/** A pinned image of the generator's own choice, through the company's mirror. */
export function pinnedImage(name: string, effective: EffectiveSpec): Image {
  const pin = images.find((candidate) => candidate.name === name);
  if (pin === undefined) throw new Error(`no image ${name} in images.ts`);
  return imageOf(pin, effective);
}

function imageOf({ repository, tag, digest, exception }: ImagePin, effective: EffectiveSpec): Image {
  const mirrored = mirror(repository, effective);
  return {
    repository: mirrored,
    tag,
    digest,
    exception,
    reference: `${mirrored}:${tag}${digest === undefined ? "" : `@${digest}`}`,
  };
}

/** The image of an engine, or of its operator, in the version that the user asked for: the pinned one where that fits, else by tag. */
export function engineImage(
  engine: Pick<Engine, "tagOf"> & { readonly image: string },
  version: string,
  effective: EffectiveSpec,
): Image {
  const pins = images.filter(({ name }) => name === engine.image || name.startsWith(`${engine.image}:`));
  const pin = pins.find(
    ({ tag }) => tag === version || tag.startsWith(`${version}.`) || tag.startsWith(`${version}-`),
  );
  if (pin !== undefined) return imageOf(pin, effective);
  const any = pins[0];
  if (any === undefined) throw new Error(`no image ${engine.image} in images.ts`);
  const tag = engine.tagOf(version);
  const repository = mirror(any.repository, effective);
  return {
    repository,
    tag,
    digest: undefined,
    exception: `version ${version} was asked for, and no digest of it is recorded`,
    reference: `${repository}:${tag}`,
  };
}

/** A repository behind the mirror of its registry; Docker Hub's short names count as docker.io. */
export function mirror(repository: string, { registries }: EffectiveSpec): string {
  const [first = "", ...rest] = repository.split("/");
  const hasHost = rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
  const host = hasHost ? first : "docker.io";
  const path = hasHost ? rest.join("/") : rest.length === 0 ? `library/${first}` : repository;
  const target = registries[host];
  return target === undefined ? repository : `${target}/${path}`;
}

/**
 * Where the secret values of a datastore live: the password as declared, any of them as `NAME-CREDENTIAL` of a declared
 * secret, else in a secret of its own.
 */
export function credentialsOf(name: string, { effective }: Derivation): Datastore["credentials"] {
  const datastore = effective.datastores[name];
  const declared = datastore?.password;
  const place = (credential: string): SecretRef => {
    if (credential === "password" && declared !== undefined)
      return { secret: declared.secret, key: declared.key };
    const key = `${name}-${credential}`;
    const holder = Object.keys(effective.secrets)
      .sort()
      .find((secret) => effective.secrets[secret]?.keys.includes(key));
    return holder === undefined ? { secret: name, key: credential } : { secret: holder, key };
  };
  const engine = engines[datastore?.engine ?? "redis"];
  const [password, ...all] = engine.credentials;
  // What an operator or somebody else runs has secrets of its own for itself.
  const others = (datastore?.mode ?? engine.modes[0]) === "statefulset" ? all : [];
  return {
    ...Object.fromEntries(others.map((credential) => [credential, place(credential)])),
    password: place(password),
  };
}

/** Name of the secret with the user and password that an operator gives the services' user. */
export function ownerSecretName(datastore: string): string {
  return `${datastore}-owner`;
}

/** The secret with the object store's credentials. */
export function backupCredentials({ effective }: Derivation): string {
  return effective.backup.store?.s3.credentials ?? "backup-store";
}

export const BACKUP_KEYS = ["access-key-id", "secret-access-key"] as const;

/** Datastores that are backed up: stores, where there is somewhere to put backups; by a job of the stack, or by their operator. */
export function backedUp({ effective }: Derivation, by: "job" | "operator"): string[] {
  if (effective.backup.store === undefined) return [];
  return Object.keys(effective.datastores)
    .filter((name) => {
      const { role, engine, mode } = effective.datastores[name] ?? {};
      if (role !== "store" || engine === undefined) return false;
      const { backup, operator, modes } = engines[engine];
      // What runs elsewhere is backed up there.
      return by === "job"
        ? backup !== undefined && (mode ?? modes[0]) === "statefulset"
        : operator?.backsUp === true && (mode ?? modes[0]) === "operator";
    })
    .sort();
}

/** One volume a path; paths that would share a name get a number. */
export function writableVolumes(
  sizes: Readonly<Record<string, string | number>>,
): { readonly name: string; readonly path: string; readonly size: string }[] {
  const taken = new Set<string>();
  return Object.entries(sizes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, size]) => {
      const plain = volumeName(path);
      let name = plain;
      for (let number = 2; taken.has(name); number += 1) name = `${plain}-${number}`;
      taken.add(name);
      return { name, path, size: formatBytes(bytes(size)) };
    });
}

/** A volume's name from its path: /var/cache/nginx → writable-var-cache-nginx. */
export function volumeName(path: string): string {
  const name = path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `writable-${name === "" ? "root" : name}`.slice(0, 59).replace(/-+$/, "");
}
