// Owns: objects picked by hand, one per trap of the conversion, with the verdict of a real API server in mind.
// Promises: each case says which rule it stands for.
// Must not: repeat what test/validate/schema-proof invents for every kind.

/** One object and whether it must be accepted. */
export interface SchemaCase {
  readonly rule: string;
  readonly accepted: boolean;
  readonly manifest: string;
  /** Path that the embedded checker must name, for a refused object. */
  readonly path?: string;
}

const container = "containers: [{name: a, image: a}]";
const claim =
  "metadata: {name: a}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";

function pod(spec: string, metadata = "name: a"): string {
  return `{apiVersion: v1, kind: Pod, metadata: {${metadata}}, spec: {${spec}}}`;
}

function set(claimTemplate: string): string {
  const template = `template: {metadata: {labels: {a: b}}, spec: {${container}}}`;
  const spec = `serviceName: a, selector: {matchLabels: {a: b}}, ${template}`;
  return `{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {${spec}, volumeClaimTemplates: [{${claimTemplate}}]}}`;
}

function custom(apiVersion: string, kind: string, spec: string, metadata = "name: a"): string {
  return `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {${metadata}}, spec: {${spec}}}`;
}

function definition(schema: string): string {
  const version = `{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {${schema}}}}`;
  return custom(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    `group: g.example, names: {kind: A, plural: as}, scope: Cluster, versions: [${version}]`,
    "name: as.g.example, creationTimestamp: null",
  );
}

function monthOf(months: string): string {
  return custom(
    "monitoring.coreos.com/v1alpha1",
    "AlertmanagerConfig",
    `muteTimeIntervals: [{name: a, timeIntervals: [{months: ['${months}']}]}]`,
  );
}

function gatewayAddress(value: string, type = "type: IPAddress, "): string {
  const listener = "listeners: [{name: a, port: 80, protocol: HTTP}]";
  return custom(
    "gateway.networking.k8s.io/v1",
    "Gateway",
    `gatewayClassName: a, ${listener}, addresses: [{${type}value: '${value}'}]`,
  );
}

function secret(data: string): string {
  return `{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {a: ${data}}}`;
}

function limit(resource: string): string {
  return pod(`containers: [{name: a, image: a, resources: {limits: {cpu: ${resource}}}}]`);
}

function memoryOfPrometheus(resource: string): string {
  return custom("monitoring.coreos.com/v1", "Prometheus", `resources: {limits: {memory: ${resource}}}`);
}

