// Owns: the settings of PostgreSQL that follow from the container's limits.
// Promises: the server's cache, every connection's memory and its own fit into the memory limit; WAL fits the volume.
// Must not: render.

import type { EngineInput } from "../engine.js";

const MIB = 2 ** 20;

/** PostgreSQL docs, "Resource Consumption": a quarter of the memory for shared_buffers on a server of its own. */
const SHARED_BUFFERS_SHARE = 0.25;
/** What the kernel's cache and the server's hold together, for the planner. */
const EFFECTIVE_CACHE_SHARE = 0.7;
/** A backend takes some 5 to 10 MiB before it sorts anything. */
const MEMORY_PER_CONNECTION_MIB = 10;

function between(least: number, amount: number, most: number): number {
  return Math.floor(Math.min(most, Math.max(least, amount)));
}

/** Figures of postgresql.conf. */
export function sizingOf({ memoryBytes, cpuMillicores, storageBytes }: EngineInput) {
  const memory = memoryBytes / MIB;
  const storage = storageBytes / MIB;
  const cores = Math.max(1, Math.floor(cpuMillicores / 1000));
  const maxConnections = between(20, memory / MEMORY_PER_CONNECTION_MIB, 200);
  return {
    maxConnections,
    sharedBuffersMb: between(32, memory * SHARED_BUFFERS_SHARE, 16384),
    effectiveCacheMb: between(64, memory * EFFECTIVE_CACHE_SHARE, 65536),
    maintenanceMb: between(16, memory / 16, 1024),
    workMb: between(2, (memory * 0.25) / maxConnections, 64),
    workers: between(4, cores * 2, 16),
    parallelWorkers: between(1, cores, 8),
    parallelPerGather: between(0, cores / 2, 4),
    maxWalMb: between(128, storage / 10, 8192),
    minWalMb: between(64, storage / 40, 1024),
  };
}
