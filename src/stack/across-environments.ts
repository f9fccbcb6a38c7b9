// Owns: the things of a stack by name, wherever they are: in the base, or in one environment alone.
// Promises: each name once, sorted.
// Must not: merge; each view stays what it is.

import type { Service } from "./service.js";
import type { Environment, Stack } from "./stack.js";

export interface ServiceAcross {
  readonly name: string;
  /** What holds wherever no environment says otherwise; undefined where only environments have it. */
  readonly base: Service | undefined;
  /** The base's, else that of the first environment which has it: for titles and labels. */
  readonly any: Service;
  readonly inEnvironment: (environment: Environment) => Service | undefined;
}

export function servicesAcross({ base, environments }: Stack): ServiceAcross[] {
  const found = new Map<string, ServiceAcross>();
  const inEnvironment = (name: string) => (environment: Environment) =>
    environment.services.find((service) => service.name === name);
  for (const service of base.services)
    found.set(service.name, {
      name: service.name,
      base: service,
      any: service,
      inEnvironment: inEnvironment(service.name),
    });
  for (const service of environments.flatMap(({ services }) => services))
    if (!found.has(service.name))
      found.set(service.name, {
        name: service.name,
        base: undefined,
        any: service,
        inEnvironment: inEnvironment(service.name),
      });
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
