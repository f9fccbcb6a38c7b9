// Owns: exposure by Gateway API with Envoy Gateway: routes, the policies of Envoy Gateway, an own Gateway or ListenerSet.
// Promises: what Gateway API can say is said in the route; only the rest in Envoy Gateway's policies.
// Must not: choose hosts; src/stack does.

import { certificateName } from "../../stack/certificate-home.js";
import { OWN_GATEWAY } from "../../stack/gateway-policies.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { stackLabels } from "../labels.js";
import {
  changeOf,
  type EdgeFile,
  type Exposed,
  edgeView,
  type GatewayImplementation,
  grpcServiceOf,
  isGrpc,
} from "./implementation.js";

const API_VERSION = "gateway.networking.k8s.io/v1";
const routeKind = (service: Exposed) => (isGrpc(service) ? "GRPCRoute" : "HTTPRoute");

function rulesOf(service: Exposed) {
  const { name, exposure } = service;
  const { cors, path, match, rewrite, port, timeout, streaming, headers } = exposure;
  return {
    name,
    isGrpc: isGrpc(service),
    grpcService: grpcServiceOf(service),
    path,
    pathType: match === "exact" ? "Exact" : "PathPrefix",
    rewrite,
    port: port.number,
    // Zero: none. Envoy's own would be 15 s.
    timeout: streaming ? "0s" : timeout,
    headers,
    cors: cors && {
      ...cors,
      hasHeaders: cors.headers.length > 0,
      hasExposedHeaders: cors.exposedHeaders.length > 0,
    },
  };
}

/** Where a route of an environment attaches. */
function parentOf({ settings: { gateway } }: Environment) {
  const { mode, name, namespace, https, httpListener, httpsListener } = gateway;
  if (mode === "shared") {
    const section = https ? httpsListener : httpListener;
    return { kind: "Gateway", name, namespace, section, httpSection: httpListener };
  }
  const kind = mode === "own" ? "Gateway" : "ListenerSet";
  const section = https ? "https" : "http";
  return { kind, name: OWN_GATEWAY, namespace: undefined, section, httpSection: "http" };
}

const route: GatewayImplementation["route"] = (stack, service, environment) => {
  const kind = routeKind(service);
  const rules = rulesOf(service);
  return {
    object: { apiVersion: API_VERSION, kind, name: service.name },
    template: "exposure/envoy-gateway/route.yaml",
    rules,
    view: {
      ...edgeView(stack, service, environment),
      ...rules,
      kind,
      apiVersion: API_VERSION,
      parent: environment && parentOf(environment),
      hosts: environment && service.exposure.hosts,
    },
  };
};

function redirectFile(stack: Stack, service: Exposed, environment: Environment): EdgeFile {
  return {
    fileName: "redirect.yaml",
    template: "exposure/envoy-gateway/redirect.yaml",
    view: {
      ...edgeView(stack, service, environment),
      ...rulesOf(service),
      redirect: `${service.name}-redirect`,
      hosts: service.exposure.hosts,
      parent: parentOf(environment),
    },
    about: {
      what: `The redirect of ${service.name} from HTTP to HTTPS.`,
      why: "Plain HTTP gets no answer of its own.",
      standard: "Gateway API v1",
      change: changeOf(service.name),
    },
    kinds: ["gateway.networking.k8s.io/HTTPRoute"],
  };
}

/** What Gateway API has no words for; undefined where there is nothing to say. */
function trafficOf({ settings }: Environment, service: Exposed) {
  const { rateLimit, idleTimeout, maxBodyBytes, compression, affinity, timeout } = service.exposure;
  const traffic = {
    rateLimit: rateLimit && { ...rateLimit, isGlobal: settings.gateway.rateLimitScope === "global" },
    idleTimeout,
    // A GRPCRoute has no timeouts of its own.
    requestTimeout: isGrpc(service) ? timeout : undefined,
    maxBody: maxBodyBytes === undefined ? undefined : String(maxBodyBytes),
    compression: compression || undefined,
    affinity: affinity && {
      cookie: affinity === "cookie" ? `${service.name}-affinity` : undefined,
      secure: settings.gateway.https,
    },
  };
  return Object.values(traffic).every((answer) => answer === undefined)
    ? undefined
    : { ...traffic, hasTimeouts: traffic.idleTimeout !== undefined || traffic.requestTimeout !== undefined };
}

