// Owns: which layers make the base and each environment, in their order.
// Promises: type < runtime < tier defaults < platform < stack < tiers.T < environment < cluster.
// Must not: merge them; mergeLayers does.

import type { StackSpec, TierName } from "../spec/schema/spec-types.js";
import { engines } from "./engines/index.js";
import type { Layer } from "./merge-layers.js";
import { RUNTIME_PRESETS } from "./presets/runtimes.js";
import { SERVICE_TYPE_PRESETS } from "./presets/service-types.js";
import { DEFAULT_SETTINGS } from "./presets/settings.js";
import { TIER_PRESETS } from "./presets/tiers.js";

/** What the layers are made of: a spec and the data of the files with their nulls. */
export interface LayerSources {
  readonly spec: StackSpec;
  readonly stackData: Readonly<Record<string, unknown>>;
  readonly platformData: Readonly<Record<string, unknown>>;
}

/** Keys of a spec or environment that no layer merges. */
const NOT_MERGED = [
  "apiVersion",
  "name",
  "description",
  "owner",
  "source",
  "capabilities",
  "tiers",
  "environments",
  "tier",
  "domain",
  "namespace",
  "server",
  "promotesFrom",
  "clusters",
  "mesh",
  "region",
];

function mergeable(data: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries((data ?? {}) as object).filter(([key]) => !NOT_MERGED.includes(key)),
  );
}

function mapValues<T, R>(
  map: Readonly<Record<string, T>> | undefined,
  change: (value: T, name: string) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([name, value]) => [name, change(value, name)]));
}

function runtimeOf(service: { runtime?: keyof typeof RUNTIME_PRESETS }): keyof typeof RUNTIME_PRESETS {
  return service.runtime ?? "generic";
}

/** What the tables of src/stack/presets say of the things that a spec declares. */
export function presetLayers({ spec }: LayerSources): Layer[] {
  return [
    {
      origin: "default",
      value: { ...DEFAULT_SETTINGS, services: {}, datastores: {}, externals: {}, secrets: {} },
    },
    {
      origin: "engine",
      value: { datastores: mapValues(spec.datastores, ({ engine }) => engines[engine].defaults) },
    },
    {
      origin: "type",
      value: {
        services: mapValues(spec.services, ({ type }) => ({
          runtime: "generic",
          ...SERVICE_TYPE_PRESETS[type].defaults,
        })),
      },
    },
    {
      origin: "runtime",
      value: { services: mapValues(spec.services, (service) => runtimeDefaults(service)) },
    },
  ];
}

/** A runtime's probes and metrics need a port; a service without one gets neither. */
function runtimeDefaults(service: StackSpec["services"][string]): object {
  const { defaults } = RUNTIME_PRESETS[runtimeOf(service)];
  const { probes, metrics, ...rest } = defaults;
  const hasPort = Object.keys(service.ports ?? {}).length > 0;
  return hasPort ? { ...rest, ...(probes ? { probes } : {}), ...(metrics ? { metrics } : {}) } : rest;
}

function tierLayer({ spec }: LayerSources, tier: TierName): Layer {
  const { settings, service } = TIER_PRESETS[tier];
  const services = mapValues(spec.services, (declared) => service(RUNTIME_PRESETS[runtimeOf(declared)]));
  const datastores = mapValues(spec.datastores, ({ engine }) => engines[engine].tiers?.[tier] ?? {});
  return { origin: `tier ${tier}`, value: { ...settings, services, datastores } };
}

function fileLayers({ platformData, stackData }: LayerSources): Layer[] {
  return [
    { origin: "platform", value: mergeable(platformData) },
    { origin: "stack", value: mergeable(stackData) },
  ];
}

/** Layers of the base: what holds wherever no environment says otherwise. */
export function baseLayers(sources: LayerSources): Layer[] {
  return [...presetLayers(sources), ...fileLayers(sources)];
}

/** Where layers are asked for: an environment, and which of its clusters where it has several. */
export interface PlaceName {
  readonly name: string;
  readonly cluster?: string | undefined;
}

/** Where a place stands in prod-stack.yaml. */
export function pathOf({ name, cluster }: PlaceName): string[] {
  return ["environments", name, ...(cluster === undefined ? [] : ["clusters", cluster])];
}

/** Layers of one environment, or of one of its clusters. */
export function environmentLayers(sources: LayerSources, { name, cluster }: PlaceName): Layer[] {
  const tier = sources.spec.environments[name]?.tier ?? "development";
  const tiers = (sources.stackData.tiers ?? {}) as Record<string, unknown>;
  const environments = sources.stackData.environments as Record<string, Record<string, unknown>>;
  const clusters = (environments[name]?.clusters ?? {}) as Record<string, unknown>;
  return [
    ...presetLayers(sources),
    tierLayer(sources, tier),
    ...fileLayers(sources),
    { origin: `tiers.${tier}`, value: mergeable(tiers[tier]) },
    { origin: `environments.${name}`, value: mergeable(environments[name]) },
    ...(cluster === undefined
      ? []
      : [{ origin: `environments.${name}.clusters.${cluster}`, value: mergeable(clusters[cluster]) }]),
  ];
}
