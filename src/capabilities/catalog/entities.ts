// Owns: what a software catalog knows of a stack: a System, and its Components, APIs and Resources with their relations.
// Promises: names that Backstage takes, unique among stacks; what the application's own repository registers is only referred to.
// Must not: know YAML.

import { hash } from "node:crypto";
import { servicesAcross } from "../../stack/across-environments.js";
import { browsable, runbookUrl } from "../../stack/runbook-address.js";
import type { Edge, Service } from "../../stack/service.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { selectorOf } from "../labels.js";

interface Link {
  readonly title: string;
  readonly url: string;
  /** One of the names that Backstage has a picture for. */
  readonly icon: string;
}

/** Longest name of an entity. */
const LONGEST = 63;

/** Every stack may have an `api`: the catalog has one namespace for all. */
export function entityName(stack: Stack, name: string): string {
  const whole = name === stack.name ? name : `${stack.name}-${name}`;
  return whole.length <= LONGEST
    ? whole
    : `${whole.slice(0, LONGEST - 9)}-${hash("sha256", whole, "hex").slice(0, 8)}`;
}

/** The Component of a service: this stack's, or the one that the application's own repository registers under the service's name. */
function componentRef(stack: Stack, service: string): string {
  return `component:default/${stack.catalog === "reference" ? service : entityName(stack, service)}`;
}

const API_TYPES: Readonly<Record<string, "openapi" | "grpc">> = {
  "web-api": "openapi",
  "grpc-service": "grpc",
};
const COMPONENT_TYPES: Readonly<Record<string, string>> = {
  "web-frontend": "website",
  job: "job",
  "scheduled-job": "job",
};

export function systemView(stack: Stack) {
  return {
    name: stack.name,
    description: stack.description === "" ? `The stack ${stack.name}.` : stack.description,
    owner: stack.owner,
    project: stack.name,
    selector: selectorText({ "app.kubernetes.io/part-of": stack.name }),
    links: systemLinks(stack),
  };
}

function systemLinks(stack: Stack): Link[] {
  const places = stack.environments.flatMap((environment) => placeLinks(stack, environment));
  const dashboards = stack.environments.flatMap(({ settings }) => settings.monitoring.grafana ?? []);
  return [
    { title: "Repository", url: browsable(stack.source.url), icon: "web" },
    { title: "Runbook", url: runbookUrl(stack, stack.base, "README.md"), icon: "docs" },
    ...places,
    ...[...new Set(dashboards)].map((url, index) => ({
      title: index === 0 ? "Dashboards" : `Dashboards (${hostOf(url)})`,
      url: `${trimmed(url)}/dashboards?tag=${stack.name}`,
      icon: "dashboard",
    })),
  ];
}

/** The page of a place's Application. */
function placeLinks(stack: Stack, { id, label, settings: { argocd } }: Environment): Link[] {
  if (argocd.url === undefined) return [];
  const url = `${trimmed(argocd.url)}/applications/${argocd.namespace}/${stack.name}-${id}`;
  return [{ title: `Argo CD: ${label}`, url, icon: "dashboard" }];
}

export function componentViews(stack: Stack) {
  if (stack.catalog === "reference") return [];
  return servicesAcross(stack).map(({ name, any: service, inEnvironment }) => {
    const having = stack.environments.filter((environment) => inEnvironment(environment) !== undefined);
    const providesApi = API_TYPES[service.type] !== undefined;
    return {
      name: entityName(stack, name),
      title: name,
      description: service.description === "" ? `${name} of ${stack.name}.` : service.description,
      type: COMPONENT_TYPES[service.type] ?? "service",
      runtime: service.runtime,
      lifecycle: having.some(({ tier }) => tier === "production") ? "production" : "experimental",
      owner: stack.owner,
      system: stack.name,
      project: stack.name,
      selector: selectorText(selectorOf(stack, name)),
      links: having.flatMap((environment) => addressLinks(environment, inEnvironment(environment))),
      providesApis: providesApi ? [`api:default/${entityName(stack, name)}`] : [],
      ...uses(stack, service),
    };
  });
}

