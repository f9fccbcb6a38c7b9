// Owns: rules about resolved workloads: mounts, claims, the order of jobs, sizes and names.
// Promises: what a cluster would refuse, or what would never start, is refused here first.
// Must not: change the stack.

import type { SpecDocument } from "../../spec/spec-document.js";
import type { Problem } from "../../stack-error.js";
import type { Container } from "../container.js";
import { depthOf, MOST_WAVES } from "../derive-wave.js";
import { exceeds } from "../quantity.js";
import type { Service } from "../service.js";
import type { Environment, Stack } from "../stack.js";

type Check = (service: Service, environment: Environment) => Fault[];

interface Fault {
  readonly path: readonly string[];
  readonly message: string;
  readonly expected: string;
}

const mountsFit: Check = (service) =>
  [service.main, ...service.containers].flatMap((container) => clashingMounts(service, container));

function clashingMounts({ name, volumes }: Service, container: Container): Fault[] {
  const place = container.name === name ? "" : ` of container ${container.name}`;
  const isScratch = (volume: string) => volumes.find((item) => item.name === volume)?.kind !== "configMap";
  return container.mounts.flatMap((mount, index): Fault[] => {
    const twin = container.mounts.slice(0, index).find(({ path }) => path === mount.path);
    if (twin !== undefined)
      return [
        {
          path: ["volumes"],
          message: `two things stand at ${mount.path}${place}`,
          expected: "one path each",
        },
      ];
    // The kubelet makes the mount point in the volume around it: a file or a read-only volume takes none.
    const around = container.mounts.find(
      (other) =>
        mount.path.startsWith(`${other.path}/`) &&
        (other.file !== undefined || other.readOnly || !isScratch(other.volume)),
    );
    return around === undefined
      ? []
      : [
          {
            path: ["volumes"],
            message: `${mount.path}${place} is below ${around.path}, which is read-only`,
            expected: "a path beside it",
          },
        ];
  });
}

const claimsFit: Check = ({ name, kind, volumes, replicas, scaling, schedules }) => {
  const single = volumes.find((volume) => volume.kind === "claim" && /^ReadWriteOnce/.test(volume.mode));
  const most = kind === "CronJob" ? schedules.length : (scaling?.max ?? replicas);
  return single === undefined || kind === "StatefulSet" || most <= 1
    ? []
    : [
        {
          path: ["volumes", single.name],
          message: `${most} pods of ${name} would share the claim ${single.name}, which one node has at a time`,
          expected: "mode: ReadWriteMany, type: stateful-service, or one replica and no scaling",
        },
      ];
};

const jobsEnd: Check = (service, environment) => {
  const depth = depthOf(service.name, environment.effective.services, new Set());
  if (depth === Number.POSITIVE_INFINITY)
    return [
      {
        path: ["before"],
        message: `${service.name} waits for itself, by way of others`,
        expected: "an order with an end",
      },
    ];
  return depth > MOST_WAVES
    ? [
        {
          path: ["before"],
          message: `${depth} jobs wait for each other after ${service.name}`,
          expected: `at most ${MOST_WAVES}`,
        },
      ]
    : [];
};

const waitersAreThere: Check = ({ before }, environment) =>
  before
    .filter((other) => !environment.services.some(({ name }) => name === other))
    .map((other) => ({
      path: ["before"],
      message: `there is no ${other} to wait`,
      expected: "a service that is there",
    }));

/** A CronJob's name may have 52 characters: its Jobs get 11 more. */
const schedulesFit: Check = ({ name, schedules }) =>
  schedules
    .filter((schedule) => `${name}-${schedule.name}`.length > 52)
    .map((schedule) => ({
      path: ["schedules", schedule.name],
      message: `"${name}-${schedule.name}" is longer than the 52 characters of a CronJob's name`,
      expected: "a shorter name",
    }));

/** Its pods have its name and a hash of ten characters as one label, of at most 63 (kubernetes/kubernetes#64023). */
const setsFit: Check = ({ name, kind }) =>
  kind === "StatefulSet" && name.length > 52
    ? [
        {
          path: ["type"],
          message: `"${name}" is longer than the 52 characters of a StatefulSet's name`,
          expected: "a name of at most 52 characters",
        },
      ]
    : [];

/** An object may have 1 MiB in etcd; its names and labels take some of it. */
const FILES_LIMIT = 1000 * 1024;

const filesFit: Check = ({ name, files }) => {
  const size = files.reduce((sum, { content }) => sum + new TextEncoder().encode(content ?? "").length, 0);
  return size > FILES_LIMIT
    ? [
        {
          path: ["files"],
          message: `the files of ${name} have ${Math.ceil(size / 1024)} KiB, and a ConfigMap takes 1 MiB`,
          expected: "smaller files, or a volume",
        },
      ]
    : [];
};

/** Kustomize loads no file from outside of a kustomization's directory, and that of an environment is config/ENV. */
const filesAreReachable =
  (stack: Stack): Check =>
  ({ name, files }, environment) => {
    const base = stack.base.services.find((service) => service.name === name)?.files ?? [];
    return files.flatMap(({ path, from }) => {
      if (from === undefined || base.some((file) => file.path === path && file.from === from)) return [];
      return from.startsWith(`config/${environment.name}/`)
        ? []
        : [
            {
              path: ["files", path, "from"],
              message: `${from} is not the base's, and not below config/${environment.name}/`,
              expected: `config/${environment.name}/${from.split("/").at(-1)}`,
            },
          ];
    });
  };

const requestsFit: Check = ({ containers }) =>
  containers.flatMap(({ name, resources }) =>
    exceeds(resources.requests, resources.limits).map((what) => ({
      path: ["containers", name, "resources"],
      message: `container ${name} requests more ${what} than its limit allows`,
      expected: "requests no larger than limits",
    })),
  );

const timesAreWhole: Check = ({ schedules, run }) => [
  ...schedules
    .filter(
      ({ startingDeadlineSeconds }) =>
        !Number.isInteger(startingDeadlineSeconds) || startingDeadlineSeconds < 10,
    )
    // The controller looks every ten seconds (Kubernetes docs, CronJob, "Deadline for delayed Job start").
    .map(({ name }) => ({
      path: ["schedules", name, "startWithin"],
      message: "is less than ten seconds",
      expected: "10s or more",
    })),
  ...(Number.isInteger(run.deadlineSeconds)
    ? []
    : [{ path: ["deadline"], message: "is not a number of whole seconds", expected: "1s, 2s, …" }]),
];

export function checkWorkloads(stack: Stack, source: SpecDocument): Problem[] {
  const checks: readonly Check[] = [
    mountsFit,
    claimsFit,
    jobsEnd,
    waitersAreThere,
    schedulesFit,
    setsFit,
    filesFit,
    filesAreReachable(stack),
    requestsFit,
    timesAreWhole,
  ];
  return stack.environments.flatMap((environment) =>
    environment.services.flatMap((service) =>
      checks.flatMap((check) =>
        check(service, environment).map(({ path, message, expected }) =>
          source.problem(
            ["environments", environment.name, "services", service.name, ...path],
            `${message} in ${environment.name}`,
            { expected },
          ),
        ),
      ),
    ),
  );
}
