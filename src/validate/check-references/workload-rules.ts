// Owns: rules about what one workload says of itself.
// Promises: finds what the API server refuses or a pod dies of, and no JSON schema can say.
// Must not: look at other objects.

import { listAt, textAt, valueAt } from "../values.js";
import { type Container, containersOf, type PodSource } from "./pod-sources.js";
import { about, type Complaint, type ReferenceRule } from "./reference-rule.js";
import { describeSelector, isEmptySelector, matchesSelector } from "./selectors.js";

const SELECTING = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout"]);

const workloadSelector: ReferenceRule = {
  name: "workload-selector",
  find: ({ pods }) =>
    pods.flatMap(({ owner, labels, spec }) => {
      const selector = valueAt(owner.data, "spec", "selector");
      if (!SELECTING.has(owner.kind) || spec === undefined || selector === undefined) return [];
      if (!isEmptySelector(selector) && matchesSelector(selector, labels)) return [];
      const message = `does not select its own pods: ${describeSelector(selector)}`;
      return [
        about(
          owner,
          "spec.selector",
          message,
          "The labels of spec.template must contain the selector; the selector itself can never change.",
        ),
      ];
    }),
};

const volumeMounts: ReferenceRule = {
  name: "volume-mount",
  find: ({ pods }) =>
    pods.flatMap((pod) => {
      const volumes = [...listAt(pod.spec, "volumes"), ...claimTemplates(pod)];
      const names = volumes.flatMap(
        (volume) => textAt(volume, "name") ?? textAt(volume, "metadata", "name") ?? [],
      );
      return containersOf(pod).flatMap((container) => checkMounts(pod, container, names));
    }),
};

function claimTemplates({ owner }: PodSource): readonly unknown[] {
  return listAt(owner.data, "spec", "volumeClaimTemplates");
}

function checkMounts(
  { owner }: PodSource,
  { name, data, path }: Container,
  volumes: readonly string[],
): Complaint[] {
  return listAt(data, "volumeMounts").flatMap((mount, index) => {
    const volume = textAt(mount, "name");
    if (volume === undefined || volumes.includes(volume)) return [];
    return [
      about(
        owner,
        `${path}.volumeMounts[${index}]`,
        `container ${name} mounts the volume ${volume}, which the pod does not have`,
        `Declare it under volumes; there are: ${volumes.join(", ") || "none"}.`,
      ),
    ];
  });
}

const PROBES = ["startupProbe", "readinessProbe", "livenessProbe"] as const;
const ACTIONS = ["httpGet", "tcpSocket"] as const;

const probePorts: ReferenceRule = {
  name: "probe-port",
  find: ({ pods }) =>
    pods.flatMap((pod) => containersOf(pod).flatMap((container) => checkProbes(pod, container))),
};

function checkProbes({ owner }: PodSource, { name, data, path }: Container): Complaint[] {
  const ports = listAt(data, "ports").flatMap((port) => textAt(port, "name") ?? []);
  const places = PROBES.flatMap((probe) => ACTIONS.map((action) => [probe, action] as const));
  return places.flatMap(([probe, action]) => {
    const port = textAt(data, probe, action, "port");
    if (port === undefined || ports.includes(port)) return [];
    return [
      about(
        owner,
        `${path}.${probe}.${action}.port`,
        `container ${name} has no port named ${port}`,
        `It has ${ports.join(", ") || "no named ports"}.`,
      ),
    ];
  });
}

const uniqueNames: ReferenceRule = {
  name: "container-name",
  find: ({ pods }) =>
    pods.flatMap((pod) => {
      const names = containersOf(pod).map(({ name }) => name);
      return repeated(names).map((name) =>
        about(
          pod.owner,
          pod.path,
          `has two containers named ${name}`,
          "Rename one; init containers count as well.",
        ),
      );
    }),
};

export function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** The controller adds 11 characters to the name, and a Job's may have 63: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ */
const CRON_JOB_NAME_LIMIT = 52;

const cronJobName: ReferenceRule = {
  name: "cron-job-name",
  find: ({ objects }) =>
    objects
      .filter(({ kind, name }) => kind === "CronJob" && name.length > CRON_JOB_NAME_LIMIT)
      .map((object) =>
        about(
          object,
          "metadata.name",
          `has ${object.name.length} characters`,
          `A CronJob's name may have ${CRON_JOB_NAME_LIMIT}: its Jobs get longer ones.`,
        ),
      ),
};

export const workloadRules: readonly ReferenceRule[] = [
  workloadSelector,
  volumeMounts,
  probePorts,
  uniqueNames,
  cronJobName,
];
