// Owns: how requests get in: routes, redirects, limits, certificates, and a Gateway where the stack has its own.
// Promises: HTTPS only where the environment says so; security headers on every answer; limits count per client.
// Must not: choose hosts; src/stack does.

import { OWN_GATEWAY } from "../stack/derive-policies.js";
import type { Environment, Exposure, Service, Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";
import { labelsOf, stackLabels } from "./labels.js";
import { deletion } from "./layered-object.js";
import { bootstrapDirectory, managedDirectory } from "./places.js";

type Exposed = Service & { readonly exposure: Exposure };

function exposedServices(services: readonly Service[]): Exposed[] {
  return services.filter((service): service is Exposed => service.exposure !== undefined);
}

const isGrpc = ({ type }: Service) => type === "grpc-service";
const routeKind = (service: Service) => (isGrpc(service) ? "GRPCRoute" : "HTTPRoute");

function routeView(stack: Stack, service: Exposed) {
  const { name, component, exposure } = service;
  return {
    name,
    isGrpc: isGrpc(service),
    kind: routeKind(service),
    apiVersion: "gateway.networking.k8s.io/v1",
    labels: labelsOf(stack, name, component),
    path: exposure.path,
    port: exposure.port.number,
    timeout: exposure.timeout,
    contentSecurityPolicy: exposure.contentSecurityPolicy,
    cors: exposure.cors && { ...exposure.cors, hasHeaders: exposure.cors.headers.length > 0 },
  };
}

/** Where a route of an environment attaches. */
function parentsOf(environment: Environment) {
  const { mode, name, namespace, https, httpListener, httpsListener } = environment.settings.gateway;
  const listener = https ? httpsListener : httpListener;
  const parent = {
    shared: { kind: "Gateway", name, namespace, section: listener, httpSection: httpListener },
    own: {
      kind: "Gateway",
      name: OWN_GATEWAY,
      namespace: undefined,
      section: https ? "https" : "http",
      httpSection: "http",
    },
    "listener-set": {
      kind: "ListenerSet",
      name: OWN_GATEWAY,
      namespace: undefined,
      section: https ? "https" : "http",
      httpSection: "http",
    },
  }[mode];
  return parent;
}

/** The route of a service that is exposed in the base, in some environments, or in both. */
function routeFiles(stack: Stack, service: Exposed): FileSpec[] {
  const base = exposedServices(stack.base.services).includes(service) ? routeView(stack, service) : undefined;
  const about = {
    what: `The route of ${service.name}.`,
    why: "Gateway API is the successor of Ingress; security headers are set here, once, for every answer.",
    standard: "Gateway API v1; OWASP Secure Headers Project",
    change: `services.${service.name}.expose and gateway in prod-stack.yaml`,
  };
  const directory = `base/${service.name}`;
  const kinds = [`gateway.networking.k8s.io/${routeKind(service)}`];
  const own = stack.environments.flatMap((environment) =>
    environmentRoutes(stack, environment, service, base, about),
  );
  if (base === undefined) return own;
  return [
    file(`${directory}/route.yaml`, "exposure/route.yaml", base, about, {
      member: { kustomization: directory, as: "resources" },
      kinds,
    }),
    ...own,
  ];
}

function environmentRoutes(
  stack: Stack,
  environment: Environment,
  service: Exposed,
  base: ReturnType<typeof routeView> | undefined,
  about: FileSpec["about"],
): FileSpec[] {
  const kustomization = managedDirectory(environment);
  const own = exposedServices(environment.services).find(({ name }) => name === service.name);
  if (own === undefined) {
    if (base === undefined) return [];
    const { apiVersion, kind, name } = base;
    return [deletion({ apiVersion, kind, name }, environment, about, "route.yaml")];
  }
  const view = routeView(stack, own);
  const place = {
    ...view,
    host: own.exposure.host,
    parent: parentsOf(environment),
    sameRules: JSON.stringify(view) === JSON.stringify(base),
    environment: environment.name,
  };
  const files = [
    base === undefined
      ? file(`${kustomization}/${own.name}.route.yaml`, "exposure/environment-route.yaml", place, about, {
          member: { kustomization, as: "resources" },
          kinds: [`gateway.networking.k8s.io/${view.kind}`],
        })
      : file(`${kustomization}/${own.name}.route.patch.yaml`, "exposure/route.patch.yaml", place, about, {
          member: { kustomization, as: "patches" },
        }),
  ];
  const member = { kustomization, as: "resources" } as const;
  if (environment.settings.gateway.https) {
    files.push(
      file(
        `${kustomization}/${own.name}.redirect.yaml`,
        "exposure/redirect.yaml",
        { ...place, redirect: `${own.name}-redirect` },
        {
          ...about,
          what: `The redirect of ${own.name} from HTTP to HTTPS.`,
          why: "Plain HTTP gets no answer of its own.",
        },
        { member, kinds: ["gateway.networking.k8s.io/HTTPRoute"] },
      ),
    );
  }
  if (own.exposure.rateLimit !== undefined) {
    files.push(
      file(
        `${kustomization}/${own.name}.rate-limit.yaml`,
        "exposure/rate-limit.yaml",
        { ...place, ...own.exposure.rateLimit },
        {
          ...about,
          what: `The rate limit of ${own.name}: per client address.`,
          why: "A limit that all clients share is an outage: one of them can use it up.",
          standard: "Envoy Gateway, Global Rate Limit",
        },
        { member, kinds: ["gateway.envoyproxy.io/BackendTrafficPolicy"] },
      ),
    );
  }
  if (own.exposure.allow.length > 0) {
    files.push(
      file(
        `${kustomization}/${own.name}.allow-list.yaml`,
        "exposure/allow-list.yaml",
        { ...place, allow: own.exposure.allow },
        {
          ...about,
          what: `The addresses that may reach ${own.name}.`,
          why: "Everyone else is refused at the gateway.",
        },
        { member, kinds: ["gateway.envoyproxy.io/SecurityPolicy"] },
      ),
    );
  }
  return files;
}

/** Hosts of an environment, each once. */
function hostsOf(environment: Environment): string[] {
  return [...new Set(exposedServices(environment.services).map(({ exposure }) => exposure.host))].sort();
}

function edgeFiles(stack: Stack, environment: Environment): FileSpec[] {
  const hosts = hostsOf(environment);
  const { gateway, certManager } = environment.settings;
  const hasCertificate = gateway.https && certManager.mode === "present";
  if (hosts.length === 0) return [];
  const isShared = gateway.mode === "shared";
  const kustomization = isShared ? bootstrapDirectory(environment) : managedDirectory(environment);
  const member = { kustomization, as: "resources" } as const;
  const name = `${stack.name}-${environment.name}`;
  const view = {
    name,
    edge: OWN_GATEWAY,
    environment: environment.name,
    labels: { ...stackLabels(stack, "edge"), ...(isShared ? { environment: environment.name } : {}) },
    namespace: isShared ? gateway.namespace : undefined,
    gatewayName: gateway.name,
    gatewayNamespace: gateway.namespace,
    class: gateway.class,
    hosts: hosts.map((host) => ({ host })),
    https: gateway.https,
    httpsListener: gateway.httpsListener,
    secretName: `${name}-tls`,
    issuer: certManager.issuer,
    issuerKind: certManager.issuerKind,
    isShared,
  };
  const files: FileSpec[] = [];
  if (hasCertificate) {
    const change = "certManager, gateway and services.*.expose in prod-stack.yaml";
    files.push(
      file(
        `${kustomization}/certificate.yaml`,
        "exposure/certificate.yaml",
        view,
        {
          what: `The certificate of ${environment.name}'s hosts.`,
          why: "cert-manager gets it and renews it by itself, long before it ends.",
          standard: "cert-manager.io/v1",
          change,
        },
        { member, kinds: isShared ? [] : ["cert-manager.io/Certificate"] },
      ),
    );
  }
  if (!isShared) {
    const kind = gateway.mode === "own" ? "Gateway" : "ListenerSet";
    files.push(
      file(
        `${kustomization}/gateway.yaml`,
        gateway.mode === "own" ? "exposure/gateway.yaml" : "exposure/listener-set.yaml",
        view,
        {
          what: `The ${kind} of ${environment.name}.`,
          why: "The stack's own listeners, with its own certificate.",
          standard: "Gateway API v1",
          change: "gateway in prod-stack.yaml",
        },
        { member, kinds: [`gateway.networking.k8s.io/${kind}`] },
      ),
    );
  }
  return files;
}

/** Every exposed service once: as in the base, or else as in the first environment that exposes it. */
function exposedAnywhere({ base, environments }: Stack): Exposed[] {
  const all = [base, ...environments].flatMap(({ services }) => exposedServices(services));
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

export const exposure: Capability = {
  id: "exposure",
  title: "Exposure",
  summary:
    "Routes on a Gateway, HTTPS with certificates that renew themselves, security headers, limits per client.",
  rows: ["NET-01", "NET-02", "NET-03", "NET-04", "NET-05", "SEC-11", "LAY-02"],
  withoutIt: "nothing outside of the cluster reaches the services",
  files: (stack) => [
    ...exposedAnywhere(stack).flatMap((service) => routeFiles(stack, service)),
    ...stack.environments.flatMap((environment) => edgeFiles(stack, environment)),
  ],
};
