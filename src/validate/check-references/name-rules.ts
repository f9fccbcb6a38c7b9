// Owns: rules about names that must be met before a pod starts: secrets, settings, volumes, accounts.
// Promises: a secret counts as there when something in the overlay yields it: External Secrets, Sealed Secrets, cert-manager.
// Must not: look into other namespaces.

import { listAt, textAt } from "../values.js";
import { type NameReference, objectReferences, podReferences } from "./pod-references.js";
import type { PodSource } from "./pod-sources.js";
import { findOne, namesOf, type ProvidedKind } from "./provided.js";
import { about, type Complaint, listNames, type ReferenceRule, type References } from "./reference-rule.js";

function allReferences({ pods, objects }: References): NameReference[] {
  return [...pods.flatMap(podReferences), ...objects.flatMap(objectReferences)];
}

/** What to do where a name leads nowhere, by kind. */
const PLURALS: Readonly<Record<ProvidedKind, string>> = {
  Secret: "Secrets (with those of ExternalSecrets and the like)",
  ConfigMap: "ConfigMaps",
  PersistentVolumeClaim: "PersistentVolumeClaims",
  Service: "Services",
  ServiceAccount: "ServiceAccounts",
};

function nameRule(name: string, kind: ProvidedKind): ReferenceRule {
  return {
    name,
    find: (references) =>
      allReferences(references)
        .filter((reference) => reference.kind === kind)
        .flatMap((reference) => checkName(reference, references)),
  };
}

function checkName({ kind, owner, path, name, key }: NameReference, { provided }: References): Complaint[] {
  const found = findOne(provided, kind, owner.namespace, name);
  if (found === undefined)
    return [
      about(
        owner,
        path,
        `refers to the ${kind} ${name}, which nothing in the overlay yields`,
        listNames(namesOf(provided, kind, owner.namespace), PLURALS[kind]),
      ),
    ];
  if (key === undefined || found.keys === undefined || found.keys.includes(key)) return [];
  return [
    about(
      owner,
      path,
      `refers to the key ${key} of the ${kind} ${name}, which does not have it`,
      listNames(found.keys, `keys`),
    ),
  ];
}

const imagePullSecrets: ReferenceRule = {
  name: "image-pull-secret",
  find: ({ pods, provided }) =>
    pods.flatMap(({ owner, spec, path, namespace }) =>
      listAt(spec, "imagePullSecrets").flatMap((item, index) => {
        const name = textAt(item, "name");
        if (name === undefined || findOne(provided, "Secret", namespace, name) !== undefined) return [];
        const message = `pulls images with the Secret ${name}, which nothing in the overlay yields`;
        return [
          about(
            owner,
            `${path}.imagePullSecrets[${index}]`,
            message,
            "Make sure that the platform puts it into the namespace.",
            "warning",
          ),
        ];
      }),
    ),
};

const serviceAccount: ReferenceRule = {
  name: "service-account",
  find: ({ pods, provided }) =>
    pods.flatMap(({ owner, spec, path, namespace }: PodSource) => {
      const name = textAt(spec, "serviceAccountName") ?? textAt(spec, "serviceAccount");
      if (name === undefined || findOne(provided, "ServiceAccount", namespace, name) !== undefined) return [];
      const message = `runs as the ServiceAccount ${name}, which is not there: no pod will start`;
      return [
        about(
          owner,
          `${path}.serviceAccountName`,
          message,
          listNames(namesOf(provided, "ServiceAccount", namespace), "ServiceAccounts"),
        ),
      ];
    }),
};

export const nameRules: readonly ReferenceRule[] = [
  nameRule("config-map", "ConfigMap"),
  nameRule("secret", "Secret"),
  nameRule("volume-claim", "PersistentVolumeClaim"),
  imagePullSecrets,
  serviceAccount,
];
