// Owns: all secrets of a view: those that are declared, and those that datastores and backups need beside.
// Promises: every reference to a secret in the view has its entry here.
// Must not: hold or ask for a value.

import type { SecretRef } from "./container.js";
import {
  BACKUP_KEYS,
  backedUp,
  backupCredentials,
  credentialsOf,
  type Derivation,
  ownerSecretName,
} from "./derivation.js";
import { engineInput, madeValues } from "./derive-connection.js";
import { scalingOf } from "./derive-scaling.js";
import type { EffectiveDatastore, EffectiveService } from "./effective.js";
import { engines } from "./engines/index.js";
import { goDuration } from "./quantity.js";
import type { Secret } from "./stack.js";

/** Secret values in the variables of all containers of a service. */
function namedSecrets({ env, containers }: EffectiveService): SecretRef[] {
  const all = [env, ...Object.values(containers ?? {}).map((container) => container.env)];
  return all
    .flatMap((variables) => Object.values(variables ?? {}))
    .flatMap((value) => (typeof value === "string" ? [] : [value]));
}

export function deriveSecrets(derivation: Derivation): Secret[] {
  const { effective, spec, place } = derivation;
  const keys = new Map<string, Set<string>>();
  const need = (secret: string, key: string) => keys.set(secret, (keys.get(secret) ?? new Set()).add(key));
  for (const [name, secret] of Object.entries(effective.secrets))
    for (const key of secret.keys) need(name, key);
  for (const { secret, key } of Object.values(effective.services).flatMap(namedSecrets)) need(secret, key);
  for (const { secret, key } of triggerLogins(derivation)) need(secret, key);
  for (const datastore of Object.keys(effective.datastores)) {
    if (makesUsers(effective.datastores[datastore])) continue;
    for (const { secret, key } of Object.values(credentialsOf(datastore, derivation))) need(secret, key);
  }
  if (backedUp(derivation, "job").length + backedUp(derivation, "operator").length > 0)
    for (const key of BACKUP_KEYS) need(backupCredentials(derivation), key);
  const made = madeValues(derivation);
  const fetched = [...keys.keys()].sort().map((name): Secret => {
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
  return [...fetched, ...ownerSecrets(derivation, fetched)].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Its operator makes users with secrets of their own. */
function makesUsers(datastore: EffectiveDatastore | undefined): boolean {
  return datastore?.mode === "operator" && engines[datastore.engine].operator?.connection !== undefined;
}

/** An operator asks for user and password under names of its own: a secret beside, from the same place in the store. */
function ownerSecrets(derivation: Derivation, fetched: readonly Secret[]): Secret[] {
  const { datastores } = derivation.effective;
  return Object.entries(datastores).flatMap(([datastore, { engine, mode }]): Secret[] => {
    if (mode !== "operator" || engines[engine].operator?.needsOwnerSecret !== true) return [];
    const { password } = credentialsOf(datastore, derivation);
    const holder = fetched.find(({ name }) => name === password.secret);
    if (holder === undefined) return [];
    const { store, storeKind, path, refresh } = holder;
    const username = engineInput(datastore, derivation).username;
    const { ownerSecretLabels } = engines[engine].operator;
    return [
      {
        name: ownerSecretName(datastore),
        store,
        storeKind,
        path,
        refresh,
        type: "kubernetes.io/basic-auth",
        ...(ownerSecretLabels === undefined ? {} : { labels: ownerSecretLabels }),
        keys: ["password"],
        properties: { password: password.key },
        made: [{ key: "username", template: username }],
      },
    ];
  });
}

/** What KEDA logs in with. */
function triggerLogins(derivation: Derivation): SecretRef[] {
  return Object.values(derivation.effective.services).flatMap(({ scaling }) =>
    (scalingOf(scaling, derivation)?.triggers ?? []).flatMap(({ authentication }) => authentication),
  );
}
