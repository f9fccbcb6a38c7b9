// Owns: what people of the owning team may do in the stack's namespaces.
// Promises: the least that the runbook needs; no secret can be read, nothing be deployed past git.
// Must not: give rights to workloads; they have none.

import type { Stack } from "../stack/stack.js";
import { type Capability, file } from "./capability.js";
import { stackLabels } from "./labels.js";

export const access: Capability = {
  id: "access",
  title: "Access",
  summary: "A Role for the owning team with what the runbook needs, bound to its group.",
  rows: ["LAY-02", "SEC-05"],
  withoutIt: "the owning team has only the rights that the platform gives it",
  files: (stack: Stack) => [
    file(
      "base/operator-role.yaml",
      "access/operator-role.yaml",
      { roleName: `${stack.name}-operator`, owner: stack.owner, labels: stackLabels(stack, "access") },
      {
        what: `What the group ${stack.owner} may do in the namespace.`,
        why: "Look, read logs, restart and start a backup by hand: what the runbook asks for. Changes go through git.",
        standard: "Kubernetes docs, RBAC Good Practices",
        change: "owner in prod-stack.yaml",
      },
      {
        member: { kustomization: "base", as: "resources" },
        kinds: ["rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/RoleBinding"],
      },
    ),
  ],
};
