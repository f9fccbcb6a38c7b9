// Owns: which objects of an overlay make pods, and with which labels and containers.
// Promises: knows the workloads of Kubernetes, Argo Rollouts and the operators that this generator uses.
// Must not: guess labels of operators that it does not know.

import type { BuiltObject } from "../built-object.js";
import { labelsAt, listAt, recordAt, textAt, type Values, valueAt } from "../values.js";
import type { Labels } from "./selectors.js";

export interface PodSource {
  readonly owner: BuiltObject;
  readonly namespace: string;
  readonly labels: Labels;
  /** Undefined where an operator decides it. */
  readonly spec: Values | undefined;
  /** Where the pod's spec stands in the owner, such as spec.template.spec. */
  readonly path: string;
}

/** Path of the pod template; the pod's own metadata and spec stand below it. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  "/Pod": [],
  "apps/Deployment": ["spec", "template"],
  "apps/StatefulSet": ["spec", "template"],
  "apps/DaemonSet": ["spec", "template"],
  "apps/ReplicaSet": ["spec", "template"],
  "batch/Job": ["spec", "template"],
  "batch/CronJob": ["spec", "jobTemplate", "spec", "template"],
  "argoproj.io/Rollout": ["spec", "template"],
  "keda.sh/ScaledJob": ["spec", "jobTargetRef", "template"],
};

/** Labels that operators give to the pods that they make. */
const OPERATORS: Readonly<Record<string, (object: BuiltObject) => Labels>> = {
  // https://cloudnative-pg.io/documentation/current/labels_annotations/
  "postgresql.cnpg.io/Cluster": ({ name, data }) => ({
    ...labelsAt(data, "spec", "inheritedMetadata", "labels"),
    "cnpg.io/cluster": name,
    "cnpg.io/podRole": "instance",
    "cnpg.io/instanceRole": "primary",
    role: "primary",
  }),
  "postgresql.cnpg.io/Pooler": ({ name, data }) => ({
    ...labelsAt(data, "spec", "template", "metadata", "labels"),
    "cnpg.io/poolerName": name,
    "cnpg.io/podRole": "pooler",
  }),
  // Strimzi docs, "Labels": nodes, entity operator and exporter have the cluster's name alike.
  "kafka.strimzi.io/Kafka": ({ name, data }) => ({
    ...labelsAt(data, "metadata", "labels"),
    "strimzi.io/cluster": name,
    "strimzi.io/kind": "Kafka",
  }),
  "kafka.strimzi.io/KafkaNodePool": ({ name, data }) => ({
    ...labelsAt(data, "metadata", "labels"),
    "strimzi.io/kind": "Kafka",
    "strimzi.io/pool-name": name,
  }),
  // prometheus-operator, pkg/prometheus/common.go and pkg/alertmanager/operator.go
  "monitoring.coreos.com/Prometheus": ({ name, data }) => ({
    ...labelsAt(data, "spec", "podMetadata", "labels"),
    "app.kubernetes.io/name": "prometheus",
    "app.kubernetes.io/instance": name,
    "operator.prometheus.io/name": name,
    prometheus: name,
  }),
  "monitoring.coreos.com/Alertmanager": ({ name, data }) => ({
    ...labelsAt(data, "spec", "podMetadata", "labels"),
    "app.kubernetes.io/name": "alertmanager",
    "app.kubernetes.io/instance": name,
    alertmanager: name,
  }),
  "monitoring.coreos.com/ThanosRuler": ({ name, data }) => ({
    ...labelsAt(data, "spec", "podMetadata", "labels"),
    "app.kubernetes.io/name": "thanos-ruler",
    "app.kubernetes.io/instance": name,
    "thanos-ruler": name,
  }),
  "grafana.integreatly.org/Grafana": ({ name, data }) => ({
    ...labelsAt(data, "spec", "deployment", "spec", "template", "metadata", "labels"),
    app: name,
  }),
  "serving.kserve.io/InferenceService": ({ name, data }) => ({
    ...labelsAt(data, "metadata", "labels"),
    ...labelsAt(data, "spec", "predictor", "labels"),
    "serving.kserve.io/inferenceservice": name,
    component: "predictor",
    app: `isvc.${name}-predictor`,
  }),
  "opentelemetry.io/OpenTelemetryCollector": ({ name, namespace, data }) => ({
    ...labelsAt(data, "metadata", "labels"),
    "app.kubernetes.io/component": "opentelemetry-collector",
    "app.kubernetes.io/instance": `${namespace}.${name}`,
    "app.kubernetes.io/name": `${name}-collector`,
    "app.kubernetes.io/managed-by": "opentelemetry-operator",
    "app.kubernetes.io/part-of": "opentelemetry",
  }),
};

