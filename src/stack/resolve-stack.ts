// Owns: StackSpec → Stack: layers merged, every default concrete.
// Promises: pure; the same spec gives the same Stack, whatever the order of its maps.
// Must not: render, read files, or know which files come of it.

import type { ParsedSpec } from "../spec/parse-spec.js";
import type { PlatformSpec, StackSpec } from "../spec/schema/spec-types.js";
import { TIERS } from "../spec/schema/spec-types.js";
import { StackError } from "../stack-error.js";
import { deriveDatastore } from "./derive-datastore.js";
import { deriveQuota } from "./derive-quota.js";
import { deriveSecrets } from "./derive-secrets.js";
import { deriveService } from "./derive-service.js";
import type { EffectiveSpec } from "./effective.js";
import { type Layer, mergeLayers, type Origins } from "./merge-layers.js";
import { checkStack } from "./rules/check-stack.js";
import type { Environment, Stack, View } from "./stack.js";
import { baseLayers, environmentLayers, type LayerSources } from "./stack-layers.js";

export interface ResolveOptions {
  readonly platform?: ParsedSpec<PlatformSpec> | undefined;
  /** Version of the generator. */
  readonly generator: string;
}

/**
 * Resolves a parsed spec.
 * @throws StackError (input, STACK) with every rule that the resolved stack breaks
 */
export function resolveStack(parsed: ParsedSpec<StackSpec>, options: ResolveOptions): Stack {
  const { spec, source } = parsed;
  const sources = layerSources(parsed, options.platform);
  const stack: Stack = {
    name: spec.name,
    description: spec.description ?? "",
    owner: spec.owner ?? `${spec.name}-team`,
    source: { url: spec.source.url, revision: spec.source.revision ?? "main", path: spec.source.path ?? "." },
    generator: options.generator,
    base: viewOf(spec, baseLayers(sources), undefined),
    environments: environmentNames(spec).map((name) => environmentOf(spec, sources, name)),
    disabled: Object.entries(spec.capabilities ?? {})
      .filter(([, on]) => !on)
      .map(([name]) => name)
      .sort(),
  };
  const problems = checkStack(stack, source);
  if (problems.length > 0)
    throw new StackError("input", "STACK", `${source.file} describes a stack that cannot run`, { problems });
  return stack;
}

/** The merged values of the base, or of one environment, with the origin of each. */
export function explainOrigins(
  parsed: ParsedSpec<StackSpec>,
  platform: ParsedSpec<PlatformSpec> | undefined,
  environment: string | undefined,
): { values: object; origins: Origins } {
  const sources = layerSources(parsed, platform);
  const layers = environment === undefined ? baseLayers(sources) : environmentLayers(sources, environment);
  const origins: Origins = new Map();
  return { values: mergeLayers(layers, origins), origins };
}

function layerSources(
  parsed: ParsedSpec<StackSpec>,
  platform: ParsedSpec<PlatformSpec> | undefined,
): LayerSources {
  return { spec: parsed.spec, stackData: parsed.data, platformData: platform?.data ?? {} };
}

/** By tier, then by promotion, then by name. */
function environmentNames(spec: StackSpec): string[] {
  const rank = (name: string) => TIERS.indexOf(spec.environments[name]?.tier ?? "development");
  const depth = (name: string): number => {
    const from = spec.environments[name]?.promotesFrom;
    return from === undefined ? 0 : 1 + depth(from);
  };
  return Object.keys(spec.environments).sort(
    (a, b) => rank(a) - rank(b) || depth(a) - depth(b) || (a < b ? -1 : 1),
  );
}

function environmentOf(spec: StackSpec, sources: LayerSources, name: string): Environment {
  const declared = spec.environments[name];
  if (declared === undefined) throw new StackError("internal", "ENVIRONMENT", `no environment ${name}`);
  const view = viewOf(spec, environmentLayers(sources, name), { name, domain: declared.domain });
  return {
    ...view,
    name,
    tier: declared.tier,
    namespace: declared.namespace ?? `${spec.name}-${name}`,
    domain: declared.domain,
    server: declared.server ?? "https://kubernetes.default.svc",
    promotesFrom: declared.promotesFrom,
    quota: deriveQuota(view, hasExplicitQuota(sources, name, declared.tier)),
  };
}

function hasExplicitQuota(
  { stackData, platformData }: LayerSources,
  environment: string,
  tier: string,
): boolean {
  const at = (data: unknown, ...path: string[]) =>
    path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined | null)?.[key], data);
  return [
    at(platformData, "quota"),
    at(stackData, "quota"),
    at(stackData, "tiers", tier, "quota"),
    at(stackData, "environments", environment, "quota"),
  ].some((quota) => quota !== undefined && quota !== null);
}

/** Where a view is: in an environment, or nowhere yet. */
export interface Place {
  readonly name: string;
  readonly domain: string;
}

function viewOf(spec: StackSpec, layers: readonly Layer[], place: Place | undefined): View {
  const effective = mergeLayers(layers) as unknown as EffectiveSpec;
  const { services, datastores, externals, secrets, ...settings } = effective;
  const names = (map: object) => Object.keys(map).sort();
  const view = { spec, effective, place };
  return {
    services: names(services).map((name) => deriveService(name, view)),
    datastores: names(datastores).map((name) => deriveDatastore(name, view)),
    externals: names(externals).map((name) => ({
      name,
      host: externals[name]?.host ?? "",
      port: externals[name]?.port ?? 443,
      clients: clientsOf(name, effective),
    })),
    secrets: deriveSecrets(view),
    settings,
    effective,
  };
}

/** Names of the services that use a target, sorted. */
export function clientsOf(target: string, effective: EffectiveSpec): string[] {
  return Object.entries(effective.services)
    .filter(([, { uses }]) => uses !== undefined && target in uses)
    .map(([name]) => name)
    .sort();
}
