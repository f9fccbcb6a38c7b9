// Owns: exposure by Traefik: IngressRoute, Middleware, ServersTransport.
// Promises: IngressRoute rather than Traefik's Gateway API, whose routes know neither affinity, nor the time a server may take,
//           nor cross-origin answers; and rather than Ingress, where the same stands in annotations that nothing validates.
// Must not: choose hosts; src/stack does.

import type { Environment, Stack } from "../../stack/stack.js";
import {
  changeOf,
  type EdgeFile,
  type Exposed,
  edgeView,
  type GatewayImplementation,
  grpcServiceOf,
  hasCertificate,
  isGrpc,
} from "./implementation.js";

const API_VERSION = "traefik.io/v1alpha1";

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const isWildcard = (host: string) => host.startsWith("*.");

/** A wildcard stands for one label or several, as in Gateway API. */
function hostRule(host: string): string {
  return isWildcard(host) ? `HostRegexp(\`^.+${escaped(host.slice(1))}$\`)` : `Host(\`${host}\`)`;
}

/** Traefik's PathPrefix compares letters: /api would match /apis. Gateway API compares whole elements. */
function pathRule(service: Exposed): string | undefined {
  const { path, match } = service.exposure;
  const grpcService = grpcServiceOf(service);
  if (isGrpc(service)) return grpcService === undefined ? undefined : `PathPrefix(\`/${grpcService}/\`)`;
  if (match === "exact") return `Path(\`${path}\`)`;
  const prefix = path.replace(/\/$/, "");
  return prefix === "" ? undefined : `(Path(\`${prefix}\`) || PathPrefix(\`${prefix}/\`))`;
}

function matchOf(service: Exposed, hosts: readonly string[]): string {
  const rules = hosts.map(hostRule);
  const host = rules.length > 1 ? `(${rules.join(" || ")})` : rules[0];
  return [host, pathRule(service)].filter(Boolean).join(" && ") || "PathPrefix(`/`)";
}

/** The order of Gateway API: exact hosts, then the longest wildcard, then the longest path. */
function priorityOf({ exposure: { path, match } }: Exposed, host: string | undefined): number {
  const rank = host === undefined || !isWildcard(host) ? 1000 : host.length;
  return rank * 10_000 + path.length * 2 + (match === "exact" ? 1 : 0);
}

/** Exact hosts together, each wildcard by itself: they differ in rank. */
function hostGroups({ hosts }: Exposed["exposure"]): (readonly string[])[] {
  const exact = hosts.filter((host) => !isWildcard(host));
  return [...(exact.length > 0 ? [exact] : []), ...hosts.filter(isWildcard).map((host) => [host])];
}

/** What a request passes, in this order; headers come first, so that refusals carry them too. */
function middlewaresOf({ name, exposure }: Exposed, { settings }: Environment) {
  const { headers, cors, allow, rateLimit, maxBodyBytes, rewrite, path, compression } = exposure;
  const depth = settings.gateway.trustedHops || undefined;
  const hidden = ["Server", "X-Powered-By"].filter(
    (hide) => !headers.some((header) => header.name.toLowerCase() === hide.toLowerCase()),
  );
  const periods = { Second: "1s", Minute: "1m", Hour: "1h" };
  const prefix = path.replace(/\/$/, "");
  const kinds = {
    headers: { headers, hidden },
    cors: cors && {
      ...cors,
      exact: cors.origins.filter((origin) => !origin.includes("*.")),
      patterns: cors.origins
        .filter((origin) => origin.includes("*."))
        .map((origin) => `^${escaped(origin).replace("\\*", ".+")}$`),
    },
    "allow-list": allow.length > 0 ? { allow, depth } : undefined,
    "rate-limit": rateLimit && { requests: rateLimit.requests, period: periods[rateLimit.unit], depth },
    buffering: maxBodyBytes === undefined ? undefined : { maxBody: maxBodyBytes },
    rewrite: rewriteOf(rewrite, prefix),
    compress: compression ? {} : undefined,
  };
  return Object.entries(kinds).flatMap(([kind, view]) =>
    view === undefined ? [] : [{ name: `${name}-${kind}`, kind, view }],
  );
}

function rewriteOf(rewrite: string | undefined, prefix: string) {
  if (rewrite === undefined) return undefined;
  if (rewrite === "/" && prefix !== "") return { strip: prefix, regex: undefined, replacement: undefined };
  return {
    strip: undefined,
    regex: `^${escaped(prefix)}(?:/(.*))?$`,
    replacement: `${rewrite.replace(/\/$/, "").replaceAll("$", "$$$$")}/\${1}`,
  };
}

