// Owns: what a view needs at most, and the quota of its namespace.
// Promises: peak of every workload at once: all replicas, the surge of a rollout, every scheduled job.
// Must not: refuse; src/stack/rules does.

import type { StackSpec } from "../spec/schema/spec-types.js";
import type { Resources } from "./container.js";
import { addressesOf, claimsOf, type Load, loadOf } from "./derive-load.js";
import { solvedHosts } from "./gateway-policies.js";
import { bytes, cpu, formatBytes, formatCpu } from "./quantity.js";
import type { Quota, View } from "./stack.js";

/** Resources of a backup job: its containers run one after the other, so the larger one counts. */
export const BACKUP_RESOURCES: Resources = {
  requests: { cpu: "100m", memory: "128Mi", ephemeralStorage: "1Gi" },
  limits: { cpu: "500m", memory: "256Mi", ephemeralStorage: "10Gi" },
};

/** cert-manager's defaults of --acme-http01-solver-resource-*. */
const SOLVER_RESOURCES: Resources = {
  requests: { cpu: "10m", memory: "64Mi", ephemeralStorage: "0" },
  limits: { cpu: "100m", memory: "64Mi", ephemeralStorage: "0" },
};

type Demanding = Pick<View, "services" | "datastores" | "settings">;

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

/** Datastores that take room here. */
function inCluster({ datastores }: Pick<View, "datastores">): View["datastores"] {
  return datastores.filter(({ mode }) => mode !== "external");
}

function loadsOf(view: Demanding): Load[] {
  const services = view.services.map(loadOf);
  const datastores = inCluster(view).flatMap(({ resources, exporter, replicas, operator }) => [
    {
      pods: replicas,
      phases: [[resources, exporter?.resources, operator?.sidecar].filter((item) => item !== undefined)],
    },
    ...(operator?.extra.pods ?? []).map((beside) => ({ pods: beside.count, phases: [beside.resources] })),
  ]);
  // Two pods a backup: the scheduled one and one by hand or by a retry.
  const backups = view.datastores
    .filter(({ backup }) => backup !== undefined)
    .map(() => ({ pods: 2, phases: [[BACKUP_RESOURCES]] }));
  const solvers = solvedHosts(view).map(() => ({ pods: 1, phases: [[SOLVER_RESOURCES]] }));
  return [...services, ...datastores, ...backups, ...solvers];
}

/** The peak demand of a view. */
export function demandOf(view: Demanding): Demand {
  const loads = loadsOf(view);
  const own = inCluster(view);
  const sum = (amount: (resources: Resources) => number) =>
    loads.reduce((total, { pods, phases }) => {
      const pod = Math.max(...phases.map((phase) => phase.reduce((all, item) => all + amount(item), 0)));
      return total + pods * pod;
    }, 0);
  const claims = view.services.flatMap(claimsOf).reduce((total, size) => total + size, 0);
  return {
    requestsCpu: sum(({ requests }) => cpu(requests.cpu)),
    requestsMemory: sum(({ requests }) => bytes(requests.memory)),
    limitsCpu: sum(({ limits }) => cpu(limits.cpu)),
    limitsMemory: sum(({ limits }) => bytes(limits.memory)),
    pods: loads.reduce((total, { pods }) => total + pods, 0),
    services:
      view.services.reduce((total, service) => total + addressesOf(service), 0) +
      own.reduce((total, { operator }) => total + (operator?.extra.services ?? 2), 0) +
      solvedHosts(view).length,
    storage: own.reduce((total, datastore) => total + volumesOf(datastore), claims),
  };
}

/** An operator's servers have a volume whatever their role. */
function volumesOf({ role, storage, replicas, operator }: View["datastores"][number]): number {
  const beside = (operator?.extra.pods ?? []).reduce(
    (total, { count, storage: size = "0" }) => total + count * bytes(size),
    0,
  );
  return beside + (role === "store" || operator !== undefined ? replicas * bytes(storage) : 0);
}

export type GivenQuota = NonNullable<StackSpec["quota"]>;

/** The quota: what is given as it is, the rest raised to what the stack needs. */
export function deriveQuota(view: View, given: GivenQuota): Quota {
  const { quota } = view.settings;
  const demand = demandOf(view);
  let raised = false;
  const raise = (isGiven: boolean, amount: number, needed: number) => {
    if (isGiven || needed <= amount) return amount;
    raised = true;
    return needed;
  };
  const cores = (which: "requests" | "limits", needed: number) =>
    formatCpu(raise(given[which]?.cpu !== undefined, cpu(quota[which].cpu), Math.ceil(needed / 1000) * 1000));
  const memory = (which: "requests" | "limits", needed: number) =>
    formatBytes(
      raise(given[which]?.memory !== undefined, bytes(quota[which].memory), wholeGibibytes(needed)),
    );
  const values = {
    requestsCpu: cores("requests", demand.requestsCpu),
    requestsMemory: memory("requests", demand.requestsMemory),
    limitsCpu: cores("limits", demand.limitsCpu),
    limitsMemory: memory("limits", demand.limitsMemory),
    pods: raise(given.pods !== undefined, quota.pods, demand.pods),
    services: raise(given.services !== undefined, quota.services, demand.services),
    storage: formatBytes(
      raise(given.storage !== undefined, bytes(quota.storage), wholeGibibytes(demand.storage)),
    ),
  };
  return { ...values, raised };
}

function wholeGibibytes(amount: number): number {
  return Math.ceil(amount / 2 ** 30) * 2 ** 30;
}
