// Owns: the certificate of an environment's hosts, and the issuer where the stack brings its own.
// Promises: they lie where the gateway reads them.
// Must not: know single gateways.

import { certificateName, certificateNamespace, isCertificateShared } from "../../stack/certificate-home.js";
import { OWN_GATEWAY } from "../../stack/gateway-policies.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { type FileSpec, file } from "../capability.js";
import { stackLabels } from "../labels.js";
import { bootstrapDirectory, managedDirectory } from "../places.js";

const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";
const CHANGE = "certManager, gateway and services.*.expose in prod-stack.yaml";

/** Certificate, and Issuer if any, of an environment that exposes these hosts by HTTPS. */
export function certificateFiles(
  stack: Stack,
  environment: Environment,
  hosts: readonly string[],
): FileSpec[] {
  const { gateway, certManager } = environment.settings;
  const isShared = isCertificateShared(environment);
  const kustomization = isShared ? bootstrapDirectory(environment) : managedDirectory(environment);
  const member = { kustomization, as: "resources" } as const;
  const name = certificateName(stack.name, environment.name);
  const hasIssuer = certManager.acme !== undefined || certManager.ca !== undefined;
  const view = {
    name,
    environment: environment.name,
    labels: { ...stackLabels(stack, "edge"), ...(isShared ? { environment: environment.name } : {}) },
    namespace: isShared ? certificateNamespace(environment) : undefined,
    gatewayName: gateway.name,
    gatewayNamespace: gateway.namespace,
    hosts,
    hasWildcard: hosts.some((host) => host.startsWith("*.")),
    httpsListener: gateway.httpsListener,
    secretName: `${name}-tls`,
    issuer: certManager.issuer,
    issuerKind: hasIssuer ? "Issuer" : certManager.issuerKind,
    isShared,
  };
  const certificate = file(
    `${kustomization}/certificate.yaml`,
    "exposure/certificate.yaml",
    view,
    {
      what: `The certificate of ${environment.name}'s hosts.`,
      why: "cert-manager gets it and renews it by itself, long before it ends.",
      standard: "cert-manager.io/v1",
      change: CHANGE,
    },
    { member, kinds: isShared ? [] : ["cert-manager.io/Certificate"] },
  );
  if (!hasIssuer) return [certificate];
  return [
    certificate,
    file(
      `${kustomization}/issuer.yaml`,
      "exposure/issuer.yaml",
      { ...view, ...issuerOf(environment) },
      {
        what: `The issuer of ${environment.name}'s certificate.`,
        why: "The stack's own: it needs no rights beyond its namespace.",
        standard: "cert-manager.io/v1",
        change: CHANGE,
      },
      { member, kinds: ["cert-manager.io/Issuer"] },
    ),
  ];
}

function issuerOf({ settings: { certManager, gateway } }: Environment) {
  const { acme, ca } = certManager;
  const usesGatewayApi = gateway.implementation === "envoy-gateway";
  return {
    ca: ca?.secret,
    acme: acme && {
      email: acme.email,
      directory: acme.directory ?? LETS_ENCRYPT,
      // Names the account's key: one of each issuer.
      account: `${certManager.issuer}-account`,
      route53: acme.dns01?.route53 && { hostedZone: undefined, role: undefined, ...acme.dns01.route53 },
      cloudDNS: acme.dns01?.cloudDNS,
      azureDNS: acme.dns01?.azureDNS && { client: undefined, ...acme.dns01.azureDNS },
      cloudflare: acme.dns01?.cloudflare,
      gateway:
        acme.dns01 === undefined && usesGatewayApi
          ? { kind: gateway.mode === "own" ? "Gateway" : "ListenerSet", name: OWN_GATEWAY }
          : undefined,
      ingressClass: acme.dns01 === undefined && !usesGatewayApi ? gateway.class : undefined,
    },
  };
}