function addressLinks(environment: Environment, service: Service | undefined): Link[] {
  const address = addressOf(environment, service);
  return address === undefined ? [] : [{ title: environment.label, url: address, icon: "web" }];
}

function addressOf({ settings }: Environment, service: Service | undefined): string | undefined {
  if (service?.exposure === undefined) return undefined;
  const { host, path } = service.exposure;
  return `${settings.gateway.https ? "https" : "http"}://${host}${path}`;
}

/** What a service uses of others is their API where they have one. */
function uses(stack: Stack, { edges }: Service): { dependsOn: string[]; consumesApis: string[] } {
  const types = new Map(servicesAcross(stack).map(({ name, any }) => [name, any.type]));
  const hasApi = ({ kind, target }: Edge) =>
    kind === "service" && API_TYPES[types.get(target) ?? ""] !== undefined;
  const ref = ({ kind, target }: Edge) =>
    kind === "service" ? componentRef(stack, target) : `resource:default/${entityName(stack, target)}`;
  return {
    dependsOn: unique(edges.filter((edge) => !hasApi(edge)).map(ref)),
    consumesApis: unique(
      edges.filter(hasApi).map(({ target }) => `api:default/${entityName(stack, target)}`),
    ),
  };
}

export function apiViews(stack: Stack) {
  if (stack.catalog === "reference") return [];
  return servicesAcross(stack).flatMap(({ name, any: service, inEnvironment }) => {
    const type = API_TYPES[service.type];
    if (type === undefined) return [];
    const having = stack.environments.filter((environment) => inEnvironment(environment) !== undefined);
    return [
      {
        name: entityName(stack, name),
        title: name,
        isOpenApi: type === "openapi",
        type,
        lifecycle: having.some(({ tier }) => tier === "production") ? "production" : "experimental",
        owner: stack.owner,
        system: stack.name,
        servers: having.flatMap((environment) => {
          const url = addressOf(environment, inEnvironment(environment));
          return url === undefined ? [] : [{ url, description: environment.label }];
        }),
      },
    ];
  });
}

const DATASTORE_TYPES: Readonly<Record<string, string>> = {
  kafka: "message-broker",
  rabbitmq: "message-broker",
};

/** Datastores and what is outside, with who uses them where no Component here says so. */
export function resourceViews(stack: Stack) {
  const { datastores, externals } = across(stack);
  const users = (clients: readonly string[]) =>
    stack.catalog === "reference" ? clients.map((client) => componentRef(stack, client)) : [];
  const shared = { owner: stack.owner, system: stack.name };
  return [
    ...datastores.map(({ name, engine, engineName, version, role, clients }) => ({
      ...shared,
      name: entityName(stack, name),
      title: name,
      description: `${engineName} ${version} of ${stack.name}.`,
      type: DATASTORE_TYPES[engine] ?? (role === "cache" ? "cache" : "database"),
      tag: engine,
      selector: selectorText(selectorOf(stack, name)),
      dependencyOf: users(clients),
    })),
    ...externals.map(({ name, host, clients }) => ({
      ...shared,
      name: entityName(stack, name),
      title: name,
      description: `${host}, outside of the cluster.`,
      type: "external-service",
      tag: "external",
      selector: undefined,
      dependencyOf: users(clients),
    })),
  ];
}

/** Each once, as the base has it, else as the first environment does. */
function across({ base, environments }: Stack) {
  const views = [base, ...environments];
  return {
    datastores: byName(views.flatMap(({ datastores }) => datastores)),
    externals: byName(views.flatMap(({ externals }) => externals)),
  };
}

function byName<T extends { readonly name: string }>(things: readonly T[]): T[] {
  const found = new Map<string, T>();
  for (const thing of things) if (!found.has(thing.name)) found.set(thing.name, thing);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}

function hostOf(url: string): string {
  return /^https?:\/\/([^/]+)/.exec(url)?.[1] ?? url;
}
