// Owns: CronJobs and Jobs: pods that end by themselves.
// Promises: no run overlaps another, none is lost in silence, and none hangs for ever.
// Must not: decide what is in the pods.

import type { ServiceAcross } from "../../stack/across-environments.js";
import type { RunSchedule, Service } from "../../stack/service.js";
import type { Stack } from "../../stack/stack.js";
import type { FileSpec } from "../capability.js";
import { labelsOf } from "../labels.js";
import { layeredObject } from "../layered-object.js";
import { changeOf } from "./about.js";
import { changesOf, podView } from "./pod-view.js";

/** Name of the CronJob of a schedule. */
export function cronJobName(service: string, schedule: string): string {
  return `${service}-${schedule}`;
}

function runView(service: Service, stack: Stack) {
  return {
    name: service.name,
    labels: labelsOf(stack, service.name, service.component),
    pod: podView(service, stack),
    deadlineSeconds: service.run.deadlineSeconds,
    retries: service.run.retries,
  };
}

function cronJobView(service: Service, schedule: RunSchedule, stack: Stack) {
  const view = runView(service, stack);
  const args = schedule.args ?? view.pod.main.args;
  return {
    ...view,
    name: cronJobName(service.name, schedule.name),
    service: service.name,
    cron: schedule.cron,
    timeZone: schedule.timeZone,
    suspend: schedule.suspend,
    startingDeadlineSeconds: schedule.startingDeadlineSeconds,
    pod: { ...view.pod, main: { ...view.pod.main, args } },
  };
}

/** The names of a service's schedules in any place. */
function scheduleNames({ base, inEnvironment }: ServiceAcross, stack: Stack): string[] {
  const places = [base, ...stack.environments.map(inEnvironment)];
  return [...new Set(places.flatMap((place) => place?.schedules.map(({ name }) => name) ?? []))].sort();
}

export function cronJobs(stack: Stack, across: ServiceAcross): FileSpec[] {
  const { name, base, inEnvironment } = across;
  return scheduleNames(across, stack).flatMap((scheduleName) => {
    const viewOf = (service: Service | undefined) => {
      const schedule = service?.schedules.find((candidate) => candidate.name === scheduleName);
      return service?.kind !== "CronJob" || schedule === undefined
        ? undefined
        : cronJobView(service, schedule, stack);
    };
    return layeredObject(stack, {
      object: { apiVersion: "batch/v1", kind: "CronJob", name: cronJobName(name, scheduleName) },
      directory: `base/${name}`,
      fileName: "cronjob.yaml",
      ownDirectory: false,
      template: "workload/cron-job.yaml",
      about: {
        what: `The schedule ${scheduleName} of ${name}.`,
        why: "Runs the job at its times: never two at once, in a time zone that is written down, with an end in any case.",
        standard: "Kubernetes docs, CronJob",
        change: changeOf(name),
      },
      base: viewOf(base),
      inEnvironment: (environment) => viewOf(inEnvironment(environment)),
      patch: (_environment, view, below) => ({
        template: "workload/cron-job.patch.yaml",
        view: { ...view, labelChanges: changesOf(view.pod.labels, below.pod.labels) },
      }),
    });
  });
}

/** A failed Job stays for a week, so that somebody can look at it. */
const KEPT_SECONDS = 7 * 86400;

export function job(stack: Stack, { name, base, inEnvironment }: ServiceAcross): FileSpec[] {
  const viewOf = (service: Service | undefined) =>
    service?.kind !== "Job"
      ? undefined
      : {
          ...runView(service, stack),
          wave: String(service.wave),
          before: service.before.join(", "),
          keptSeconds: KEPT_SECONDS,
        };
  return layeredObject(stack, {
    object: { apiVersion: "batch/v1", kind: "Job", name },
    directory: `base/${name}`,
    fileName: "job.yaml",
    template: "workload/job.yaml",
    about: {
      what: `The Job of ${name}.`,
      why: "Runs with every sync, after the datastores and before the services that wait for it; if it fails, the sync stops.",
      standard: "Argo CD docs, Sync Phases and Waves",
      change: changeOf(name),
    },
    base: viewOf(base),
    inEnvironment: (environment) => viewOf(inEnvironment(environment)),
    patch: (_environment, view, below) => ({
      template: "workload/job.patch.yaml",
      view: { ...view, labelChanges: changesOf(view.pod.labels, below.pod.labels) },
    }),
  });
}
