// Owns: StackSpec → Stack: layers merged, every default concrete.
// Promises: pure; the same spec gives the same Stack, whatever the order of its maps.
// Must not: render, read files, or know which files come of it.

import type { ParsedSpec } from "../spec/parse-spec.js";
import type { PlatformSpec, StackSpec, TierName } from "../spec/schema/spec-types.js";
import { PREVIEWS, TIERS } from "../spec/schema/spec-types.js";
import type { SpecDocument } from "../spec/spec-document.js";
import { type Problem, StackError } from "../stack-error.js";
import { clientsOf } from "./derive-connection.js";
import { deriveDatastore } from "./derive-datastore.js";
import { derivePreviews, previewStack } from "./derive-previews.js";
import { deriveQuota, type GivenQuota } from "./derive-quota.js";
import { deriveSecrets } from "./derive-secrets.js";
import { deriveService } from "./derive-service.js";
import type { EffectiveSpec } from "./effective.js";
import { gatewayLayer, withRequestDefaults } from "./gateway-layers.js";
import { mergeLayers, type Origins } from "./merge-layers.js";
import { asEnvironment } from "./presets/previews.js";
import type { Previews } from "./previews.js";
import { PREVIEW_NUMBER } from "./previews.js";
import { mergeView } from "./restore-required.js";
import { checkDatastores } from "./rules/check-datastores.js";
import { checkPreviews } from "./rules/check-previews.js";
import { checkReferences } from "./rules/check-references.js";
import { checkStack } from "./rules/check-stack.js";
import type { Environment, Stack, View } from "./stack.js";
import {
  baseLayers,
  environmentLayers,
  type LayerSources,
  type PlaceName,
  presetLayers,
} from "./stack-layers.js";
import { deriveUpkeep } from "./upkeep.js";

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
  const places = placesOf(spec).map((place) => ({ place, effective: effectiveOf(sources, place) }));
  refuseIf(
    places.flatMap(({ place, effective }) => [
      ...checkReferences(effective, place, source),
      ...checkDatastores(effective, place, source),
    ]),
    source.file,
  );
  const stack: Stack = {
    previews: previewsOf(parsed, options),
    name: spec.name,
    description: spec.description ?? "",
    owner: spec.owner ?? `${spec.name}-team`,
    source: { url: spec.source.url, revision: spec.source.revision ?? "main", path: spec.source.path ?? "." },
    generator: options.generator,
    base: viewOf(spec, effectiveOf(sources, undefined), undefined),
    environments: places.map(({ place, effective }) => environmentOf(spec, sources, place, effective)),
    upkeep: deriveUpkeep(spec),
    catalog: spec.catalog ?? "declare",
    disabled: Object.entries(spec.capabilities ?? {})
      .filter(([, on]) => !on)
      .map(([name]) => name)
      .sort(),
  };
  refuseIf(problemsOf(stack, source), source.file);
  return stack;
}

/** Previews keep the rules of environments, and some of their own. */
function problemsOf(stack: Stack, source: SpecDocument): Problem[] {
  const own = checkStack(stack, source);
  const { previews } = stack;
  if (previews === undefined) return own;
  const same = ({ message, line, column }: Problem) => `${line}:${column} ${message}`;
  const known = new Set(own.map(same));
  const further = [...checkStack(previewStack(stack, previews), source), ...checkPreviews(stack, source)];
  return [...own, ...further.filter((problem) => !known.has(same(problem)))];
}

/** Previews are resolved as an environment of their own, which no other part of the stack sees. */
function previewsOf(parsed: ParsedSpec<StackSpec>, { platform }: ResolveOptions): Previews | undefined {
  const { spec, source, data } = parsed;
  const { previews } = spec;
  if (previews === undefined) return undefined;
  const environment = {
    ...asEnvironment(previews, `${spec.name}-${PREVIEW_NUMBER}`),
    ...clusterOf(previews),
  };
  const sources: LayerSources = {
    spec: { ...spec, environments: { [PREVIEWS]: environment } },
    stackData: { ...data, environments: { [PREVIEWS]: data.previews } },
    platformData: platform?.data ?? {},
  };
  const place = { name: PREVIEWS };
  const effective = effectiveOf(sources, place);
  refuseIf(
    [...checkReferences(effective, place, source), ...checkDatastores(effective, place, source)],
    source.file,
  );
  const resolved = environmentOf(sources.spec, sources, place, effective);
  return derivePreviews(previews, { ...resolved, ...destinationOf(previews) });
}

