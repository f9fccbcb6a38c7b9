// Owns: rules about releases: the images of an overlay, and the entries that set them.
// Promises: each entry sets an image that is there, each image has one, and production runs exactly what was released.
// Must not: ask whether an image exists.

import type { BuiltObject } from "../built-object.js";
import { asRecord, listAt, textAt } from "../values.js";
import {
  type ImageReference,
  isMovingTag,
  isPartialVersion,
  parseImage,
  UNRELEASED,
} from "./image-reference.js";
import type { Complaint, ReferenceRule, References } from "./reference-rule.js";
import { repeated } from "./workload-rules.js";

interface ImageEntry {
  readonly name: string;
  /** As images are called after it. */
  readonly newName: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  readonly file: string;
  readonly path: string;
}

/** Entries of the overlay's own kustomization: the release. */
function entriesOf({ kustomizations }: References): ImageEntry[] {
  const [outer] = kustomizations;
  if (outer === undefined) return [];
  return listAt(outer.data, "images").flatMap((entry, index) => {
    const name = textAt(entry, "name");
    if (name === undefined) return [];
    const { newTag } = asRecord(entry);
    const tag = newTag === undefined ? undefined : String(newTag);
    return [
      {
        name,
        newName: textAt(entry, "newName") ?? name,
        tag,
        digest: textAt(entry, "digest"),
        file: outer.path,
        path: `images[${index}]`,
      },
    ];
  });
}

/** Fields that hold images: containers', and those of the operators that the generator uses. */
const IMAGE_FIELDS = new Set(["image", "imageName"]);

function imagesIn(value: unknown, field = ""): string[] {
  if (typeof value === "string") return IMAGE_FIELDS.has(field) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => imagesIn(item, field));
  // A volume may be an image: volumes[].image.reference
  const volume = field === "image" ? textAt(value, "reference") : undefined;
  if (volume !== undefined) return [volume];
  return Object.entries(asRecord(value)).flatMap(([key, item]) => imagesIn(item, key));
}

interface UsedImage extends ImageReference {
  readonly text: string;
  readonly users: readonly string[];
}

function usedImages(objects: readonly BuiltObject[]): UsedImage[] {
  const users = new Map<string, string[]>();
  for (const object of objects) {
    for (const image of new Set(imagesIn(object.data.spec)))
      users.set(image, [...(users.get(image) ?? []), object.id]);
  }
  return [...users].map(([text, ids]) => ({ ...parseImage(text), text, users: ids }));
}

function aboutEntry(
  { file, path }: ImageEntry,
  message: string,
  hint: string,
  severity: Complaint["severity"] = "error",
): Complaint {
  return { severity, file, path, message, hint };
}

const imageEntryMatches: ReferenceRule = {
  name: "image-entry-unused",
  find: (references) => {
    const names = new Set(usedImages(references.objects).map(({ name }) => name));
    return entriesOf(references)
      .filter(({ newName }) => !names.has(newName))
      .map((entry) =>
        aboutEntry(
          entry,
          `${entry.name} is the image of no container: kustomize ignores the entry in silence`,
          "Write the name as it stands in the base, registry included, or remove the entry.",
        ),
      );
  },
};

const imageEntryOnce: ReferenceRule = {
  name: "image-entry-twice",
  find: (references) => {
    const entries = entriesOf(references);
    return repeated(entries.map(({ name }) => name)).flatMap((name) => {
      const [, second] = entries.filter((entry) => entry.name === name);
      return second === undefined
        ? []
        : [
            aboutEntry(
              second,
              `${name} has more than one entry: only one of them counts`,
              "Keep the one that is the release.",
            ),
          ];
    });
  },
};

const HINT = "Release an exact tag or a digest: kustomize edit set image NAME=NAME:TAG";

/** Production runs what was tested; elsewhere a moving tag is only a warning. */
const imageEntryExact: ReferenceRule = {
  name: "image-entry-exact",
  find: (references) =>
    entriesOf(references).flatMap((entry) => {
      const isProduction = references.overlay.tier === "production";
      if (entry.digest !== undefined) return [];
      if (entry.tag === UNRELEASED)
        return [aboutEntry(entry, `${entry.name} is not released yet`, HINT, "warning")];
      if (entry.tag === undefined)
        return isProduction ? [aboutEntry(entry, `${entry.name} has neither newTag nor digest`, HINT)] : [];
      if (isMovingTag(entry.tag))
        return [
          aboutEntry(
            entry,
            `${entry.name} is released as ${entry.tag}, which moves`,
            HINT,
            isProduction ? "error" : "warning",
          ),
        ];
      if (!isProduction || !isPartialVersion(entry.tag)) return [];
      return [
        aboutEntry(
          entry,
          `${entry.name} is released as ${entry.tag}, which most publishers move`,
          HINT,
          "warning",
        ),
      ];
    }),
};

/** What no entry reaches has to be exact by itself. */
const imageExact: ReferenceRule = {
  name: "image-exact",
  find: (references) => {
    const entries = new Set(entriesOf(references).map(({ newName }) => newName));
    const severity = references.overlay.tier === "production" ? "error" : "warning";
    // Only what makes pods: policies hold patterns of images.
    return usedImages(references.pods.map(({ owner }) => owner))
      .filter(
        ({ name, tag, digest }) =>
          !entries.has(name) &&
          digest === undefined &&
          (tag === undefined || isMovingTag(tag) || tag === UNRELEASED),
      )
      .map(({ text, tag, users: [user = ""] }): Complaint => {
        if (tag === UNRELEASED)
          return { severity: "warning", object: user, message: `${text} is not released yet`, hint: HINT };
        const problem = tag === undefined ? "has neither tag nor digest" : "has a tag that moves";
        return {
          severity,
          object: user,
          message: `${text} ${problem}`,
          hint: "Add an entry to images in the overlay, with an exact tag or a digest.",
        };
      });
  },
};

const VERSION = "app.kubernetes.io/version";

/** The label is for people and dashboards: it should not lie. */
const versionLabel: ReferenceRule = {
  name: "version-label",
  find: ({ pods }) =>
    pods.flatMap(({ owner, spec }) => {
      const label = owner.labels[VERSION];
      const containers = listAt(spec, "containers");
      const main =
        containers.find(
          (container) => textAt(container, "name") === owner.labels["app.kubernetes.io/name"],
        ) ?? containers[0];
      const image = textAt(main, "image");
      const tag = image === undefined ? undefined : parseImage(image).tag;
      if (label === undefined || tag === undefined || isSameVersion(label, tag)) return [];
      return [
        {
          severity: "warning",
          object: owner.id,
          path: `metadata.labels["${VERSION}"]`,
          message: `says ${label}, but the image is ${tag}`,
          hint: "Set the label together with the tag, as scripts/deploy.sh does.",
        },
      ];
    }),
};

/** A tag may add a variant, such as -alpine. */
function isSameVersion(label: string, tag: string): boolean {
  const [one, other] = [label, tag].map((text) => text.replace(/^v(?=\d)/, ""));
  return one === other || other?.startsWith(`${one}-`) === true;
}

export const imageRules: readonly ReferenceRule[] = [
  imageEntryMatches,
  imageEntryOnce,
  imageEntryExact,
  imageExact,
  versionLabel,
];