export const SCHEMA_CASES: readonly SchemaCase[] = [
  { rule: "a plain Pod", accepted: true, manifest: pod(container) },
  { rule: "an object needs a name", accepted: false, manifest: pod(container, ""), path: "metadata" },
  { rule: "generateName is a name", accepted: true, manifest: pod(container, "generateName: a-") },
  {
    rule: "labels are strings",
    accepted: false,
    manifest: pod(container, "name: a, labels: {a.b/c: true}"),
    path: 'metadata.labels["a.b/c"]',
  },
  {
    rule: "creationTimestamp may be null",
    accepted: true,
    manifest: pod(container, "name: a, creationTimestamp: null"),
  },
  {
    rule: "nothing else may be null",
    accepted: false,
    manifest: pod(`${container}, nodeSelector: null`),
    path: "spec.nodeSelector",
  },
  {
    rule: "date-time as Kubernetes writes it",
    accepted: true,
    manifest: pod(container, "name: a, creationTimestamp: '2026-01-02T03:04:05Z'"),
  },
  {
    rule: "date-time without a zone",
    accepted: false,
    manifest: pod(container, "name: a, creationTimestamp: '2026-01-02T03:04:05'"),
    path: "metadata.creationTimestamp",
  },
  {
    rule: "the root is pinned to its kind, nested copies of it are not",
    accepted: true,
    manifest: set(claim),
  },
  {
    rule: "a nested copy may say its kind",
    accepted: true,
    manifest: set(`apiVersion: v1, kind: PersistentVolumeClaim, ${claim}`),
  },
  { rule: "quantity as a number", accepted: true, manifest: limit("0.5") },
  { rule: "quantity with a suffix", accepted: true, manifest: limit("500m") },
  {
    rule: "quantity with a wrong suffix",
    accepted: false,
    manifest: limit("500mb"),
    path: "spec.containers[0].resources.limits.cpu",
  },
  {
    rule: "int-or-string takes an integer in a custom resource",
    accepted: true,
    manifest: memoryOfPrometheus("1000000"),
  },
  {
    rule: "int-or-string takes no fraction in a custom resource",
    accepted: false,
    manifest: memoryOfPrometheus("0.5"),
    path: "spec.resources.limits.memory",
  },
  {
    rule: "int-or-string of a core type takes a name",
    accepted: true,
    manifest: pod("containers: [{name: a, image: a, livenessProbe: {httpGet: {port: http}}}]"),
  },
  {
    rule: "int-or-string of a core type takes no boolean",
    accepted: false,
    manifest: pod("containers: [{name: a, image: a, livenessProbe: {httpGet: {port: true}}}]"),
    path: "spec.containers[0].livenessProbe.httpGet.port",
  },
  {
    rule: "enum of a core type",
    accepted: false,
    manifest: pod("containers: [{name: a, image: a, imagePullPolicy: always}]"),
    path: "spec.containers[0].imagePullPolicy",
  },
  {
    rule: "enum in a list of a core type",
    accepted: false,
    manifest: custom("networking.k8s.io/v1", "NetworkPolicy", "podSelector: {}, policyTypes: [ingress]"),
    path: "spec.policyTypes[0]",
  },
  {
    rule: "int32 has bounds",
    accepted: false,
    manifest: pod(`${container}, priority: 2147483648`),
    path: "spec.priority",
  },
  {
    rule: "int64 is wider",
    accepted: true,
    manifest: pod(`${container}, terminationGracePeriodSeconds: 2147483648`),
  },
  { rule: "bytes are base64", accepted: true, manifest: secret("aGVsbG8=") },
  { rule: "base64 may be broken into lines", accepted: true, manifest: secret('"aGVs\\nbG8=\\n"') },
  { rule: "bytes in plain text", accepted: false, manifest: secret("hello"), path: "data.a" },
  {
    rule: "schema properties may be named like keywords",
    accepted: true,
    manifest: definition(
      "type: object, properties: {items: {type: string}, $ref: {type: string}, properties: {type: object}, required: {type: boolean}}",
    ),
  },
  {
    rule: "schemas are recursive",
    accepted: false,
    manifest: definition("type: object, properties: {a: {properties: {b: {typ: string}}}}"),
    path: "spec.versions[0].schema.openAPIV3Schema.properties.a.properties.b.typ",
  },
  {
    rule: "a required field with a default may be left out",
    accepted: true,
    manifest: custom(
      "gateway.networking.k8s.io/v1",
      "HTTPRoute",
      "rules: [{matches: [{path: {value: /a}}]}]",
    ),
  },
  {
    rule: "the standard channel wins over the experimental one",
    accepted: false,
    manifest: custom("gateway.networking.k8s.io/v1", "HTTPRoute", "useDefaultGateways: All"),
    path: "spec.useDefaultGateways",
  },
  {
    rule: "a kind of the experimental channel only",
    accepted: true,
    manifest: custom("gateway.networking.x-k8s.io/v1alpha1", "XMesh", "controllerName: a.example/b"),
  },
  { rule: "(?i) of Go: small letters", accepted: true, manifest: monthOf("january:march") },
  { rule: "(?i) of Go: capitals", accepted: true, manifest: monthOf("JANUARY") },
  {
    rule: "(?i) of Go: no month",
    accepted: false,
    manifest: monthOf("Smarch"),
    path: "spec.muteTimeIntervals[0].timeIntervals[0].months[0]",
  },
  {
    rule: "the enum value `=` is a string",
    accepted: true,
    manifest: custom(
      "monitoring.coreos.com/v1alpha1",
      "AlertmanagerConfig",
      "inhibitRules: [{sourceMatch: [{name: a, value: b, matchType: '='}]}]",
    ),
  },
  {
    rule: "duration of Prometheus",
    accepted: false,
    manifest: custom(
      "monitoring.coreos.com/v1",
      "ServiceMonitor",
      "selector: {}, endpoints: [{interval: 30 s}]",
    ),
    path: "spec.endpoints[0].interval",
  },
  {
    rule: "a default decides between branches before they are tried",
    accepted: true,
    manifest: gatewayAddress("10.0.0.1", ""),
  },
  {
    rule: "a default that decides for a branch brings its rules",
    accepted: false,
    manifest: gatewayAddress("a.example", ""),
  },
  { rule: "IPv6 address", accepted: true, manifest: gatewayAddress("2001:db8::1") },
  { rule: "no IP address", accepted: false, manifest: gatewayAddress("2001:db8::1::2") },
  {
    rule: "fields of an open object are free",
    accepted: true,
    manifest: custom("external-secrets.io/v1", "ExternalSecret", "target: {template: {data: {a: b}}}"),
  },
  {
    rule: "an object that declares no field keeps none",
    accepted: false,
    manifest: custom("generators.external-secrets.io/v1alpha1", "UUID", "a: b"),
    path: "spec.a",
  },
  {
    rule: "an unknown field of metadata of a custom resource",
    accepted: false,
    manifest: custom("external-secrets.io/v1", "ExternalSecret", "", "name: a, label: {a: b}"),
    path: "metadata.label",
  },
  {
    rule: "a limit on the name of a custom resource",
    accepted: false,
    manifest: custom("mutations.gatekeeper.sh/v1", "Assign", "", `name: ${"a".repeat(64)}`),
    path: "metadata.name",
  },
  {
    rule: "a List stands for its items",
    accepted: true,
    manifest: `{apiVersion: v1, kind: List, items: [${pod(container)}, ${secret("YQ==")}]}`,
  },
  {
    rule: "a List with a bad item",
    accepted: false,
    manifest: `{apiVersion: v1, kind: List, items: [${secret("YQ==")}, ${secret("a")}]}`,
    path: "items[1].data.a",
  },
];
