// Owns: rules about the set of objects as a whole.
// Promises: one owner per object; what leaves the environment's namespace is said.
// Must not: know kinds.

import { about, type ReferenceRule } from "./reference-rule.js";

/** kustomize refuses the same object twice, but takes two versions of one API for two. */
const duplicateObject: ReferenceRule = {
  name: "duplicate-object",
  find: ({ objects }) => {
    const seen = new Set<string>();
    return objects.flatMap((object) => {
      const key = [object.group, object.kind, object.namespace, object.name].join("/");
      if (seen.has(key))
        return [
          about(
            object,
            "metadata.name",
            "stands twice in the overlay: the last one applied wins",
            "Remove one of them; several versions of one API are one object.",
          ),
        ];
      seen.add(key);
      return [];
    });
  },
};

const otherNamespace: ReferenceRule = {
  name: "other-namespace",
  find: ({ objects, namespace }) => {
    if (namespace === "") return [];
    return objects
      .filter((object) => object.namespace !== namespace)
      .map((object) =>
        about(
          object,
          "metadata.namespace",
          `is in ${object.namespace}, not in ${namespace}, the environment's own`,
          "Argo CD syncs it only where its project allows that namespace.",
          "warning",
        ),
      );
  },
};

export const objectRules: readonly ReferenceRule[] = [duplicateObject, otherNamespace];
