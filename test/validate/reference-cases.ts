// Owns: changes of the good set: those that break one reference, and those that look strange and are right.
// Promises: data only; each rule has one case at least, which check-references.test.ts holds.
// Must not: check anything.

import { type Change, IMAGES } from "./overlay-fixture.js";

const POD = "spec.template.spec";
const WEB = "Deployment/web";

/** A change, and the one rule that must find it. */
export interface BrokenReference extends Change {
  readonly rule: string;
  readonly title: string;
  readonly severity?: "warning";
}

const ROLLOUT = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: api, namespace: shop }
spec:
  strategy: { canary: { stableService: web, canaryService: canary } }
  selector: { matchLabels: { app: api } }
  template: { metadata: { labels: { app: api } }, spec: { containers: [{ name: api, image: "example.org/job:2.0.1" }] } }
`;

const SCALED = (target: string) => `
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: scaled, namespace: shop }
spec: { scaleTargetRef: { name: ${target} }, triggers: [{ type: cron, metadata: {} }] }
`;

export const brokenReferences: readonly BrokenReference[] = [
  // Objects
  {
    rule: "duplicate-object",
    title: "one object in two versions of its API",
    add: "{apiVersion: rbac.authorization.k8s.io/v1beta1, kind: Role, metadata: {name: web, namespace: shop}}",
  },
  {
    rule: "other-namespace",
    title: "an object elsewhere",
    severity: "warning",
    add: "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: elsewhere}}",
  },
  // Workloads
  {
    rule: "workload-selector",
    title: "a Deployment that does not select its pods",
    set: [[WEB, "spec.selector.matchLabels.app", "api"]],
  },
  { rule: "workload-selector", title: "an empty selector", set: [[WEB, "spec.selector.matchLabels", {}]] },
  {
    rule: "volume-mount",
    title: "a mount without a volume",
    set: [[WEB, `${POD}.containers[0].volumeMounts[0].name`, "ghost"]],
  },
  {
    rule: "volume-mount",
    title: "a mount without a claim template",
    set: [["StatefulSet/store", "spec.volumeClaimTemplates", []]],
  },
  {
    rule: "probe-port",
    title: "a probe of a port that is not there",
    set: [[WEB, `${POD}.containers[0].readinessProbe.httpGet.port`, "web"]],
  },
  {
    rule: "probe-port",
    title: "a TCP probe likewise",
    set: [[WEB, `${POD}.containers[0].livenessProbe`, { tcpSocket: { port: "web" } }]],
  },
  {
    rule: "container-name",
    title: "two containers of one name",
    set: [[WEB, `${POD}.initContainers[0].name`, "web"]],
  },
  {
    rule: "cron-job-name",
    title: "a CronJob with 53 characters",
    set: [["CronJob/report", "metadata.name", "r".repeat(53)]],
  },
  // Services and routes
  {
    rule: "service-selector",
    title: "a Service that selects nothing",
    set: [["Service/web", "spec.selector.app", "wep"]],
  },
  {
    rule: "service-selector",
    title: "a Service that asks for one label too many",
    set: [["Service/store", "spec.selector", { app: "store", extra: "x" }]],
  },
  {
    rule: "service-target-port",
    title: "a named port that no container has",
    set: [["Service/web", "spec.ports[0].targetPort", "web"]],
  },
  {
    rule: "service-target-port",
    title: "a number that no container declares",
    severity: "warning",
    set: [["Service/web", "spec.ports[1].targetPort", 9091]],
  },
  {
    rule: "service-target-port",
    title: "a port without targetPort that no container declares",
    severity: "warning",
    set: [["Service/web", "spec.ports[0].targetPort", undefined]],
  },
  {
    rule: "ingress-backend",
    title: "an Ingress to no Service",
    set: [["Ingress/web", "spec.rules[0].http.paths[0].backend.service.name", "wep"]],
  },
  {
    rule: "ingress-backend",
    title: "an Ingress to a port that is not there",
    set: [["Ingress/web", "spec.rules[0].http.paths[0].backend.service.port", { number: 81 }]],
  },
  {
    rule: "ingress-backend",
    title: "a default backend that is not there",
    set: [["Ingress/web", "spec.defaultBackend", { service: { name: "ghost", port: { number: 80 } } }]],
  },
  {
    rule: "route-backend",
    title: "an HTTPRoute to no Service",
    set: [["HTTPRoute/web", "spec.rules[0].backendRefs[0].name", "wep"]],
  },
  {
    rule: "route-backend",
    title: "an HTTPRoute to a port that is not there",
    set: [["HTTPRoute/web", "spec.rules[0].backendRefs[0].port", 8080]],
  },
  {
    rule: "route-backend",
    title: "a mirror to no Service",
    set: [
      [
        "HTTPRoute/web",
        "spec.rules[0].filters",
        [{ type: "RequestMirror", requestMirror: { backendRef: { name: "ghost", port: 80 } } }],
      ],
    ],
  },
  {
    rule: "route-backend",
    title: "a GRPCRoute to no Service",
    add: "{apiVersion: gateway.networking.k8s.io/v1, kind: GRPCRoute, metadata: {name: g, namespace: shop}, spec: {rules: [{backendRefs: [{name: ghost, port: 80}]}]}}",
  },
  {
    rule: "route-gateway",
    title: "a route to no Gateway of its namespace",
    set: [["HTTPRoute/web", "spec.parentRefs[0].name", "ghost"]],
  },
  {
    rule: "route-gateway",
    title: "a route to no listener",
    set: [["HTTPRoute/web", "spec.parentRefs[0].sectionName", "http"]],
  },
  {
    rule: "statefulset-service",
    title: "a StatefulSet without its Service",
    set: [["StatefulSet/store", "spec.serviceName", "ghost"]],
  },
  { rule: "rollout-service", title: "a Rollout without its canary Service", add: ROLLOUT },
  // Names
  {
    rule: "config-map",
    title: "envFrom of no ConfigMap",
    set: [[WEB, `${POD}.containers[0].envFrom[0].configMapRef.name`, "ghost"]],
  },
  {
    rule: "config-map",
    title: "a key that the ConfigMap does not have",
    set: [[WEB, `${POD}.containers[0].env[1].valueFrom.configMapKeyRef.key`, "LEVEL"]],
  },
  {
    rule: "config-map",
    title: "a volume of no ConfigMap",
    set: [[WEB, `${POD}.volumes[1]`, { name: "tls", configMap: { name: "ghost" } }]],
  },
  {
    rule: "config-map",
    title: "an item that the ConfigMap does not have",
    set: [
      [
        WEB,
        `${POD}.volumes[1]`,
        { name: "tls", configMap: { name: "web-config", items: [{ key: "ghost", path: "x" }] } },
      ],
    ],
  },
  {
    rule: "config-map",
    title: "a projected ConfigMap that is not there",
    set: [
      [WEB, `${POD}.volumes[1]`, { name: "tls", projected: { sources: [{ configMap: { name: "ghost" } }] } }],
    ],
  },
  {
    rule: "secret",
    title: "envFrom of no Secret",
    set: [[WEB, `${POD}.containers[0].envFrom[1].secretRef.name`, "ghost"]],
  },
  {
    rule: "secret",
    title: "a key that the ExternalSecret does not yield",
    set: [[WEB, `${POD}.containers[0].env[0].valueFrom.secretKeyRef.key`, "tokn"]],
  },
  {
    rule: "secret",
    title: "an ExternalSecret that writes another Secret",
    set: [
      ["ExternalSecret/web", "spec.target", { name: "other" }],
      [WEB, `${POD}.containers[0].env[0]`, { name: "A", value: "b" }],
    ],
  },
  {
    rule: "secret",
    title: "a template that leaves the key out",
    set: [["ExternalSecret/web", "spec.target", { template: { data: { url: "{{ .token }}" } } }]],
  },
  {
    rule: "secret",
    title: "a volume of no Secret",
    set: [[WEB, `${POD}.volumes[1]`, { name: "tls", secret: { secretName: "ghost" } }]],
  },
  {
    rule: "secret",
    title: "a key that a certificate does not have",
    set: [[WEB, `${POD}.volumes[1].projected.sources[0].secret.items[0].key`, "keystore.p12"]],
  },
  {
    rule: "secret",
    title: "an Ingress with no certificate",
    set: [["Ingress/web", "spec.tls[0].secretName", "ghost"]],
  },
  {
    rule: "secret",
    title: "a Gateway with no certificate",
    set: [["Gateway/own", "spec.listeners[0].tls.certificateRefs[0].name", "ghost"]],
  },
  {
    rule: "secret",
    title: "a KEDA authentication with no Secret",
    add: "{apiVersion: keda.sh/v1alpha1, kind: TriggerAuthentication, metadata: {name: a, namespace: shop}, spec: {secretTargetRef: [{parameter: p, name: ghost, key: k}]}}",
  },
  {
    rule: "secret",
    title: "a database with no credentials",
    add: "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: pg, namespace: shop}, spec: {bootstrap: {initdb: {secret: {name: ghost}}}}}",
  },
  {
    rule: "secret",
    title: "a key that Strimzi does not make",
    add: "{apiVersion: kafka.strimzi.io/v1, kind: KafkaUser, metadata: {name: u, namespace: shop}, spec: {authentication: {type: scram-sha-512}}}",
    set: [[WEB, `${POD}.containers[0].env[0].valueFrom.secretKeyRef`, { name: "u", key: "user.crt" }]],
  },
  {
    rule: "secret",
    title: "a monitor with no credentials",
    set: [
      ["ServiceMonitor/web", "spec.endpoints[0].basicAuth", { username: { name: "ghost", key: "user" } }],
    ],
  },
  {
    rule: "volume-claim",
    title: "a claim that is not there",
    set: [[WEB, `${POD}.volumes[0].persistentVolumeClaim.claimName`, "ghost"]],
  },
  {
    rule: "image-pull-secret",
    title: "a pull secret that the platform must bring",
    severity: "warning",
    set: [[WEB, `${POD}.imagePullSecrets`, [{ name: "registry" }]]],
  },
  {
    rule: "service-account",
    title: "an account that is not there",
    set: [[WEB, `${POD}.serviceAccountName`, "ghost"]],
  },
  // Access
  {
    rule: "binding-subject",
    title: "a subject that is not there",
    set: [["RoleBinding/web", "subjects[0].name", "ghost"]],
  },
  {
    rule: "binding-subject",
    title: "a subject without a namespace",
    set: [["RoleBinding/web", "subjects[0].namespace", undefined]],
  },
  {
    rule: "binding-role",
    title: "a Role that is not there",
    set: [["RoleBinding/web", "roleRef.name", "ghost"]],
  },
  {
    rule: "binding-role",
    title: "a ClusterRole that the platform must bring",
    severity: "warning",
    set: [["RoleBinding/web", "roleRef", { kind: "ClusterRole", name: "scraper" }]],
  },
  // Policies
  {
    rule: "network-policy-selector",
    title: "a policy that protects nothing",
    set: [
      ["NetworkPolicy/store", "spec.podSelector.matchLabels.app", "stor"],
      ["NetworkPolicy/store", "spec.ingress[0].ports", []],
    ],
  },
  {
    rule: "network-policy-selector",
    title: "a policy whose expression fits nothing",
    set: [
      [
        "NetworkPolicy/store",
        "spec.podSelector",
        { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web", "store", "report"] }] },
      ],
      ["NetworkPolicy/store", "spec.ingress[0].ports", []],
    ],
  },
  {
    rule: "network-policy-peer",
    title: "a source that is not there",
    set: [["NetworkPolicy/store", "spec.ingress[0].from[0].podSelector.matchLabels.app", "wep"]],
  },
  {
    rule: "network-policy-peer",
    title: "a destination that is not there",
    set: [["NetworkPolicy/store", "spec.egress[0].to[0].podSelector.matchExpressions[0].values", ["stor"]]],
  },
  {
    rule: "network-policy-peer",
    title: "a source in its own namespace, named",
    set: [
      [
        "NetworkPolicy/store",
        "spec.ingress[0].from[1].namespaceSelector.matchLabels",
        { "kubernetes.io/metadata.name": "shop" },
      ],
    ],
  },
  {
    rule: "network-policy-port",
    title: "a named port that is not there",
    set: [["NetworkPolicy/store", "spec.ingress[0].ports[0].port", "valkey"]],
  },
  {
    rule: "cilium-policy-selector",
    title: "a Cilium policy that protects nothing",
    add: '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: c, namespace: shop}, spec: {endpointSelector: {matchLabels: {"k8s:app": ghost}}}}',
  },
  {
    rule: "disruption-budget-selector",
    title: "a budget for nothing",
    set: [["PodDisruptionBudget/store", "spec.selector.matchLabels.app", "stor"]],
  },
  {
    rule: "disruption-budget-blocks",
    title: "a budget that keeps every pod",
    set: [["PodDisruptionBudget/store", "spec.minAvailable", 3]],
  },
  {
    rule: "disruption-budget-blocks",
    title: "a percentage that rounds up to every pod",
    set: [["PodDisruptionBudget/store", "spec.minAvailable", "70%"]],
  },
  {
    rule: "disruption-budget-blocks",
    title: "maxUnavailable 0",
    set: [
      [
        "PodDisruptionBudget/store",
        "spec",
        { maxUnavailable: 0, selector: { matchLabels: { app: "store" } } },
      ],
    ],
  },
  {
    rule: "disruption-budget-blocks",
    title: "maxUnavailable 0%",
    set: [
      [
        "PodDisruptionBudget/store",
        "spec",
        { maxUnavailable: "0%", selector: { matchLabels: { app: "store" } } },
      ],
    ],
  },
  {
    rule: "disruption-budget-blocks",
    title: "a budget above the autoscaler's minimum",
    set: [
      ["PodDisruptionBudget/store", "spec", { minAvailable: 3, selector: { matchLabels: { app: "web" } } }],
    ],
  },
  {
    rule: "disruption-budget-blocks",
    title: "one pod, which must stay",
    set: [
      ["PodDisruptionBudget/store", "spec.minAvailable", 1],
      ["StatefulSet/store", "spec.replicas", undefined],
    ],
  },
  // Scaling
  {
    rule: "scale-target",
    title: "an autoscaler without a target",
    set: [["HorizontalPodAutoscaler/web", "spec.scaleTargetRef.name", "wep"]],
  },
  {
    rule: "scale-target",
    title: "an autoscaler of another kind of object",
    set: [["HorizontalPodAutoscaler/web", "spec.scaleTargetRef.kind", "StatefulSet"]],
  },
  {
    rule: "scale-target",
    title: "a vertical autoscaler without a target",
    set: [["VerticalPodAutoscaler/web", "spec.targetRef.name", "wep"]],
  },
  { rule: "scale-target", title: "a ScaledObject without a target", add: SCALED("ghost") },
  { rule: "replicas-beside-autoscaler", title: "replicas beside an HPA", set: [[WEB, "spec.replicas", 3]] },
  { rule: "one-autoscaler", title: "an HPA and a ScaledObject on one Deployment", add: SCALED("web") },
  {
    rule: "vertical-beside-horizontal",
    title: "a VPA that acts beside an HPA",
    severity: "warning",
    set: [["VerticalPodAutoscaler/web", "spec.updatePolicy.updateMode", "Auto"]],
  },
  {
    rule: "trigger-authentication",
    title: "a trigger without its authentication",
    remove: ["HorizontalPodAutoscaler/web"],
    add: SCALED("web").replace("metadata: {} }", "metadata: {}, authenticationRef: { name: ghost } }"),
  },
  // Monitoring
  {
    rule: "monitor-selector",
    title: "a ServiceMonitor that selects nothing",
    set: [["ServiceMonitor/web", "spec.selector.matchLabels.app", "wep"]],
  },
  {
    rule: "monitor-selector",
    title: "a ServiceMonitor that looks elsewhere",
    set: [["ServiceMonitor/web", "spec.namespaceSelector", { matchNames: ["shop-dev"] }]],
  },
  {
    rule: "monitor-selector",
    title: "a PodMonitor that selects nothing",
    set: [["PodMonitor/store", "spec.selector.matchLabels.app", "stor"]],
  },
  {
    rule: "monitor-port",
    title: "a ServiceMonitor of a port that is not there",
    set: [["ServiceMonitor/web", "spec.endpoints[0].port", "metric"]],
  },
  {
    rule: "monitor-port",
    title: "a PodMonitor of a port that is not there",
    set: [["PodMonitor/store", "spec.podMetricsEndpoints[0].port", "metrics"]],
  },
  {
    rule: "config-map-json",
    title: "a dashboard that is no JSON",
    set: [["ConfigMap/web-config", 'data["panel.json"]', "{"]],
  },
  // Images
  {
    rule: "image-entry-unused",
    title: "an entry that matches nothing",
    images: [...IMAGES, { name: "example.org/ghost", newTag: "1.0.0" }],
  },
  {
    rule: "image-entry-twice",
    title: "two entries for one image",
    images: [...IMAGES, { name: "example.org/web", newTag: "1.4.2" }],
  },
  {
    rule: "image-entry-exact",
    title: "a moving tag in production",
    images: [{ name: "example.org/web", newTag: "latest" }, ...IMAGES.slice(1)],
  },
  {
    rule: "image-entry-exact",
    title: "a branch in production",
    images: [{ name: "example.org/web", newTag: "main" }, ...IMAGES.slice(1)],
  },
  {
    rule: "image-entry-exact",
    title: "neither tag nor digest in production",
    images: [{ name: "example.org/web" }, ...IMAGES.slice(1)],
  },
  {
    rule: "image-entry-exact",
    title: "half a version in production",
    severity: "warning",
    images: [{ name: "example.org/web", newTag: 1.4 }, ...IMAGES.slice(1)],
  },
  {
    rule: "image-entry-exact",
    title: "a moving tag elsewhere",
    severity: "warning",
    tier: "development",
    images: [{ name: "example.org/web", newTag: "latest" }, ...IMAGES.slice(1)],
  },
  {
    rule: "image-entry-exact",
    title: "not released yet",
    severity: "warning",
    images: [{ name: "example.org/web", newTag: "unreleased" }, ...IMAGES.slice(1)],
  },
  {
    rule: "image-exact",
    title: "a container without a tag in production",
    set: [["CronJob/report", "spec.jobTemplate.spec.template.spec.containers[0].image", "example.org/other"]],
  },
  {
    rule: "image-exact",
    title: "a moving tag that no entry sets",
    set: [
      [
        "CronJob/report",
        "spec.jobTemplate.spec.template.spec.containers[0].image",
        "localhost:5000/other:latest",
      ],
    ],
  },
  {
    rule: "version-label",
    title: "a label of another version",
    severity: "warning",
    set: [[WEB, 'metadata.labels["app.kubernetes.io/version"]', "1.4.1"]],
  },
];

export const allowedReferences: readonly (Change & { readonly title: string })[] = [
  { title: "the good set itself" },
  {
    title: "optional references",
    set: [[WEB, `${POD}.containers[0].envFrom[0].configMapRef`, { name: "ghost", optional: true }]],
  },
  {
    title: "a Service without a selector",
    add: "{apiVersion: v1, kind: Service, metadata: {name: ext, namespace: shop}, spec: {ports: [{port: 1}]}}",
  },
  {
    title: "an ExternalName Service",
    add: "{apiVersion: v1, kind: Service, metadata: {name: ext, namespace: shop}, spec: {type: ExternalName, externalName: db.example.org, selector: {a: b}}}",
  },
  { title: "the port of a sidecar", set: [["Service/web", "spec.ports[0].targetPort", "admin"]] },
  { title: "the default account", set: [[WEB, `${POD}.serviceAccountName`, "default"]] },
  { title: "no account at all", set: [[WEB, `${POD}.serviceAccountName`, undefined]] },
  {
    title: "a Service that a database makes",
    add: "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: pg, namespace: shop}}",
    set: [["HTTPRoute/web", "spec.rules[0].backendRefs[0]", { name: "pg-rw", port: 5432 }]],
  },
  {
    title: "a Secret that a database makes",
    add: "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: pg, namespace: shop}}",
    set: [[WEB, `${POD}.containers[0].env[0].valueFrom.secretKeyRef`, { name: "pg-app", key: "uri" }]],
  },
  {
    title: "Secrets that Strimzi makes for a user and for trust",
    add: "{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {name: k, namespace: shop}, spec: {kafka: {listeners: []}}}\n---\n{apiVersion: kafka.strimzi.io/v1, kind: KafkaUser, metadata: {name: u, namespace: shop}, spec: {authentication: {type: scram-sha-512}}}",
    set: [
      [WEB, `${POD}.containers[0].env[0].valueFrom.secretKeyRef`, { name: "u", key: "password" }],
      [
        WEB,
        `${POD}.containers[0].env[1]`,
        { name: "CA", valueFrom: { secretKeyRef: { name: "k-cluster-ca-cert", key: "ca.crt" } } },
      ],
    ],
  },
  {
    title: "a policy for the pods of a Kafka cluster",
    add: "{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {name: k, namespace: shop}, spec: {kafka: {listeners: []}}}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: k, namespace: shop}, spec: {podSelector: {matchLabels: {strimzi.io/cluster: k}}}}",
  },
  {
    title: "a policy for a database's pods",
    add: "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: pg, namespace: shop}}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: pg, namespace: shop}, spec: {podSelector: {matchLabels: {cnpg.io/cluster: pg}}, ingress: [{ports: [{port: postgresql}]}]}}",
  },
  {
    title: "a policy for cert-manager's solvers",
    add: '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: acme, namespace: shop}, spec: {podSelector: {matchLabels: {acme.cert-manager.io/http01-solver: "true"}}}}',
  },
  {
    title: "a policy for single pods of a StatefulSet",
    set: [
      [
        "NetworkPolicy/store",
        "spec.podSelector.matchLabels",
        { app: "store", "statefulset.kubernetes.io/pod-name": "store-0" },
      ],
    ],
  },
  {
    title: "a sealed secret",
    add: "{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: sealed, namespace: shop}, spec: {encryptedData: {password: x}}}",
    set: [[WEB, `${POD}.containers[0].env[0].valueFrom.secretKeyRef`, { name: "sealed", key: "password" }]],
  },
  {
    title: "any key of a secret fetched whole",
    set: [
      ["ExternalSecret/web", "spec", { dataFrom: [{ extract: { key: "kv/web" } }] }],
      [WEB, `${POD}.containers[0].env[0].valueFrom.secretKeyRef.key`, "whatever"],
    ],
  },
  {
    title: "a template that merges",
    set: [["ExternalSecret/web", "spec.target", { template: { mergePolicy: "Merge", data: { url: "x" } } }]],
  },
  {
    title: "a certificate of an annotated Ingress",
    set: [
      ["Ingress/web", "metadata.annotations", { "cert-manager.io/cluster-issuer": "letsencrypt" }],
      ["Ingress/web", "spec.tls[0].secretName", "made-for-it"],
    ],
  },
  {
    title: "a route to another namespace",
    set: [
      ["HTTPRoute/web", "spec.rules[0].backendRefs[0]", { name: "api", namespace: "elsewhere", port: 1 }],
    ],
  },
  {
    title: "a route to something else than a Service",
    set: [
      [
        "HTTPRoute/web",
        "spec.rules[0].backendRefs[0]",
        { group: "gateway.envoyproxy.io", kind: "Backend", name: "x" },
      ],
    ],
  },
  {
    title: "a ClusterRole that every cluster has",
    set: [["RoleBinding/web", "roleRef", { kind: "ClusterRole", name: "view" }]],
  },
  {
    title: "a monitor of what the platform runs",
    set: [
      [
        "ServiceMonitor/web",
        "spec",
        {
          namespaceSelector: { matchNames: ["gateways"] },
          selector: { matchLabels: { app: "envoy" } },
          endpoints: [{ port: "x" }],
        },
      ],
    ],
  },
  {
    title: "a monitor of all namespaces",
    set: [["ServiceMonitor/web", "spec.namespaceSelector", { any: true }]],
  },
  {
    title: "a budget of 50% for three pods",
    set: [["PodDisruptionBudget/store", "spec.minAvailable", "50%"]],
  },
  {
    title: "a budget for pods that count themselves",
    set: [["PodDisruptionBudget/store", "spec.selector.matchLabels.app", "report"]],
  },
  { title: "a workload that is scaled to nothing", set: [["StatefulSet/store", "spec.replicas", 0]] },
  {
    title: "a renamed image",
    images: [{ name: "example.org/base", newName: "example.org/web", newTag: "1.4.2" }, ...IMAGES.slice(1)],
  },
  {
    title: "a variant of the version",
    set: [[WEB, `${POD}.containers[0].image`, "example.org/web:1.4.2-alpine"]],
  },
  {
    title: "an image pattern in a policy",
    add: '{apiVersion: kyverno.io/v1, kind: ClusterPolicy, metadata: {name: p}, spec: {rules: [{validate: {pattern: {spec: {containers: [{image: "*"}]}}}}]}}',
  },
  {
    title: "a Rollout over a Deployment",
    add: `${ROLLOUT.replace(/selector:.*\n.*template:.*/, "workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web }").replace("canaryService: canary", "canaryService: web")}`,
  },
  {
    title: "objects of unknown form",
    add: "{apiVersion: v1, kind: Service, metadata: {name: odd, namespace: shop}, spec: 5}\n---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: odd, namespace: shop}, spec: {template: [1]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: odd, namespace: shop}, spec: {rules: [null, {http: 3}]}}",
  },
];
