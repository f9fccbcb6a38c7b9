// Owns: which port is meant.
// Promises: the order of a map in the spec means nothing.
// Must not: know where ports are.

import type { Port } from "./container.js";
import type { EffectiveService } from "./effective.js";

/** By rank, then by number. */
export function rankedPorts(ports: Readonly<Record<string, number>> | undefined): Port[] {
  return Object.entries(ports ?? {})
    .map(([name, number]) => ({ name, number }))
    .sort((a, b) => rankPort(a) - rankPort(b) || a.number - b.number);
}

/** The port that is meant when none is named: http, grpc or web come first. */
function rankPort({ name }: Port): number {
  const rank = ["http", "https", "web", "grpc"].indexOf(name);
  return rank < 0 ? 9 : rank;
}

export function namedPort(ports: readonly Port[], name: string | undefined): Port | undefined {
  return name === undefined ? ports[0] : (ports.find((port) => port.name === name) ?? ports[0]);
}

/** All ports of a service's pods: its own, then its sidecars'. */
export function portsOf(service: Pick<EffectiveService, "ports" | "containers">): Port[] {
  const sidecars = Object.entries(service.containers ?? {})
    .filter(([, { kind }]) => kind === "sidecar")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return [...rankedPorts(service.ports), ...sidecars.flatMap(([, { ports }]) => rankedPorts(ports))];
}
