// Owns: which layers make the base and each environment, in their order.
// Promises: type < runtime < tier defaults < platform < stack < tiers.T < environment < cluster; previews are an environment
//           whose own defaults lie above tiers.T: production's answers must not reach them.
// Must not: merge them; mergeLayers does.

import { PREVIEWS, type ServiceSpec, type StackSpec, type TierName } from "../spec/schema/spec-types.js";
import { engines } from "./engines/index.js";
import { type Layer, mergeLayers } from "./merge-layers.js";
import { previewDefaults } from "./presets/previews.js";
import { RUNTIME_PRESETS } from "./presets/runtimes.js";
import { endsByItself, SERVICE_TYPE_PRESETS } from "./presets/service-types.js";
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
  "catalog",
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
  "previews",
  "repositories",
  "label",
  "lifetime",
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

/** What makes a service what it is, by name: the base's own, and in an environment whatever its layers declare or change. */
type Declared = Readonly<Record<string, Pick<ServiceSpec, "type" | "runtime" | "ports">>>;

function declaredServices(sources: LayerSources, place: PlaceName | undefined): Declared {
  const files =
    place === undefined ? fileLayers(sources) : [...fileLayers(sources), ...placeLayers(sources, place)];
  const { services = {} } = mergeLayers(files) as { services?: Record<string, Partial<ServiceSpec>> };
  // A layer that only changes what another removed declares nothing.
  return Object.fromEntries(
    Object.entries(services).filter(([, { type }]) => type !== undefined),
  ) as Declared;
}

function runtimeOf({ runtime }: Pick<ServiceSpec, "runtime">): keyof typeof RUNTIME_PRESETS {
  return runtime ?? "generic";
}

/** What the tables of src/stack/presets say of the things that a place declares. */
export function presetLayers(sources: LayerSources, place: PlaceName | undefined): Layer[] {
  const { spec } = sources;
  const declared = declaredServices(sources, place);
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
        services: mapValues(declared, ({ type }) => ({
          runtime: "generic",
          ...SERVICE_TYPE_PRESETS[type].defaults,
        })),
      },
    },
    {
      origin: "runtime",
      value: { services: mapValues(declared, (service) => runtimeDefaults(service)) },
    },
  ];
}

/** A runtime's probes and metrics need a port; a service without one gets neither. */
function runtimeDefaults(service: Declared[string]): object {
  const { defaults } = RUNTIME_PRESETS[runtimeOf(service)];
  const { probes, metrics, ...rest } = defaults;
  const ports = service.ports ?? SERVICE_TYPE_PRESETS[service.type].defaults.ports ?? {};
  const hasPort = Object.keys(ports).length > 0;
  return hasPort ? { ...rest, ...(probes ? { probes } : {}), ...(metrics ? { metrics } : {}) } : rest;
}

function tierLayer(sources: LayerSources, place: PlaceName, tier: TierName): Layer {
  const { settings, service } = TIER_PRESETS[tier];
  const services = mapValues(declaredServices(sources, place), (declared) =>
    service(RUNTIME_PRESETS[runtimeOf(declared)], SERVICE_TYPE_PRESETS[declared.type]),
  );
  const datastores = mapValues(sources.spec.datastores, ({ engine }) => engines[engine].tiers?.[tier] ?? {});
  return { origin: `tier ${tier}`, value: { ...settings, services, datastores } };
}

function fileLayers({ platformData, stackData }: LayerSources): Layer[] {
  return [
    { origin: "platform", value: mergeable(platformData) },
    { origin: "stack", value: mergeable(stackData) },
  ];
}

/** What a tier, an environment and one of its clusters say themselves. */
function placeLayers(sources: LayerSources, { name, cluster }: PlaceName): Layer[] {
  const { spec, stackData } = sources;
  const tier = spec.environments[name]?.tier ?? "development";
  const tiers = (stackData.tiers ?? {}) as Record<string, unknown>;
  const environments = stackData.environments as Record<string, Record<string, unknown>>;
  const clusters = (environments[name]?.clusters ?? {}) as Record<string, unknown>;
  return [
    { origin: `tiers.${tier}`, value: mergeable(tiers[tier]) },
    ...(name === PREVIEWS ? [previewLayer(sources)] : []),
    {
      origin: name === PREVIEWS ? PREVIEWS : `environments.${name}`,
      value: mergeable(environments[name]),
    },
    ...(cluster === undefined
      ? []
      : [{ origin: `environments.${name}.clusters.${cluster}`, value: mergeable(clusters[cluster]) }]),
  ];
}

/** Of the services that the stack or its tiers declare; what only the previews declare says all of itself. */
function previewLayer(sources: LayerSources): Layer {
  const declared = declaredServices(sources, undefined);
  const services = mapValues(declared, ({ type }) => ({
    hasReplicas: !endsByItself(SERVICE_TYPE_PRESETS[type].kind),
  }));
  return { origin: PREVIEWS, value: previewDefaults(services, sources.spec.datastores) };
}

/** Layers of the base: what holds wherever no environment says otherwise. */
export function baseLayers(sources: LayerSources): Layer[] {
  return [...presetLayers(sources, undefined), ...fileLayers(sources)];
}

/** Where layers are asked for: an environment, and which of its clusters where it has several. */
export interface PlaceName {
  readonly name: string;
  readonly cluster?: string | undefined;
}

/** Where a place stands in prod-stack.yaml. */
export function pathOf({ name, cluster }: PlaceName): string[] {
  if (name === PREVIEWS) return [PREVIEWS];
  return ["environments", name, ...(cluster === undefined ? [] : ["clusters", cluster])];
}

/** Layers of one environment, or of one of its clusters. */
export function environmentLayers(sources: LayerSources, { name, cluster }: PlaceName): Layer[] {
  const tier = sources.spec.environments[name]?.tier ?? "development";
  return [
    ...presetLayers(sources, { name, cluster }),
    tierLayer(sources, { name, cluster }, tier),
    ...fileLayers(sources),
    ...placeLayers(sources, { name, cluster }),
  ];
}
