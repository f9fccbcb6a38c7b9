// Owns: the bounds of a container and of a volume claim in the stack's namespaces (LimitRange).
// Promises: modest bounds, widened to what the stack itself declares, so that admission never refuses its own pods.
// Must not: refuse; src/stack/rules does.

import type { Resources } from "./container.js";
import { claimsOf, containerResources } from "./derive-load.js";
import { BACKUP_RESOURCES } from "./derive-quota.js";
import { bytes, cpu, formatBytes, formatCpu } from "./quantity.js";
import type { Stack } from "./stack.js";

export interface Limits {
  readonly maxCpu: string;
  readonly maxMemory: string;
  readonly minCpu: string;
  readonly minMemory: string;
  readonly maxStorage: string;
  readonly minStorage: string;
}

export function deriveLimits({ base, environments, previews }: Stack): Limits {
  const views = [base, ...environments, ...(previews === undefined ? [] : [previews.place])];
  const datastores = views.flatMap((view) => view.datastores);
  const resources: Resources[] = [
    ...views.flatMap(({ services }) => services.flatMap(containerResources)),
    ...datastores.flatMap((datastore) => [
      datastore.resources,
      ...(datastore.exporter === undefined ? [] : [datastore.exporter.resources]),
      ...(datastore.operator?.sidecar === undefined ? [] : [datastore.operator.sidecar]),
      ...(datastore.operator?.extra.pods ?? []).flatMap((beside) => beside.resources),
    ]),
    BACKUP_RESOURCES,
  ];
  const storage = [
    ...datastores.map((datastore) => bytes(datastore.storage)),
    ...views.flatMap(({ services }) => services.flatMap(claimsOf)).map((claim) => claim.bytes),
  ];
  const most = (bound: number, amounts: readonly number[]) => Math.max(bound, ...amounts);
  const least = (bound: number, amounts: readonly number[]) => Math.min(bound, ...amounts);
  return {
    maxCpu: formatCpu(
      most(
        cpu("8"),
        resources.map(({ limits }) => cpu(limits.cpu)),
      ),
    ),
    maxMemory: formatBytes(
      most(
        bytes("16Gi"),
        resources.map(({ limits }) => bytes(limits.memory)),
      ),
    ),
    minCpu: formatCpu(
      least(
        cpu("10m"),
        resources.map(({ requests }) => cpu(requests.cpu)),
      ),
    ),
    minMemory: bytesOrLess(
      least(
        bytes("16Mi"),
        resources.map(({ requests }) => bytes(requests.memory)),
      ),
    ),
    maxStorage: formatBytes(most(bytes("1Ti"), storage)),
    minStorage: bytesOrLess(least(bytes("1Gi"), storage)),
  };
}

/** A lower bound must not be rounded up. */
function bytesOrLess(amount: number): string {
  return amount % 2 ** 20 === 0 ? formatBytes(amount) : String(amount);
}
