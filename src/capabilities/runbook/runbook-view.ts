// Owns: what every page of the runbook may speak of: the names, places and numbers of this stack.
// Promises: commands take the most productive environment as their example; lists cover all environments.
// Must not: hold text.

import { ALERT_NAMES } from "../../stack/alert-names.js";
import { budgetWindow } from "../../stack/alerts/recordings.js";
import { scopeOf } from "../../stack/alerts/scope.js";
import { alertsOf } from "../../stack/alerts.js";
import { backupName } from "../../stack/backup-name.js";
import { endpointsOf, HEALTH_JOB } from "../../stack/endpoints.js";
import { formatBytes } from "../../stack/quantity.js";
import { releasesOf } from "../../stack/releases.js";
import type { Datastore, Environment, Service, Stack } from "../../stack/stack.js";
import { appliedDirectory, oncePerEnvironment, rowsByPlace } from "../places.js";
import { applicationOf, certificatesOf, componentsOf, retentionOf, secretsOf } from "./runbook-facts.js";

export type RunbookView = ReturnType<typeof runbookView>;

function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.filter((item, index) => items.findIndex((other) => key(other) === key(item)) === index);
}

function names(items: readonly { readonly name: string }[]): string {
  return [...new Set(items.map(({ name }) => name))].join(", ");
}

export function runbookView(stack: Stack) {
  const main = stack.environments.at(-1) as Environment;
  return {
    ...placeView(stack, main),
    ...serviceView(stack),
    ...datastoreView(stack, main),
    ...edgeView(stack),
    ...documentView(stack),
    ...linksView(stack),
  };
}

/** Links to alert pages, from beside them and from above; only a name where this stack has no such alert. */
function linksView(stack: Stack) {
  const here = new Set(stack.disabled.includes("monitoring") ? [] : alertsOf(stack).map(({ name }) => name));
  const links = (folder: string) =>
    Object.fromEntries(
      ALERT_NAMES.map((name) => [name, here.has(name) ? `[${name}](${folder}${name}.md)` : name]),
    );
  return { link: links(""), page: links("alerts/") };
}

/** The example environment, and how to choose another. */
function placeView(stack: Stack, main: Environment) {
  const width = Math.max(...stack.environments.map(({ namespace }) => namespace.length)) + "NS=".length;
  return {
    name: stack.name,
    description: stack.description,
    owner: stack.owner,
    revision: stack.source.revision,
    environment: main.name,
    overlay: appliedDirectory(main),
    namespace: main.namespace,
    application: applicationOf(stack, main),
    applicationList: stack.environments.map((environment) => applicationOf(stack, environment)).join(", "),
    namespaces: oncePerEnvironment(stack)
      .reverse()
      .map(
        ({ name, namespace }, index) =>
          `${`${index === 0 ? "" : "# "}NS=${namespace}`.padEnd(width + 2)}   # ${name}`,
      ),
    monitoringNamespace: main.settings.monitoring.namespace,
    proxyNamespace: main.settings.gateway.proxyNamespace,
  };
}

