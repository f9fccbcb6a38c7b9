// Owns: what a pod of the stack must be, as CEL that the API server and Kyverno both evaluate.
// Promises: only what Pod Security "restricted" does not already hold; every pod that this generator makes passes.
// Must not: know environments.

export interface AdmissionRule {
  /** What an exception names. */
  readonly id: string;
  /** CEL over `variables.pod` (a pod's spec) and `variables.containers`. */
  readonly expression: string;
  readonly message: string;
}

const EVERY = "variables.containers.all(c, ";

export const IMAGE_RULES: Readonly<Record<"tag" | "digest", AdmissionRule>> = {
  tag: {
    id: "exact-images",
    expression: `${EVERY}c.image.contains('@sha256:') || (c.image.matches(':[^/:]+$') && !c.image.endsWith(':latest')))`,
    message: "an image needs an exact tag or a digest; latest is whatever was pushed last",
  },
  digest: {
    id: "exact-images",
    expression: `${EVERY}c.image.matches('@sha256:[a-f0-9]{64}$'))`,
    message: "an image needs a digest: a tag can be moved to another image",
  },
};

export const POD_RULES: readonly AdmissionRule[] = [
  {
    id: "requests-and-limits",
    expression: `${EVERY}has(c.resources) && has(c.resources.requests) && has(c.resources.limits) && 'cpu' in c.resources.requests && 'memory' in c.resources.requests && 'memory' in c.resources.limits)`,
    message: "a container needs requests of CPU and memory, and a limit of memory",
  },
  {
    id: "read-only-root-file-system",
    expression: `${EVERY}has(c.securityContext) && has(c.securityContext.readOnlyRootFilesystem) && c.securityContext.readOnlyRootFilesystem)`,
    message: "a container needs readOnlyRootFilesystem: true, and an emptyDir where it writes",
  },
  {
    id: "no-privilege-escalation",
    expression: `${EVERY}has(c.securityContext) && has(c.securityContext.allowPrivilegeEscalation) && !c.securityContext.allowPrivilegeEscalation)`,
    message: "a container needs allowPrivilegeEscalation: false",
  },
  {
    id: "own-service-account",
    expression:
      "has(variables.pod.serviceAccountName) && variables.pod.serviceAccountName != '' && variables.pod.serviceAccountName != 'default'",
    message: "a pod needs a service account of its own, so that rights are given to one and not to all",
  },
];

export const SERVICE_RULES: readonly AdmissionRule[] = [
  {
    id: "no-node-ports",
    expression: "!has(object.spec.type) || object.spec.type != 'NodePort'",
    message: "a Service of type NodePort opens a port of every node, past the gateway",
  },
  {
    id: "no-external-ips",
    expression: "!has(object.spec.externalIPs) || object.spec.externalIPs.size() == 0",
    message: "externalIPs let a Service take traffic that is meant for others (CVE-2020-8554)",
  },
];

/** Everything that an exception may name. */
export const ADMISSION_IDS: readonly string[] = [
  IMAGE_RULES.tag.id,
  ...[...POD_RULES, ...SERVICE_RULES].map(({ id }) => id),
];

/** Pods that operators make in the stack's namespaces: their shape is the operator's. */
export interface OperatorPods {
  /** The label that the operator gives them. Anybody can write it, so that it counts only from whom it is expected. */
  readonly label: string;
  readonly operator: string;
  /** Where the operator's service accounts live by default. */
  readonly namespaces: readonly string[];
}

export const OPERATOR_PODS: readonly OperatorPods[] = [
  { label: "acme.cert-manager.io/http01-solver", operator: "cert-manager", namespaces: ["cert-manager"] },
  { label: "cnpg.io/cluster", operator: "CloudNativePG", namespaces: ["cnpg-system"] },
  { label: "strimzi.io/cluster", operator: "Strimzi", namespaces: ["strimzi"] },
  {
    label: "serving.kserve.io/inferenceservice",
    operator: "KServe",
    namespaces: ["kserve", "knative-serving"],
  },
  {
    label: "gateway.envoyproxy.io/owning-gateway-name",
    operator: "Envoy Gateway",
    namespaces: ["envoy-gateway-system"],
  },
];

/**
 * Whether a pod, or what makes pods, is somebody's other than that operator's. Kubernetes' own controllers count as the operator: what
 * they make follows from an object that was judged when somebody made it, ReplicaSets included.
 */
export function notOf({ label, namespaces }: OperatorPods, further: readonly string[]): string {
  const accounts = ["kube-system", ...namespaces, ...further].map(
    (name) => `'system:serviceaccounts:${name}'`,
  );
  const groups = `[${[...new Set(accounts)].join(", ")}]`;
  return (
    `!has(object.metadata.labels) || !('${label}' in object.metadata.labels) || ` +
    `!(request.userInfo.username == 'system:kube-controller-manager' || ` +
    `(has(request.userInfo.groups) && request.userInfo.groups.exists(g, g in ${groups})))`
  );
}
