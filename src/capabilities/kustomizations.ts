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
  managedDirectory,
} from "./capability.js";
import { versionLabel } from "./labels.js";

interface Listing {
  readonly directory: string;
  readonly resources: string[];
  readonly patches: string[];
  readonly configMaps: GeneratedConfigMap[];
}

function listings({ files, configMaps }: Contributions): Map<string, Listing> {
  const found = new Map<string, Listing>();
  const at = (directory: string): Listing => {
    const listing = found.get(directory) ?? { directory, resources: [], patches: [], configMaps: [] };
    found.set(directory, listing);
    return listing;
  };
  for (const { member, path } of files) {
    if (member !== undefined)
      at(member.kustomization)[member.as].push(path.slice(member.kustomization.length + 1));
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
  more: { comment: string; namespace?: string; labels?: object; below?: readonly string[] },
) {
  return {
    comment: more.comment,
    namespace: more.namespace,
    labels: more.labels,
    resources: [...(more.below ?? []), ...[...resources].sort()],
    patches: [...patches].sort(),
    configMaps: configMaps.map((configMap) => ({
      ...configMap,
      behavior: configMap.behavior === "create" ? undefined : configMap.behavior,
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
  const listing = found.get("base") ?? { directory: "base", resources: [], patches: [], configMaps: [] };
  const below = [...found.keys()]
    .filter((directory) => directory.startsWith("base/"))
    .map((directory) => directory.slice("base/".length))
    .sort();
  return kustomizationFile(
    "base",
    viewOf(listing, {
      comment:
        "What every environment has in common. It is never applied alone: overlays/ENV adds namespace, labels and releases.",
      below,
    }),
    "The base: everything that the environments share.",
    "An environment then says only what differs.",
  );
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
  const directory = managedDirectory(environment.name);
  const listing = found.get(directory) ?? { directory, resources: [], patches: [], configMaps: [] };
  const once = isClusterHome(stack, environment) ? ["monitoring/grafana"] : [];
  const shared = [`monitoring/${environment.name}`, ...once]
    .filter((path) => found.has(path))
    .map((path) => `../../../${path}`);
  const view = viewOf(listing, {
    comment: `What the generator keeps current for ${environment.name} (${environment.tier}). Your own changes belong into ../kustomization.yaml, which wins over this.`,
    namespace: environment.namespace,
    labels: environmentLabels(stack, environment),
    below: ["../../../base", ...shared],
  });
  return kustomizationFile(
    directory,
    view,
    `What the generator keeps current for ${environment.name}.`,
    "It stands inside of the user's overlay, so that an upgrade never touches a file of theirs, and their patches run last.",
  );
}

/** The user's overlay: written once. Kustomize runs a user's patches after everything in `resources`. */
function userFile(environment: Environment): FileSpec {
  const images = environment.services.map(({ name, image }) => ({
    service: name,
    name: image.repository,
    newTag: image.digest === undefined ? (image.tag ?? "unreleased") : undefined,
    digest: image.digest,
    isUnreleased: image.tag === undefined && image.digest === undefined,
  }));
  const unique = images.filter(
    ({ name }, index) => images.findIndex((other) => other.name === name) === index,
  );
  const versions = environment.services.flatMap(({ name, image }) =>
    image.tag === undefined
      ? []
      : [{ selector: `app.kubernetes.io/name=${name}`, version: versionLabel(image.tag) }],
  );
  return file(
    `overlays/${environment.name}/kustomization.yaml`,
    "kustomize/overlay.yaml",
    { environment: environment.name, tier: environment.tier, images: unique, versions },
    {
      what: `The overlay of ${environment.name}: what Argo CD syncs. It is yours.`,
      why: "Releases (images) and your own patches live here, outermost, so that they win over everything generated; the generator never rewrites it.",
      change: "this file",
    },
    { ownership: "release" },
  );
}

export const kustomizations: Index = {
  id: "kustomizations",
  title: "Kustomize layout",
  summary: "Base, one overlay per environment, and the user's own layer around what is managed.",
  rows: ["LAY-01", "LAY-04", "ENV-02", "ENV-04"],
  withoutIt: undefined,
  files: (stack, others) => {
    const found = listings(others);
    return [
      baseFile(found),
      ...componentFiles(found, "base"),
      ...componentFiles(found, "monitoring"),
      ...componentFiles(found, "bootstrap"),
      ...stack.environments.flatMap((environment) => [
        managedFile(stack, environment, found),
        userFile(environment),
      ]),
    ];
  },
};
