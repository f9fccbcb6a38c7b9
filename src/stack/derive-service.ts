// Owns: one service of the merged spec → Service.
// Promises: ports, probes, settings, edges and exposure made concrete; lists sorted.
// Must not: decide which objects come of it.

import { type Derivation, mirror, passwordOf, resourcesOf } from "./derivation.js";
import type { EffectiveService, EffectiveSpec } from "./effective.js";
import { ENGINE_PRESETS } from "./presets/engines.js";
import { RUNTIME_PRESETS } from "./presets/runtimes.js";
import { SERVICE_TYPE_PRESETS } from "./presets/service-types.js";
import { bytes, formatBytes, goDuration, seconds } from "./quantity.js";
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
    edges: edgesOf(service, derivation.effective),
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
    writable: volumesOf(service),
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

/** One volume a path; paths that would share a name get a number. */
function volumesOf(service: EffectiveService): Service["writable"] {
  const taken = new Set<string>();
  return Object.entries(service.writable ?? {})
    .sort(byKey)
    .map(([path, size]) => {
      const plain = volumeName(path);
      let name = plain;
      for (let number = 2; taken.has(name); number += 1) name = `${plain}-${number}`;
      taken.add(name);
      return { name, path, size: formatBytes(bytes(size)) };
    });
}

/** A volume's name from its path: /var/cache/nginx → writable-var-cache-nginx. */
function volumeName(path: string): string {
  const name = path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `writable-${name === "" ? "root" : name}`.slice(0, 59).replace(/-+$/, "");
}

function clientsOf(target: string, effective: EffectiveSpec): string[] {
  return Object.entries(effective.services)
    .filter(([, { uses }]) => uses !== undefined && target in uses)
    .map(([name]) => name)
    .sort();
}

function edgesOf(service: EffectiveService, effective: EffectiveSpec): Edge[] {
  return Object.entries(service.uses ?? {})
    .sort(byKey)
    .map(([target, use]): Edge => {
      const datastore = effective.datastores[target];
      const external = effective.externals[target];
      if (datastore !== undefined)
        return { kind: "datastore", target, port: ENGINE_PRESETS[datastore.engine].port, host: target };
      if (external !== undefined)
        return { kind: "external", target, port: external.port ?? 443, host: external.host };
      const port = namedPort(portsOf(required(effective.services[target], target)), use.port);
      return { kind: "service", target, port: port?.number ?? 0, host: target };
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
  for (const edge of edgesOf(service, derivation.effective))
    Object.assign(all, connectionOf(edge, service, derivation));
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

function connectionOf(
  edge: Edge,
  service: EffectiveService,
  derivation: Derivation,
): Record<string, string | { secret: string; key: string }> {
  const chosen = service.uses?.[edge.target]?.env ?? {};
  const prefix = edge.target.toUpperCase().replaceAll("-", "_");
  if (edge.kind === "datastore") {
    const names = { ...RUNTIME_PRESETS[service.runtime].redis, ...chosen };
    return {
      [names.host]: edge.host,
      [names.port]: String(edge.port),
      [names.password]: passwordOf(edge.target, derivation),
    };
  }
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
