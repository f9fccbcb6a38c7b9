// Owns: the order of a first sync, over all built overlays: what a pod needs is there before Argo CD waits for the pod.
// Promises: by waves alone; kinds within a wave are Argo CD's own order.
// Must not: know single components.

import { beforeAll, expect, test } from "vitest";
import { COMPONENT } from "../../src/capabilities/datastore/own-datastore.js";
import { buildStacks, type KubernetesObject, podOf } from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { BuiltOverlays, nameOf } from "./built-overlays.js";

let overlays: BuiltOverlays;
beforeAll(async () => {
  overlays = new BuiltOverlays(await buildStacks(SAMPLE_STACKS));
});

const waveOf = ({ metadata }: KubernetesObject): number =>
  Number(metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0);

/** What a kubelet waits for before it starts a pod. */
function needsOf(pod: KubernetesObject): string[] {
  const { serviceAccountName, volumes = [], containers, initContainers = [] } = pod.spec;
  const from = [...containers, ...initContainers].flatMap(({ env = [], envFrom = [] }: KubernetesObject) => [
    ...env.map(({ valueFrom }: KubernetesObject) => valueFrom ?? {}),
    ...envFrom,
  ]);
  const configMaps = [
    ...volumes.map(({ configMap }: KubernetesObject) => configMap?.name),
    ...from.map((one: KubernetesObject) => (one.configMapKeyRef ?? one.configMapRef)?.name),
  ];
  const secrets = [
    ...volumes.map(({ secret }: KubernetesObject) => secret?.secretName),
    ...from.map((one: KubernetesObject) => (one.secretKeyRef ?? one.secretRef)?.name),
  ];
  return [
    `ServiceAccount/${serviceAccountName}`,
    ...configMaps.filter(Boolean).map((name) => `ConfigMap/${name}`),
    ...secrets.filter(Boolean).map((name) => `ExternalSecret/${name}`),
  ];
}

test("secrets, configuration, identities and policies come before every pod", () => {
  const faults = overlays.faults(({ objects }) => {
    const waves = new Map(objects.map((object) => [nameOf(object), waveOf(object)]));
    return objects.flatMap((object) => {
      const pod = podOf(object);
      if (pod === undefined) return [];
      return needsOf(pod)
        .filter((need) => (waves.get(need) ?? Number.NEGATIVE_INFINITY) >= waveOf(object))
        .map((need) => `${nameOf(object)} (wave ${waveOf(object)}) waits for ${need} (${waves.get(need)})`);
    });
  });
  expect(faults).toEqual([]);
});

const isDatastore = ({ metadata }: KubernetesObject): boolean =>
  metadata.labels["app.kubernetes.io/component"] === COMPONENT;

const FIRST = [
  "ConfigMap",
  "ServiceAccount",
  "ExternalSecret",
  "NetworkPolicy",
  "CiliumNetworkPolicy",
  "LimitRange",
];

test("datastores stand between what they need and the services", () => {
  let stores = 0;
  const faults = overlays.faults(({ objects }) =>
    objects.flatMap((object) => {
      const wave = waveOf(object);
      if (FIRST.includes(object.kind)) return wave === -20 ? [] : [`${nameOf(object)} is in wave ${wave}`];
      // A stateful service runs what the stack itself releases: it may need a datastore, and stands with the services.
      if (object.kind === "StatefulSet" && isDatastore(object)) {
        stores += 1;
        return wave === -10 ? [] : [`${nameOf(object)} is in wave ${wave}`];
      }
      return ["Deployment", "StatefulSet"].includes(object.kind) && wave <= -10
        ? [`${nameOf(object)} is in wave ${wave}`]
        : [];
    }),
  );
  expect(faults).toEqual([]);
  expect(stores).toBeGreaterThan(10);
});
