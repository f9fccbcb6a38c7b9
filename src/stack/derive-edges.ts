// Owns: what a service talks to.
// Promises: every edge with host and port; sorted by target.
// Must not: know policies or settings.

import type { Derivation } from "./derivation.js";
import { engineInput } from "./derive-connection.js";
import type { EffectiveService } from "./effective.js";
import { namedPort, portsOf } from "./named-port.js";
import type { Edge } from "./service.js";

export function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

export function edgesOf(service: EffectiveService, derivation: Derivation): Edge[] {
  const { effective } = derivation;
  return Object.entries(service.uses ?? {})
    .sort(byKey)
    .map(([target, use]): Edge => {
      const datastore = effective.datastores[target];
      const external = effective.externals[target];
      if (datastore !== undefined) {
        const { mode, host, hosts, port } = engineInput(target, derivation);
        const { addresses = [] } = datastore;
        return { kind: mode === "external" ? "external" : "datastore", target, port, host, hosts, addresses };
      }
      if (external !== undefined) {
        const { port = 443, host, addresses = [] } = external;
        return { kind: "external", target, port, host, hosts: [host], addresses };
      }
      const used = effective.services[target];
      if (used === undefined) throw new Error(`no service ${target}`);
      const port = namedPort(portsOf(used), use.port);
      return {
        kind: "service",
        target,
        port: port?.number ?? 0,
        host: target,
        hosts: [target],
        addresses: [],
      };
    });
}
