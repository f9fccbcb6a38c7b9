// Owns: taking an image reference apart, and telling a tag that stands from one that moves.
// Promises: as Kustomize does it (api/internal/image): a port in the registry is no tag.
// Must not: ask a registry.

export interface ImageReference {
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

export function parseImage(reference: string): ImageReference {
  const [rest = "", digest] = reference.split("@", 2);
  const colon = rest.lastIndexOf(":");
  const hasTag = colon > rest.lastIndexOf("/");
  return {
    name: hasTag ? rest.slice(0, colon) : rest,
    tag: hasTag ? rest.slice(colon + 1) : undefined,
    digest,
  };
}

/** The tag of an image whose first release is still to come. */
export const UNRELEASED = "unreleased";

const MOVING =
  /^(?:latest|stable|edge|nightly|canary|snapshot|main|master|trunk|head|dev|devel|develop|development|test|testing|stage|staging|prod|production|release|current|next)$/i;

/** Whether a tag names something else tomorrow. */
export function isMovingTag(tag: string): boolean {
  return MOVING.test(tag) || /^latest-/i.test(tag) || /-(?:latest|SNAPSHOT)$/i.test(tag);
}

/** `1` and `1.2` are moved to each patch release by most publishers, but not by all. */
export function isPartialVersion(tag: string): boolean {
  return /^v?\d+\.\d+$/.test(tag);
}
