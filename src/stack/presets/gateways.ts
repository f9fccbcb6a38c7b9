// Owns: the gateways that can expose a stack: what each is called, and how faithfully it keeps each answer.
// Promises: plain data, one row a gateway; rules refuse what a gateway cannot do, docs/exposure.md tells of what it does otherwise.
// Must not: know manifests; src/capabilities/exposure does.

import { GATEWAYS } from "../../spec/schema/words.js";
import type { Settings } from "../effective.js";

export type GatewayName = (typeof GATEWAYS)[number];

/** Answers whose meaning could differ. */
export const EDGE_ANSWERS = [
  "aliases",
  "path",
  "rewrite",
  "rateLimit",
  "timeout",
  "idleTimeout",
  "streaming",
  "maxBody",
  "buffering",
  "compression",
  "allow",
  "cors",
  "headers",
  "affinity",
  "redirect",
  "trustedHops",
  "loadBalancer",
] as const;
export type EdgeAnswer = (typeof EDGE_ANSWERS)[number];

export interface Support {
  /** By which field or annotation. */
  readonly by: string;
  /** What is otherwise than with the others, or what the platform has to set. */
  readonly limit?: string;
}

export interface GatewayPreset {
  readonly title: string;
  /** Why not to choose it for anything new. */
  readonly legacy: string | undefined;
  /** Where the rows of `answers` were read. */
  readonly source: string;
  /** Its settings where no layer says otherwise. */
  readonly settings: Pick<
    Settings["gateway"],
    "class" | "proxyNamespace" | "proxyLabels" | "rateLimitScope" | "httpListener" | "httpsListener"
  >;
  readonly modes: readonly Settings["gateway"]["mode"][];
  /** Certificates must lie in the namespace of the routes. */
  readonly needsLocalCertificate: boolean;
  /** Which HTTP and gRPC routes cannot share a host: Gateway API, GRPCRouteSpec.hostnames. */
  readonly partsProtocols: boolean;
  readonly answers: Readonly<Record<EdgeAnswer, Support>>;
}

