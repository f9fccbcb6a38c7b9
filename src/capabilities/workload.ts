// Owns: what makes a service run: Deployment, Service, ServiceAccount, configuration, disruption budget.
// Promises: Pod Security "restricted" in every pod; replicas never beside an autoscaler; a change of settings rolls the pods.
// Must not: decide probes, resources or settings; src/stack does.

import type { Environment, Service, Stack, Variable } from "../stack/stack.js";
import type { Capability, FileSpec, GeneratedConfigMap } from "./capability.js";
import { labelsOf, selectorOf } from "./labels.js";
import { deletion, layeredObject } from "./layered-object.js";
import { managedDirectory } from "./places.js";

const change = (service: Service) =>
  `services.${service.name} in prod-stack.yaml; for one environment also overlays/ENV/kustomization.yaml`;

/** A pod of a service as the templates read it. */
function podView(service: Service, stack: Stack) {
  const { name, ports, config, writable, shutdown, probes } = service;
  return {
    name,
    labels: labelsOf(stack, name, service.component),
    selector: selectorOf(stack, name),
    image: service.image.repository,
    command: service.command,
    args: service.args,
    ports,
    hasEnvironment: service.secretVariables.length > 0,
    secretVariables: service.secretVariables,
    configMap: config.length > 0 ? configMapName(name) : undefined,
    probes: [
      { field: "startupProbe", probe: probes.startup },
      { field: "readinessProbe", probe: probes.readiness },
      { field: "livenessProbe", probe: probes.liveness },
    ].flatMap(({ field, probe }) =>
      probe === undefined
        ? []
        : [
            {
              field,
              ...probe,
              isHttp: probe.kind === "http",
              isTcp: probe.kind === "tcp",
              isGrpc: probe.kind === "grpc",
            },
          ],
    ),
    resources: service.resources,
    writable,
    user: service.user,
    delaySeconds: shutdown.delaySeconds,
    graceSeconds: shutdown.graceSeconds,
    pullSecrets: service.pullSecrets,
    priorityClass: service.priorityClass,
    placement: service.placement,
    ownUsers: !service.hostUsers,
    apiAccess: service.apiAccess,
  };
}

export function configMapName(service: string): string {
  return `${service}-config`;
}

/** What the base Deployment and a patch for one environment have in common. */
function deploymentView(service: Service, stack: Stack, reloader: boolean) {
  return {
    pod: podView(service, stack),
    name: service.name,
    labels: labelsOf(stack, service.name, service.component),
    description: service.description,
    reloader,
  };
}

type DeploymentView = ReturnType<typeof deploymentView>;

function deployment(stack: Stack, service: Service): FileSpec[] {
  const inEnvironment = (environment: Environment) =>
    environment.services.find(({ name }) => name === service.name);
  return layeredObject<DeploymentView & { replicas?: number | undefined }>(stack, {
    object: { apiVersion: "apps/v1", kind: "Deployment", name: service.name },
    directory: `base/${service.name}`,
    fileName: "deployment.yaml",
    template: "workload/deployment.yaml",
    about: {
      what: `The Deployment of ${service.name}.`,
      why: "Runs the service as an unprivileged, read-only, spread-out set of pods that starts, drains and rolls without losing requests.",
      standard: "Pod Security Standards, level restricted",
      change: change(service),
    },
    base: deploymentView(service, stack, stack.base.settings.reloader === "present"),
    inEnvironment: (environment) => {
      const own = inEnvironment(environment);
      return (
        own && {
          ...deploymentView(own, stack, environment.settings.reloader === "present"),
          replicas: own.scaling === undefined ? own.replicas : undefined,
        }
      );
    },
    patch: (_environment, view, base) => deploymentPatch(view, base),
  });
}

/** A short patch where only replicas and resources differ, else the whole pod. */
function deploymentPatch(view: DeploymentView & { replicas?: number | undefined }, base: DeploymentView) {
  const samePod =
    JSON.stringify({ ...view.pod, resources: null }) === JSON.stringify({ ...base.pod, resources: null });
  const sameResources = JSON.stringify(view.pod.resources) === JSON.stringify(base.pod.resources);
  const sameReloader = view.reloader === base.reloader;
  // `spec:` with nothing below it is null, and a null in a patch deletes.
  const hasSpec = !samePod || !sameResources || view.replicas !== undefined;
  if (!hasSpec && sameReloader) return undefined;
  return {
    template: samePod ? "workload/resources.patch.yaml" : "workload/pod.patch.yaml",
    view: { ...view, hasSpec, sameResources, sameReloader, replicas: view.replicas },
  };
}

function service(stack: Stack, item: Service): FileSpec[] {
  const view = (own: Service) => ({
    name: own.name,
    labels: labelsOf(stack, own.name, own.component),
    selector: selectorOf(stack, own.name),
    ports: own.ports.map((port) => ({ ...port, appProtocol: appProtocol(own, port.name) })),
  });
  return layeredObject(stack, {
    object: { apiVersion: "v1", kind: "Service", name: item.name },
    directory: `base/${item.name}`,
    fileName: "service.yaml",
    template: "workload/service.yaml",
    about: {
      what: `The Service of ${item.name}.`,
      why: "A stable name and address inside the cluster for the pods that are ready.",
      change: change(item),
    },
    base: item.ports.length === 0 ? undefined : view(item),
    inEnvironment: (environment) => {
      const own = environment.services.find(({ name }) => name === item.name);
      return own === undefined || own.ports.length === 0 ? undefined : view(own);
    },
    patch: (_environment, own) => ({ template: "workload/service.patch.yaml", view: own }),
  });
}