function serviceView(stack: Stack) {
  const all = stack.environments.flatMap(({ services }) => services);
  const measuredIn = (environment: Environment) => {
    const scope = scopeOf(stack, environment);
    return [...scope.measured, ...scope.measuredAtGateway];
  };
  return {
    service: all[0]?.name ?? "",
    serviceList: names(all),
    measuredList: names(stack.environments.flatMap(measuredIn)),
    scraped: unique(
      all.filter(({ metrics }) => metrics !== undefined),
      ({ name }) => name,
    ).map(({ name, metrics }) => ({ name, port: metrics?.port.number ?? 0, path: metrics?.path ?? "" })),
    readiness: unique(all, ({ name }) => name).map((service) => ({
      name: service.name,
      probe: readinessOf(service),
    })),
    objectives: rowsByPlace(stack, (environment) =>
      measuredIn(environment).map(({ name, slo }) => ({ service: name, latency: slo.latency })),
    ),
    burns: rowsByPlace(stack, (environment) =>
      environment.tier === "development"
        ? []
        : measuredIn(environment).map((service) => ({
            service: service.name,
            availability: service.slo.availability,
            window: budgetWindow(environment.settings.monitoring.metricRetention),
            ...burnsOf(service),
          })),
    ),
    scaled: rowsByPlace(stack, ({ services }) =>
      services.flatMap(({ name, scaling }) =>
        scaling === undefined
          ? []
          : [
              {
                service: name,
                min: scaling.min,
                max: scaling.max,
                cpu: target(scaling.cpu),
                memory: target(scaling.memory),
              },
            ],
      ),
    ),
    accounts: [
      ...new Set(
        stack.environments.flatMap(({ services, datastores }) => [
          ...services.map(({ name }) => name),
          ...datastores.flatMap(({ name, backup }) =>
            backup === undefined ? [name] : [name, backupName(name)],
          ),
        ]),
      ),
    ].sort(),
    images: [
      ...new Set(
        stack.environments.flatMap(({ services, datastores }) => [
          ...services.flatMap(releasesOf).map(({ image }) => image.repository),
          ...datastores.flatMap(({ image, mode, exporter }) => [
            ...(mode === "external" ? [] : [image.repository]),
            ...(exporter === undefined ? [] : [exporter.image.repository]),
          ]),
        ]),
      ),
    ].sort(),
  };
}

function target(percent: number | undefined): string {
  return percent === undefined ? "not looked at" : `${percent} % of the request`;
}

/** Failed requests in percent from which each burn-rate alert fires. */
function burnsOf({ slo }: Service) {
  const allowed = 100 - slo.availability;
  const percent = (factor: number) => Number((factor * allowed).toFixed(4));
  return { burn14: percent(14.4), burn6: percent(6), burn3: percent(3), burn1: percent(1) };
}

function readinessOf({ probes }: Service): string {
  const { readiness } = probes;
  if (readiness === undefined) return "no probe: ready once it runs";
  if (readiness.kind === "exec") return `${readiness.command.join(" ")} succeeds`;
  const port = `port ${readiness.port?.number}`;
  if (readiness.kind === "http") return `GET ${readiness.path ?? "/"} on ${port} answers 200 to 399`;
  return readiness.kind === "grpc"
    ? `the gRPC health service on ${port} says SERVING`
    : `${port} takes connections`;
}

/** Datastores with pods of their own here. */
function inCluster({ datastores }: Environment): Datastore[] {
  return datastores.filter(({ mode }) => mode !== "external");
}

/** What pages say of datastores: of all, or of one family of engines. */
export function datastoreNames(stack: Stack, main: Environment, family?: string) {
  const isMeant = (item: Datastore) => family === undefined || item.family === family;
  const all = stack.environments.flatMap(inCluster).filter(isMeant);
  const first = inCluster(main).find(isMeant) ?? all[0];
  return {
    datastore: first?.name ?? "",
    datastoreList: names(all),
    client: first?.client ?? "",
    check: first?.check ?? "",
    exporterPort: first?.metrics?.port ?? 0,
    datastores: unique(all, ({ name }) => name).map((item) => ({
      name: item.name,
      maxMemory: item.dataMemoryBytes === undefined ? undefined : formatBytes(item.dataMemoryBytes),
      pod: item.operator?.first.pod ?? `${item.name}-0`,
      container: item.operator?.first.container ?? item.name,
      dataPath: item.operator?.first.dataPath ?? item.server?.dataPath,
    })),
    stores: rowsByPlace(stack, (environment) =>
      inCluster(environment)
        .filter(isMeant)
        .map(({ name, engineName, role, clients, dataMemoryBytes, resources }) => ({
          name,
          engine: engineName,
          role,
          clients: clients.join(", ") || "nobody",
          maxMemory: dataMemoryBytes === undefined ? "" : formatBytes(dataMemoryBytes),
          limit: resources.limits.memory,
        })),
    ),
  };
}

/** From troubleshooting pages stand below, from alert pages beside. */
function linkTo(stack: Stack, alert: string | undefined, where: "client" | "log"): string {
  if (alert === undefined) return "";
  const { link, page } = linksView(stack);
  return `: ${(where === "client" ? page : link)[alert] ?? alert}`;
}

