// Owns: the kustomization.yaml files: they list what all capabilities yield.
// Promises: managed overlays are the generator's; the overlay around each is the user's, with the release's images.
// Must not: know the objects.

import { isClusterHome } from "../stack/cluster-home.js";
import type { Environment, Stack } from "../stack/stack.js";
import {
  type Contributions,
  type FileSpec,
  file,
  type GeneratedConfigMap,
  type Index,
  type Membership,
} from "./capability.js";
import { belowStack, managedDirectory, monitoringDirectory, placesByEnvironment } from "./places.js";
import { clusterFile, imageFieldsFile, userFile } from "./user-overlays.js";
import { CONFIG } from "./workload/own-files.js";

interface Patch {
  readonly path: string;
  readonly target: Membership["target"];
}

interface Listing {
  readonly directory: string;
  readonly resources: string[];
  readonly patches: Patch[];
  readonly configMaps: GeneratedConfigMap[];
}

function emptyListing(directory: string): Listing {
  return { directory, resources: [], patches: [], configMaps: [] };
}

function listings({ files, configMaps }: Contributions): Map<string, Listing> {
  const found = new Map<string, Listing>();
  const at = (directory: string): Listing => {
    const listing = found.get(directory) ?? emptyListing(directory);
    found.set(directory, listing);
    return listing;
  };
  for (const { member, path } of files) {
    if (member === undefined) continue;
    const below = path.slice(member.kustomization.length + 1);
    const listing = at(member.kustomization);
    if (member.as === "resources") listing.resources.push(below);
    else listing.patches.push({ path: below, target: member.target });
  }
  for (const configMap of configMaps) at(configMap.kustomization).configMaps.push(configMap);
  return found;
}

function kustomizationFile(directory: string, view: object, what: string, why: string): FileSpec {
  return file(`${directory}/kustomization.yaml`, "kustomize/kustomization.yaml", view, {
    what,
    why,
    standard: "Kustomize, Kustomization fields",
    change: "nothing by hand: it lists the files beside it",
  });
}

function viewOf(
  { resources, patches, configMaps }: Listing,
  more: {
    comment: string;
    namespace?: string;
    labels?: object;
    below?: readonly string[];
    components?: readonly string[];
    isComponent?: boolean;
  },
) {
  return {
    comment: more.comment,
    namespace: more.namespace,
    labels: more.labels,
    isComponent: more.isComponent ?? false,
    components: more.components ?? [],
    resources: [...(more.below ?? []), ...[...resources].sort()],
    patches: [...patches].sort((a, b) => (a.path < b.path ? -1 : 1)),
    configMaps: configMaps.map((configMap) => ({
      ...configMap,
      behavior: configMap.behavior === "create" ? undefined : configMap.behavior,
      isNew: configMap.behavior === "create",
      hasLabels: Object.keys(configMap.labels).length > 0,
    })),
  };
}

function componentFiles(found: Map<string, Listing>, root: string): FileSpec[] {
  const below = [...found.values()]
    .filter(({ directory }) => directory.startsWith(`${root}/`))
    .sort((a, b) => (a.directory < b.directory ? -1 : 1));
  return below.map((listing) =>
    kustomizationFile(
      listing.directory,
      viewOf(listing, { comment: `Everything of ${listing.directory.slice(root.length + 1)}.` }),
      `The parts of ${listing.directory}.`,
      "One directory per component keeps a large stack readable.",
    ),
  );
}

function baseFile(found: Map<string, Listing>): FileSpec {
  const listing = found.get("base") ?? emptyListing("base");
  const parts = [...found.keys()]
    .filter((directory) => directory.startsWith("base/"))
    .map((directory) => directory.slice("base/".length))
    .sort();
  return kustomizationFile(
    "base",
    viewOf(listing, {
      comment:
        "What every environment has in common. It is never applied alone: overlays/ENV adds namespace, labels and releases.",
      below: found.has(CONFIG) ? [...parts, `../${CONFIG}`] : parts,
    }),
    "The base: everything that the environments share.",
    "An environment then says only what differs.",
  );
}

