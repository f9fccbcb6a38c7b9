// Owns: the settings of MariaDB and MySQL that follow from the container's limits.
// Promises: pages, every connection's buffers and the server itself fit into the memory limit; the log fits the volume.
// Must not: render.

import type { EngineInput } from "../engine.js";

const MIB = 2 ** 20;

/** MySQL docs, "How MySQL Uses Memory": half of it, since each connection and the data dictionary take theirs beside it. */
const BUFFER_POOL_SHARE = 0.5;
/** A connection takes some 3 MiB, and buffers for sorting and joining while it needs them. */
const MEMORY_PER_CONNECTION_MIB = 10;
/** Performance Schema takes some 200 MiB; a small server is better off with pages. */
const PERFORMANCE_SCHEMA_FROM_MIB = 2048;

function between(least: number, amount: number, most: number): number {
  return Math.floor(Math.min(most, Math.max(least, amount)));
}

/** Figures of my.cnf. */
export function sizingOf({ memoryBytes, storageBytes }: Pick<EngineInput, "memoryBytes" | "storageBytes">) {
  const memory = memoryBytes / MIB;
  return {
    bufferPoolMb: between(32, memory * BUFFER_POOL_SHARE, 65536),
    maxConnections: between(20, memory / MEMORY_PER_CONNECTION_MIB, 300),
    performanceSchema: memory >= PERFORMANCE_SCHEMA_FROM_MIB,
    logMb: between(48, storageBytes / MIB / 20, 1024),
  };
}
