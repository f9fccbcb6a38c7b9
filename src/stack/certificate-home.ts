// Owns: where the certificate of an environment's hosts lies.
// Promises: in the shared Gateway's namespace where a Gateway reads it, else beside the routes.
// Must not: know the manifests.

import { gatewayPreset } from "./presets/gateways.js";
import type { Environment } from "./stack.js";

type Place = Pick<Environment, "settings" | "namespace">;

/** The Gateway is the platform's, and reads certificates in its own namespace. */
export function isCertificateShared({ settings: { gateway } }: Pick<Place, "settings">): boolean {
  return gateway.mode === "shared" && !gatewayPreset(gateway.implementation).needsLocalCertificate;
}

export function certificateNamespace(place: Place): string {
  return isCertificateShared(place) ? place.settings.gateway.namespace : place.namespace;
}

/** Name of the Certificate; its Secret is called the same with -tls. */
export function certificateName(stack: string, environment: string): string {
  return `${stack}-${environment}`;
}
