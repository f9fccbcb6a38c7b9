// Owns: the arbitrary of settings that a platform, a stack, a tier or an environment may give.
// Promises: valid by the schema, and harmless to the rules: quotas are large or absent, and API-server ranges stay known.
// Must not: know services.

import fc from "fast-check";

type Data = { [key: string]: unknown };

const optional = { requiredKeys: [] as never[] };
const flag = fc.boolean();
const words = <T>(...values: T[]) => fc.constantFrom(...values);

const gatewaySettings = fc.record(
  {
    class: words("envoy"),
    name: words("public", "inner"),
    namespace: words("gateways", "edge-system"),
    proxyNamespace: words("envoy-gateway-system", "proxies"),
    proxyLabels: words<Data>({}, { app: "proxy" }, { "app.kubernetes.io/name": null, tier: "edge" }),
    https: flag,
    httpListener: words("http", "web"),
    httpsListener: words("https", "websecure"),
    // The only one that every gateway keeps.
    rateLimitScope: words("local"),
    trustedHops: fc.integer({ min: 0, max: 3 }),
    loadBalancer: words<unknown>(
      null,
      {},
      { internal: "azure" },
      { internal: "aws", annotations: { "a.b/c": "" } },
    ),
    defaults: words<unknown>(
      null,
      { rateLimit: "9/s", compression: true, timeout: null },
      { headers: { "X-Frame-Options": "SAMEORIGIN", "Referrer-Policy": null }, allow: ["10.0.0.0/8"] },
    ),
  },
  optional,
);

/** A layer that says which gateway, or how it is used, says both: not every gateway can be the stack's own. */
const gateway = fc
  .tuple(
    gatewaySettings,
    words<Data>(
      {},
      { implementation: "envoy-gateway", mode: "shared" },
      { implementation: "envoy-gateway", mode: "own" },
      { implementation: "envoy-gateway", mode: "listener-set" },
      { implementation: "traefik", mode: "shared" },
      { implementation: "ingress-nginx", mode: "shared" },
    ),
  )
  .map(([settings, chosen]): Data => ({ ...settings, ...chosen }));

const monitoring = fc.record(
  {
    prometheus: words("operator", "plain"),
    namespace: words("monitoring", "metrics"),
    labels: words<Data>({ release: "prom" }, { release: null, team: "yes" }, {}),
    interval: words({ critical: "5s" }, { standard: "1m" }),
    sampleLimit: fc.integer({ min: 1, max: 1e6 }),
    grafanaLabel: words({ grafana_dashboard: "true" }),
    grafana: words("https://grafana.example.com/", null),
    runbooks: words("https://runbooks.example.com/x/", null),
    slo: words({ availability: 99.5 }, { latency: "750ms" }),
    logRetention: words("7d", "2w"),
  },
  optional,
);

const backup = words<unknown>(
  { store: { s3: { bucket: "backups-1" } } },
  {
    store: {
      s3: {
        bucket: "backups.2",
        region: "eu-central-1",
        endpoint: "https://s3.example.com:9000",
        prefix: "a/b",
      },
    },
    schedule: "*/15 1-3 * * mon",
  },
  { schedule: "@daily", retention: "2w" },
  null,
);

/** Settings as plain data, possibly empty. */
export const settingsData: fc.Arbitrary<Data> = fc.record(
  {
    gateway,
    monitoring,
    backup,
    certManager: fc.record(
      { mode: words("present", "off"), issuer: words("ca"), issuerKind: words("Issuer", "ClusterIssuer") },
      optional,
    ),
    network: fc.record(
      {
        policies: flag,
        flavour: words("kubernetes", "cilium"),
        mtls: words("off", "istio"),
        nodeLocalDns: flag,
        ipv6: flag,
        privateRanges: words(["10.0.0.0/8", "fd00::/8"], ["172.16.0.0/12"]),
      },
      optional,
    ),
    quota: words(null, {
      requests: { cpu: "400", memory: "1000Gi" },
      limits: { cpu: 800, memory: "2Ti" },
      pods: 900,
      services: 90,
      storage: "5Ti",
    }),
    argocd: fc.record(
      {
        namespace: words("argocd", "gitops"),
        automated: flag,
        url: words("https://argocd.example.com", null),
      },
      optional,
    ),
    secretStore: fc.record(
      { name: words("vault"), kind: words("SecretStore", "ClusterSecretStore"), refresh: words("30m", "1d") },
      optional,
    ),
    policy: fc.record(
      {
        engine: words("validating-admission-policy", "kyverno", "none"),
        action: words("deny", "warn"),
        images: words("tag", "digest"),
        operatorNamespaces: words<unknown>(null, [], ["databases"]),
      },
      optional,
    ),
    exceptions: words<Data>(
      { CKV_K8S_43: { reason: "a: b # {{c}}", owner: "team", expires: "2027-03-01" } },
      {},
    ),
    keda: words<Data>({ namespace: "events" }, {}),
    nodes: words<Data>({ spot: "gke" }, { spot: null }),
    priorityClasses: words<Data>({ high: { value: 1000 } }, {}),
    reloader: words("present", "off"),
    namespaces: words("managed", "external"),
    logLevel: words("debug", "warn"),
    registries: words<Data>(
      { "docker.io": "mirror.example.com/docker" },
      { "ghcr.io": "mirror.example.com:5000" },
      { constructor: "x.example.com" },
    ),
    pullSecrets: words<unknown>(["pull"], [], null),
    kubernetes: words("1.35", "1.36", "1.37"),
  },
  optional,
);
