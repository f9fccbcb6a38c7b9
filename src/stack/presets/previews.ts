// Owns: what previews bring by default, below what the file says of them.
// Promises: nothing of production's: no rights in a cloud, no backups, a store of secrets of their own; one replica, all traffic denied.
// Must not: know single services.

import type { PreviewsSpec, ServiceSpec, StackSpec } from "../../spec/schema/spec-types.js";

export const PREVIEW_LABEL = "preview";
export const PREVIEW_LIFETIME = "3d";
export const PREVIEW_TAG = "{sha}";

/** Pull requests are small and many: what scales, costs or lasts is left out until the file asks for it. */
const SERVICE: { readonly [Field in keyof ServiceSpec]?: ServiceSpec[Field] | null } = {
  scaling: null,
  vertical: null,
  identity: null,
  placement: null,
  priorityClass: null,
};

/** The layer between a tier and what the file says of previews. */
export function previewDefaults(
  services: Readonly<Record<string, { readonly hasReplicas: boolean }>>,
  datastores: StackSpec["datastores"],
): object {
  return {
    backup: null,
    certManager: { mode: "off", acme: null, ca: null },
    gateway: { mode: "shared", loadBalancer: null },
    network: { policies: true, mtls: "off" },
    namespaces: "managed",
    secretStore: { name: "previews" },
    services: Object.fromEntries(
      Object.entries(services).map(([name, { hasReplicas }]) => [
        name,
        { ...SERVICE, ...(hasReplicas ? { replicas: 1 } : {}) },
      ]),
    ),
    datastores: Object.fromEntries(Object.keys(datastores ?? {}).map((name) => [name, { backup: null }])),
  };
}

/** The environment that previews are resolved as. */
export function asEnvironment(
  { domain }: PreviewsSpec,
  namespace: string,
): StackSpec["environments"][string] {
  return { tier: "development", domain, namespace };
}