function symptomsView(stack: Stack, where: "client" | "log") {
  const all = stack.environments.flatMap(({ datastores }) => datastores);
  return unique(all, ({ family }) => family).flatMap(({ symptoms }) =>
    symptoms
      .filter((symptom) => symptom.where === where)
      .map(({ says, means, alert }) => ({ says, means: `${means}${linkTo(stack, alert, where)}` })),
  );
}

function datastoreView(stack: Stack, main: Environment) {
  const all = stack.environments.flatMap(inCluster);
  const backups = rowsByPlace(stack, (environment) =>
    scopeOf(stack, environment).backups.map(({ datastore, maxAgeSeconds }) => ({
      datastore,
      maxAgeSeconds,
      ...environment.datastores.find(({ name }) => name === datastore)?.backup,
    })),
  );
  const backedUp =
    backups.findLast(({ environment }) => environment === main.name || environment === main.label)
      ?.datastore ?? backups[0]?.datastore;
  return {
    ...datastoreNames(stack, main),
    clientSymptoms: symptomsView(stack, "client"),
    logSymptoms: symptomsView(stack, "log"),
    claims: rowsByPlace(stack, (environment) =>
      inCluster(environment)
        .filter(({ role }) => role === "store")
        .map(({ name, storage, operator }) => ({
          claim: operator?.first.claim ?? `data-${name}-0`,
          size: storage,
        })),
    ),
    backup: backedUp === undefined ? "" : backupName(backedUp),
    backupOf: backedUp ?? "",
    backupList: [...new Set(backups.map(({ datastore }) => backupName(datastore)))].join(", "),
    backups: backups.map(({ environment, datastore, maxAgeSeconds, schedule, timeZone, retentionDays }) => ({
      environment,
      datastore,
      schedule: schedule ?? "",
      timeZone: timeZone ?? "",
      retentionDays: retentionDays ?? 0,
      stale: `${maxAgeSeconds / 3600} h`,
    })),
    buckets: [
      ...new Set(
        all.flatMap(({ backup }) =>
          backup === undefined ? [] : [`s3://${backup.store.bucket}/${backup.store.prefix}`],
        ),
      ),
    ].sort(),
  };
}

function edgeView(stack: Stack) {
  const endpoints = rowsByPlace(stack, (environment) => endpointsOf(stack, environment));
  const certificates = rowsByPlace(stack, (environment) => certificatesOf(stack, environment));
  return {
    endpoints: endpoints.map(({ environment, url, job }) => ({
      environment,
      url,
      expected: job === HEALTH_JOB ? "2xx" : "anything below 500",
    })),
    endpoint: endpoints.at(-1)?.url ?? "",
    certificates,
    hasCertificates: certificates.length > 0,
    host: certificates.at(-1)?.hosts.split(", ")[0] ?? "",
    certificate: certificates.at(-1)?.name ?? "",
    certificateNamespace: certificates.at(-1)?.namespace ?? "",
  };
}

function documentView(stack: Stack) {
  return {
    environments: stack.environments.map((environment) => ({
      name: environment.label,
      tier: environment.tier,
      namespace: environment.namespace,
      application: applicationOf(stack, environment),
      server: environment.server,
      addresses:
        endpointsOf(stack, environment)
          .map(({ url }) => new URL(url).origin)
          .join(", ") || "none",
    })),
    components: componentsOf(stack),
    externals: unique(
      stack.environments.flatMap(({ externals }) => externals),
      ({ name }) => name,
    ).map(({ name, host, port, clients }) => ({
      name,
      address: `${host}:${port}`,
      clients: clients.join(", ") || "nobody",
    })),
    secrets: rowsByPlace(stack, secretsOf),
    quotas: rowsByPlace(stack, ({ quota }) => [
      {
        requests: `${quota.requestsCpu} CPU, ${quota.requestsMemory}`,
        limits: `${quota.limitsCpu} CPU, ${quota.limitsMemory}`,
        pods: quota.pods,
        services: quota.services,
        storage: quota.storage,
      },
    ]),
    retention: retentionOf(stack),
  };
}
