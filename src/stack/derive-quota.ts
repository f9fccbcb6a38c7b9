// Owns: what a view needs at most, and the quota of its namespace.
// Promises: peak of every workload at once: all replicas, the surge of a rollout, every scheduled job.
// Must not: refuse; src/stack/rules does.

import type { StackSpec } from "../spec/schema/spec-types.js";
import type { Resources } from "./container.js";
import { addressesOf, type Claim, claimsOf, type Load, loadOf } from "./derive-load.js";
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
  readonly requestsEphemeral: number;
  readonly limitsEphemeral: number;
  readonly pods: number;
  readonly services: number;
  readonly storage: number;
  /** Of it, by named storage class. */
  readonly storageByClass: Readonly<Record<string, number>>;
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
  const claims = [...view.services.flatMap(claimsOf), ...own.flatMap(volumesOf)];
  return {
    requestsCpu: sum(({ requests }) => cpu(requests.cpu)),
    requestsMemory: sum(({ requests }) => bytes(requests.memory)),
    limitsCpu: sum(({ limits }) => cpu(limits.cpu)),
    limitsMemory: sum(({ limits }) => bytes(limits.memory)),
    requestsEphemeral: sum(({ requests }) => bytes(requests.ephemeralStorage)),
    limitsEphemeral: sum(({ limits }) => bytes(limits.ephemeralStorage)),
    pods: loads.reduce((total, { pods }) => total + pods, 0),
    services:
      view.services.reduce((total, service) => total + addressesOf(service), 0) +
      own.reduce((total, { operator }) => total + (operator?.extra.services ?? 2), 0) +
      solvedHosts(view).length,
    storage: claims.reduce((total, claim) => total + claim.bytes, 0),
    storageByClass: byClass(claims),
  };
}

/** An operator's servers have a volume whatever their role. */
function volumesOf({ role, storage, storageClass, replicas, operator }: View["datastores"][number]): Claim[] {
  const claim = (count: number, size: string) => ({ bytes: count * bytes(size), storageClass });
  return [
    ...(role === "store" || operator !== undefined ? [claim(replicas, storage)] : []),
    ...(operator?.extra.pods ?? []).flatMap(({ count, storage: size }) =>
      size === undefined ? [] : [claim(count, size)],
    ),
  ];
}

function byClass(claims: readonly Claim[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const { bytes: size, storageClass } of claims)
    if (storageClass !== undefined) sums.set(storageClass, (sums.get(storageClass) ?? 0) + size);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
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
  // Scratch space is no figure that anybody plans with: nothing is said where it is raised.
  const scratch = (which: "requests" | "limits", needed: number) => {
    const amount = bytes(quota[which]["ephemeral-storage"]);
    const isGiven = given[which]?.["ephemeral-storage"] !== undefined;
    return formatBytes(isGiven ? amount : Math.max(amount, wholeGibibytes(needed)));
  };
  return {
    ...values,
    requestsEphemeral: scratch("requests", demand.requestsEphemeral),
    limitsEphemeral: scratch("limits", demand.limitsEphemeral),
    storageByClass: Object.entries(demand.storageByClass).map(([name, needed]) => ({
      name,
      storage: formatBytes(
        Object.hasOwn(given.storageClasses ?? {}, name)
          ? bytes(given.storageClasses?.[name] ?? 0)
          : wholeGibibytes(needed),
      ),
    })),
    raised,
  };
}

function wholeGibibytes(amount: number): number {
  return Math.ceil(amount / 2 ** 30) * 2 ** 30;
}
