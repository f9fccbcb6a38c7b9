// Owns: exposure by NGINX Ingress: an Ingress with annotations for each service, and its headers in a ConfigMap.
// Promises: no snippets: they are off by default, and let whoever writes an Ingress read the controller's secrets (CVE-2021-25742).
// Must not: choose hosts; src/stack does.

import type { Environment, Stack } from "../../stack/stack.js";
import {
  changeOf,
  type EdgeFile,
  type Exposed,
  edgeView,
  type GatewayImplementation,
  hasCertificate,
  isGrpc,
  wholeSeconds,
} from "./implementation.js";

const headersName = (service: Exposed) => `${service.name}-headers`;

/** limit-rps or limit-rpm; src/stack/rules sees to it that an hourly limit divides. */
function rateOf({ rateLimit }: Exposed["exposure"]): Record<string, string | undefined> {
  if (rateLimit === undefined) return {};
  const { requests, unit } = rateLimit;
  return {
    [unit === "Second" ? "limit-rps" : "limit-rpm"]: String(unit === "Hour" ? requests / 60 : requests),
    // At once as many as in a whole period, as the others do it.
    "limit-burst-multiplier": "1",
  };
}

function corsOf({ cors }: Exposed["exposure"]): Record<string, string | undefined> {
  if (cors === undefined) return {};
  // Without a list the controller allows a long one of its own; these are what browsers always allow (Fetch standard).
  const safelisted = ["Accept", "Accept-Language", "Content-Language"];
  return {
    "enable-cors": "true",
    "cors-allow-origin": cors.origins.join(","),
    "cors-allow-methods": cors.methods.join(", "),
    "cors-allow-headers": (cors.headers.length > 0 ? cors.headers : safelisted).join(", "),
    "cors-expose-headers": cors.exposedHeaders.length > 0 ? cors.exposedHeaders.join(", ") : undefined,
    "cors-allow-credentials": String(cors.credentials),
    "cors-max-age": String(cors.maxAgeSeconds),
  };
}

function timesOf({ timeout, idleTimeout }: Exposed["exposure"]): Record<string, string | undefined> {
  const times = [timeout, idleTimeout].filter((time) => time !== undefined).map(wholeSeconds);
  if (times.length === 0) return {};
  const longest = String(Math.max(...times));
  return { "proxy-read-timeout": longest, "proxy-send-timeout": longest };
}

function affinityOf({ name, exposure }: Exposed, https: boolean): Record<string, string | undefined> {
  if (exposure.affinity === "client-ip") return { "upstream-hash-by": "$binary_remote_addr" };
  if (exposure.affinity === undefined) return {};
  return {
    affinity: "cookie",
    "session-cookie-name": `${name}-affinity`,
    "session-cookie-path": exposure.path,
    "session-cookie-samesite": "Lax",
    "session-cookie-secure": String(https),
  };
}

function annotationsOf(service: Exposed, environment: Environment): Record<string, string> {
  const { exposure } = service;
  const { https } = environment.settings.gateway;
  const { maxBodyBytes, buffering, rewrite, allow, headers } = exposure;
  const all: Record<string, string | undefined> = {
    "backend-protocol": isGrpc(service) ? "GRPC" : "HTTP",
    // Said both ways: by default the controller redirects where there is a certificate, and nowhere else.
    "force-ssl-redirect": String(https),
    "ssl-redirect": String(https),
    // 0: any size, as with the other gateways; the controller's own limit would be 1m.
    "proxy-body-size": String(maxBodyBytes ?? 0),
    "proxy-buffering": "off",
    "proxy-request-buffering": (buffering ?? maxBodyBytes !== undefined) ? "on" : "off",
    "use-regex": rewrite === undefined ? undefined : "true",
    "rewrite-target": rewrite === undefined ? undefined : `${rewrite.replace(/\/$/, "")}/$2`,
    "allowlist-source-range": allow.length > 0 ? allow.join(",") : undefined,
    "custom-headers":
      headers.length > 0 && !isGrpc(service) ? `${environment.namespace}/${headersName(service)}` : undefined,
    ...rateOf(exposure),
    ...corsOf(exposure),
    ...timesOf(exposure),
    ...affinityOf(service, https),
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(
    given
      .map(([key, value]): [string, string] => [`nginx.ingress.kubernetes.io/${key}`, value])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** A rewrite needs a regular expression; a gRPC service's path has a dot, which only ImplementationSpecific may have. */
function pathOf(service: Exposed) {
  const { path, match, rewrite } = service.exposure;
  if (rewrite !== undefined)
    return { path: `${path.replace(/\/$/, "")}(/|$)(.*)`, pathType: "ImplementationSpecific" };
  if (isGrpc(service) && path !== "/") return { path: `${path}/`, pathType: "ImplementationSpecific" };
  return { path, pathType: match === "exact" ? "Exact" : "Prefix" };
}

const route: GatewayImplementation["route"] = (stack, service, environment) => {
  const backend = { name: service.name, port: service.exposure.port.number, ...pathOf(service) };
  return {
    object: { apiVersion: "networking.k8s.io/v1", kind: "Ingress", name: service.name },
    template: "exposure/ingress-nginx/route.yaml",
    rules: backend,
    view: {
      ...edgeView(stack, service, environment),
      ...backend,
      hosts:
        environment === undefined
          ? [{ host: undefined, ...backend }]
          : service.exposure.hosts.map((host) => ({ host, ...backend })),
      class: environment?.settings.gateway.class,
      annotations: environment && annotationsOf(service, environment),
      tlsHosts: environment?.settings.gateway.https ? service.exposure.hosts : undefined,
      hasCertificate: environment && hasCertificate(environment),
    },
  };
};

function headersFile(stack: Stack, service: Exposed, environment: Environment): EdgeFile {
  const { name, exposure } = service;
  return {
    fileName: "headers.yaml",
    template: "exposure/ingress-nginx/headers.yaml",
    view: {
      ...edgeView(stack, service, environment),
      configMap: headersName(service),
      headers: exposure.headers,
      names: exposure.headers.map((header) => header.name).join(","),
    },
    about: {
      what: `Headers of every answer of ${name}.`,
      why: "NGINX Ingress takes them from a ConfigMap; a snippet would do the same with far more rights.",
      standard: "OWASP Secure Headers Project; ingress-nginx, custom-headers",
      change: changeOf(name),
    },
    kinds: ["/ConfigMap"],
  };
}

const CUSTOM_HEADERS = "nginx.ingress.kubernetes.io/custom-headers";

const placed: GatewayImplementation["placed"] = (_stack, service, environment) => {
  const { name, exposure } = service;
  const object = { kind: "Ingress", name };
  const headers = annotationsOf(service, environment)[CUSTOM_HEADERS];
  return [
    ...exposure.hosts.map((host, index) => ({ ...object, path: `/spec/rules/${index}/host`, value: host })),
    ...(environment.settings.gateway.https
      ? [{ ...object, path: "/spec/tls/0/hosts", value: exposure.hosts }]
      : []),
    ...(headers === undefined
      ? []
      : [{ ...object, path: `/metadata/annotations/${CUSTOM_HEADERS.replace("/", "~1")}`, value: headers }]),
  ];
};

export const ingressNginx: GatewayImplementation = {
  route,
  placed,
  beside: (stack, service, environment) =>
    service.exposure.headers.length > 0 && !isGrpc(service) ? [headersFile(stack, service, environment)] : [],
  edge: () => [],
};
