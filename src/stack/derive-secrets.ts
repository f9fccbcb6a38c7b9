// Owns: all secrets of a view: those that are declared, and those that datastores and backups need beside.
// Promises: every reference to a secret in the view has its entry here.
// Must not: hold or ask for a value.

import { BACKUP_KEYS, backedUp, backupCredentials, credentialsOf, type Derivation } from "./derivation.js";
import { madeValues } from "./derive-connection.js";
import { goDuration } from "./quantity.js";
import type { Secret } from "./stack.js";

export function deriveSecrets(derivation: Derivation): Secret[] {
  const { effective, spec, place } = derivation;
  const keys = new Map<string, Set<string>>();
  const need = (secret: string, key: string) => keys.set(secret, (keys.get(secret) ?? new Set()).add(key));
  for (const [name, secret] of Object.entries(effective.secrets))
    for (const key of secret.keys) need(name, key);
  for (const { env } of Object.values(effective.services))
    for (const value of Object.values(env ?? {}))
      if (typeof value !== "string") need(value.secret, value.key);
  for (const datastore of Object.keys(effective.datastores)) {
    for (const { secret, key } of Object.values(credentialsOf(datastore, derivation))) need(secret, key);
  }
  if (backedUp(derivation, "job").length + backedUp(derivation, "operator").length > 0)
    for (const key of BACKUP_KEYS) need(backupCredentials(derivation), key);
  const made = madeValues(derivation);
  return [...keys.keys()].sort().map((name): Secret => {
    const declared = effective.secrets[name];
    return {
      name,
      store: declared?.store ?? effective.secretStore.name,
      storeKind: declared?.storeKind ?? effective.secretStore.kind,
      path: declared?.path ?? [spec.name, place?.name, name].filter(Boolean).join("/"),
      keys: [...(keys.get(name) ?? [])].sort(),
      refresh: goDuration(declared?.refresh ?? effective.secretStore.refresh),
      made: made
        .filter(({ secret }) => secret === name)
        .map(({ key, template }) => ({ key, template }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    };
  });
}