/** The users' own configuration files: those of all environments, and those that one environment has otherwise. */
function configFiles(found: Map<string, Listing>): FileSpec[] {
  return [...found.values()]
    .filter(({ directory }) => directory === CONFIG || directory.startsWith(`${CONFIG}/`))
    .map((listing) => {
      const isComponent = listing.directory !== CONFIG;
      const whose = isComponent ? listing.directory.slice(CONFIG.length + 1) : "all environments";
      return kustomizationFile(
        listing.directory,
        viewOf(listing, {
          comment: `ConfigMaps of the files beside this, which are yours: those of ${whose}.`,
          isComponent,
        }),
        `The list of your configuration files of ${whose}.`,
        "Kustomize loads files from a kustomization's own directory alone.",
      );
    });
}

/** Labels of everything in an environment; Kustomize adds them to pods too, and never to selectors, which are immutable. */
function environmentLabels(stack: Stack, environment: Environment) {
  return {
    "app.kubernetes.io/instance": `${stack.name}-${environment.name}`,
    "app.kubernetes.io/managed-by": "argocd",
    environment: environment.name,
  };
}

function managedFile(stack: Stack, environment: Environment, found: Map<string, Listing>): FileSpec {
  const directory = managedDirectory(environment);
  const once = isClusterHome(stack, environment) ? ["monitoring/grafana"] : [];
  const common = environment.cluster === undefined ? "base" : commonDirectory(environment);
  const view = viewOf(found.get(directory) ?? emptyListing(directory), {
    comment: `What the generator keeps current for ${environment.label} (${environment.tier}). Your own changes belong into ../kustomization.yaml, which wins over this.`,
    namespace: environment.namespace,
    labels: environmentLabels(stack, environment),
    below: belowStack(directory, [common, ...present(found, [monitoringDirectory(environment), ...once])]),
    components: environment.cluster === undefined ? configOf(environment, directory, found) : [],
  });
  return kustomizationFile(
    directory,
    view,
    `What the generator keeps current for ${environment.label}.`,
    "It stands inside of the user's overlay, so that an upgrade never touches a file of theirs, and their patches run last.",
  );
}

function commonDirectory({ name }: Environment): string {
  return managedDirectory({ name, cluster: undefined });
}

/** What the clusters of an environment have in common. Namespace and labels come with each of them, once. */
function commonFile(environment: Environment, found: Map<string, Listing>): FileSpec {
  const directory = commonDirectory(environment);
  const monitoring = monitoringDirectory({ name: environment.name, cluster: undefined });
  const view = viewOf(found.get(directory) ?? emptyListing(directory), {
    comment: `What the generator keeps current for all clusters of ${environment.name} (${environment.tier}); clusters/${environment.name}/CLUSTER/managed builds on it. Your own changes belong into ../kustomization.yaml, which wins over both.`,
    below: belowStack(directory, ["base", ...present(found, [monitoring])]),
    components: configOf(environment, directory, found),
  });
  return kustomizationFile(
    directory,
    view,
    `What the generator keeps current for all clusters of ${environment.name}.`,
    "What the clusters have in common stands once; a cluster says only what differs.",
  );
}

/** Files of the user's that the environment has otherwise. */
function configOf({ name }: Environment, directory: string, found: Map<string, Listing>): string[] {
  return belowStack(directory, present(found, [`${CONFIG}/${name}`]));
}

function present(found: Map<string, Listing>, directories: readonly string[]): string[] {
  return directories.filter((directory) => found.has(directory));
}

function placeFiles(stack: Stack, places: readonly Environment[], found: Map<string, Listing>): FileSpec[] {
  const [first] = places;
  if (first === undefined) return [];
  return [
    userFile(places),
    ...imageFieldsFile(places),
    ...(first.cluster === undefined ? [] : [commonFile(first, found), ...places.map(clusterFile)]),
    ...places.map((place) => managedFile(stack, place, found)),
  ];
}

export const kustomizations: Index = {
  id: "kustomizations",
  title: "Kustomize layout",
  summary: "Base, one overlay per environment, and the user's own layer around what is managed.",
  rows: ["LAY-01", "LAY-04", "ENV-02", "ENV-05", "NET-08"],
  withoutIt: undefined,
  files: (stack, others) => {
    const found = listings(others);
    return [
      baseFile(found),
      ...configFiles(found),
      ...componentFiles(found, "base"),
      ...componentFiles(found, "monitoring"),
      ...componentFiles(found, "bootstrap"),
      ...placesByEnvironment(stack).flatMap((places) => placeFiles(stack, places, found)),
    ];
  },
};
