// Owns: a small set of objects in which every reference is met, and changing one thing in it.
// Promises: each change starts from the same good set.
// Must not: run programs.

import { parseAllDocuments } from "yaml";
import { type BuiltObject, toBuiltObject } from "../../src/validate/built-object.js";
import { findDangling } from "../../src/validate/check-references/check-references.js";
import type { Kustomization } from "../../src/validate/read-kustomizations.js";
import type { Finding } from "../../src/validate/validation-report.js";

export interface Change {
  /** `Kind/name`, dotted path with `[n]` for list items, value; undefined removes. */
  readonly set?: readonly (readonly [object: string, path: string, value: unknown])[];
  /** Ids of objects to leave out. */
  readonly remove?: readonly string[];
  /** YAML of more objects. */
  readonly add?: string;
  /** Entries of the overlay's images. */
  readonly images?: readonly unknown[];
  readonly tier?: string;
}

type Json = Record<string, unknown>;

/** Objects of the good set, with a change. */
export function changedObjects({ set = [], remove = [], add = "" }: Change): BuiltObject[] {
  const objects = read(`${GOOD}\n---\n${add}`).filter((object) => !remove.includes(idOf(object)));
  for (const [id, path, value] of set) {
    const object = objects.find((candidate) => idOf(candidate) === id);
    if (object === undefined) throw new Error(`the good set has no ${id}`);
    assign(object, path, value);
  }
  return objects.map((object) => toBuiltObject(object)).filter((object) => object !== undefined);
}

/** What the rules say of the good set with a change. */
export function findingsAfter(change: Change): Finding[] {
  const images = change.images ?? IMAGES;
  const kustomization: Kustomization = {
    path: "overlays/prod/kustomization.yaml",
    directory: "overlays/prod",
    data: { images },
  };
  const overlay = {
    name: "prod",
    directory: "overlays/prod",
    tier: change.tier ?? "production",
    namespace: "shop",
    problem: undefined,
  };
  return findDangling({ overlay, objects: changedObjects(change), kustomizations: [kustomization] });
}

function read(text: string): Json[] {
  const documents = parseAllDocuments(text);
  return (Array.isArray(documents) ? documents : [])
    .map((document) => document.toJS() as Json)
    .filter((value) => value !== null);
}

function idOf({ kind, metadata }: Json): string {
  return `${String(kind)}/${String((metadata as Json).name)}`;
}

function assign(object: Json, path: string, value: unknown): void {
  const names = path
    .split(/\.(?![^"]*"\])|\[(?="?)|\]\.?/)
    .filter((name) => name !== "")
    .map((name) => name.replaceAll('"', ""));
  const last = names.pop() ?? "";
  const parent = names.reduce((target: Json, name) => {
    target[name] ??= {};
    return target[name] as Json;
  }, object);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}

export const IMAGES = [
  { name: "example.org/web", newTag: "1.4.2" },
  { name: "example.org/store", digest: `sha256:${"a".repeat(64)}` },
  { name: "example.org/job", newTag: "2.0.1" },
];

const GOOD = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: web, namespace: shop }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: web-config, namespace: shop }
data: { LOG_LEVEL: info, panel.json: "{}" }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: web, namespace: shop }
spec: { data: [{ secretKey: token, remoteRef: { key: kv/web, property: token } }] }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: web, namespace: shop }
spec: { secretName: web-tls, dnsNames: [web.example.org], issuerRef: { name: letsencrypt } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: uploads, namespace: shop }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, labels: { app.kubernetes.io/name: web, app.kubernetes.io/version: 1.4.2 } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web, tier: front } }
    spec:
      serviceAccountName: web
      initContainers:
        - { name: proxy, image: "example.org/job:2.0.1", restartPolicy: Always, ports: [{ name: admin, containerPort: 9901 }] }
      containers:
        - name: web
          image: example.org/web:1.4.2
          ports: [{ name: http, containerPort: 8080 }, { name: metrics, containerPort: 9090 }]
          envFrom: [{ configMapRef: { name: web-config } }, { secretRef: { name: web } }]
          env:
            - { name: TOKEN, valueFrom: { secretKeyRef: { name: web, key: token } } }
            - { name: LEVEL, valueFrom: { configMapKeyRef: { name: web-config, key: LOG_LEVEL } } }
          readinessProbe: { httpGet: { path: /ready, port: http } }
          volumeMounts: [{ name: uploads, mountPath: /uploads }, { name: tls, mountPath: /tls }]
      volumes:
        - { name: uploads, persistentVolumeClaim: { claimName: uploads } }
        - { name: tls, projected: { sources: [{ secret: { name: web-tls, items: [{ key: tls.crt, path: tls.crt }] } }] } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store, namespace: shop }
spec:
  replicas: 3
  serviceName: store
  selector: { matchLabels: { app: store } }
  template:
    metadata: { labels: { app: store } }
    spec:
      containers:
        - name: store
          image: example.org/store@sha256:${"a".repeat(64)}
          ports: [{ name: redis, containerPort: 6379 }]
          volumeMounts: [{ name: data, mountPath: /data }]
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce] } }]
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: report, namespace: shop }
spec:
  schedule: "0 2 * * *"
  jobTemplate: { spec: { template: { metadata: { labels: { app: report } }, spec: { restartPolicy: Never, containers: [{ name: report, image: "example.org/job:2.0.1" }] } } } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { selector: { app: web }, ports: [{ name: http, port: 80, targetPort: http }, { name: metrics, port: 9090, targetPort: 9090 }] }
---
apiVersion: v1
kind: Service
metadata: { name: store, namespace: shop, labels: { app: store } }
spec: { clusterIP: None, selector: { app: store }, ports: [{ name: redis, port: 6379, targetPort: redis }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: own, namespace: shop }
spec: { gatewayClassName: x, listeners: [{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: web-tls }] } }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec:
  parentRefs: [{ name: own, sectionName: https }, { name: public, namespace: gateways }]
  rules: [{ backendRefs: [{ name: web, port: 80 }] }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  tls: [{ secretName: web-tls }]
  rules: [{ host: a.example.org, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { name: http } } } }] } }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: web, namespace: shop }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: web, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: web }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }, { kind: ServiceAccount, name: prometheus, namespace: monitoring }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: store, namespace: shop }
spec:
  podSelector: { matchLabels: { app: store } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }, { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }, podSelector: { matchLabels: { app: prometheus } } }], ports: [{ port: redis, protocol: TCP }] }]
  egress: [{ to: [{ podSelector: { matchExpressions: [{ key: app, operator: In, values: [store] }] } }] }]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: store, namespace: shop }
spec: { minAvailable: 2, selector: { matchLabels: { app: store } } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: shop }
spec: { minReplicas: 3, maxReplicas: 10, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web } }
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: { name: web, namespace: shop }
spec: { targetRef: { apiVersion: apps/v1, kind: Deployment, name: web }, updatePolicy: { updateMode: "Off" } }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: web, namespace: shop }
spec: { selector: { matchLabels: { app: web } }, endpoints: [{ port: metrics }] }
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: { name: store, namespace: shop }
spec: { selector: { matchLabels: { app: store } }, podMetricsEndpoints: [{ port: redis }] }
`;
