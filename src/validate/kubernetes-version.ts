// Owns: which Kubernetes version the objects are checked against.
// Promises: one that there are schemas of; what the caller asks for wins over the spec.
// Must not: ask a cluster.

import { StackError } from "../stack-error.js";
import { SPEC_FILE } from "./stack-settings.js";

/** @throws StackError (input, KUBERNETES_VERSION) for a version without schemas. */
export function chooseKubernetes(
  asked: string | undefined,
  declared: string | undefined,
  supported: readonly string[],
): string {
  const [oldest = ""] = supported;
  const version = asked ?? declared ?? oldest;
  if (supported.includes(version)) return version;
  const where = asked === undefined ? `${SPEC_FILE} asks for` : "asked for";
  throw new StackError(
    "input",
    "KUBERNETES_VERSION",
    `${where} Kubernetes ${version}, of which there are no schemas`,
    {
      hint: `Use one of ${supported.join(", ")}.`,
    },
  );
}
