// Owns: what an environment asks of its cluster: in quiet times, and at its peak.
// Promises: the sums that the quota is checked with, in the words of Kubernetes.
// Must not: know nodes.

import { demandOf } from "./derive-quota.js";
import { bytes, cpu, formatBytes, formatCpu } from "./quantity.js";
import type { Environment } from "./stack.js";

export interface Capacity {
  readonly quietCpu: string;
  readonly quietMemory: string;
  readonly peakCpu: string;
  readonly peakMemory: string;
  readonly peakPods: number;
  readonly storage: string;
  /** The largest pod: a node must have room for it beside what every node runs. */
  readonly largestCpu: string;
  readonly largestMemory: string;
}

export function capacityOf(environment: Environment): Capacity {
  const demand = demandOf(environment);
  const services = environment.services.map(({ scaling, replicas, resources: { requests } }) => ({
    pods: scaling?.min ?? replicas,
    cpu: cpu(requests.cpu),
    memory: bytes(requests.memory),
  }));
  const stores = environment.datastores
    .filter(({ mode }) => mode !== "external")
    .map(({ replicas, resources: { requests } }) => ({
      pods: replicas,
      cpu: cpu(requests.cpu),
      memory: bytes(requests.memory),
    }));
  const all = [...services, ...stores];
  const sum = (amount: (load: (typeof all)[number]) => number) =>
    all.reduce((total, load) => total + load.pods * amount(load), 0);
  return {
    quietCpu: formatCpu(sum((load) => load.cpu)),
    quietMemory: formatBytes(sum((load) => load.memory)),
    peakCpu: formatCpu(demand.requestsCpu),
    peakMemory: formatBytes(demand.requestsMemory),
    peakPods: demand.pods,
    storage: formatBytes(demand.storage),
    largestCpu: formatCpu(Math.max(0, ...all.map((load) => load.cpu))),
    largestMemory: formatBytes(Math.max(0, ...all.map((load) => load.memory))),
  };
}
