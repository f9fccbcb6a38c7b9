// Owns: the table of gateways that can be chosen.
// Promises: a row for each word of the schema.
// Must not: hold logic.

import type { GatewayName } from "../../stack/presets/gateways.js";
import { envoyGateway } from "./envoy-gateway.js";
import type { GatewayImplementation } from "./implementation.js";
import { ingressNginx } from "./ingress-nginx.js";
import { traefik } from "./traefik.js";

export const IMPLEMENTATIONS: Readonly<Record<GatewayName, GatewayImplementation>> = {
  "envoy-gateway": envoyGateway,
  traefik,
  "ingress-nginx": ingressNginx,
};
