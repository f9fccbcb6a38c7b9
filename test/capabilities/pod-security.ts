// Owns: what every pod of a generated stack must have: Pod Security "restricted", resources, quality of service.
// Promises: each fault as a sentence; the rules are those of the Pod Security Standards and of the checklist, written anew.
// Must not: import the generator: it is the judge.

import { bytes, cpu } from "../../src/stack/quantity.js";
import type { KubernetesObject } from "../render/build-stacks.js";

const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];
const AMOUNTS = ["cpu", "memory", "ephemeral-storage"];

/** Everything in which a pod template falls short of Pod Security "restricted" (Kubernetes docs, v1.34). */
export function restrictedFaults({ spec }: KubernetesObject): string[] {
  const faults: string[] = [];
  const check = (isRight: boolean, fault: string) => {
    if (!isRight) faults.push(fault);
  };
  const pod = spec.securityContext ?? {};
  check(pod.runAsNonRoot === true, "runAsNonRoot");
  check(Number.isInteger(pod.runAsUser) && pod.runAsUser > 0, "runAsUser");
  check(pod.runAsGroup > 0 && pod.fsGroup > 0, "group 0");
  check(pod.seccompProfile?.type === "RuntimeDefault", "seccompProfile");
  check(!spec.hostNetwork && !spec.hostPID && !spec.hostIPC, "host namespaces");
  for (const volume of spec.volumes ?? []) {
    const { name, ...source } = volume;
    check(
      Object.keys(source).every((type) => VOLUMES.includes(type)),
      `volume ${name}`,
    );
    check(
      source.emptyDir === undefined || source.emptyDir.sizeLimit !== undefined,
      `emptyDir ${name} has no size`,
    );
  }
  for (const container of containersOf(spec)) faults.push(...containerFaults(container));
  return faults;
}

function containersOf(spec: KubernetesObject): KubernetesObject[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

function containerFaults({ name, securityContext: context = {}, ports = [] }: KubernetesObject): string[] {
  const faults = [
    context.allowPrivilegeEscalation === false ? [] : ["allowPrivilegeEscalation"],
    context.readOnlyRootFilesystem === true ? [] : ["readOnlyRootFilesystem"],
    JSON.stringify(context.capabilities) === '{"drop":["ALL"]}' ? [] : ["capabilities"],
    context.privileged ? ["privileged"] : [],
    ports.some(({ hostPort }: KubernetesObject) => hostPort !== undefined) ? ["hostPort"] : [],
  ].flat();
  return faults.map((fault) => `${name}: ${fault}`);
}

/** Containers without whole requests and limits, or with requests above limits. */
export function resourceFaults({ spec }: KubernetesObject): string[] {
  return containersOf(spec).flatMap(({ name, resources = {} }) =>
    AMOUNTS.flatMap((amount) => {
      const request = resources.requests?.[amount];
      const limit = resources.limits?.[amount];
      if (request === undefined || limit === undefined) return [`${name}: no ${amount}`];
      const size = amount === "cpu" ? cpu : bytes;
      return size(request) <= size(limit) ? [] : [`${name}: requests more ${amount} than its limit`];
    }),
  );
}

/** Guaranteed quality of service: requests equal limits in every container. */
export function isGuaranteed({ spec }: KubernetesObject): boolean {
  return containersOf(spec).every(({ resources }) =>
    ["cpu", "memory"].every((amount) => resources.requests[amount] === resources.limits[amount]),
  );
}

/** Volumes that no container mounts, mounts without a volume, and names that stand twice. */
export function volumeFaults({ spec }: KubernetesObject, claims: readonly KubernetesObject[] = []): string[] {
  const volumes: string[] = [...(spec.volumes ?? []), ...claims.map(({ metadata }) => metadata)].map(
    ({ name }) => name,
  );
  const mounts: KubernetesObject[] = containersOf(spec).flatMap(({ volumeMounts = [] }) => volumeMounts);
  const twice = volumes.filter((name, index) => volumes.indexOf(name) !== index);
  const missing = mounts.filter(({ name }) => !volumes.includes(name));
  const unused = volumes.filter((name) => !mounts.some((mount) => mount.name === name));
  return [
    ...twice.map((name) => `volume ${name} stands twice`),
    ...missing.map(({ name }) => `no volume ${name}`),
    ...unused.map((name) => `nobody mounts ${name}`),
  ];
}

const REFERENCES = {
  ConfigMap: ["configMapRef", "configMapKeyRef", "configMap"],
  Secret: ["secretRef", "secretKeyRef"],
} as const;

/** ConfigMaps and Secrets that a pod refers to by a name that is not there. */
export function danglingReferences(
  pod: KubernetesObject | undefined,
  there: Readonly<Record<keyof typeof REFERENCES, readonly string[]>>,
): string[] {
  const text = JSON.stringify(pod ?? {});
  return (Object.keys(REFERENCES) as (keyof typeof REFERENCES)[]).flatMap((kind) =>
    REFERENCES[kind].flatMap((field) =>
      [...text.matchAll(new RegExp(`"${field}":\\{[^{}]*?"name":"([^"]+)"`, "g"))]
        .filter(([, name = ""]) => !there[kind].includes(name))
        .map(([, name]) => `no ${kind} ${name}`),
    ),
  );
}
