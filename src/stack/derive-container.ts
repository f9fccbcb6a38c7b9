// Owns: the containers of one service: its own, its sidecars and its init containers.
// Promises: ports, probes, settings and mounts made concrete; lists sorted.
// Must not: know kinds of workloads.

import type {
  Container,
  FurtherContainer,
  Image,
  Port,
  Probe,
  Probes,
  Resources,
  SecretVariable,
  Variable,
} from "./container.js";
import { amountsOf, type Derivation, mirror } from "./derivation.js";
import { connectionsOf } from "./derive-connection.js";
import { byKey, edgesOf } from "./derive-edges.js";
import { mountsOf } from "./derive-volumes.js";
import type { EffectiveService, EffectiveSpec } from "./effective.js";
import { rankedPorts } from "./named-port.js";
import { RUNTIME_PRESETS } from "./presets/runtimes.js";
import { bytes, cpu, formatBytes, seconds } from "./quantity.js";
import type { Edge } from "./service.js";

type FurtherSpec = NonNullable<EffectiveService["containers"]>[string];
type ProbeSpec = NonNullable<NonNullable<EffectiveService["probes"]>["startup"]>;
type EnvSpec = Readonly<Record<string, string | { readonly secret: string; readonly key: string }>>;

/** What a container beside the service asks for where nobody says: enough for a small proxy or exporter. */
const FURTHER_RESOURCES = {
  requests: { cpu: "25m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
};

export function mainContainer(name: string, service: EffectiveService, derivation: Derivation): Container {
  const { literals, secrets } = splitVariables(settingsOf(name, service, derivation));
  return {
    name,
    image: service.image === undefined ? undefined : imageOf(service.image, derivation.effective),
    command: service.command ?? [],
    args: service.args ?? [],
    ports: rankedPorts(service.ports),
    variables: literals,
    secretVariables: secrets,
    resources: serviceResources(service),
    probes: probesOf(service.probes, rankedPorts(service.ports), service.type === "grpc-service"),
    mounts: mountsOf(name, name, service),
    user: undefined,
    group: undefined,
    capabilities: service.capabilities ?? [],
  };
}

export function furtherContainers(
  owner: string,
  service: EffectiveService,
  derivation: Derivation,
): FurtherContainer[] {
  return Object.entries(service.containers ?? {})
    .sort(byKey)
    .map(([name, spec]) => furtherContainer(owner, name, spec, service, derivation));
}

function furtherContainer(
  owner: string,
  name: string,
  spec: FurtherSpec,
  service: EffectiveService,
  { effective }: Derivation,
): FurtherContainer {
  const { literals, secrets } = splitVariables(spec.env ?? {});
  const ports = rankedPorts(spec.ports);
  const amounts = spec.resources ?? {};
  return {
    name,
    kind: spec.kind,
    isRelease: true,
    image: imageOf(spec.image, effective),
    command: spec.command ?? [],
    args: spec.args ?? [],
    ports: spec.kind === "init" ? [] : ports,
    variables: literals,
    secretVariables: secrets,
    resources: {
      requests: amountsOf({ ...FURTHER_RESOURCES.requests, ...amounts.requests }, "16Mi"),
      limits: amountsOf({ ...FURTHER_RESOURCES.limits, ...amounts.limits }, "128Mi"),
    },
    // An init container is done before anybody could ask it.
    probes: probesOf(spec.kind === "init" ? undefined : spec.probes, ports, false),
    mounts: mountsOf(owner, name, service),
    user: spec.user,
    group: spec.group ?? spec.user,
    capabilities: spec.capabilities ?? [],
  };
}

/** Scratch volumes count against the limit of ephemeral storage: without room for them a full one evicts the pod. */
function serviceResources({ resources, volumes }: EffectiveService): Resources {
  const scratch = Object.values(volumes ?? {}).reduce(
    (sum, { emptyDir }) => sum + (emptyDir === undefined ? 0 : bytes(emptyDir)),
    0,
  );
  const limits = amountsOf(resources.limits, "512Mi");
  const roomy = formatBytes(bytes(limits.ephemeralStorage) + scratch);
  return {
    requests: amountsOf(resources.requests, "64Mi"),
    limits: scratch === 0 ? limits : { ...limits, ephemeralStorage: roomy },
  };
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

function imageOf(reference: string, effective: EffectiveSpec): Image {
  const { repository, tag, digest } = splitImage(reference);
  const mirrored = mirror(repository, effective);
  return { repository: mirrored, tag, digest, reference: mirrored, exception: undefined };
}

function probesOf(probes: EffectiveService["probes"], ports: readonly Port[], isGrpc: boolean): Probes {
  return {
    startup: probeOf(probes?.startup, ports, isGrpc),
    readiness: probeOf(probes?.readiness, ports, isGrpc),
    liveness: probeOf(probes?.liveness, ports, isGrpc),
  };
}

function probeOf(probe: ProbeSpec | undefined, ports: readonly Port[], isGrpc: boolean): Probe | undefined {
  if (probe === undefined) return undefined;
  const port = ports.find(({ name }) => name === probe.port) ?? ports[0];
  const kind =
    probe.exec !== undefined ? "exec" : isGrpc ? "grpc" : probe.path === undefined ? "tcp" : "http";
  if (kind !== "exec" && port === undefined) return undefined;
  return {
    kind,
    path: kind === "http" ? probe.path : undefined,
    port: kind === "exec" ? undefined : port,
    command: probe.exec ?? [],
    periodSeconds: seconds(probe.period ?? "10s"),
    timeoutSeconds: seconds(probe.timeout ?? "3s"),
    failureThreshold: probe.failures ?? 3,
  };
}

function splitVariables(all: EnvSpec): { literals: Variable[]; secrets: SecretVariable[] } {
  const sorted = Object.entries(all).sort(byKey);
  return {
    literals: sorted.flatMap(([name, value]) => (typeof value === "string" ? [{ name, value }] : [])),
    // Key by key: views are compared as text, and the user may write the two in either order.
    secrets: sorted.flatMap(([name, value]) =>
      typeof value === "string" ? [] : [{ name, secret: value.secret, key: value.key }],
    ),
  };
}

/** Settings: the runtime's own, then those of the connections, then the user's, which win. */
function settingsOf(name: string, service: EffectiveService, derivation: Derivation): EnvSpec {
  const { settings, settingsByLimit, settingsByTier, logLevel } = RUNTIME_PRESETS[service.runtime];
  const all: Record<string, string | { secret: string; key: string }> = Object.create(null);
  const { limits } = serviceResources(service);
  const tier = derivation.place?.tier;
  Object.assign(
    all,
    settings,
    settingsByLimit?.({ memory: bytes(limits.memory), cpu: cpu(limits.cpu) }),
    tier && settingsByTier?.[tier],
  );
  if (logLevel !== undefined) all[logLevel.variable] = logLevel.words[derivation.effective.logLevel];
  Object.assign(all, connectionsOf(name, service, derivation));
  for (const edge of edgesOf(service, derivation))
    if (derivation.effective.datastores[edge.target] === undefined)
      Object.assign(all, addressOf(edge, service));
  return Object.assign(all, service.env);
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
  // Somebody else's image has names of its own: only those that are told are given.
  const isForeign = service.type === "third-party";
  return named.length > 0 || isForeign ? Object.fromEntries(named) : { [`${prefix}_URL`]: url };
}
