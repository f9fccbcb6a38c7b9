// Owns: what makes a datastore run: StatefulSet with exporter, Services, configuration, identity, disruption budget.
// Promises: Guaranteed quality of service; data survives the deletion of the StatefulSet and of the application.
// Must not: back up; that is a capability of its own.

import type { Datastore, Environment, Stack } from "../stack/stack.js";
import {
  type Capability,
  type FileSpec,
  file,
  type GeneratedConfigMap,
  managedDirectory,
} from "./capability.js";
import { labelsOf, selectorOf } from "./labels.js";
import { deletion, layeredObject } from "./layered-object.js";

const COMPONENT = "datastore";

function change(datastore: Datastore): string {
  return `datastores.${datastore.name} in prod-stack.yaml`;
}

function statefulSetView(
  stack: Stack,
  datastore: Datastore,
  settings: { reloader: boolean; pullSecrets: readonly string[] },
) {
  const { name, engine, role, image, exporter } = datastore;
  return {
    name,
    headless: headlessName(name),
    configMap: configMapName(name),
    exporterTarget: `redis://localhost:${datastore.port}`,
    startCommand: `exec ${datastore.server} /etc/redis/redis.conf --requirepass "$REDIS_PASSWORD" --masterauth "$REDIS_PASSWORD"`,
    pingCommand: `REDISCLI_AUTH="$REDIS_PASSWORD" ${datastore.client} -p ${datastore.port} ping | grep -q PONG`,
    engine,
    role,
    isStore: role === "store",
    labels: labelsOf(stack, name, COMPONENT, image.tag),
    selector: selectorOf(stack, name),
    image: image.reference,
    imageException: image.exception,
    exporterImage: exporter.reference,
    port: datastore.port,
    user: datastore.user,
    group: datastore.group,
    secret: datastore.password.secret,
    secretKey: datastore.password.key,
    resources: datastore.resources,
    exporterResources: datastore.exporterResources,
    storage: datastore.storage,
    storageClass: datastore.storageClass,
    reloader: settings.reloader,
    pullSecrets: settings.pullSecrets,
  };
}

type StatefulSetView = ReturnType<typeof statefulSetView>;

export function headlessName(datastore: string): string {
  return `${datastore}-headless`;
}

function configMapName(datastore: string): string {
  return `${datastore}-config`;
}

function settingsOf(view: Pick<Environment, "settings">) {
  return { reloader: view.settings.reloader === "present", pullSecrets: view.settings.pullSecrets };
}

function statefulSet(stack: Stack, datastore: Datastore): FileSpec[] {
  return layeredObject<StatefulSetView>(stack, {
    object: { apiVersion: "apps/v1", kind: "StatefulSet", name: datastore.name },
    directory: `base/${datastore.name}`,
    fileName: "statefulset.yaml",
    template: "datastore/statefulset.yaml",
    about: {
      what: `The StatefulSet of ${datastore.name} (${datastore.engine} ${datastore.version}).`,
      why: "A stable name and volume; requests equal limits, so that it is the last to be evicted; its claim outlives it.",
      standard: "Kubernetes docs, Quality of Service for Pods; PersistentVolumeClaim retention",
      change: change(datastore),
    },
    base: statefulSetView(stack, datastore, settingsOf(stack.base)),
    inEnvironment: (environment) => {
      const own = environment.datastores.find(({ name }) => name === datastore.name);
      return own && statefulSetView(stack, own, settingsOf(environment));
    },
    patch: (_environment, view, base) => ({
      template: "datastore/statefulset.patch.yaml",
      view: patchView(view, base),
    }),
  });
}

function patchView(view: StatefulSetView, base: StatefulSetView) {
  const sameLabels = JSON.stringify(view.labels) === JSON.stringify(base.labels);
  const same = { samePod: samePod(view, base), sameClaims: sameClaims(view, base), sameLabels };
  return {
    ...view,
    ...same,
    sameTemplate: same.samePod && sameLabels,
    sameReloader: view.reloader === base.reloader,
    // `spec:` with nothing below it is null, and a null in a patch deletes.
    hasSpec: !same.samePod || !same.sameClaims || !sameLabels,
  };
}

/** The size of a cache's volume is part of its pod, that of a store's part of its claim. */
function samePod(view: StatefulSetView, base: StatefulSetView): boolean {
  const ignore = {
    storageClass: null,
    labels: null,
    reloader: null,
    ...(view.isStore ? { storage: null } : {}),
  };
  return JSON.stringify({ ...view, ...ignore }) === JSON.stringify({ ...base, ...ignore });
}

function sameClaims(view: StatefulSetView, base: StatefulSetView): boolean {
  if (view.isStore !== base.isStore) return false;
  return !view.isStore || (view.storage === base.storage && view.storageClass === base.storageClass);
}

