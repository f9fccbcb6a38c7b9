// Owns: the schema of where pods run: spot nodes, chosen nodes, taints that they tolerate, priorities.
// Promises: the words of the Kubernetes scheduler; the clouds' own labels stay in a table of src/stack/presets.
// Must not: hold defaults.

import { Type } from "typebox";
import { annotate, LabelValue, mapOf, named } from "./scalars.js";

const closed = { additionalProperties: false } as const;
const LABEL = "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";

const Toleration = Type.Object(
  {
    key: Type.String({ pattern: LABEL, expected: "the key of a taint", description: "Key of the taint." }),
    value: Type.Optional(annotate(LabelValue, { description: "Its value; any without it." })),
    effect: Type.Optional(
      annotate(Type.Enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]), {
        description: "Its effect; all without it.",
      }),
    ),
  },
  { ...closed, def: "Toleration" },
);

export const Placement = Type.Object(
  {
    spot: Type.Optional(
      Type.Boolean({
        description:
          "Rather on spot nodes, and on others where there are none; says nothing of data, which never goes there.",
      }),
    ),
    architecture: Type.Optional(
      annotate(Type.Enum(["amd64", "arm64"]), { description: "Architecture that the image is built for." }),
    ),
    nodeSelector: Type.Optional(
      mapOf(LabelValue, LABEL, "a label name", { description: "Labels that a node must have." }),
    ),
    tolerations: Type.Optional(
      Type.Array(Toleration, { description: "Taints of nodes that the pods may run on." }),
    ),
  },
  { ...closed, description: "Which nodes the pods run on.", def: "Placement" },
);

export const Nodes = Type.Object(
  {
    spot: Type.Optional(
      annotate(Type.Enum(["gke", "karpenter", "eks", "aks"]), {
        description: "Whose spot nodes the cluster has; decides their label and taint.",
      }),
    ),
  },
  { ...closed, description: "Nodes of the cluster.", def: "Nodes" },
);

export const PriorityClasses = named(
  Type.Object(
    {
      value: Type.Integer({
        minimum: -1000000000,
        maximum: 1000000000,
        expected: "a whole number up to 1000000000",
        description: "Higher ones are scheduled first.",
      }),
      description: Type.Optional(
        Type.String({
          maxLength: 200,
          pattern: "^[^\\r\\n]*$",
          expected: "one line of at most 200 characters",
          description: "For whom it is.",
        }),
      ),
      preempt: Type.Optional(
        Type.Boolean({ description: "May push out pods of lower priority; true by default." }),
      ),
    },
    { ...closed, def: "PriorityClass" },
  ),
  { description: "Priority classes that bootstrap/ makes; others that services name must be there." },
);
