// Owns: the kustomizations that belong to the user: the overlay of an environment with its releases, and that of each cluster.
// Promises: outermost, so that the user's patches win over everything generated; written once.
// Must not: list what is managed.

import { PREVIEWS } from "../spec/schema/words.js";
import { releasesOf } from "../stack/releases.js";
import type { Environment } from "../stack/stack.js";
import { unique } from "../stack/unique.js";
import { type FileSpec, file } from "./capability.js";
import { versionLabel } from "./labels.js";
import { appliedDirectory, belowStack, releaseDirectory } from "./places.js";

/** The user's overlay: written once. Kustomize runs a user's patches after everything in `resources`. */
export function userFile(places: readonly Environment[]): FileSpec {
  const environment = places[0] as Environment;
  const services = places.flatMap((place) => place.services);
  const isPreviews = environment.name === PREVIEWS;
  const images = services.flatMap(releasesOf).map(({ image }) => ({
    name: image.repository,
    newTag: image.digest === undefined ? (image.tag ?? "unreleased") : undefined,
    digest: image.digest,
    isUnreleased: image.tag === undefined && image.digest === undefined,
  }));
  const tagged = services.flatMap(({ name, image }) =>
    image?.tag === undefined
      ? []
      : [{ selector: `app.kubernetes.io/name=${name}`, version: versionLabel(image.tag) }],
  );
  const hasClusters = environment.cluster !== undefined;
  return file(
    `${releaseDirectory(environment)}/kustomization.yaml`,
    "kustomize/overlay.yaml",
    {
      environment: environment.name,
      tier: environment.tier,
      images: unique(images, ({ name }) => name),
      // The release of a preview is its pull request's commit, which no file of this repository names.
      versions: isPreviews ? [] : unique(tagged, ({ selector }) => selector),
      isPreviews,
      hasClusters,
      hasImageFields: imageFieldsOf(places).length > 0,
    },
    {
      what: hasClusters
        ? `Releases of ${environment.name} and your own patches for all of its clusters. It is yours.`
        : `The overlay of ${environment.name}: what Argo CD syncs. It is yours.`,
      why: "Releases (images) and your own patches live here, outermost, so that they win over everything generated; the generator never rewrites it.",
      change: "this file",
    },
    { ownership: "release" },
  );
}

/** Fields of operators' objects with an image: Kustomize's `images` finds only what it is told of. */
function imageFieldsOf(places: readonly Environment[]) {
  const all = places.flatMap(({ datastores }) =>
    datastores.flatMap(({ operator }) => operator?.imageFields ?? []),
  );
  return unique(all, (field) => JSON.stringify(field));
}

/** Beside the user's kustomization, which has the releases. */
export function imageFieldsFile(places: readonly Environment[]): FileSpec[] {
  const [environment] = places;
  const fields = imageFieldsOf(places);
  if (environment === undefined || fields.length === 0) return [];
  return [
    file(
      `${releaseDirectory(environment)}/image-fields.yaml`,
      "kustomize/image-fields.yaml",
      { fields },
      {
        what: `Where the objects of operators in ${environment.name} name an image.`,
        why: "Kustomize's `images` replaces only in fields that it knows; with this, a release reaches those of operators too.",
        standard: "Kustomize, transformer configurations: images",
        change: "nothing by hand: it follows from the datastores",
      },
    ),
  ];
}

/** The user's overlay of one cluster, around that of its environment. */
export function clusterFile(environment: Environment): FileSpec {
  const directory = appliedDirectory(environment);
  return file(
    `${directory}/kustomization.yaml`,
    "kustomize/cluster.yaml",
    {
      environment: environment.name,
      cluster: environment.cluster,
      label: environment.label,
      component: belowStack(directory, [releaseDirectory(environment)])[0],
    },
    {
      what: `The overlay of ${environment.label}: what Argo CD syncs there. It is yours.`,
      why: "Your patches for one cluster live here, outermost, so that they win over those for the environment and over everything generated.",
      change: "this file",
    },
    { ownership: "seeded" },
  );
}
