// Owns: pairs of all answers of prod-stack.yaml, as stacks.
// Promises: each pair of answers stands in some stack together; the same stacks in every run.
// Must not: know what is generated.

import { make, sorters } from "covertable";
import { stringify } from "yaml";
import { GATEWAYS, RUNTIMES, SERVICE_TYPES } from "../../src/spec/schema/words.js";

const FACTORS = {
  type: [...SERVICE_TYPES],
  runtime: [...RUNTIMES],
  pod: ["plain", "sidecar", "files", "volumes"],
  datastore: [
    "none",
    "redis store",
    "redis cache",
    "valkey store",
    "valkey cache",
    "mongodb store",
    "mongodb external",
    "kafka external",
    "kafka operator",
    "mariadb store",
    "mysql store",
    "mysql external",
    "rabbitmq store",
    "rabbitmq cache",
    "rabbitmq external",
    "postgresql store",
    "postgresql operator",
    "postgresql external",
  ],
  environments: [
    "prod",
    "dev, prod",
    "dev, staging, prod",
    "east, west",
    "dev",
    "staging",
    "dev, prod in 2 clusters",
  ],
  implementation: [...GATEWAYS],
  gateway: ["shared", "own", "listener-set"],
  counting: ["default", "local"],
  loadBalancer: ["none", "azure", "aws", "gcp"],
  trustedHops: ["0", "2"],
  https: ["yes", "no"],
  certManager: ["ClusterIssuer", "Issuer", "off"],
  issuer: ["the platform's", "http01", "dns01", "ca"],
  policies: ["yes", "no"],
  flavour: ["kubernetes", "cilium"],
  mtls: ["off", "istio"],
  prometheus: ["operator", "plain"],
  namespaces: ["managed", "external"],
  backup: ["none", "bucket", "custom endpoint"],
  expose: ["no", "label", "path", "exact path", "rewritten path", "whole host", "domain", "several hosts"],
  rateLimit: ["none", "100/min", "10/s", "6000/h"],
  times: ["default", "given", "stream"],
  body: ["any", "limited", "buffered"],
  compression: ["no", "yes"],
  headers: ["default", "none", "own"],
  affinity: ["none", "cookie", "client-ip"],
  cors: ["no", "yes"],
  allow: ["no", "yes"],
  secret: ["no", "yes"],
  mirrors: ["no", "yes"],
  reloader: ["present", "off"],
  path: [".", "stacks/shop"],
  quota: ["default", "explicit"],
  scaling: ["no", "cpu", "cpu and memory", "times", "events"],
  vertical: ["no", "Off", "InPlaceOrRecreate"],
  nodes: ["any", "gke spot", "karpenter spot", "arm64"],
  hostUsers: ["yes", "no"],
  policy: ["validating-admission-policy", "kyverno", "none"],
  exceptions: ["no", "yes"],
  second: ["no", "yes"],
  argocd: ["set", "set by hand", "application", "windows"],
  previews: ["no", "github", "gitlab"],
  upkeep: ["by hand", "pull requests", "projen"],
  catalog: ["declare", "reference"],
} as const;

export type Answers = { readonly [Factor in keyof typeof FACTORS]: (typeof FACTORS)[Factor][number] };

/** All pairs, and some of them again in other company: the order of the factors decides how pairs are put together. */
export function answerMatrix(): Answers[] {
  const factors = Object.entries(FACTORS).map(([name, values]) => [name, [...values] as string[]] as const);
  const [pairs = [], others = []] = [factors, [...factors].reverse()].map((ordered) =>
    make(Object.fromEntries(ordered), { sorter: sorters.hash }),
  );
  return [...pairs, ...others.slice(0, 18)] as unknown as Answers[];
}

const TIERS: Readonly<Record<string, string>> = {
  dev: "development",
  staging: "staging",
  prod: "production",
  east: "production",
  west: "production",
};

export function environmentsOf({ environments }: Answers): string[] {
  return environments.replace(" in 2 clusters", "").split(", ");
}

/** In how many clusters and namespaces the stack runs. */
export function placesOf(answers: Answers): number {
  return environmentsOf(answers).length + (answers.environments.endsWith("in 2 clusters") ? 1 : 0);
}

const ARGOCD: Readonly<Record<string, object>> = {
  set: {},
  "set by hand": { automated: false },
  application: { mode: "application" },
  windows: { syncWindows: { nights: { schedule: "0 22 * * *", duration: "8h", timeZone: "Europe/Berlin" } } },
};

