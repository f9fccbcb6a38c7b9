// Owns: one service of the merged spec → Service.
// Promises: ports, probes, settings, edges and exposure made concrete; lists sorted.
// Must not: decide which objects come of it.

import { type Derivation, mirror, resourcesOf, writableVolumes } from "./derivation.js";
import { clientsOf, connectionsOf, engineInput } from "./derive-connection.js";
import type { EffectiveService, EffectiveSpec } from "./effective.js";
import { RUNTIME_PRESETS } from "./presets/runtimes.js";
import { SERVICE_TYPE_PRESETS } from "./presets/service-types.js";
import { goDuration, seconds } from "./quantity.js";
import type { Edge, Exposure, Image, Port, Probe, SecretVariable, Service, Variable } from "./stack.js";

/** uid and gid of processes that name none: not root, and not the kernel's overflow id 65534 that the seeds use. */
const DEFAULT_USER = 10001;

export function deriveService(name: string, derivation: Derivation): Service {
  const service = required(derivation.effective.services[name], name);
  const ports = portsOf(service);
  const variables = variablesOf(service, derivation);
  const { type, runtime } = service;
  const runtimePreset = RUNTIME_PRESETS[runtime];
  const monitoring = derivation.effective.monitoring;
  return {
    name,
    type,
    runtime,
    component: SERVICE_TYPE_PRESETS[type].component,
    description: service.description ?? "",
    image: serviceImage(service.image, derivation.effective),
    command: service.command ?? [],
    args: service.args ?? [],
    ports,
    config: variables.config,
    secretVariables: variables.secrets,
    edges: edgesOf(service, derivation),
    clients: clientsOf(name, derivation.effective),
    exposure: exposureOf(service, ports, derivation),
    replicas: service.replicas,
    scaling:
      service.scaling === undefined
        ? undefined
        : {
            min: service.scaling.min,
            max: service.scaling.max,
            cpu: service.scaling.cpu,
            memory: service.scaling.memory,
          },
    resources: resourcesOf(service.resources),
    probes: {
      startup: probeOf(service, "startup", ports),
      readiness: probeOf(service, "readiness", ports),
      liveness: probeOf(service, "liveness", ports),
    },
    metrics: metricsOf(
      service,
      ports,
      service.expose === undefined ? monitoring.interval.standard : monitoring.interval.critical,
    ),
    requestMetrics: runtimePreset.requestMetrics,
    writable: writableVolumes(service.writable ?? {}),
    user: service.user ?? DEFAULT_USER,
    shutdown: {
      delaySeconds: seconds(service.shutdown.delay ?? "0s"),
      graceSeconds: seconds(service.shutdown.grace ?? "30s"),
    },
    pullSecrets: service.pullSecrets ?? derivation.effective.pullSecrets,
    priorityClass: service.priorityClass,
    apiAccess: service.apiAccess ?? false,
    slo: {
      availability: service.slo?.availability ?? monitoring.slo.availability,
      latency: service.slo?.latency ?? monitoring.slo.latency,
    },
  };
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`no service ${name}`);
  return value;
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

/** By number: the order of a map in the spec means nothing. */
function portsOf(service: EffectiveService): Port[] {
  return Object.entries(service.ports ?? {})
    .map(([name, number]) => ({ name, number }))
    .sort((a, b) => rankPort(a) - rankPort(b) || a.number - b.number);
}

/** The port that is meant when none is named: http, grpc or web come first. */
function rankPort({ name }: Port): number {
  const rank = ["http", "https", "web", "grpc"].indexOf(name);
  return rank < 0 ? 9 : rank;
}

function namedPort(ports: readonly Port[], name: string | undefined): Port | undefined {
  return name === undefined ? ports[0] : (ports.find((port) => port.name === name) ?? ports[0]);
}

export function splitImage(reference: string): {
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
} {
  const [withoutDigest = "", digest] = reference.split("@");
  const colon = withoutDigest.lastIndexOf(":");
  const hasTag = colon > withoutDigest.lastIndexOf("/");
  return {
    repository: hasTag ? withoutDigest.slice(0, colon) : withoutDigest,
    tag: hasTag ? withoutDigest.slice(colon + 1) : undefined,
    digest,
  };
}

function serviceImage(reference: string, effective: EffectiveSpec): Image {
  const { repository, tag, digest } = splitImage(reference);
  const mirrored = mirror(repository, effective);
  return { repository: mirrored, tag, digest, reference: mirrored, exception: undefined };
}

function probeOf(
  service: EffectiveService,
  which: "startup" | "readiness" | "liveness",
  ports: readonly Port[],
): Probe | undefined {
  const probe = service.probes?.[which];
  const port = namedPort(ports, probe?.port);
  if (probe === undefined || port === undefined) return undefined;
  const kind = service.type === "grpc-service" ? "grpc" : probe.path === undefined ? "tcp" : "http";
  return {
    kind,
    path: kind === "http" ? probe.path : undefined,
    port,
    periodSeconds: seconds(probe.period ?? "10s"),
    timeoutSeconds: seconds(probe.timeout ?? "3s"),
    failureThreshold: probe.failures ?? 3,
  };
}

