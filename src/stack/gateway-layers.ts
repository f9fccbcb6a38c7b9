// Owns: two layers that follow from other layers: the settings of the chosen gateway, and `gateway.defaults` below every exposure.
// Promises: both lie below every file, so that any of them wins, and null takes away one default as it does anything else.
// Must not: merge; mergeLayers does.

import type { StackSpec } from "../spec/schema/spec-types.js";
import { HTTP_ONLY } from "./derive-exposure.js";
import { type Layer, mergeLayers, type Tree } from "./merge-layers.js";
import { gatewayPreset, isGateway } from "./presets/gateways.js";
import { DEFAULT_SETTINGS } from "./presets/settings.js";

/** What a gRPC service has no use for, and the request timeout, which would cut streams. */
const NOT_FOR_GRPC: readonly string[] = ["timeout", ...HTTP_ONLY];

/** The layer of the chosen gateway's own settings. */
export function gatewayLayer(layers: readonly Layer[]): Layer {
  const chosen = gatewayOf(layers).implementation;
  const implementation = isGateway(chosen) ? chosen : DEFAULT_SETTINGS.gateway.implementation;
  return { origin: implementation, value: { gateway: gatewayPreset(implementation).settings } };
}

/** The layers with `gateway.defaults` below the first one that exposes a service, and again after each that takes it away. */
export function withRequestDefaults(layers: readonly Layer[], { services }: StackSpec): Layer[] {
  const { defaults } = gatewayOf(layers);
  if (!isTree(defaults)) return [...layers];
  const forGrpc = Object.fromEntries(Object.entries(defaults).filter(([key]) => !NOT_FOR_GRPC.includes(key)));
  const exposed = new Set<string>();
  return layers.flatMap((layer) => {
    const said = exposuresIn(layer);
    const begun = said.filter(([name, expose]) => isTree(expose) && !exposed.has(name)).map(([name]) => name);
    for (const name of begun) exposed.add(name);
    for (const [name, expose] of said) if (expose === null) exposed.delete(name);
    if (begun.length === 0) return [layer];
    const value = {
      services: Object.fromEntries(
        begun.map((name) => [name, { expose: services[name]?.type === "grpc-service" ? forGrpc : defaults }]),
      ),
    };
    return [{ origin: "gateway.defaults", value }, layer];
  });
}

function exposuresIn({ value }: Layer): [string, unknown][] {
  const { services } = value as { services?: Record<string, unknown> };
  return Object.entries(services ?? {}).flatMap(([name, service]): [string, unknown][] =>
    isTree(service) && service.expose !== undefined ? [[name, service.expose]] : [],
  );
}

function gatewayOf(layers: readonly Layer[]): Tree {
  const only = layers.map(({ origin, value }) => ({
    origin,
    value: { gateway: (value as Tree).gateway },
  }));
  const { gateway } = mergeLayers(only);
  return isTree(gateway) ? gateway : (DEFAULT_SETTINGS.gateway as unknown as Tree);
}

function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
