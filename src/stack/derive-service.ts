// Owns: one service of the merged spec → Service.
// Promises: ports, probes, settings, edges and exposure made concrete; lists sorted.
// Must not: decide which objects come of it.

import type { Container, Port } from "./container.js";
import type { Derivation } from "./derivation.js";
import { clientsOf } from "./derive-connection.js";
import { furtherContainers, mainContainer } from "./derive-container.js";
import { byKey, edgesOf } from "./derive-edges.js";
import { exposureOf } from "./derive-exposure.js";
import { downloadOf } from "./derive-model.js";
import { placementOf } from "./derive-placement.js";
import { scalingOf, verticalOf } from "./derive-scaling.js";
import { filesOf, volumesOf } from "./derive-volumes.js";
import { waveOf } from "./derive-wave.js";
import type { EffectiveService, EffectiveSpec } from "./effective.js";
import { namedPort, portsOf } from "./named-port.js";
import { RUNTIME_PRESETS } from "./presets/runtimes.js";
import { endsByItself, kindOf, SERVICE_TYPE_PRESETS } from "./presets/service-types.js";
import { seconds } from "./quantity.js";
import type { Identity, Model, RunSchedule, Service } from "./service.js";

/** uid and gid of processes that name none: not root, and not the kernel's overflow id 65534 that the seeds use. */
const DEFAULT_USER = 10001;
/** uid of KServe's own model servers and of its storage initializer (kserve/kserve, python/*.Dockerfile: "useradd kserve -m -u 1000"). */
const KSERVE_USER = 1000;

export function deriveService(name: string, derivation: Derivation): Service {
  const { effective } = derivation;
  const service = effective.services[name];
  if (service === undefined) throw new Error(`no service ${name}`);
  const { type, runtime } = service;
  const kind = kindOf(service);
  const own = mainContainer(name, service, derivation);
  const download = downloadOf(service, own, derivation);
  const main = download === undefined ? own : { ...own, mounts: [...own.mounts, download.mount] };
  const ends = endsByItself(kind);
  const ports = ends ? [] : portsOf(service);
  return {
    name,
    type,
    runtime,
    kind,
    component: SERVICE_TYPE_PRESETS[type].component,
    description: service.description ?? "",
    ...containersOf(kind, main),
    image: kind === "InferenceService" ? undefined : main.image,
    ports,
    containers: [
      ...(download === undefined ? [] : [download.container]),
      ...furtherContainers(name, service, derivation),
    ],
    volumes: [...(download?.volume === undefined ? [] : [download.volume]), ...volumesOf(name, service)],
    files: filesOf(service),
    edges: edgesOf(service, derivation),
    clients: clientsOf(name, effective),
    exposure: ends ? undefined : exposureOf(service, namedPort(ports, service.expose?.port), derivation),
    replicas: ends ? 1 : service.replicas,
    scaling: ends ? undefined : scalingOf(service.scaling, derivation),
    vertical: ends ? undefined : verticalOf(service.vertical, main.resources),
    placement: placementOf(service.placement, effective),
    hostUsers: service.hostUsers ?? true,
    ...runsOf(service),
    wave: waveOf(name, effective),
    before: [...(service.before ?? [])].sort(),
    model: kind === "InferenceService" ? modelOf(service) : undefined,
    identity: identityOf(service),
    resources: main.resources,
    probes: main.probes,
    ...measurementsOf(service, ports, effective),
    requestMetrics: RUNTIME_PRESETS[runtime].requestMetrics,
    ...processOf(service, effective),
  };
}

/** KServe makes the pod and knows no hash of a ConfigMap, so settings stand in its object themselves. */
function containersOf(kind: Service["kind"], main: Container): Pick<Service, "main" | "config"> {
  if (kind === "InferenceService") return { main: { ...main, image: undefined }, config: [] };
  const ended = { startup: undefined, readiness: undefined, liveness: undefined };
  const own = endsByItself(kind) ? { ...main, ports: [], probes: ended } : main;
  return { main: { ...own, variables: [] }, config: main.variables };
}

function runsOf(service: EffectiveService): Pick<Service, "schedules" | "run"> {
  return {
    schedules: Object.entries(service.schedules ?? {})
      .sort(byKey)
      .map(
        ([name, schedule]): RunSchedule => ({
          name,
          cron: schedule.cron,
          timeZone: schedule.timeZone ?? "Etc/UTC",
          args: schedule.args,
          suspend: schedule.suspend ?? false,
          startingDeadlineSeconds: seconds(schedule.startWithin ?? "5m"),
        }),
      ),
    run: { deadlineSeconds: seconds(service.deadline ?? "1h"), retries: service.retries ?? 2 },
  };
}

function modelOf({ framework, storage, storageSecret }: EffectiveService): Model {
  return { framework: framework ?? "", storage: storage ?? "", secret: storageSecret };
}

function identityOf({ identity }: EffectiveService): Identity | undefined {
  const [found] = (["aws", "azure", "gcp"] as const).filter((cloud) => identity?.[cloud] !== undefined);
  return found === undefined ? undefined : { cloud: found, value: identity?.[found] ?? "" };
}

function processOf(service: EffectiveService, effective: EffectiveSpec) {
  const user = service.user ?? (kindOf(service) === "InferenceService" ? KSERVE_USER : DEFAULT_USER);
  return {
    user,
    group: service.group ?? user,
    shutdown: {
      delaySeconds: seconds(service.shutdown.delay ?? "0s"),
      graceSeconds: seconds(service.shutdown.grace ?? "30s"),
    },
    disruption: SERVICE_TYPE_PRESETS[service.type].disruption,
    pullSecrets: service.pullSecrets ?? effective.pullSecrets,
    priorityClass: service.priorityClass,
    apiAccess: service.apiAccess ?? false,
  };
}

function measurementsOf(
  service: EffectiveService,
  ports: readonly Port[],
  { monitoring }: EffectiveSpec,
): Pick<Service, "metrics" | "slo"> {
  const usual = service.expose === undefined ? monitoring.interval.standard : monitoring.interval.critical;
  const port = namedPort(ports, service.metrics?.port);
  const { path = "/metrics", interval = usual } = service.metrics ?? {};
  return {
    metrics: service.metrics === undefined || port === undefined ? undefined : { path, port, interval },
    slo: {
      availability: service.slo?.availability ?? monitoring.slo.availability,
      latency: service.slo?.latency ?? monitoring.slo.latency,
    },
  };
}