function policyFiles(stack: Stack, service: Exposed, environment: Environment): EdgeFile[] {
  const { name, exposure } = service;
  const view = { ...edgeView(stack, service, environment), kind: routeKind(service) };
  const traffic = trafficOf(environment, service);
  const files: EdgeFile[] = [];
  if (traffic !== undefined)
    files.push({
      fileName: "traffic.yaml",
      template: "exposure/envoy-gateway/traffic.yaml",
      view: { ...view, ...traffic },
      about: {
        what: `Limits and load balancing of ${name} at the gateway.`,
        why: "What Gateway API has no words for; a limit counts per client, for one that all share is an outage.",
        standard: "Envoy Gateway, BackendTrafficPolicy",
        change: changeOf(name),
      },
      kinds: ["gateway.envoyproxy.io/BackendTrafficPolicy"],
    });
  if (exposure.allow.length > 0)
    files.push({
      fileName: "allow-list.yaml",
      template: "exposure/envoy-gateway/allow-list.yaml",
      view: { ...view, allow: exposure.allow },
      about: {
        what: `The addresses that may reach ${name}.`,
        why: "Everyone else is refused at the gateway.",
        standard: "Envoy Gateway, SecurityPolicy",
        change: changeOf(name),
      },
      kinds: ["gateway.envoyproxy.io/SecurityPolicy"],
    });
  return files;
}

/**
 * Annotations by which a cloud makes a Service's load balancer internal. With externalTrafficPolicy Local each of them asks
 * kube-proxy on the Service's healthCheckNodePort, so that nodes without a proxy get no traffic and clients keep their address.
 * Sources: cloud-provider-azure.sigs.k8s.io/topics/loadbalancer; kubernetes-sigs.github.io/aws-load-balancer-controller
 * (guide/service/annotations); cloud.google.com/kubernetes-engine/docs/how-to/internal-load-balancing.
 */
export const INTERNAL_LOAD_BALANCER: Readonly<
  Record<"azure" | "aws" | "gcp", Readonly<Record<string, string>>>
> = {
  azure: { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" },
  aws: {
    "service.beta.kubernetes.io/aws-load-balancer-type": "external",
    "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "instance",
    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
  },
  gcp: { "networking.gke.io/load-balancer-type": "Internal" },
};

function loadBalancerOf({ settings: { gateway } }: Environment) {
  const { loadBalancer } = gateway;
  if (loadBalancer === undefined) return undefined;
  const { internal, annotations } = loadBalancer;
  const all = { ...(internal && INTERNAL_LOAD_BALANCER[internal]), ...annotations };
  const sorted = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
  return { annotations: Object.fromEntries(sorted), hasAnnotations: sorted.length > 0, internal };
}

const edge: GatewayImplementation["edge"] = (stack, environment) => {
  const { gateway } = environment.settings;
  if (gateway.mode === "shared") return [];
  const kind = gateway.mode === "own" ? "Gateway" : "ListenerSet";
  const loadBalancer = gateway.mode === "own" ? loadBalancerOf(environment) : undefined;
  const view = {
    edge: OWN_GATEWAY,
    kind,
    labels: stackLabels(stack, "edge"),
    environment: environment.name,
    gatewayName: gateway.name,
    gatewayNamespace: gateway.namespace,
    class: gateway.class,
    https: gateway.https,
    secretName: `${certificateName(stack.name, environment.name)}-tls`,
    loadBalancer,
    trustedHops: gateway.trustedHops,
  };
  const change = "gateway in prod-stack.yaml";
  const files: EdgeFile[] = [
    {
      fileName: "gateway.yaml",
      template: `exposure/envoy-gateway/${gateway.mode === "own" ? "gateway" : "listener-set"}.yaml`,
      view,
      about: {
        what: `The ${kind} of ${environment.name}.`,
        why: "The stack's own listeners, with its own certificate.",
        standard: "Gateway API v1",
        change,
      },
      kinds: [`gateway.networking.k8s.io/${kind}`],
    },
  ];
  if (loadBalancer !== undefined)
    files.push({
      fileName: "envoy-proxy.yaml",
      template: "exposure/envoy-gateway/envoy-proxy.yaml",
      view,
      about: {
        what: `The load balancer of ${environment.name}'s Gateway.`,
        why: "Its cloud makes it internal, and checks the nodes' health.",
        standard: "Envoy Gateway, EnvoyProxy",
        change,
      },
      kinds: ["gateway.envoyproxy.io/EnvoyProxy"],
    });
  if (gateway.trustedHops > 0)
    files.push({
      fileName: "client-traffic.yaml",
      template: "exposure/envoy-gateway/client-traffic.yaml",
      view,
      about: {
        what: `Whose word on the client's address the ${kind} of ${environment.name} takes.`,
        why: "Behind another proxy all clients would count as one.",
        standard: "Envoy Gateway, ClientTrafficPolicy",
        change,
      },
      kinds: ["gateway.envoyproxy.io/ClientTrafficPolicy"],
    });
  return files;
};

const placed: GatewayImplementation["placed"] = (_stack, service, { settings }) => {
  const path = "/spec/hostnames";
  const value = service.exposure.hosts;
  const redirect = { kind: "HTTPRoute", name: `${service.name}-redirect`, path, value };
  return [
    { kind: routeKind(service), name: service.name, path, value },
    ...(settings.gateway.https ? [redirect] : []),
  ];
};

export const envoyGateway: GatewayImplementation = {
  route,
  placed,
  beside: (stack, service, environment) => [
    ...(environment.settings.gateway.https ? [redirectFile(stack, service, environment)] : []),
    ...policyFiles(stack, service, environment),
  ],
  edge,
};
