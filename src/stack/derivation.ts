// Owns: what every derivation starts from, and the small facts that several of them share.
// Promises: pure lookups over the merged spec.
// Must not: import a derivation.

import type { StackSpec } from "../spec/schema/spec-types.js";
import type { EffectiveSpec } from "./effective.js";
import { type ImagePin, images } from "./images.js";
import type { Amounts, Image, Resources, SecretRef } from "./stack.js";

export interface Derivation {
  readonly spec: StackSpec;
  readonly effective: EffectiveSpec;
  /** Undefined in the base. */
  readonly place: { readonly name: string; readonly domain: string } | undefined;
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

/** The image of an engine in the version that the user asked for: the pinned one where that fits, else by tag. */
export function engineImage(name: string, version: string, effective: EffectiveSpec): Image {
  const pin = images.find((candidate) => candidate.name === name);
  if (pin === undefined) throw new Error(`no image ${name} in images.ts`);
  if (pin.tag === version || pin.tag.startsWith(`${version}.`) || pin.tag.startsWith(`${version}-`))
    return imageOf(pin, effective);
  const tag = `${version}-alpine`;
  const repository = mirror(pin.repository, effective);
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

/** Where the password of a datastore lives: as declared, else `NAME-password` of a declared secret, else a secret of its own. */
export function passwordOf(datastore: string, { effective }: Derivation): SecretRef {
  const declared = effective.datastores[datastore]?.password;
  if (declared !== undefined) return { secret: declared.secret, key: declared.key };
  const key = `${datastore}-password`;
  const holder = Object.keys(effective.secrets)
    .sort()
    .find((name) => effective.secrets[name]?.keys.includes(key));
  return holder === undefined ? { secret: datastore, key: "password" } : { secret: holder, key };
}

/** The secret with the object store's credentials. */
export function backupCredentials({ effective }: Derivation): string {
  return effective.backup.store?.s3.credentials ?? "backup-store";
}

export const BACKUP_KEYS = ["access-key-id", "secret-access-key"] as const;

/** Datastores that are backed up: stores, where there is somewhere to put backups. */
export function backedUp({ effective }: Derivation): string[] {
  if (effective.backup.store === undefined) return [];
  return Object.keys(effective.datastores)
    .filter((name) => effective.datastores[name]?.role === "store")
    .sort();
}
