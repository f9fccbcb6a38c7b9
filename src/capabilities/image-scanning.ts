// Owns: the scan of the images that run: a script, its schedule, and the page that lists them.
// Promises: the scanner is pinned by digest; the images are read from the built overlays, so that none is forgotten.
// Must not: scan while generating, or block a change for what was found after it.

import { pinnedImage } from "../stack/derivation.js";
import { releasesOf } from "../stack/releases.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type Capability, file } from "./capability.js";
import { pinned } from "./delivery.js";

interface Use {
  readonly image: string;
  readonly user: string;
  readonly environment: string;
  readonly isReleased: boolean;
  readonly hasDigest: boolean;
}

function usesIn({ services, datastores, label }: Environment): Use[] {
  const released = services.flatMap(releasesOf).map(({ name, image }) => ({
    image: image.repository,
    user: name,
    isReleased: true,
    hasDigest: image.digest !== undefined,
  }));
  const chosen = datastores.flatMap(({ name, image, mode, exporter }) =>
    mode === "external"
      ? []
      : [image, exporter?.image]
          .filter((used) => used !== undefined)
          .map(({ reference, digest }) => ({
            image: reference,
            user: name,
            isReleased: false,
            hasDigest: digest !== undefined,
          })),
  );
  return [...released, ...chosen].map((use) => ({ ...use, environment: label }));
}

/** Each image once, with who uses it where. */
function imageRows({ environments }: Stack) {
  const found = new Map<string, Use[]>();
  for (const use of environments.flatMap(usesIn))
    found.set(use.image, [...(found.get(use.image) ?? []), use]);
  const distinct = (uses: readonly Use[], of: (use: Use) => string) => [...new Set(uses.map(of))].join(", ");
  return [...found.keys()].sort().map((image) => {
    const uses = found.get(image) as Use[];
    return {
      image,
      users: distinct(uses, ({ user }) => user),
      environments: distinct(uses, ({ environment }) => environment),
      pinned: distinct(uses, ({ isReleased, hasDigest }) =>
        isReleased ? "by the release of each environment" : hasDigest ? "by digest" : "by tag",
      ),
    };
  });
}

export const imageScanning: Capability = {
  id: "image-scanning",
  title: "Image scanning",
  summary: "A weekly scan of every image that runs, and the page that says what to do with a finding.",
  rows: ["SEC-12"],
  withoutIt: undefined,
  files: (stack) => {
    const { name, source, base } = stack;
    const about = {
      what: "Scans the images that run for known vulnerabilities.",
      why: "An image that was clean when it was built is not for ever.",
      change: "nothing by hand: it reads the overlays",
    };
    const workflow = {
      name,
      title: `${name}-images`,
      directory: source.path,
      actions: [pinned("checkout", { "persist-credentials": false })],
    };
    return [
      file(
        "scripts/scan-images.sh",
        "image-scanning/scan-images.sh",
        { grype: pinnedImage("grype", base.effective).reference },
        about,
        { executable: true },
      ),
      file(
        `.github/workflows/${name}-images.yaml`,
        "image-scanning/workflow.yaml",
        workflow,
        { ...about, standard: "GitHub, Security hardening for GitHub Actions" },
        { root: "repository" },
      ),
      file(
        "docs/images.md",
        "image-scanning/images.md",
        { name, images: imageRows(stack) },
        {
          what: "The images of the stack, and what to do about a vulnerable one.",
          why: "A finding without an owner stays.",
          change: "prod-stack.yaml; or this file: edits are kept and merged",
        },
      ),
    ];
  },
};
