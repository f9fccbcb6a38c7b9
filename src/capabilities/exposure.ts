// Owns: how requests get in: routes, limits, redirects and certificates, by the gateway that each environment has chosen.
// Promises: HTTPS only where the environment says so; security headers on every answer; limits count per client.
// Must not: know single gateways; the table in exposure/implementations.ts does. Must not choose hosts; src/stack does.

import type { Environment, Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";
import { certificateFiles } from "./exposure/certificate.js";
import { exposurePage } from "./exposure/exposure-page.js";
import {
  changeOf,
  type EdgeFile,
  type Exposed,
  exposedServices,
  hasCertificate,
  type RouteObject,
} from "./exposure/implementation.js";
import { IMPLEMENTATIONS } from "./exposure/implementations.js";
import { deletion, groupKind } from "./layered-object.js";
import { managedDirectory } from "./places.js";

function implementationOf({ settings }: Pick<Environment, "settings">) {
  return IMPLEMENTATIONS[settings.gateway.implementation];
}

function aboutRoute(name: string): FileSpec["about"] {
  return {
    what: `The route of ${name}.`,
    why: "Host, path and answers at the edge, in the words of the gateway that the environment has.",
    standard: "Gateway API v1; OWASP Secure Headers Project",
    change: changeOf(name),
  };
}

/** As what a route stands in its file: as the base has it, as a patch of that, or for itself. */
function formOf(form: "base" | "patch" | "alone", sameRules = false) {
  return { isBase: form === "base", isPatch: form === "patch", isAlone: form === "alone", sameRules };
}

/** The route of a service that is exposed in the base, in some environments, or in both. */
function routeFiles(stack: Stack, { name }: Exposed): FileSpec[] {
  const inBase = exposedServices(stack.base.services).find((service) => service.name === name);
  const base = inBase && implementationOf(stack.base).route(stack, inBase, undefined);
  const directory = `base/${name}`;
  const own = stack.environments.flatMap((environment) => environmentRoutes(stack, environment, name, base));
  if (base === undefined) return own;
  return [
    file(`${directory}/route.yaml`, base.template, { ...base.view, form: formOf("base") }, aboutRoute(name), {
      member: { kustomization: directory, as: "resources" },
      kinds: own.length > 0 ? [] : [groupKind(base.object)],
    }),
    ...own,
  ];
}

function environmentRoutes(
  stack: Stack,
  environment: Environment,
  name: string,
  base: RouteObject | undefined,
): FileSpec[] {
  const service = exposedServices(environment.services).find((candidate) => candidate.name === name);
  const about = aboutRoute(name);
  const withoutBase = base === undefined ? [] : [deletion(base.object, environment, about, "route.yaml")];
  if (service === undefined) return withoutBase;
  const implementation = implementationOf(environment);
  const route = implementation.route(stack, service, environment);
  return [
    ...routeFile(environment, name, route, base, withoutBase),
    ...implementation
      .beside(stack, service, environment)
      .map((edgeFile) => inEnvironment(environment, edgeFile, `${name}.`)),
  ];
}

/** A patch of the base's route where it is the same object, else an object of the environment's own. */
function routeFile(
  environment: Environment,
  name: string,
  route: RouteObject,
  base: RouteObject | undefined,
  withoutBase: FileSpec[],
): FileSpec[] {
  const kustomization = managedDirectory(environment);
  const kinds = [groupKind(route.object)];
  const about = aboutRoute(name);
  if (base === undefined || groupKind(base.object) !== kinds[0]) {
    const view = { ...route.view, form: formOf("alone") };
    return [
      ...withoutBase,
      file(`${kustomization}/${name}.route.yaml`, route.template, view, about, {
        member: { kustomization, as: "resources" },
        kinds,
      }),
    ];
  }
  const sameRules = JSON.stringify(route.rules) === JSON.stringify(base.rules);
  return [
    file(
      `${kustomization}/${name}.route.patch.yaml`,
      route.template,
      { ...route.view, form: formOf("patch", sameRules) },
      about,
      { member: { kustomization, as: "patches" }, kinds },
    ),
  ];
}

function inEnvironment(environment: Environment, edgeFile: EdgeFile, prefix = ""): FileSpec {
  const { fileName, template, view, about, kinds } = edgeFile;
  const kustomization = managedDirectory(environment);
  return file(`${kustomization}/${prefix}${fileName}`, template, view, about, {
    member: { kustomization, as: "resources" },
    kinds,
  });
}

function edgeFiles(stack: Stack, environment: Environment): FileSpec[] {
  const exposed = exposedServices(environment.services);
  if (exposed.length === 0) return [];
  const hosts = [...new Set(exposed.flatMap(({ exposure }) => exposure.hosts))].sort();
  return [
    ...(hasCertificate(environment) ? certificateFiles(stack, environment, hosts) : []),
    ...implementationOf(environment)
      .edge(stack, environment)
      .map((edgeFile) => inEnvironment(environment, edgeFile)),
  ];
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
    "Routes on a gateway, HTTPS with certificates that renew themselves, security headers, limits per client.",
  rows: ["NET-01", "NET-02", "NET-03", "NET-04", "NET-05", "NET-06", "NET-07", "SEC-11", "RES-12", "LAY-02"],
  withoutIt: "nothing outside of the cluster reaches the services",
  files: (stack) => [
    ...exposedAnywhere(stack).flatMap((service) => routeFiles(stack, service)),
    ...stack.environments.flatMap((environment) => edgeFiles(stack, environment)),
    ...exposurePage(stack, exposedAnywhere(stack)),
  ],
};