function clusterOf({ server }: { readonly server?: string }): { server?: string } {
  return server === undefined ? {} : { server };
}

function refuseIf(problems: readonly Problem[], file: string): void {
  if (problems.length > 0)
    throw new StackError("input", "STACK", `${file} describes a stack that cannot run`, { problems });
}

/** The merged values of the base, of one environment, or of one of its clusters, with the origin of each. */
export function explainOrigins(
  parsed: ParsedSpec<StackSpec>,
  platform: ParsedSpec<PlatformSpec> | undefined,
  place: PlaceName | undefined,
): { values: object; origins: Origins } {
  const sources = layerSources(parsed, platform);
  const origins: Origins = new Map();
  return { values: effectiveOf(sources, place, origins), origins };
}

function effectiveOf(sources: LayerSources, place: PlaceName | undefined, origins?: Origins): EffectiveSpec {
  const layers = place === undefined ? baseLayers(sources) : environmentLayers(sources, place);
  const gateway = gatewayLayer(layers);
  const presets = [gateway, ...presetLayers(sources, place)];
  return mergeView([gateway, ...withRequestDefaults(layers, sources.spec)], presets, sources.spec, origins);
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

/** Environments in the order of promotion, each with its clusters by name. */
function placesOf(spec: StackSpec): PlaceName[] {
  return environmentNames(spec).flatMap((name): PlaceName[] => {
    const clusters = spec.environments[name]?.clusters;
    return clusters === undefined
      ? [{ name }]
      : Object.keys(clusters)
          .sort()
          .map((cluster) => ({ name, cluster }));
  });
}

function environmentOf(
  spec: StackSpec,
  sources: LayerSources,
  place: PlaceName,
  effective: EffectiveSpec,
): Environment {
  const { name, cluster } = place;
  const declared = spec.environments[name];
  if (declared === undefined) throw new StackError("internal", "ENVIRONMENT", `no environment ${name}`);
  const own = cluster === undefined ? undefined : declared.clusters?.[cluster];
  const domain = own?.domain ?? declared.domain;
  const namespace = declared.namespace ?? `${spec.name}-${name}`;
  const view = viewOf(spec, effective, { name, cluster, domain, namespace, tier: declared.tier });
  return {
    ...view,
    name,
    cluster,
    id: cluster === undefined ? name : `${name}-${cluster}`,
    label: cluster === undefined ? name : `${name}/${cluster}`,
    tier: declared.tier,
    namespace,
    domain,
    region: own?.region,
    mesh: declared.mesh,
    ...destinationOf(own ?? declared),
    promotesFrom: declared.promotesFrom,
    quota: deriveQuota(view, givenQuota(sources, place)),
  };
}

/** Where Argo CD itself runs: what an environment means that names no cluster. */
const IN_CLUSTER = "https://kubernetes.default.svc";

function destinationOf({
  name,
  server = IN_CLUSTER,
}: {
  readonly name?: string;
  readonly server?: string;
}): Pick<Environment, "server" | "destination"> {
  return name === undefined ? { server, destination: { server } } : { server: name, destination: { name } };
}

/** What the files say of the quota; the rest is the default, which is raised where it is too small. */
function givenQuota(sources: LayerSources, place: PlaceName): GivenQuota {
  const files = environmentLayers(sources, place).slice(presetLayers(sources, place).length);
  return (mergeLayers(files).quota ?? {}) as GivenQuota;
}

/** Where a view is: in an environment, or nowhere yet. */
export interface Place extends PlaceName {
  readonly domain: string;
  readonly tier: TierName;
  readonly namespace: string;
}

function viewOf(spec: StackSpec, effective: EffectiveSpec, place: Place | undefined): View {
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
