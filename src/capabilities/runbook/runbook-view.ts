// Owns: what every page of the runbook may speak of: the names, places and numbers of this stack.
// Promises: commands take the most productive environment as their example; lists cover all environments.
// Must not: hold text.

import { budgetWindow } from "../../stack/alerts/recordings.js";
import { scopeOf } from "../../stack/alerts/scope.js";
import { backupName } from "../../stack/backup-name.js";
import { endpointsOf, HEALTH_JOB } from "../../stack/endpoints.js";
import { releasesOf } from "../../stack/releases.js";
import type { Service } from "../../stack/service.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { unique } from "../../stack/unique.js";
import { appliedDirectory, oncePerEnvironment, rowsByPlace } from "../places.js";
import { datastoreView } from "./datastore-view.js";
import { linksView } from "./links-view.js";
import {
  applicationOf,
  certificatesOf,
  componentsOf,
  names,
  retentionOf,
  secretsOf,
} from "./runbook-facts.js";
import { twoStepsView } from "./two-steps-view.js";

export type RunbookView = ReturnType<typeof runbookView>;

export function runbookView(stack: Stack) {
  const main = stack.environments.at(-1) as Environment;
  return {
    ...placeView(stack, main),
    ...serviceView(stack),
    ...datastoreView(stack, main),
    ...edgeView(stack),
    ...twoStepsView(stack, main),
    ...documentView(stack),
    ...linksView(stack),
  };
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
            ...(mode === "external" || image === undefined ? [] : [image.repository]),
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
