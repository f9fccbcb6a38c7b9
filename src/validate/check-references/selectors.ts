// Owns: matching labels, as label selectors of Kubernetes do.
// Promises: labels that controllers add to pods on their own count as matched: no manifest can show them.
// Must not: look at objects.

import { labelsAt, listAt, recordAt, textAt, type Values, valueAt } from "../values.js";

export type Labels = Readonly<Record<string, string>>;

/** https://kubernetes.io/docs/reference/labels-annotations-taints/ and the controllers' own documentation. */
const ADDED_BY_CONTROLLERS = new Set([
  "apps.kubernetes.io/pod-index",
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-completion-index",
  "batch.kubernetes.io/job-name",
  "controller-revision-hash",
  "job-name",
  "pod-template-generation",
  "pod-template-hash",
  "rollouts-pod-template-hash",
  "statefulset.kubernetes.io/pod-name",
]);

/** Whether a map of labels, as in a Service, selects these. */
export function matchesLabels(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(
    ([key, value]) => ADDED_BY_CONTROLLERS.has(key) || labels[key] === value,
  );
}

/** Whether a label selector with matchLabels and matchExpressions selects these. An empty one selects everything. */
export function matchesSelector(selector: unknown, labels: Labels): boolean {
  if (!matchesLabels(labelsAt(selector, "matchLabels"), labels)) return false;
  return listAt(selector, "matchExpressions").every((expression) => matchesExpression(expression, labels));
}

function matchesExpression(expression: unknown, labels: Labels): boolean {
  const key = textAt(expression, "key") ?? "";
  if (ADDED_BY_CONTROLLERS.has(key)) return true;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const isListed = value !== undefined && listAt(expression, "values").includes(value);
  switch (valueAt(expression, "operator")) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      // The schema reports an unknown operator.
      return true;
  }
}

/** Whether a label selector says nothing, and so selects everything. */
export function isEmptySelector(selector: unknown): boolean {
  return (
    Object.keys(recordAt(selector, "matchLabels")).length === 0 &&
    listAt(selector, "matchExpressions").length === 0
  );
}

/** `a=b, c in (d, e)`, for messages. */
export function describeSelector(selector: unknown): string {
  const labels = describeLabels(labelsAt(selector, "matchLabels"));
  const expressions = listAt(selector, "matchExpressions").map(describeExpression);
  return [labels, ...expressions].filter((part) => part !== "").join(", ");
}

export function describeLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}

function describeExpression(expression: unknown): string {
  const { key, operator }: Values = recordAt({ expression }, "expression");
  const values = listAt(expression, "values");
  return `${String(key)} ${String(operator)}${values.length === 0 ? "" : ` (${values.join(", ")})`}`;
}