/** What ends by itself has no replicas that a cluster could change. */
const clustersOf = (type: string) => ({
  one: {
    name: "prod-one",
    region: "eu-central-1",
    services: { shop: JOBS.includes(type) ? { retries: 4 } : { replicas: 4 } },
  },
  two: { server: "https://two.example.com", domain: "two.example.com", storageClass: "fast" },
});

const JOBS: readonly string[] = ["scheduled-job", "job"];
const UNEXPOSED: readonly string[] = [...JOBS, "worker", "load-generator"];

/** Ports of the main service; a worker has none, and Envoy an admin interface. */
function portsOf({ type, runtime }: Answers): object | undefined {
  if (JOBS.includes(type)) return undefined;
  const admin = runtime === "envoy" ? { admin: 9901 } : {};
  if (type === "worker" && runtime !== "envoy") return undefined;
  return { [type === "grpc-service" ? "grpc" : "http"]: 8080, ...admin };
}

/** What a type cannot be without. */
function typeFieldsOf({ type }: Answers): object {
  if (type === "scheduled-job")
    return { schedules: { daily: { cron: "0 2 * * *", timeZone: "Europe/Berlin" } } };
  if (type === "model") return { framework: "sklearn", storage: "s3://models/shop/1" };
  return {};
}

function podFieldsOf({ pod, type }: Answers): object {
  if (pod === "sidecar")
    return {
      containers: {
        beside: { kind: "sidecar", image: "ghcr.io/example-org/beside:1.0.0", ports: { side: 15000 } },
      },
    };
  if (pod === "files" && type !== "model")
    return { files: { "/etc/a.yaml": { content: "a: 1\n" }, "/etc/b.yaml": { from: "config/b.yaml" } } };
  if (pod === "volumes")
    return {
      volumes: {
        cache: { emptyDir: "1Gi", mount: "/cache" },
        data: { claim: "1Gi", mode: "ReadWriteMany", mount: "/data" },
      },
    };
  return {};
}

export function isExposed({ expose, type }: Answers): boolean {
  return expose !== "no" && !UNEXPOSED.includes(type);
}

function exposeOf(answers: Answers): object | undefined {
  if (!isExposed(answers)) return undefined;
  const { expose, rateLimit, allow, affinity, times, type } = answers;
  const isHttp = type !== "grpc-service";
  const path = isHttp ? "/api/v1" : "/shop.v1.Orders";
  return {
    ...(expose === "label" && { host: "shop" }),
    ...(expose === "several hosts" && { host: "shop", aliases: ["www", "shop.example.org"] }),
    ...(expose.endsWith("path") && { host: "shop", path }),
    ...(expose === "whole host" && { host: "shop.example.net" }),
    ...(rateLimit !== "none" && { rateLimit }),
    ...(allow === "yes" && { allow: ["10.0.0.0/8", "192.168.0.0/16"] }),
    ...(affinity !== "none" && { affinity }),
    ...(times === "given" && { timeout: "20s", idleTimeout: "5m" }),
    ...(isHttp && httpAnswersOf(answers)),
  };
}

function httpAnswersOf({ expose, cors, body, times, compression, headers }: Answers): object {
  const isStream = times === "stream";
  return {
    ...(expose === "exact path" && { match: "exact" }),
    ...(expose === "rewritten path" && { rewrite: "/" }),
    ...(cors === "yes" && { cors: { origins: ["https://app.example.com"], methods: ["GET", "POST"] } }),
    ...(isStream && { streaming: true }),
    ...(body !== "any" && !isStream && { maxBody: "10Mi" }),
    ...(body === "buffered" && !isStream && { buffering: true }),
    ...(compression === "yes" && { compression: true }),
    ...(headers === "own" && { headers: { "X-Frame-Options": "SAMEORIGIN", "X-Own": "yes" } }),
    ...(headers === "none" && { headers: Object.fromEntries(HEADERS.map((name) => [name, null])) }),
  };
}

const HEADERS = [
  "Referrer-Policy",
  "Strict-Transport-Security",
  "X-Content-Type-Options",
  "X-Frame-Options",
] as const;