export const GATEWAY_PRESETS: Readonly<Record<GatewayName, GatewayPreset>> = {
  "envoy-gateway": {
    title: "Envoy Gateway",
    legacy: undefined,
    source: "gateway-api v1.7.0 and envoyproxy/gateway v1.9.1, their CRDs and translators",
    settings: {
      class: "envoy-gateway",
      proxyNamespace: "envoy-gateway-system",
      // None: the labels that Envoy Gateway derives from the Gateway's name and namespace.
      proxyLabels: {},
      rateLimitScope: "global",
      httpListener: "http",
      httpsListener: "https",
    },
    modes: ["shared", "own", "listener-set"],
    needsLocalCertificate: false,
    partsProtocols: true,
    answers: {
      aliases: { by: "HTTPRoute hostnames" },
      path: { by: "HTTPRoute matches (PathPrefix, Exact); GRPCRoute matches by service" },
      rewrite: { by: "HTTPRoute filter URLRewrite" },
      rateLimit: {
        by: "BackendTrafficPolicy rateLimit, a bucket per client address",
        limit:
          "global counts in windows of the clock, so that twice the limit may pass across a boundary; it needs the platform's rate limit service with its Redis, and lets requests pass while that is down",
      },
      timeout: { by: "HTTPRoute timeouts.request: from the request's end to the answer's end" },
      idleTimeout: { by: "BackendTrafficPolicy timeout.http.streamIdleTimeout" },
      streaming: { by: "timeouts.request 0s; websockets are on by default" },
      maxBody: { by: "BackendTrafficPolicy requestBuffer.limit", limit: "requests are taken in whole" },
      buffering: { by: "BackendTrafficPolicy requestBuffer" },
      compression: { by: "BackendTrafficPolicy compressor: Brotli, Gzip" },
      allow: { by: "SecurityPolicy authorization, default Deny: answered 403" },
      cors: { by: "HTTPRoute filter CORS", limit: "https://*.example.com matches every depth" },
      headers: { by: "HTTPRoute filter ResponseHeaderModifier" },
      affinity: { by: "BackendTrafficPolicy loadBalancer ConsistentHash: Cookie or SourceIP" },
      redirect: { by: "an HTTPRoute on the HTTP listener: 301" },
      trustedHops: {
        by: "ClientTrafficPolicy clientIPDetection on an own Gateway or ListenerSet",
        limit: "on a shared Gateway it is the platform's ClientTrafficPolicy that says so",
      },
      loadBalancer: {
        by: "EnvoyProxy envoyService.annotations on an own Gateway",
        limit: "the Service of a shared Gateway is the platform's",
      },
    },
  },
  traefik: {
    title: "Traefik",
    legacy: undefined,
    source: "traefik/traefik v3.7.13, its CRDs and its middlewares",
    settings: {
      class: "traefik",
      proxyNamespace: "traefik",
      proxyLabels: { "app.kubernetes.io/name": "traefik" },
      rateLimitScope: "local",
      httpListener: "web",
      httpsListener: "websecure",
    },
    modes: ["shared"],
    needsLocalCertificate: true,
    partsProtocols: false,
    answers: {
      aliases: { by: "IngressRoute match: Host and HostRegexp" },
      path: { by: "IngressRoute match: Path and PathPrefix; of a gRPC service by its path" },
      rewrite: { by: "Middleware stripPrefix or replacePathRegex" },
      rateLimit: {
        by: "Middleware rateLimit with ipStrategy, a token bucket per client address",
        limit: "each pod of Traefik counts for itself, so that N pods let up to N times as much pass",
      },
      timeout: {
        by: "ServersTransport forwardingTimeouts.responseHeaderTimeout",
        limit: "until the answer begins, not until it ends; 504 after it",
      },
      idleTimeout: {
        by: "the entry point's transport.respondingTimeouts.idleTimeout",
        limit: "the platform sets it for the whole entry point, not the stack for a service",
      },
      streaming: { by: "no responseHeaderTimeout; answers are flushed as they come" },
      maxBody: { by: "Middleware buffering.maxRequestBodyBytes", limit: "requests are taken in whole" },
      buffering: { by: "Middleware buffering" },
      compression: { by: "Middleware compress: br, gzip" },
      allow: { by: "Middleware ipAllowList: answered 403" },
      cors: {
        by: "Middleware headers, accessControlAllow…",
        limit: "https://*.example.com matches every depth",
      },
      headers: { by: "Middleware headers.customResponseHeaders" },
      affinity: {
        by: "IngressRoute service sticky.cookie, or strategy hrw for client-ip",
        limit: "client-ip hashes the connection's address: behind another proxy, that proxy's",
      },
      redirect: { by: "an IngressRoute on the HTTP entry point with Middleware redirectScheme: 301" },
      trustedHops: {
        by: "ipStrategy.depth of rateLimit and ipAllowList",
        limit: "the entry point must trust them too: forwardedHeaders.trustedIPs",
      },
      loadBalancer: { by: "nothing of the stack", limit: "Traefik's Service is the platform's" },
    },
  },
  "ingress-nginx": {
    title: "NGINX Ingress",
    legacy:
      "ingress-nginx was retired in March 2026 and gets no security fixes any more; it is here for clusters that still have it, until they move to Gateway API",
    source: "kubernetes/ingress-nginx, docs/user-guide/nginx-configuration, annotations and ConfigMap",
    settings: {
      class: "nginx",
      proxyNamespace: "ingress-nginx",
      proxyLabels: {
        "app.kubernetes.io/name": "ingress-nginx",
        "app.kubernetes.io/component": "controller",
      },
      rateLimitScope: "local",
      httpListener: "http",
      httpsListener: "https",
    },
    modes: ["shared"],
    needsLocalCertificate: true,
    partsProtocols: false,
    answers: {
      aliases: { by: "Ingress rules", limit: "a wildcard stands for one label alone" },
      path: {
        by: "pathType Prefix and Exact",
        limit:
          "only letters, digits, - and _ (strict-validate-path-type); where a service of the host has a rewrite, all its paths match without regard to case",
      },
      rewrite: { by: "rewrite-target with use-regex" },
      rateLimit: {
        by: "limit-rps, limit-rpm, limit-burst-multiplier, a bucket per client address",
        limit:
          "each pod of the controller counts for itself; an hourly limit must be a whole number a minute; refused with 503 unless the ConfigMap says limit-req-status-code 429",
      },
      timeout: {
        by: "proxy-read-timeout",
        limit: "between two reads of the answer, not until its end",
      },
      idleTimeout: {
        by: "proxy-read-timeout, proxy-send-timeout",
        limit: "the larger of timeout and idleTimeout",
      },
      streaming: { by: "proxy-read-timeout, proxy-send-timeout; answers are not buffered" },
      maxBody: { by: "proxy-body-size" },
      buffering: { by: "proxy-request-buffering" },
      compression: {
        by: "use-gzip of the ConfigMap",
        limit: "the platform turns it on for all hosts or none",
      },
      allow: { by: "allowlist-source-range: answered 403" },
      cors: { by: "enable-cors, cors-allow-…", limit: "https://*.example.com matches one label" },
      headers: {
        by: "custom-headers, a ConfigMap",
        limit:
          "the ConfigMap global-allowed-response-headers must list them, or every request is answered 503; Strict-Transport-Security comes from hsts of the ConfigMap besides",
      },
      affinity: { by: "affinity cookie, or upstream-hash-by $binary_remote_addr" },
      redirect: { by: "force-ssl-redirect: 308" },
      trustedHops: {
        by: "use-forwarded-headers and proxy-real-ip-cidr of the ConfigMap",
        limit: "the platform sets them for all hosts",
      },
      loadBalancer: { by: "nothing of the stack", limit: "the controller's Service is the platform's" },
    },
  },
};

export function gatewayPreset(name: GatewayName): GatewayPreset {
  return GATEWAY_PRESETS[name];
}

export function isGateway(name: unknown): name is GatewayName {
  return (GATEWAYS as readonly unknown[]).includes(name);
}
