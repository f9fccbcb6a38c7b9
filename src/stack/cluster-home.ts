// Owns: which environment of a cluster carries what a cluster may have only once, such as dashboards with their ids.
// Promises: one environment per API server: the last in the order of promotion.
// Must not: know what is carried.

import type { Environment, Stack } from "./stack.js";

export function isClusterHome({ environments }: Stack, environment: Environment): boolean {
  return environments.filter(({ server }) => server === environment.server).at(-1)?.id === environment.id;
}
