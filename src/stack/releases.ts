// Owns: which images of an environment are releases: the services' own and those of their other containers.
// Promises: images that the generator chose itself are none.
// Must not: know where releases are written.

import type { Image } from "./container.js";
import type { Service } from "./service.js";

export interface Release {
  /** The service, or SERVICE.CONTAINER for another container of its pods. */
  readonly name: string;
  readonly image: Image;
}

export function releasesOf({ name, image, containers }: Service): Release[] {
  return [
    ...(image === undefined ? [] : [{ name, image }]),
    ...containers
      .filter(({ isRelease }) => isRelease)
      .map((container) => ({ name: `${name}.${container.name}`, image: container.image })),
  ];
}
