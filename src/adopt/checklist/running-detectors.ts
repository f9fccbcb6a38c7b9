// Owns: detectors about resources, scaling, budgets, probes, routes and backups.
// Promises: each reads objects or paths, and names them.
// Must not: know ids of rows.

import { recordAt, valueAt } from "../../validate/values.js";
import type { Workload } from "../workloads.js";
import {
  type Before,
  type Detector,
  everyRunning,
  hasAnnotation,
  names,
  no,
  partly,
  share,
  yes,
} from "./seen.js";

export const hasAmounts =
  (kind: "requests" | "limits", ...what: readonly string[]) =>
  (data: unknown) =>
    what.every((one) => valueAt(data, "resources", kind, one) !== undefined);

export const guaranteed: Detector = ({ datastores }) =>
  share(
    datastores.map(({ workload, key }) => ({ item: workload, name: key })),
    ({ main }) => {
      const { requests, limits } = recordAt(main.data, "resources");
      return (
        limits !== undefined &&
        (requests === undefined || JSON.stringify(requests) === JSON.stringify(limits))
      );
    },
    "requests are not limits",
  );

export const autoscaled: Detector = ({ objects }) => {
  const found = objects.filter(({ kind }) => kind === "HorizontalPodAutoscaler");
  if (found.length === 0) return no("no HorizontalPodAutoscaler");
  const calm = found.filter((one) => one.at("spec", "behavior") !== undefined);
  const text = names(found.map(({ id }) => id));
  return calm.length === found.length ? yes(text) : partly(`${text}; without stabilisation of their own`);
};

export const budgets: Detector = (seen) => {
  const found = everyRunning("no PodDisruptionBudget", ({ budget }) => budget !== undefined)(seen);
  const blocking = seen.workloads.filter(
    ({ budget, object }) =>
      budget !== undefined && budget.at("spec", "minAvailable") === (object.at("spec", "replicas") ?? 1),
  );
  return blocking.length === 0
    ? found
    : partly(`blocks every drain: ${names(blocking.map(({ budget }) => budget?.id ?? ""))}`);
};

export const probed = ({ main }: Workload) =>
  ["readinessProbe", "livenessProbe"].every((probe) => main.data[probe] !== undefined);

export const rolling: Detector = everyRunning(
  "no graceful shutdown",
  ({ main, pod }) =>
    valueAt(main.data, "lifecycle", "preStop") !== undefined ||
    pod.terminationGracePeriodSeconds !== undefined,
);

export const exposed: Detector = ({ objects }) => {
  const routes = objects.filter(({ kind }) => ["HTTPRoute", "GRPCRoute"].includes(kind));
  if (routes.length > 0) return yes(names(routes.map(({ id }) => id)));
  const old = objects.filter(({ kind }) => ["Ingress", "IngressRoute", "VirtualService"].includes(kind));
  if (old.length > 0) return partly(`${names(old.map(({ id }) => id))}, not Gateway API`);
  const open = objects.filter(
    (one) => one.kind === "Service" && ["LoadBalancer", "NodePort"].includes(one.text("spec", "type") ?? ""),
  );
  return open.length > 0 ? partly(`${names(open.map(({ id }) => id))} directly`) : no("no Ingress, no route");
};

export const ingress = (what: string, pattern: RegExp): Detector =>
  hasAnnotation(what, pattern, "Ingress", "HTTPRoute");

/** A CronJob with the image of the engine. */
export const backedUp =
  (...engines: readonly string[]): Detector =>
  ({ scenes }): Before => {
    const found = scenes.flatMap(({ backups }) => backups).filter(({ engine }) => engines.includes(engine));
    return found.length > 0
      ? partly(`${names(found.map(({ object }) => object.id))}; nothing verifies it`)
      : no("no backup");
  };
