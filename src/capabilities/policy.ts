// Owns: admission policies, in bootstrap/, and the traces of exceptions: annotations, Trivy's list, a page.
// Promises: scoped to the namespaces of the stack; the same rules for each engine.
// Must not: be synced by the application that it limits; the platform team applies bootstrap/.

import { admissionOf } from "../stack/derive-admission.js";
import { allExceptionsOf, annotatedComponents, type Exception } from "../stack/derive-exceptions.js";
import { notOf, OPERATOR_PODS } from "../stack/presets/admission-rules.js";
import type { Environment, Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";
import { stackLabels } from "./labels.js";
import { bootstrapDirectory, managedDirectory } from "./places.js";

/** What holds a pod, with where its spec is. */
const POD_OWNERS = [
  { group: "", version: "v1", resources: ["pods", "replicationcontrollers"] },
  { group: "apps", version: "v1", resources: ["deployments", "statefulsets", "daemonsets", "replicasets"] },
  { group: "batch", version: "v1", resources: ["jobs", "cronjobs"] },
];

const POD =
  "object.kind == 'Pod' ? object.spec : object.kind == 'CronJob' ? object.spec.jobTemplate.spec.template.spec : object.spec.template.spec";
const CONTAINERS =
  "variables.pod.containers + (has(variables.pod.initContainers) ? variables.pod.initContainers : [])";
const COMPONENT =
  "has(object.metadata.labels) && 'app.kubernetes.io/name' in object.metadata.labels ? object.metadata.labels['app.kubernetes.io/name'] : ''";

const component = { name: "component", expression: COMPONENT };

function policyFile(stack: Stack, environment: Environment): FileSpec[] {
  const admission = admissionOf(environment);
  if (admission === undefined) return [];
  const isNative = admission.engine === "validating-admission-policy";
  const name = `${stack.name}-${environment.id}`;
  const policies = [
    {
      name: `${name}-pods`,
      resources: POD_OWNERS,
      conditions: OPERATOR_PODS.map((pods, index) => ({
        name: `operator-${index + 1}`,
        operator: pods.operator,
        expression: notOf(pods, environment.settings.policy.operatorNamespaces),
      })),
      variables: [
        component,
        { name: "pod", expression: POD },
        { name: "containers", expression: CONTAINERS },
      ],
      rules: admission.pods,
      isBackground: false,
    },
    {
      name: `${name}-services`,
      resources: [{ group: "", version: "v1", resources: ["services"] }],
      conditions: [],
      variables: [component],
      rules: admission.services,
      isBackground: true,
    },
  ].filter(({ rules }) => rules.length > 0);
  const kustomization = bootstrapDirectory(environment);
  return [
    file(
      `${kustomization}/policies.yaml`,
      isNative ? "policy/validating-admission-policies.yaml" : "policy/kyverno-policies.yaml",
      {
        environment: environment.label,
        directory: kustomization,
        namespace: environment.namespace,
        labels: stackLabels(stack, "policy"),
        policies,
        denies: admission.denies,
      },
      {
        what: `What the namespace of ${environment.name} takes in.`,
        why: "Pod Security leaves out images, resources and read-only file systems; these rules hold them for whatever is applied, by whomever.",
        standard: isNative
          ? "Kubernetes docs, Validating Admission Policy"
          : "Kyverno docs, ValidatingPolicy (policies.kyverno.io/v1)",
        change: "policy and exceptions in prod-stack.yaml",
      },
      { member: { kustomization, as: "resources" } },
    ),
  ];
}

const WORKLOADS = "Deployment|StatefulSet|DaemonSet|CronJob|Job";

function annotationFiles(environment: Environment): FileSpec[] {
  const kustomization = managedDirectory(environment);
  return annotatedComponents(environment).map(({ components, annotations }, index) =>
    file(
      `${kustomization}/exceptions-${index + 1}.patch.yaml`,
      "policy/exceptions.patch.yaml",
      { components: components.join(", "), annotations },
      {
        what: `Exceptions to checks, on ${components.join(", ")}.`,
        why: "The tools read them from the manifests themselves, each with its reason.",
        change: "exceptions in prod-stack.yaml",
      },
      {
        member: {
          kustomization,
          as: "patches",
          target: { kind: WORKLOADS, labelSelector: `app.kubernetes.io/name in (${components.join(",")})` },
        },
      },
    ),
  );
}

/** Every exception once, with the environments that have it. */
function allExceptions({ environments }: Stack) {
  const found = new Map<string, { exception: Exception; places: string[] }>();
  for (const environment of environments)
    for (const exception of allExceptionsOf(environment)) {
      const key = JSON.stringify(exception);
      const entry = found.get(key) ?? { exception, places: [] };
      entry.places.push(environment.label);
      found.set(key, entry);
    }
  return [...found.values()].map(({ exception, places }) => ({
    ...exception,
    places: places.join(", "),
    components: exception.on.length === 0 ? "everything" : exception.on.join(", "),
    expires: exception.expires === "" ? "none: a decision" : exception.expires,
  }));
}

function exceptionFiles(stack: Stack): FileSpec[] {
  const exceptions = allExceptions(stack);
  if (exceptions.length === 0) return [];
  const trivy = exceptions.filter(({ tool }) => tool === "trivy");
  const ignored = trivy.filter(({ id }, index) => trivy.findIndex((other) => other.id === id) === index);
  const page = file(
    "docs/exceptions.md",
    "policy/exceptions.md",
    { name: stack.name, exceptions },
    {
      what: "The checks that this stack does not meet, and until when.",
      why: "An exception that nobody reads never ends.",
      change: "exceptions in prod-stack.yaml",
    },
  );
  if (ignored.length === 0) return [page];
  const list = file(
    ".trivyignore.yaml",
    "policy/trivyignore.yaml",
    { exceptions: ignored },
    {
      what: "Exceptions that Trivy reads: trivy config --ignorefile .trivyignore.yaml .",
      why: "Trivy has no annotation for them; it ends each on its day by itself.",
      standard: "Trivy docs, Filtering",
      change: "exceptions in prod-stack.yaml",
    },
  );
  return [page, list];
}

export const policy: Capability = {
  id: "policy",
  title: "Admission policies",
  summary:
    "What the stack's namespaces take in, checked by the API server or Kyverno; exceptions that expire.",
  rows: ["SEC-13"],
  withoutIt: undefined,
  files: (stack) => [
    ...stack.environments.flatMap((environment) => [
      ...policyFile(stack, environment),
      ...annotationFiles(environment),
    ]),
    ...exceptionFiles(stack),
  ],
};
