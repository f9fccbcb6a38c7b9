// Owns: the StatefulSet of a datastore, with its exporter.
// Promises: Guaranteed quality of service; the claim outlives the StatefulSet and the application.
// Must not: know an engine; src/stack/engines does.

import { headlessName } from "../../stack/derive-connection.js";
import type { Environment, Stack } from "../../stack/stack.js";
import type { FileSpec } from "../capability.js";
import { labelsOf, selectorOf } from "../labels.js";
import { layeredObject } from "../layered-object.js";
import { COMPONENT, changeOf, configMapName, type Own, ownIn } from "./own-datastore.js";

function statefulSetView(
  stack: Stack,
  datastore: Own,
  settings: { reloader: boolean; pullSecrets: readonly string[] },
) {
  const { name, engineName, role, image, exporter, metrics, server, configuration, port } = datastore;
  const isStore = role === "store";
  return {
    name,
    headless: headlessName(name),
    configMap: configMapName(name),
    engineName,
    role,
    isStore,
    labels: labelsOf(stack, name, COMPONENT, image.tag),
    selector: selectorOf(stack, name),
    image: image.reference,
    imageException: image.exception,
    port,
    server: { ...server, preStop: server.preStop, startsTogether: server.startsTogether ?? false },
    memberPorts: server.memberPorts ?? [],
    ownMetrics: exporter === undefined ? metrics : undefined,
    configuration: configuration && { path: configuration.path },
    exporter,
    probes: [
      { field: "startupProbe", ...server.probes.startup },
      { field: "readinessProbe", ...server.probes.readiness },
      { field: "livenessProbe", ...server.probes.liveness },
    ].map((probe) => ({ ...probe, reason: probe.reason, port: port.name })),
    replicas: datastore.replicas,
    spread: datastore.replicas > 1,
    user: datastore.user,
    group: datastore.group,
    resources: datastore.resources,
    hasVolumes: configuration !== undefined || server.writable.length > 0 || !isStore,
    storage: datastore.storage,
    storageClass: datastore.storageClass,
    reloader: settings.reloader,
    pullSecrets: settings.pullSecrets,
  };
}

type StatefulSetView = ReturnType<typeof statefulSetView>;

function settingsOf(view: Pick<Environment, "settings">) {
  return { reloader: view.settings.reloader === "present", pullSecrets: view.settings.pullSecrets };
}

export function statefulSet(stack: Stack, datastore: Own): FileSpec[] {
  const base = ownIn(stack.base, datastore.name);
  return layeredObject<StatefulSetView>(stack, {
    object: { apiVersion: "apps/v1", kind: "StatefulSet", name: datastore.name },
    directory: `base/${datastore.name}`,
    fileName: "statefulset.yaml",
    template: "datastore/statefulset.yaml",
    about: {
      what: `The StatefulSet of ${datastore.name} (${datastore.engineName} ${datastore.version}).`,
      why: "A stable name and volume; requests equal limits, so that it is the last to be evicted; its claim outlives it.",
      standard: "Kubernetes docs, Quality of Service for Pods; PersistentVolumeClaim retention",
      change: changeOf(datastore),
    },
    base: base && statefulSetView(stack, base, settingsOf(stack.base)),
    inEnvironment: (environment) => {
      const own = ownIn(environment, datastore.name);
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
  const same = {
    samePod: samePod(view, base),
    sameClaims: sameClaims(view, base),
    sameLabels,
    sameReplicas: view.replicas === base.replicas,
  };
  return {
    ...view,
    ...same,
    sameTemplate: same.samePod && sameLabels,
    sameReloader: view.reloader === base.reloader,
    // `spec:` with nothing below it is null, and a null in a patch deletes.
    hasSpec: !same.samePod || !same.sameClaims || !sameLabels || !same.sameReplicas,
  };
}

/** The size of a cache's volume is part of its pod, that of a store's part of its claim. */
function samePod(view: StatefulSetView, base: StatefulSetView): boolean {
  const ignore = {
    storageClass: null,
    replicas: null,
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