function appProtocol({ type }: Service, port: string): string {
  return type === "grpc-service" || port === "grpc" ? "kubernetes.io/h2c" : "http";
}

/** What is the same wherever the service runs. */
function fixedFiles(stack: Stack, item: Service): FileSpec[] {
  const { name } = item;
  const view = {
    name,
    labels: labelsOf(stack, name, item.component),
    selector: selectorOf(stack, name),
    apiAccess: item.apiAccess,
  };
  const fixed = {
    directory: `base/${name}`,
    base: view,
    inEnvironment: ({ services }: Environment) => services.find((own) => own.name === name) && view,
    patch: () => undefined,
  };
  return [
    ...layeredObject(stack, {
      ...fixed,
      object: { apiVersion: "v1", kind: "ServiceAccount", name },
      fileName: "service-account.yaml",
      template: "workload/service-account.yaml",
      about: {
        what: `The identity of ${name}.`,
        why: "Each component has its own, so that rights are given to one and not to all; no token is mounted unless the process calls the API.",
        standard: "CIS Kubernetes Benchmark 5.1.5, 5.1.6",
        change: change(item),
      },
    }),
    ...layeredObject(stack, {
      ...fixed,
      object: { apiVersion: "policy/v1", kind: "PodDisruptionBudget", name },
      fileName: "pod-disruption-budget.yaml",
      template: "workload/pod-disruption-budget.yaml",
      about: {
        what: `How many pods of ${name} a node drain may take at once.`,
        why: "One at a time, and never none: with a single replica a drain still goes through; pods that are not ready never block one.",
        standard: "Kubernetes docs, Specifying a Disruption Budget",
        change: change(item),
      },
    }),
    ...deletedConfigMaps(stack, item),
  ];
}

/** Settings of the base that an environment does without: the service is not there, or has none. */
function deletedConfigMaps(stack: Stack, item: Service): FileSpec[] {
  if (item.config.length === 0) return [];
  const about = { what: `The settings of ${item.name}.`, why: "None are needed here.", change: change(item) };
  const object = { apiVersion: "v1", kind: "ConfigMap", name: configMapName(item.name) };
  return stack.environments
    .filter(({ services }) => (services.find(({ name }) => name === item.name)?.config ?? []).length === 0)
    .map((environment) => deletion(object, environment, about, "configmap.yaml"));
}

/** Kustomize strips one pair of quotes around a literal's value; a value that has them gets another pair. */
export function literal({ name, value }: Variable): string {
  return /^(["']).*\1$/s.test(value) ? `${name}="${value}"` : `${name}=${value}`;
}

function configMapsOf(stack: Stack, item: Service): GeneratedConfigMap[] {
  const labels = labelsOf(stack, item.name, item.component);
  const name = configMapName(item.name);
  const generated: GeneratedConfigMap[] = [];
  if (item.config.length > 0)
    generated.push({
      kustomization: `base/${item.name}`,
      name,
      behavior: "create",
      literals: item.config.map(literal),
      files: [],
      labels,
    });
  for (const environment of stack.environments) {
    const own = environment.services.find((candidate) => candidate.name === item.name);
    const map = own && configMapIn(own.config, item.config);
    if (map !== undefined)
      generated.push({
        kustomization: managedDirectory(environment),
        name,
        ...map,
        files: [],
        labels: map.behavior === "create" ? labels : {},
      });
  }
  return generated;
}

/** Only what differs; all of it where a setting of the base is gone. */
function configMapIn(
  own: readonly Variable[],
  base: readonly Variable[],
): Pick<GeneratedConfigMap, "behavior" | "literals"> | undefined {
  if (own.length === 0) return undefined;
  if (base.length === 0) return { behavior: "create", literals: own.map(literal) };
  const removed = base.some(({ name }) => !own.some((variable) => variable.name === name));
  if (removed) return { behavior: "replace", literals: own.map(literal) };
  const changed = own.filter(
    ({ name, value }) => !base.some((variable) => variable.name === name && variable.value === value),
  );
  return changed.length === 0 ? undefined : { behavior: "merge", literals: changed.map(literal) };
}

export const workload: Capability = {
  id: "workload",
  title: "Workloads",
  summary: "Deployment, Service, ServiceAccount, settings and disruption budget of every service.",
  rows: [
    "LAY-02",
    "LAY-05",
    "ENV-01",
    "ENV-02",
    "ENV-05",
    "SEC-01",
    "SEC-02",
    "SEC-03",
    "SEC-05",
    "RES-01",
    "RES-08",
    "RES-09",
    "RES-10",
    "RES-11",
  ],
  withoutIt: undefined,
  files: (stack) =>
    stack.base.services.flatMap((item) => [
      ...deployment(stack, item),
      ...service(stack, item),
      ...fixedFiles(stack, item),
    ]),
  configMaps: (stack) => stack.base.services.flatMap((item) => configMapsOf(stack, item)),
};