/** Only Envoy Gateway can be anything but the platform's. */
function gatewayOf(answers: Answers): object {
  const { implementation, gateway, https, counting, loadBalancer, trustedHops } = answers;
  return {
    implementation,
    ...(implementation === "envoy-gateway" && { mode: gateway }),
    https: https === "yes",
    ...(counting === "local" && { rateLimitScope: "local" }),
    ...(loadBalancer !== "none" && { loadBalancer: { internal: loadBalancer } }),
    trustedHops: Number(trustedHops),
  };
}

/** An issuer of the stack's own needs the certificate beside the routes. */
function certManagerOf({ certManager, issuer, implementation, gateway }: Answers): object {
  if (certManager === "off") return { mode: "off" };
  const isShared = implementation === "envoy-gateway" && gateway === "shared";
  if (issuer === "the platform's" || isShared) return { issuer: "main", issuerKind: certManager };
  if (issuer === "ca") return { issuer: "company", ca: { secret: "company-ca" } };
  const dns01 = issuer === "dns01" && { dns01: { cloudDNS: { project: "example-dns" } } };
  return { issuer: "letsencrypt", acme: { email: "ops@example.com", ...dns01 } };
}

function secretsOf({ secret, issuer }: Answers): object {
  const secrets = {
    ...(secret === "yes" && { shop: { keys: ["token"] } }),
    ...(issuer === "ca" && { "company-ca": { keys: ["tls.crt", "tls.key"] } }),
  };
  return Object.keys(secrets).length === 0 ? {} : { secrets };
}

function scalingOf({ scaling }: Answers): object | undefined {
  if (scaling === "no") return undefined;
  if (scaling === "events")
    return {
      min: 2,
      max: 5,
      cpu: null,
      memory: null,
      triggers: { load: { prometheus: { query: "up", threshold: 1 } } },
    };
  return {
    min: 2,
    max: 5,
    cpu: 70,
    memory: scaling === "cpu and memory" ? 80 : null,
    ...(scaling === "times" && {
      triggers: { day: { cron: { start: "0 8 * * *", end: "0 9 * * *", replicas: 4 } } },
    }),
  };
}

/** A size that moves minds what no other scaler counts. */
function verticalOf({ vertical, scaling }: Answers): object | undefined {
  if (vertical === "no") return undefined;
  if (vertical === "Off" || scaling === "no") return { mode: "Off" };
  const resources = scaling === "events" ? ["cpu", "memory"] : ["memory"];
  return scaling === "cpu and memory" ? { mode: "Off", resources } : { mode: vertical, resources };
}

function placementOf({ nodes, type, pod }: Answers): object | undefined {
  // What owns volumes may not go to spot nodes.
  const ownsData = type === "stateful-service" || pod === "volumes";
  if (nodes === "any" || (nodes.endsWith("spot") && ownsData)) return undefined;
  if (nodes === "arm64")
    return { architecture: "arm64", tolerations: [{ key: "arch", effect: "NoSchedule" }] };
  return { spot: true, nodeSelector: { pool: "spot" } };
}

function servicesOf(answers: Answers): object {
  const { type, datastore, secret, second } = answers;
  // A job asks no admin interface.
  const runtime = answers.runtime === "envoy" && JOBS.includes(type) ? "generic" : answers.runtime;
  const uses = { ...(datastore !== "none" && { store: {} }), ...(second === "yes" && { helper: {} }) };
  return {
    shop: {
      type,
      runtime,
      ...(type !== "model" && { image: "ghcr.io/example-org/shop:1.2.3" }),
      ...(portsOf(answers) && { ports: portsOf(answers) }),
      ...typeFieldsOf(answers),
      ...podFieldsOf(answers),
      ...(Object.keys(uses).length > 0 && { uses }),
      ...(isExposed(answers) && { expose: exposeOf(answers) }),
      ...(secret === "yes" && { env: { TOKEN: { secret: "shop", key: "token" }, MODE: "strict" } }),
      ...(scalingOf(answers) && !JOBS.includes(type) && { scaling: scalingOf(answers) }),
      ...(verticalOf(answers) && { vertical: verticalOf(answers) }),
      ...(placementOf(answers) && { placement: placementOf(answers) }),
      ...(answers.hostUsers === "no" && { hostUsers: false }),
    },
    ...(second === "yes" && {
      helper: {
        type: "web-api",
        runtime: "go",
        image: "ghcr.io/example-org/helper:2.0.0",
        ports: { http: 9000 },
      },
    }),
  };
}

