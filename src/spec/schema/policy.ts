// Owns: the schema of admission policies, of exceptions to checks, and of the mesh between services.
// Promises: an exception has a reason, an owner and an end.
// Must not: know which checks exist; src/stack/rules does.

import { Type } from "typebox";
import { annotate, mapOf, Name } from "./scalars.js";

const closed = { additionalProperties: false } as const;

export const Policy = Type.Object(
  {
    engine: Type.Optional(
      annotate(Type.Enum(["validating-admission-policy", "kyverno", "none"]), {
        description:
          "Who enforces the policies: the API server itself, which needs no controller, or Kyverno.",
      }),
    ),
    action: Type.Optional(
      annotate(Type.Enum(["deny", "warn"]), {
        description: "deny: what breaks a rule is refused; warn: it is told, and recorded in the audit log.",
      }),
    ),
    images: Type.Optional(
      annotate(Type.Enum(["tag", "digest"]), {
        description: "tag: an exact tag or a digest, never latest; digest: digests only.",
      }),
    ),
    operatorNamespaces: Type.Optional(
      Type.Array(Name, {
        uniqueItems: true,
        description:
          "Namespaces of operators beside the usual ones: what their service accounts make here with the operator's label is of the operator's shape.",
      }),
    ),
  },
  {
    ...closed,
    description: "What the namespaces of the stack take in, checked at admission.",
    def: "Policy",
  },
);

const Exception = Type.Object(
  {
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: "^[^\\r\\n]+$",
        expected: "one line of at most 200 characters",
        description: "Why the check cannot be met.",
      }),
    ),
    owner: Type.Optional(annotate(Name, { description: "Team that answers for it." })),
    expires: Type.Optional(
      Type.String({
        pattern: "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        expected: "a date such as 2027-03-01",
        description: "Last day; `validate` reports it from then on.",
      }),
    ),
    tool: Type.Optional(
      annotate(Type.Enum(["admission", "checkov", "kube-linter", "kube-score", "trivy"]), {
        description: "Whose check it is; known for CKV_…, KSV… and the rules of `policy`.",
      }),
    ),
    on: Type.Optional(
      Type.Array(Type.String({ expected: "the name of a service or datastore" }), {
        minItems: 1,
        uniqueItems: true,
        description: "Services and datastores that it is for; all by default.",
      }),
    ),
  },
  { ...closed, def: "Exception" },
);

export const Exceptions = mapOf(
  Exception,
  "^[A-Za-z][A-Za-z0-9_.-]{1,99}$",
  "the id of a check, such as CKV_K8S_43 or no-read-only-root-fs",
  { description: "Checks that this stack does not meet, by id, each with its reason, owner and last day." },
);
