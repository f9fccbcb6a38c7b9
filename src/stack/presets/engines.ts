// Owns: what each datastore engine brings by default.
// Promises: plain data; versions are those whose images are in src/stack/images.ts.
// Must not: know environments.

import type { DatastoreSpec } from "../../spec/schema/spec-types.js";

export interface EnginePreset {
  readonly summary: string;
  readonly port: number;
  /** Key in IMAGES. */
  readonly image: "redis" | "valkey";
  /** Names of the server's and the client's program. */
  readonly server: string;
  readonly client: string;
  /** User and group of the image. */
  readonly user: number;
  readonly group: number;
  readonly defaults: Omit<DatastoreSpec, "engine">;
}

// Guaranteed quality of service: requests equal limits, so that a datastore is the last to be evicted.
const guaranteed = { cpu: "250m", memory: "512Mi", "ephemeral-storage": "256Mi" };
const redisLike: Omit<DatastoreSpec, "engine" | "version"> = {
  role: "store",
  storage: "8Gi",
  resources: { requests: guaranteed, limits: guaranteed },
};

export const ENGINE_PRESETS: Readonly<Record<DatastoreSpec["engine"], EnginePreset>> = {
  redis: {
    summary: "Redis",
    port: 6379,
    image: "redis",
    server: "redis-server",
    client: "redis-cli",
    user: 999,
    group: 1000,
    defaults: { ...redisLike, version: "7.4" },
  },
  valkey: {
    summary: "Valkey",
    port: 6379,
    image: "valkey",
    server: "valkey-server",
    client: "valkey-cli",
    user: 999,
    group: 1000,
    defaults: { ...redisLike, version: "8.1" },
  },
};