function environmentOf(name: string, { type, expose, environments }: Answers): object {
  // Two environments of one tier cannot share a host that is given whole.
  const server = environments === "east, west" ? `https://${name}.example.com:6443` : undefined;
  const domain = expose === "domain" ? `${name}.internal.example.com` : `${name}.example.com`;
  const clusters = name === "prod" && environments.endsWith("in 2 clusters") ? clustersOf(type) : undefined;
  return { tier: TIERS[name], domain, ...(server && { server }), ...(clusters && { clusters }) };
}

const UPKEEP: Readonly<Record<Answers["upkeep"], object>> = {
  "by hand": {},
  "pull requests": { upkeep: { pullRequests: true, schedule: "0 6 1 * *" } },
  projen: { upkeep: { door: "projen" } },
};

/** Whether the answers give previews, which have a project, a set and a namespace of their own. */
export function hasPreviews(answers: Answers): boolean {
  return Object.keys(previewsOf(answers)).length > 0;
}

/** Of a service whose image somebody builds: KServe has its own for models. */
function previewsOf({ previews, type, second, datastore, https }: Answers): object {
  const built = [...(type === "model" ? [] : ["shop"]), ...(second === "yes" ? ["helper"] : [])];
  if (previews === "no" || built.length === 0) return {};
  const where =
    previews === "github"
      ? { github: { owner: "example-org", repo: "shop" }, token: { secret: "github-token", key: "token" } }
      : { gitlab: { project: "example-org/shop", api: "https://gitlab.example.com" }, tag: "mr-{short-sha}" };
  return {
    previews: {
      domain: "preview.example.com",
      server: "https://previews.example.com:6443",
      repositories: { shop: { ...where, services: built } },
      gateway: { https: https === "yes" },
      ...(datastore.endsWith("external") && { datastores: { store: { host: "data.preview.example.com" } } }),
    },
  };
}

/** The text of a prod-stack.yaml. */
export function specOf(answers: Answers, name: string): string {
  const { datastore, policies, flavour, prometheus, namespaces, backup } = answers;
  const [engine, kind] = datastore.split(" ");
  const ways: Readonly<Record<string, object>> = {
    operator: { mode: "operator" },
    external: { mode: "external", host: "data.example.com" },
  };
  const s3 = {
    bucket: "shop-backups",
    ...(backup === "bucket"
      ? { region: "eu-central-1" }
      : { endpoint: "https://s3.example.com", prefix: "shop" }),
  };
  return stringify({
    apiVersion: "prod-stack/v1",
    name,
    owner: "shop-team",
    source: { url: "https://github.com/example-org/shop-deploy", path: answers.path },
    services: servicesOf(answers),
    ...(kind && { datastores: { store: { engine, ...(ways[kind] ?? { role: kind }) } } }),
    ...secretsOf(answers),
    environments: Object.fromEntries(
      environmentsOf(answers).map((environment) => [environment, environmentOf(environment, answers)]),
    ),
    gateway: gatewayOf(answers),
    certManager: certManagerOf(answers),
    network: { policies: policies === "yes", flavour, mtls: answers.mtls, apiServer: ["10.0.0.1/32"] },
    monitoring: { prometheus },
    namespaces,
    catalog: answers.catalog,
    ...(backup !== "none" && { backup: { store: { s3 } } }),
    ...(answers.mirrors === "yes" && {
      registries: { "docker.io": "mirror.example.com/docker", "ghcr.io": "mirror.example.com/ghcr" },
    }),
    ...(answers.nodes.endsWith("spot") && { nodes: { spot: answers.nodes.split(" ")[0] } }),
    policy: { engine: answers.policy, ...(answers.scaling === "cpu" && { action: "warn" }) },
    ...(answers.exceptions === "yes" && {
      exceptions: {
        CKV_K8S_43: { reason: "no digest, yet", owner: "shop-team", expires: "2027-03-01" },
        "exact-images": { reason: "moving tags", owner: "shop-team", expires: "2027-03-01", on: ["shop"] },
      },
    }),
    argocd: ARGOCD[answers.argocd],
    ...previewsOf(answers),
    ...UPKEEP[answers.upkeep],
    reloader: answers.reloader,
    ...(answers.quota === "explicit" && {
      quota: { requests: { cpu: "40", memory: "80Gi" }, limits: { cpu: "80", memory: "160Gi" }, pods: 100 },
    }),
  });
}
