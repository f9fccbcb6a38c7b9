// Owns: the schema of a reference to one value of a secret.
// Promises: a place, never a value.
// Must not: know who refers.

import { Type } from "typebox";
import { annotate, DataKey } from "./scalars.js";

export const SecretKey = Type.Object(
  {
    secret: Type.String({
      expected: "the name of an entry of `secrets`",
      description: "Name of the secret.",
    }),
    key: annotate(DataKey, { description: "Key in it." }),
  },
  { additionalProperties: false, description: "Where a secret value lives." },
);