function backendOf(service: Exposed, environment: Environment | undefined) {
  const { name, exposure } = service;
  return {
    name,
    port: exposure.port.number,
    scheme: isGrpc(service) ? "h2c" : undefined,
    transport: environment !== undefined && exposure.timeout !== undefined ? name : undefined,
    cookie: exposure.affinity === "cookie" ? `${name}-affinity` : undefined,
    secure: environment?.settings.gateway.https ?? false,
    strategy: exposure.affinity === "client-ip" ? "hrw" : undefined,
  };
}

const route: GatewayImplementation["route"] = (stack, service, environment) => {
  const gateway = environment?.settings.gateway;
  const groups = environment === undefined ? [[]] : hostGroups(service.exposure);
  const middlewares =
    environment === undefined ? [] : middlewaresOf(service, environment).map(({ name }) => name);
  const backend = backendOf(service, environment);
  const rules = {
    routes: groups.map((hosts) => ({
      match: matchOf(service, hosts),
      priority: priorityOf(service, hosts[0]),
      middlewares,
      hasMiddlewares: middlewares.length > 0,
      backend,
    })),
  };
  return {
    object: { apiVersion: API_VERSION, kind: "IngressRoute", name: service.name },
    template: "exposure/traefik/route.yaml",
    rules,
    view: {
      ...edgeView(stack, service, environment),
      ...rules,
      class: gateway?.class,
      entryPoint: gateway && (gateway.https ? gateway.httpsListener : gateway.httpListener),
      https: gateway?.https,
      hasCertificate: environment && hasCertificate(environment),
    },
  };
};

function middlewareFile(stack: Stack, service: Exposed, environment: Environment): EdgeFile {
  const { name, exposure } = service;
  const middlewares = middlewaresOf(service, environment);
  const view = edgeView(stack, service, environment);
  return {
    fileName: "middlewares.yaml",
    template: "exposure/traefik/middlewares.yaml",
    view: {
      ...view,
      timeout: exposure.timeout,
      middlewares: middlewares.map(({ name: middleware, kind, view: answers }) => ({
        name: middleware,
        labels: view.labels,
        headers: kind === "headers" ? answers : undefined,
        cors: kind === "cors" ? answers : undefined,
        allowList: kind === "allow-list" ? answers : undefined,
        rateLimit: kind === "rate-limit" ? answers : undefined,
        buffering: kind === "buffering" ? answers : undefined,
        rewrite: kind === "rewrite" ? answers : undefined,
        compress: kind === "compress",
      })),
    },
    about: {
      what: `What Traefik does with the requests of ${name}.`,
      why: "Headers on every answer, limits per client, times that end.",
      standard: "Traefik, HTTP middlewares",
      change: changeOf(name),
    },
    kinds: [
      "traefik.io/Middleware",
      ...(exposure.timeout === undefined ? [] : ["traefik.io/ServersTransport"]),
    ],
  };
}

function redirectFile(stack: Stack, service: Exposed, environment: Environment): EdgeFile {
  const { httpListener, class: ingressClass } = environment.settings.gateway;
  return {
    fileName: "redirect.yaml",
    template: "exposure/traefik/redirect.yaml",
    view: {
      ...edgeView(stack, service, environment),
      redirect: `${service.name}-redirect`,
      class: ingressClass,
      entryPoint: httpListener,
      match: matchOf(service, service.exposure.hosts),
      port: service.exposure.port.number,
    },
    about: {
      what: `The redirect of ${service.name} from HTTP to HTTPS.`,
      why: "Plain HTTP gets no answer of its own.",
      standard: "Traefik, RedirectScheme",
      change: changeOf(service.name),
    },
    kinds: ["traefik.io/IngressRoute", "traefik.io/Middleware"],
  };
}

const placed: GatewayImplementation["placed"] = (_stack, service, { settings }) => {
  const { name, exposure } = service;
  const kind = "IngressRoute";
  const redirect = {
    kind,
    name: `${name}-redirect`,
    path: "/spec/routes/0/match",
    value: matchOf(service, exposure.hosts),
  };
  return [
    ...hostGroups(exposure).map((hosts, index) => ({
      kind,
      name,
      path: `/spec/routes/${index}/match`,
      value: matchOf(service, hosts),
    })),
    ...(settings.gateway.https ? [redirect] : []),
  ];
};

export const traefik: GatewayImplementation = {
  route,
  placed,
  beside: (stack, service, environment) => [
    middlewareFile(stack, service, environment),
    ...(environment.settings.gateway.https ? [redirectFile(stack, service, environment)] : []),
  ],
  edge: () => [],
};
