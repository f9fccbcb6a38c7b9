// Owns: ExternalSecrets: where secret values come from.
// Promises: no value in git; every secret that a manifest refers to is fetched with the keys that are used.
// Must not: create stores; the platform has them.

import type { Secret, Stack } from "../stack/stack.js";
import type { Capability } from "./capability.js";
import { stackLabels } from "./labels.js";
import { layeredObject } from "./layered-object.js";

function view(stack: Stack, secret: Secret) {
  return {
    name: secret.name,
    labels: stackLabels(stack, "secret"),
    store: secret.store,
    storeKind: secret.storeKind,
    refresh: secret.refresh,
    made: secret.made,
    type: secret.type,
    secretLabels: secret.labels,
    entries: secret.keys.map((key) => ({
      key,
      property: secret.properties?.[key] ?? key,
      path: secret.path,
    })),
  };
}

/** Every secret once: those of the base, then those that only some environments need. */
function secretsOf({ base, environments }: Stack): Secret[] {
  const all = [base, ...environments].flatMap((place) => place.secrets);
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

export const secrets: Capability = {
  id: "secrets",
  title: "Secrets",
  summary: "External Secrets fetches values from the company's store and refreshes them; git holds none.",
  rows: ["SEC-07", "SEC-08"],
  withoutIt: undefined,
  files: (stack) =>
    secretsOf(stack).flatMap((secret) =>
      layeredObject(stack, {
        object: { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", name: secret.name },
        directory: "base",
        fileName: "external-secret.yaml",
        ownDirectory: false,
        template: "secrets/external-secret.yaml",
        about: {
          what: `The secret ${secret.name}, fetched from ${secret.storeKind} ${secret.store}.`,
          why: "No secret value is in git, and a rotated one arrives by itself.",
          standard: "External Secrets Operator, external-secrets.io/v1",
          change: `secrets.${secret.name} in prod-stack.yaml`,
        },
        base: stack.base.secrets.includes(secret) ? view(stack, secret) : undefined,
        inEnvironment: (environment) => {
          const own = environment.secrets.find(({ name }) => name === secret.name);
          return own && view(stack, own);
        },
        patch: (_environment, own) => ({ template: "secrets/external-secret.patch.yaml", view: own }),
      }),
    ),
};
