// Owns: rules about who may do what: bindings, their roles and their subjects.
// Promises: a binding in the overlay names a role and accounts that exist, as far as the overlay can know.
// Must not: judge what a role allows.

import type { BuiltObject } from "../built-object.js";
import { asRecord, listAt, textAt } from "../values.js";
import { findOne, namesOf } from "./provided.js";
import { about, type Complaint, listNames, type ReferenceRule, type References } from "./reference-rule.js";

const GROUP = "rbac.authorization.k8s.io";

function bindingsOf({ objects }: References): BuiltObject[] {
  return objects.filter(({ group, kind }) => group === GROUP && /^(?:Cluster)?RoleBinding$/.test(kind));
}

const bindingSubject: ReferenceRule = {
  name: "binding-subject",
  find: (references) =>
    bindingsOf(references).flatMap((binding) =>
      listAt(binding.data, "subjects").flatMap((subject, index) =>
        checkSubject(binding, subject, `subjects[${index}]`, references),
      ),
    ),
};

function checkSubject(
  binding: BuiltObject,
  subject: unknown,
  path: string,
  { provided, namespaces }: References,
): Complaint[] {
  if (textAt(subject, "kind") !== "ServiceAccount") return [];
  const name = textAt(subject, "name") ?? "";
  const namespace = textAt(subject, "namespace") ?? "";
  if (namespace === "")
    return [
      about(
        binding,
        path,
        `gives no namespace for the ServiceAccount ${name}`,
        "The API server refuses it: add the namespace.",
      ),
    ];
  if (!namespaces.has(namespace) || findOne(provided, "ServiceAccount", namespace, name) !== undefined)
    return [];
  return [
    about(
      binding,
      path,
      `binds the ServiceAccount ${name}, which is not there`,
      listNames(namesOf(provided, "ServiceAccount", namespace), "ServiceAccounts"),
    ),
  ];
}

/** Roles that every cluster has. */
const BUILT_IN = /^(?:cluster-admin|admin|edit|view|system:.+)$/;

const bindingRole: ReferenceRule = {
  name: "binding-role",
  find: (references) => bindingsOf(references).flatMap((binding) => checkRole(binding, references)),
};

function checkRole(binding: BuiltObject, { objects }: References): Complaint[] {
  const { kind, name } = asRecord(asRecord(binding.data).roleRef);
  const isThere = objects.some(
    (role) =>
      role.group === GROUP &&
      role.kind === kind &&
      role.name === name &&
      (kind === "ClusterRole" || role.namespace === binding.namespace),
  );
  if (isThere || (kind === "ClusterRole" && BUILT_IN.test(String(name)))) return [];
  const message = `binds the ${String(kind)} ${String(name)}, which is not in the overlay`;
  // A ClusterRole may be the platform's, a Role cannot.
  if (kind === "ClusterRole")
    return [about(binding, "roleRef", message, "Make sure that the platform has it.", "warning")];
  return [
    about(
      binding,
      "roleRef",
      message,
      listNames(
        objects.filter((role) => role.kind === "Role").map((role) => role.name),
        "Roles",
      ),
    ),
  ];
}

export const accessRules: readonly ReferenceRule[] = [bindingSubject, bindingRole];
