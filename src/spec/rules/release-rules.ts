// Owns: rules about image tags that seed the first release.
// Promises: production never begins with a tag that moves.
// Must not: check the form of image references; the schema does.

import type { SpecRule } from "./check-rules.js";

const MOVING_TAG = /:(latest|stable|main|master|dev|edge|nightly)$/;

const seedsAreExact: SpecRule = (spec, source) => {
  const hasProduction = Object.values(spec.environments).some(({ tier }) => tier === "production");
  if (!hasProduction) return [];
  return Object.entries(spec.services)
    .filter(([, { image }]) => image !== undefined && MOVING_TAG.test(image))
    .map(([name]) =>
      source.problem(["services", name, "image"], "the tag moves, and production must not", {
        expected: "an exact version such as :1.4.2, or no tag",
      }),
    );
};

/** The overlay has one entry per repository, so two services of one image are released together. */
const seedsAgree: SpecRule = (spec, source) => {
  const seen = new Map<string, { name: string; seed: string }>();
  return Object.entries(spec.services).flatMap(([name, { image }]) => {
    if (image === undefined) return [];
    const [, repository = "", seed = ""] = /^(.*?)((?::[^:/@]+)?(?:@.*)?)$/.exec(image) ?? [];
    const other = seen.get(repository);
    if (other === undefined) seen.set(repository, { name, seed });
    return other === undefined || other.seed === seed
      ? []
      : [
          source.problem(
            ["services", name, "image"],
            `${other.name} begins with another release of this image`,
            {
              expected: other.seed === "" ? "no tag" : other.seed,
            },
          ),
        ];
  });
};

export const releaseRules: readonly SpecRule[] = [seedsAreExact, seedsAgree];