function metricsOf(service: EffectiveService, ports: readonly Port[], interval: string): Service["metrics"] {
  const port = namedPort(ports, service.metrics?.port);
  if (service.metrics === undefined || port === undefined) return undefined;
  return { path: service.metrics.path ?? "/metrics", port, interval: service.metrics.interval ?? interval };
}

function edgesOf(service: EffectiveService, derivation: Derivation): Edge[] {
  const { effective } = derivation;
  return Object.entries(service.uses ?? {})
    .sort(byKey)
    .map(([target, use]): Edge => {
      const datastore = effective.datastores[target];
      const external = effective.externals[target];
      if (datastore !== undefined) {
        const { mode, host, port } = engineInput(target, derivation);
        return {
          kind: mode === "external" ? "external" : "datastore",
          target,
          port,
          host,
          addresses: datastore.addresses ?? [],
        };
      }
      if (external !== undefined)
        return {
          kind: "external",
          target,
          port: external.port ?? 443,
          host: external.host,
          addresses: external.addresses ?? [],
        };
      const port = namedPort(portsOf(required(effective.services[target], target)), use.port);
      return { kind: "service", target, port: port?.number ?? 0, host: target, addresses: [] };
    });
}

/** Settings: the runtime's own, then those of the connections, then the user's, which win. */
function variablesOf(
  service: EffectiveService,
  derivation: Derivation,
): { config: Variable[]; secrets: SecretVariable[] } {
  const { settings, logLevel } = RUNTIME_PRESETS[service.runtime];
  const all: Record<string, string | { secret: string; key: string }> = Object.assign(
    Object.create(null),
    settings,
  );
  if (logLevel !== undefined) all[logLevel.variable] = logLevel.words[derivation.effective.logLevel];
  Object.assign(all, connectionsOf(service, derivation));
  for (const edge of edgesOf(service, derivation))
    if (derivation.effective.datastores[edge.target] === undefined)
      Object.assign(all, addressOf(edge, service));
  Object.assign(all, service.env);
  const sorted = Object.entries(all).sort(byKey);
  return {
    config: sorted.flatMap(([name, value]) => (typeof value === "string" ? [{ name, value }] : [])),
    // Key by key: views are compared as text, and the user may write the two in either order.
    secrets: sorted.flatMap(([name, value]) =>
      typeof value === "string" ? [] : [{ name, secret: value.secret, key: value.key }],
    ),
  };
}

/** Variables with the address of a service or an external. */
function addressOf(edge: Edge, service: EffectiveService): Record<string, string> {
  const chosen = service.uses?.[edge.target]?.env ?? {};
  const prefix = edge.target.toUpperCase().replaceAll("-", "_");
  const scheme = edge.kind === "external" && edge.port === 443 ? "https" : "http";
  const url = `${scheme}://${edge.host}${edge.kind === "external" && edge.port === 443 ? "" : `:${edge.port}`}`;
  const values: Record<string, string> = { host: edge.host, port: String(edge.port), url };
  const named = Object.entries(chosen).flatMap(([part, variable]): [string, string][] =>
    values[part] === undefined ? [] : [[String(variable), values[part]]],
  );
  return named.length > 0 ? Object.fromEntries(named) : { [`${prefix}_URL`]: url };
}

const UNITS = { s: "Second", min: "Minute", h: "Hour" } as const;

function exposureOf(
  service: EffectiveService,
  ports: readonly Port[],
  { spec, place }: Derivation,
): Exposure | undefined {
  const expose = service.expose;
  const port = namedPort(ports, expose?.port);
  if (expose === undefined || port === undefined) return undefined;
  const host = expose.host ?? spec.name;
  const [requests, unit] = expose.rateLimit?.split("/") ?? [];
  return {
    host: host.includes(".") || place === undefined ? host : `${host}.${place.domain}`,
    path: expose.path ?? "/",
    port,
    rateLimit:
      requests === undefined
        ? undefined
        : { requests: Number(requests), unit: UNITS[unit as keyof typeof UNITS] },
    timeout: expose.timeout && goDuration(expose.timeout),
    allow: [...(expose.allow ?? [])].sort(),
    cors:
      expose.cors === undefined
        ? undefined
        : {
            origins: expose.cors.origins,
            methods: expose.cors.methods ?? ["GET", "POST", "OPTIONS"],
            headers: expose.cors.headers ?? [],
            credentials: expose.cors.credentials ?? false,
          },
    contentSecurityPolicy: expose.contentSecurityPolicy,
  };
}
