// Owns: what a view needs at most, and the quota of its namespace.
// Promises: peak of every workload at once: all replicas, the surge of a rollout, every scheduled job.
// Must not: refuse; src/stack/rules does.

import { bytes, cpu, formatBytes, formatCpu } from "./quantity.js";
import type { Quota, Resources, View } from "./stack.js";

/** Pods that a rolling update adds: maxSurge 25 %, rounded up. */
export const SURGE = 0.25;

/** Resources of a backup job: its containers run one after the other, so the larger one counts. */
export const BACKUP_RESOURCES: Resources = {
  requests: { cpu: "100m", memory: "128Mi", ephemeralStorage: "1Gi" },
  limits: { cpu: "500m", memory: "256Mi", ephemeralStorage: "10Gi" },
};

/** The most that a view may use at one time; CPU in millicores, memory and storage in bytes. */
export interface Demand {
  readonly requestsCpu: number;
  readonly requestsMemory: number;
  readonly limitsCpu: number;
  readonly limitsMemory: number;
  readonly pods: number;
  readonly services: number;
  readonly storage: number;
}

interface Load {
  readonly pods: number;
  readonly resources: readonly Resources[];
}

function loadsOf(view: Pick<View, "services" | "datastores">): Load[] {
  const services = view.services.map(({ scaling, replicas, resources }) => {
    const most = scaling?.max ?? replicas;
    return { pods: most + Math.ceil(most * SURGE), resources: [resources] };
  });
  const datastores = view.datastores.map(({ resources, exporterResources }) => ({
    pods: 1,
    resources: [resources, exporterResources],
  }));
  // Two pods a backup: the scheduled one and one by hand or by a retry.
  const backups = view.datastores
    .filter(({ backup }) => backup !== undefined)
    .map(() => ({ pods: 2, resources: [BACKUP_RESOURCES] }));
  return [...services, ...datastores, ...backups];
}

/** The peak demand of a view. */
export function demandOf(view: Pick<View, "services" | "datastores">): Demand {
  const loads = loadsOf(view);
  const sum = (amount: (resources: Resources) => number) =>
    loads.reduce(
      (total, { pods, resources }) => total + pods * resources.reduce((pod, item) => pod + amount(item), 0),
      0,
    );
  return {
    requestsCpu: sum(({ requests }) => cpu(requests.cpu)),
    requestsMemory: sum(({ requests }) => bytes(requests.memory)),
    limitsCpu: sum(({ limits }) => cpu(limits.cpu)),
    limitsMemory: sum(({ limits }) => bytes(limits.memory)),
    pods: loads.reduce((total, { pods }) => total + pods, 0),
    services: view.services.filter(({ ports }) => ports.length > 0).length + view.datastores.length * 2,
    storage: view.datastores.reduce(
      (total, { role, storage }) => total + (role === "store" ? bytes(storage) : 0),
      0,
    ),
  };
}

/** The quota: as given, or the default raised to what the stack needs. */
export function deriveQuota(view: View, isExplicit: boolean): Quota {
  const { quota } = view.settings;
  const demand = demandOf(view);
  const raise = (given: number, needed: number) => (isExplicit ? given : Math.max(given, needed));
  const wholeCores = (millicores: number) => Math.ceil(millicores / 1000) * 1000;
  const wholeGibibytes = (amount: number) => Math.ceil(amount / 2 ** 30) * 2 ** 30;
  const values = {
    requestsCpu: formatCpu(raise(cpu(quota.requests.cpu), wholeCores(demand.requestsCpu))),
    requestsMemory: formatBytes(raise(bytes(quota.requests.memory), wholeGibibytes(demand.requestsMemory))),
    limitsCpu: formatCpu(raise(cpu(quota.limits.cpu), wholeCores(demand.limitsCpu))),
    limitsMemory: formatBytes(raise(bytes(quota.limits.memory), wholeGibibytes(demand.limitsMemory))),
    pods: raise(quota.pods, demand.pods),
    services: raise(quota.services, demand.services),
    storage: formatBytes(raise(bytes(quota.storage), wholeGibibytes(demand.storage))),
  };
  return { ...values, raised: !isExplicit && isLarger(values, quota) };
}

function isLarger(values: Omit<Quota, "raised">, quota: View["settings"]["quota"]): boolean {
  return (
    cpu(values.requestsCpu) > cpu(quota.requests.cpu) ||
    bytes(values.requestsMemory) > bytes(quota.requests.memory) ||
    cpu(values.limitsCpu) > cpu(quota.limits.cpu) ||
    bytes(values.limitsMemory) > bytes(quota.limits.memory) ||
    values.pods > quota.pods ||
    values.services > quota.services ||
    bytes(values.storage) > bytes(quota.storage)
  );
}