function fixedFiles(stack: Stack, datastore: Datastore): FileSpec[] {
  const { name, engine } = datastore;
  const labels = labelsOf(stack, name, COMPONENT, datastore.image.tag);
  // Monitors select by the labels of a Service: the headless one must not count as a second target.
  const headlessLabels = { ...labels, "app.kubernetes.io/component": "datastore-headless" };
  const view = {
    name,
    headless: headlessName(name),
    headlessLabels,
    engine,
    port: datastore.port,
    labels,
    selector: selectorOf(stack, name),
    apiAccess: false,
  };
  const fixed = {
    directory: `base/${name}`,
    base: view,
    inEnvironment: ({ datastores }: Environment) => datastores.find((own) => own.name === name) && view,
    patch: () => undefined,
  };
  const serviceAbout = {
    what: `The Services of ${name}.`,
    why: "One address for clients and the exporter, one headless for the StatefulSet's stable pod names.",
    change: change(datastore),
  };
  return [
    ...layeredObject(stack, {
      ...fixed,
      object: { apiVersion: "v1", kind: "Service", name },
      fileName: "service.yaml",
      template: "datastore/service.yaml",
      about: serviceAbout,
    }),
    ...absentIn(stack, datastore).map((environment) =>
      deletion(
        { apiVersion: "v1", kind: "Service", name: headlessName(name) },
        environment,
        serviceAbout,
        "service.yaml",
      ),
    ),
    ...layeredObject(stack, {
      ...fixed,
      object: { apiVersion: "v1", kind: "ServiceAccount", name },
      fileName: "service-account.yaml",
      template: "workload/service-account.yaml",
      about: {
        what: `The identity of ${name}.`,
        why: "Each component has its own; no token is mounted.",
        standard: "CIS Kubernetes Benchmark 5.1.5, 5.1.6",
        change: change(datastore),
      },
    }),
    ...layeredObject(stack, {
      ...fixed,
      object: { apiVersion: "policy/v1", kind: "PodDisruptionBudget", name },
      fileName: "pod-disruption-budget.yaml",
      template: "workload/pod-disruption-budget.yaml",
      about: {
        what: `How many pods of ${name} a node drain may take at once.`,
        why: "One: with a single replica a drain still goes through, after a short interruption.",
        change: change(datastore),
      },
    }),
  ];
}

/** Environments that do without a datastore of the base. */
function absentIn({ environments }: Stack, { name }: Datastore): Environment[] {
  return environments.filter(({ datastores }) => !datastores.some((own) => own.name === name));
}

/** Lines of the engine's configuration file; the password comes from the secret, on the command line of the entry script. */
function configView(datastore: Datastore) {
  return {
    name: datastore.name,
    isStore: datastore.role === "store",
    port: datastore.port,
    maxMemoryBytes: datastore.maxMemoryBytes,
  };
}

function configFiles(stack: Stack, datastore: Datastore): FileSpec[] {
  const about = {
    what: `The configuration of ${datastore.name}.`,
    why: "Durable where it is a store, evicting where it is a cache; memory stays below the container's limit.",
    standard: "Redis docs, Persistence and Key eviction",
    change: change(datastore),
  };
  const base = configView(datastore);
  const own = stack.environments.flatMap((environment) => {
    const item = environment.datastores.find(({ name }) => name === datastore.name);
    if (item === undefined || JSON.stringify(configView(item)) === JSON.stringify(base)) return [];
    return [
      file(
        `${managedDirectory(environment.name)}/${datastore.name}/redis.conf`,
        "datastore/redis.conf",
        configView(item),
        about,
      ),
    ];
  });
  const map = { apiVersion: "v1", kind: "ConfigMap", name: configMapName(datastore.name) };
  return [
    file(`base/${datastore.name}/redis.conf`, "datastore/redis.conf", base, about),
    ...own,
    ...absentIn(stack, datastore).map((environment) => deletion(map, environment, about, "configmap.yaml")),
  ];
}

function configMapsOf(stack: Stack, datastore: Datastore): GeneratedConfigMap[] {
  const labels = labelsOf(stack, datastore.name, COMPONENT, datastore.image.tag);
  const name = configMapName(datastore.name);
  const base = JSON.stringify(configView(datastore));
  const environments = stack.environments.flatMap((environment): GeneratedConfigMap[] => {
    const item = environment.datastores.find((candidate) => candidate.name === datastore.name);
    if (item === undefined || JSON.stringify(configView(item)) === base) return [];
    return [
      {
        kustomization: managedDirectory(environment.name),
        name,
        behavior: "merge",
        literals: [],
        files: [`redis.conf=${datastore.name}/redis.conf`],
        labels: {},
      },
    ];
  });
  return [
    {
      kustomization: `base/${datastore.name}`,
      name,
      behavior: "create",
      literals: [],
      files: ["redis.conf"],
      labels,
    },
    ...environments,
  ];
}

export const datastore: Capability = {
  id: "datastore",
  title: "Datastores",
  summary:
    "Redis and Valkey as a StatefulSet with exporter, password by reference, and data that outlives the application.",
  rows: ["LAY-02", "SEC-01", "SEC-03", "SEC-05", "RES-01", "RES-04", "RES-08", "MON-11"],
  withoutIt: undefined,
  files: (stack) =>
    stack.base.datastores.flatMap((item) => [
      ...statefulSet(stack, item),
      ...fixedFiles(stack, item),
      ...configFiles(stack, item),
    ]),
  configMaps: (stack) => stack.base.datastores.flatMap((item) => configMapsOf(stack, item)),
};
