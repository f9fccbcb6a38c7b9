// Owns: Deployments and StatefulSets: pods that run until they are replaced.
// Promises: replicas never beside an autoscaler; a rollout never lowers the capacity where it need not.
// Must not: decide what is in the pods.

import type { ServiceAcross } from "../../stack/across-environments.js";
import { recreates } from "../../stack/derive-load.js";
import type { Service } from "../../stack/service.js";
import type { Stack } from "../../stack/stack.js";
import type { FileSpec } from "../capability.js";
import { labelsOf } from "../labels.js";
import { layeredObject } from "../layered-object.js";
import { changeOf } from "./about.js";
import { changesOf, isSamePod, podView, templateClaims } from "./pod-view.js";

const FACTS = {
  Deployment: {
    fileName: "deployment.yaml",
    template: "workload/deployment.yaml",
    why: "Runs the service as an unprivileged, read-only, spread-out set of pods that starts, drains and rolls without losing requests.",
  },
  StatefulSet: {
    fileName: "statefulset.yaml",
    template: "workload/statefulset.yaml",
    why: "Gives each pod a name and volumes of its own that outlive it; pods are replaced one after the other.",
  },
} as const;

type Kind = keyof typeof FACTS;

/** Name of the Service that gives each pod of a StatefulSet its own DNS name. */
export function headlessName(service: string): string {
  return `${service}-headless`;
}

function viewOf(service: Service, stack: Stack, reloader: boolean, replicas: number | undefined) {
  return {
    apiVersion: "apps/v1",
    kind: service.kind,
    name: service.name,
    headless: headlessName(service.name),
    labels: labelsOf(stack, service.name, service.component),
    pod: podView(service, stack),
    reloader,
    recreates: recreates(service),
    claims: templateClaims(service).map(({ name, size, mode, storageClass }) => ({
      name,
      size,
      mode,
      storageClass,
    })),
    replicas,
  };
}

type View = ReturnType<typeof viewOf>;

export function replicated(stack: Stack, across: ServiceAcross, kind: Kind): FileSpec[] {
  const { name, base, inEnvironment } = across;
  const { fileName, template, why } = FACTS[kind];
  return layeredObject<View>(stack, {
    object: { apiVersion: "apps/v1", kind, name },
    directory: `base/${name}`,
    fileName,
    template,
    about: {
      what: `The ${kind} of ${name}.`,
      why,
      standard: "Pod Security Standards, level restricted",
      change: changeOf(name),
    },
    base:
      base?.kind === kind
        ? viewOf(base, stack, stack.base.settings.reloader === "present", undefined)
        : undefined,
    inEnvironment: (environment) => {
      const own = inEnvironment(environment);
      if (own?.kind !== kind) return undefined;
      const replicas = own.scaling === undefined ? own.replicas : undefined;
      return viewOf(own, stack, environment.settings.reloader === "present", replicas);
    },
    patch: (_environment, view, below) => patchOf(view, below),
  });
}

/** A short patch where only replicas and resources differ, else the whole pod. */
function patchOf(view: View, base: View) {
  const same = (pick: (view: View) => unknown) => JSON.stringify(pick(view)) === JSON.stringify(pick(base));
  const samePod = isSamePod(view.pod, base.pod);
  const sameResources = same(({ pod }) => pod.main.resources);
  const sameReloader = view.reloader === base.reloader;
  const sameStrategy = view.recreates === base.recreates;
  const sameClaims = same(({ claims }) => claims);
  const sameTemplate = samePod && sameResources;
  // `spec:` with nothing below it is null, and a null in a patch deletes.
  const hasSpec = !sameTemplate || !sameStrategy || !sameClaims || view.replicas !== undefined;
  if (!hasSpec && sameReloader) return undefined;
  return {
    template: "workload/replicated.patch.yaml",
    view: {
      ...view,
      hasSpec,
      samePod,
      sameTemplate,
      sameReloader,
      sameStrategy,
      sameClaims,
      labelChanges: changesOf(view.pod.labels, base.pod.labels),
    },
  };
}
