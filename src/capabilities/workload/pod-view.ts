// Owns: a pod of a service as the templates read it, whatever makes the pod.
// Promises: one view for every kind of workload; sidecars start before what may need them.
// Must not: decide probes, resources or settings; src/stack does.

import type { Container, FurtherContainer, Mount, Volume } from "../../stack/container.js";
import type { Service } from "../../stack/service.js";
import type { Stack } from "../../stack/stack.js";
import { type Labels, labelsOf, selectorOf } from "../labels.js";

const PROBES = [
  { field: "startupProbe", which: "startup" },
  { field: "readinessProbe", which: "readiness" },
  { field: "livenessProbe", which: "liveness" },
] as const;

export function configMapName(service: string): string {
  return `${service}-config`;
}

/** Labels of the pods: the owner's, and what the cloud's webhook looks for. */
export function podLabels(service: Service, stack: Stack): Labels {
  const cloud = service.identity?.cloud === "azure" ? { "azure.workload.identity/use": "true" } : undefined;
  return { ...labelsOf(stack, service.name, service.component), ...cloud };
}

function mountViews(mounts: readonly Mount[]) {
  return mounts.map(({ volume, path, file, readOnly }) => ({ volume, path, file, readOnly }));
}

function containerView(container: Container) {
  const { name, image, command, args, ports, variables, secretVariables, probes } = container;
  return {
    name,
    image: image?.repository ?? "",
    isRelease: true,
    command,
    args,
    ports,
    configMap: undefined as string | undefined,
    hasEnvironment: variables.length + secretVariables.length > 0,
    variables,
    secretVariables,
    probes: PROBES.flatMap(({ field, which }) => {
      const probe = probes[which];
      if (probe === undefined) return [];
      const { kind } = probe;
      return [
        {
          field,
          ...probe,
          isHttp: kind === "http",
          isTcp: kind === "tcp",
          isGrpc: kind === "grpc",
          isExec: kind === "exec",
        },
      ];
    }),
    resources: container.resources,
    delaySeconds: 0,
    isSidecar: false,
    user: container.user,
    group: container.group,
    capabilities: container.capabilities,
    mounts: mountViews(container.mounts),
    hasFiles: container.mounts.some(({ file }) => file !== undefined),
  };
}

/** Where clients of the API look for their token, and the volume that brings it there. */
const TOKEN = { volume: "api-token", path: "/var/run/secrets/kubernetes.io/serviceaccount" } as const;

function mainView(service: Service) {
  const view = containerView(service.main);
  return {
    ...view,
    mounts: service.apiAccess ? [...view.mounts, { ...TOKEN, file: undefined, readOnly: true }] : view.mounts,
    configMap: service.config.length > 0 ? configMapName(service.name) : undefined,
    // Whoever serves nobody may leave at once; the schema's default says so.
    delaySeconds: service.shutdown.delaySeconds,
  };
}

function furtherView(container: FurtherContainer) {
  const { isRelease, image, kind } = container;
  return {
    ...containerView(container),
    isRelease,
    image: isRelease ? image.repository : image.reference,
    isSidecar: kind === "sidecar",
  };
}

export type ContainerView = ReturnType<typeof containerView>;

function volumeView(volume: Volume, inTemplates: boolean) {
  const { name, kind, size, source, mode, storageClass } = volume;
  return {
    name,
    size,
    source,
    mode,
    storageClass,
    isScratch: kind === "emptyDir",
    isClaim: kind === "claim" && !inTemplates,
    isSecret: kind === "secret",
    isConfigMap: kind === "configMap",
    isToken: false,
  };
}

function tokenVolume({ apiAccess }: Service) {
  const { volume } = TOKEN;
  const nothing = { isScratch: false, isClaim: false, isSecret: false, isConfigMap: false };
  const view = { ...nothing, name: volume, size: "", source: "", mode: "", storageClass: undefined };
  return apiAccess ? [{ ...view, isToken: true }] : [];
}

/** Claims of a StatefulSet stand in its templates, one for each pod. */
export function templateClaims({ kind, volumes }: Service): readonly Volume[] {
  return kind === "StatefulSet" ? volumes.filter((volume) => volume.kind === "claim") : [];
}

export function podView(service: Service, stack: Stack) {
  const { name, kind, containers } = service;
  const templated = templateClaims(service);
  const first = containers.filter((container) => container.kind === "sidecar");
  const then = containers.filter((container) => container.kind === "init");
  const spreads = kind === "Deployment" || kind === "StatefulSet";
  return {
    name,
    labels: podLabels(service, stack),
    selector: selectorOf(stack, name),
    spreads,
    hasTemplateHash: kind === "Deployment",
    runsOnce: !spreads,
    // Kubernetes docs, "Sidecar Containers": an init container that restarts always runs beside the others.
    initContainers: [...first, ...then].map(furtherView),
    main: mainView(service),
    volumes: [
      ...service.volumes
        .filter((volume) => !templated.includes(volume))
        .map((volume) => volumeView(volume, false)),
      ...tokenVolume(service),
    ],
    hasVolumes: service.apiAccess || service.volumes.length > templated.length,
    user: service.user,
    group: service.group,
    hasLowPorts: [service.main, ...containers].some(({ ports }) => ports.some(({ number }) => number < 1024)),
    graceSeconds: service.shutdown.graceSeconds,
    pullSecrets: service.pullSecrets,
    priorityClass: service.priorityClass,
    placement: service.placement,
    hasAffinity: spreads || service.placement.spot !== undefined,
    ownUsers: !service.hostUsers,
    apiAccess: service.apiAccess,
  };
}

export type PodView = ReturnType<typeof podView>;

/** The same pod with the same resources of the service's own container. */
export function isSamePod(one: PodView, other: PodView): boolean {
  const plain = (pod: PodView) => JSON.stringify({ ...pod, main: { ...pod.main, resources: null } });
  return plain(one) === plain(other);
}

/** What a patch does to labels or annotations: new values, and null for what is gone. */
export function changesOf(own: Labels, base: Labels): { key: string; value: string | null }[] {
  const keys = [...new Set([...Object.keys(base), ...Object.keys(own)])].sort();
  return keys.filter((key) => own[key] !== base[key]).map((key) => ({ key, value: own[key] ?? null }));
}