/** Labels of pods that appear without an object in the repository. */
export const PASSING_POD_LABELS: ReadonlySet<string> = new Set(["acme.cert-manager.io/http01-solver"]);

/** The pods that the objects of an overlay make. */
export function findPodSources(objects: readonly BuiltObject[]): PodSource[] {
  return objects.flatMap((object) => podSourceOf(object, objects) ?? []);
}

function podSourceOf(object: BuiltObject, objects: readonly BuiltObject[]): PodSource | undefined {
  const { namespace, data } = object;
  const key = `${object.group}/${object.kind}`;
  const operator = OPERATORS[key];
  if (operator !== undefined)
    return { owner: object, namespace, labels: operator(object), spec: undefined, path: "spec" };
  const template = TEMPLATES[key];
  if (template === undefined) return undefined;
  if (key === "argoproj.io/Rollout" && valueAt(data, "spec", "workloadRef") !== undefined)
    return referredWorkload(object, objects);
  const labels = labelsAt(data, ...template, "metadata", "labels");
  return {
    owner: object,
    namespace,
    labels,
    spec: recordAt(data, ...template, "spec"),
    path: [...template, "spec"].join("."),
  };
}

/** A Rollout may take its pods from a Deployment, which is then scaled to nothing. */
function referredWorkload(rollout: BuiltObject, objects: readonly BuiltObject[]): PodSource | undefined {
  const name = textAt(rollout.data, "spec", "workloadRef", "name");
  const kind = textAt(rollout.data, "spec", "workloadRef", "kind");
  const workload = objects.find(
    (object) => object.kind === kind && object.name === name && object.namespace === rollout.namespace,
  );
  const labels = labelsAt(workload?.data, "spec", "template", "metadata", "labels");
  return { owner: rollout, namespace: rollout.namespace, labels, spec: undefined, path: "spec.workloadRef" };
}

export interface Container {
  readonly name: string;
  readonly image: string | undefined;
  /** Path in the owner. */
  readonly path: string;
  readonly data: unknown;
  readonly isInit: boolean;
}

/** Containers of a pod, those that start before the others included. */
export function containersOf({ spec, path }: PodSource): Container[] {
  return (["initContainers", "containers"] as const).flatMap((list) =>
    listAt(spec, list).map((data, index) => ({
      name: textAt(data, "name") ?? String(index),
      image: textAt(data, "image"),
      path: `${path}.${list}[${index}]`,
      data,
      isInit: list === "initContainers",
    })),
  );
}

export interface ContainerPort {
  readonly name: string | undefined;
  readonly number: unknown;
}

/** Ports of a pod; an init container has some only where it is a sidecar, which keeps running. */
export function portsOf(pod: PodSource): ContainerPort[] {
  const running = containersOf(pod).filter(
    ({ isInit, data }) => !isInit || valueAt(data, "restartPolicy") === "Always",
  );
  return running.flatMap(({ data }) =>
    listAt(data, "ports").map((port) => ({
      name: textAt(port, "name"),
      number: valueAt(port, "containerPort"),
    })),
  );
}
