// Owns: previews of the spec → Previews.
// Promises: everything concrete; lists sorted by name.
// Must not: resolve their place; resolve-stack does, as it does any other.

import type { PreviewsSpec } from "../spec/schema/spec-types.js";
import { PREVIEW_LABEL, PREVIEW_LIFETIME, PREVIEW_TAG } from "./presets/previews.js";
import type { PreviewRepository, Previews } from "./previews.js";
import { seconds } from "./quantity.js";
import type { Environment, Stack } from "./stack.js";

export function derivePreviews(spec: PreviewsSpec, place: Environment): Previews {
  return {
    place,
    label: spec.label ?? PREVIEW_LABEL,
    lifetimeSeconds: seconds(spec.lifetime ?? PREVIEW_LIFETIME),
    repositories: Object.keys(spec.repositories)
      .sort()
      .map((name) => repositoryOf(name, spec, place)),
  };
}

function repositoryOf(name: string, { repositories }: PreviewsSpec, place: Environment): PreviewRepository {
  const repository = repositories[name];
  if (repository === undefined) throw new Error(`no repository ${name}`);
  const built = place.services.filter((service) => repository.services.includes(service.name));
  const images = built.flatMap(({ image }) => (image === undefined ? [] : [image.repository]));
  return {
    name,
    provider: providerOf(repository),
    token: repository.token && { secret: repository.token.secret, key: repository.token.key },
    images: [...new Set(images)].sort(),
    services: [...repository.services].sort(),
    tag: repository.tag ?? PREVIEW_TAG,
  };
}

function providerOf({ github, gitlab }: PreviewsSpec["repositories"][string]): PreviewRepository["provider"] {
  if (github !== undefined)
    return { kind: "github", owner: github.owner, repo: github.repo, api: github.api };
  return { kind: "gitlab", project: gitlab?.project ?? "", api: gitlab?.api };
}

/** The stack with its previews as the only environment: for whatever is made of environments. */
export function previewStack(stack: Stack, { place }: Previews): Stack {
  return { ...stack, environments: [place], previews: undefined };
}
