// Owns: pairs of all answers of prod-stack.yaml, as stacks.
// Promises: each pair of answers stands in some stack together; the same stacks in every run.
// Must not: know what is generated.

import { make, sorters } from "covertable";
import { stringify } from "yaml";

const FACTORS = {
  type: ["web-api", "web-frontend", "grpc-service", "worker"],
  runtime: ["spring-boot", "dotnet", "nodejs", "go", "python", "nginx", "generic"],
  datastore: [
    "none",
    "redis store",
    "redis cache",
    "valkey store",
    "valkey cache",
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
  gateway: ["shared", "own", "listener-set"],
  https: ["yes", "no"],
  certManager: ["ClusterIssuer", "Issuer", "off"],
  policies: ["yes", "no"],
  prometheus: ["operator", "plain"],
  namespaces: ["managed", "external"],
  backup: ["none", "bucket", "custom endpoint"],
  expose: ["no", "label", "path", "whole host", "domain"],
  rateLimit: ["none", "100/min", "10/s", "5000/h"],
  cors: ["no", "yes"],
  allow: ["no", "yes"],
  secret: ["no", "yes"],
  mirrors: ["no", "yes"],
  reloader: ["present", "off"],
  path: [".", "stacks/shop"],
  quota: ["default", "explicit"],
  scaling: ["no", "cpu", "cpu and memory"],
  second: ["no", "yes"],
  argocd: ["set", "set by hand", "application", "windows"],
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

const CLUSTERS = {
  one: { name: "prod-one", region: "eu-central-1", services: { shop: { replicas: 4 } } },
  two: { server: "https://two.example.com", domain: "two.example.com", storageClass: "fast" },
};

export function isExposed({ expose, type }: Answers): boolean {
  return expose !== "no" && type !== "worker";
}

function exposeOf(answers: Answers): object | undefined {
  if (!isExposed(answers)) return undefined;
  const { expose, rateLimit, cors, allow } = answers;
  return {
    ...(expose === "label" && { host: "shop" }),
    ...(expose === "path" && { host: "shop", path: "/api/v1" }),
    ...(expose === "whole host" && { host: "shop.example.net" }),
    ...(rateLimit !== "none" && { rateLimit }),
    ...(cors === "yes" && { cors: { origins: ["https://app.example.com"], methods: ["GET", "POST"] } }),
    ...(allow === "yes" && { allow: ["10.0.0.0/8", "192.168.0.0/16"] }),
  };
}

function scalingOf({ scaling }: Answers): object | undefined {
  if (scaling === "no") return undefined;
  return { min: 2, max: 5, cpu: 70, ...(scaling === "cpu and memory" && { memory: 80 }) };
}

function servicesOf(answers: Answers): object {
  const { type, runtime, datastore, secret, second } = answers;
  const uses = { ...(datastore !== "none" && { store: {} }), ...(second === "yes" && { helper: {} }) };
  return {
    shop: {
      type,
      runtime,
      image: "ghcr.io/example-org/shop:1.2.3",
      ...(type !== "worker" && { ports: { [type === "grpc-service" ? "grpc" : "http"]: 8080 } }),
      ...(Object.keys(uses).length > 0 && { uses }),
      ...(isExposed(answers) && { expose: exposeOf(answers) }),
      ...(secret === "yes" && { env: { TOKEN: { secret: "shop", key: "token" }, MODE: "strict" } }),
      ...(scalingOf(answers) && { scaling: scalingOf(answers) }),
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

function environmentOf(name: string, { expose, environments }: Answers): object {
  // Two environments of one tier cannot share a host that is given whole.
  const server = environments === "east, west" ? `https://${name}.example.com:6443` : undefined;
  const domain = expose === "domain" ? `${name}.internal.example.com` : `${name}.example.com`;
  const clusters = name === "prod" && environments.endsWith("in 2 clusters") ? CLUSTERS : undefined;
  return { tier: TIERS[name], domain, ...(server && { server }), ...(clusters && { clusters }) };
}

/** The text of a prod-stack.yaml. */
export function specOf(answers: Answers, name: string): string {
  const { datastore, gateway, https, certManager, policies, prometheus, namespaces, backup } = answers;
  const [engine, kind] = datastore.split(" ");
  const ways: Readonly<Record<string, object>> = {
    operator: { mode: "operator" },
    external: { mode: "external", host: "db.example.com" },
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
    ...(answers.secret === "yes" && { secrets: { shop: { keys: ["token"] } } }),
    environments: Object.fromEntries(
      environmentsOf(answers).map((environment) => [environment, environmentOf(environment, answers)]),
    ),
    gateway: { mode: gateway, https: https === "yes" },
    certManager: certManager === "off" ? { mode: "off" } : { issuer: "main", issuerKind: certManager },
    network: { policies: policies === "yes", apiServer: ["10.0.0.1/32"] },
    monitoring: { prometheus },
    namespaces,
    ...(backup !== "none" && { backup: { store: { s3 } } }),
    ...(answers.mirrors === "yes" && {
      registries: { "docker.io": "mirror.example.com/docker", "ghcr.io": "mirror.example.com/ghcr" },
    }),
    argocd: ARGOCD[answers.argocd],
    reloader: answers.reloader,
    ...(answers.quota === "explicit" && {
      quota: { requests: { cpu: "40", memory: "80Gi" }, limits: { cpu: "80", memory: "160Gi" }, pods: 100 },
    }),
  });
}
