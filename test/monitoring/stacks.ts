// Owns: the stacks of these tests, and their rendered files.
// Promises: rendered from the templates of this working tree, whether or not the package was built.
// Must not: hold expectations.
import { join } from "node:path";
import { lowerAll } from "../../projenrc/build/template-module.js";
import { renderTree } from "../../src/render/render-tree.js";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";
import type { Stack } from "../../src/stack/stack.js";

const templates = lowerAll(join(import.meta.dirname, "../../templates"));

/** The rate limiter of the seeds. */
export const RATE_LIMITER = `
apiVersion: prod-stack/v1
name: rate-limiter
owner: platform-team
source: { url: https://github.com/example-org/rate-limiter-deploy, revision: main }
services:
  rate-limiter: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/rate-limiter:1.2.3, ports: { http: 8080 }, uses: { redis: {} }, expose: { host: rate-limiter, rateLimit: 100/min } }
datastores:
  redis: { engine: redis, version: "7.4", role: store, storage: 8Gi, backup: { schedule: "0 2 * * *", retention: 30d } }
environments:
  dev: { tier: development, domain: dev.example.com }
  prod: { tier: production, namespace: rate-limiter, domain: example.com }
backup: { store: { s3: { bucket: rate-limiter-backups, region: eu-central-1 } } }
`;

/** Everything at once: own metrics and the gateway's, a store and a cache, receivers, three tiers, a directory of its own. */
export const SHOP = `
apiVersion: prod-stack/v1
name: shop
owner: shop-team
source: { url: "git@gitlab.example.com:teams/deploys.git", revision: release, path: stacks/shop }
services:
  api: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/api:1.4.2, ports: { http: 8080 }, uses: { redis: {}, cache: {}, mail: {} }, expose: { host: shop, path: /api } }
  web: { type: web-frontend, runtime: nginx, image: ghcr.io/example-org/web:1.0.0, ports: { http: 8080 }, uses: { api: {} }, expose: { host: shop } }
  worker: { type: worker, runtime: go, image: ghcr.io/example-org/worker:2.0.0, uses: { redis: {} } }
  ledger: { type: stateful-service, image: ghcr.io/example-org/ledger:1.0.0 }
  report: { type: scheduled-job, image: ghcr.io/example-org/report:1.0.0, schedules: { daily: { cron: "0 4 * * *" } } }
datastores:
  redis: { engine: redis, role: store, storage: 8Gi, backup: { schedule: "0 2 * * *" } }
  cache: { engine: valkey, role: cache }
externals: { mail: { host: smtp.example.net, port: 587 } }
secrets: { alerting: { keys: [page-url, ticket-url] } }
monitoring:
  labels: { team: monitoring }
  receivers: { page: { webhook: { secret: alerting, key: page-url } }, ticket: { webhook: { secret: alerting, key: ticket-url } } }
environments:
  dev: { tier: development, domain: dev.example.com }
  staging: { tier: staging, domain: staging.example.com, server: "https://staging.example.com" }
  prod: { tier: production, namespace: shop, domain: example.com }
backup: { store: { s3: { bucket: shop-backups } } }
`;

/** The same without the Prometheus Operator. */
export const PLAIN_SHOP = SHOP.replace("monitoring:\n", "monitoring:\n  prometheus: plain\n");

/** SQL databases: servers of the stack's own, a cluster of an operator, and one that runs elsewhere. */
export const SQL = `
apiVersion: prod-stack/v1
name: shop
source: { url: https://github.com/example-org/shop-deploy }
network: { apiServer: [10.0.0.1/32] }
services:
  api: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/api:1.4.2, ports: { http: 8080 }, uses: { orders: {}, ledger: {}, old: {}, accounts: {} } }
datastores:
  accounts: { engine: mariadb }
  orders: { engine: postgresql }
  ledger: { engine: postgresql, mode: operator }
  old: { engine: postgresql, mode: external, host: db.example.com }
environments:
  dev: { tier: development, domain: dev.example.com, monitoring: { prometheus: plain } }
  prod: { tier: production, namespace: shop, domain: example.com, datastores: { ledger: { backup: { schedule: "0 3 * * *" } } } }
backup: { store: { s3: { bucket: shop-backups } } }
`;

/** One service, no port, no datastore. */
export const WORKER = `
apiVersion: prod-stack/v1
name: hello
source: { url: "ssh://git@git.example.com:2222/teams/hello.git" }
services: { hello: { type: worker, image: ghcr.io/example-org/hello:1 } }
environments: { prod: { tier: production, domain: example.com } }
`;

/** Fifty services and ten datastores. */
export const MANY = `
apiVersion: prod-stack/v1
name: many
source: { url: https://github.com/example-org/many }
services:
${Array.from({ length: 50 }, (_, index) => `  service-${index}: { type: web-api, runtime: ${index % 2 ? "spring-boot" : "nginx"}, image: "ghcr.io/example-org/service-${index}:1", ports: { http: 8080 }, expose: { host: many, path: /service-${index} }, replicas: 1 }`).join("\n")}
datastores:
${Array.from({ length: 10 }, (_, index) => `  store-${index}: { engine: redis, role: store, storage: 1Gi, backup: {} }`).join("\n")}
environments:
  dev: { tier: development, domain: dev.example.com }
  prod: { tier: production, domain: example.com }
backup: { store: { s3: { bucket: many } } }
`;

/** Message brokers and a document store in the shop's namespace. */
export const BROKERS = `
apiVersion: prod-stack/v1
name: shop
owner: shop-team
source: { url: https://github.com/example-org/shop }
network: { apiServer: [10.0.0.1/32] }
services:
  api: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/api:1.4.2, ports: { http: 8080 }, uses: { queue: {}, documents: {} } }
  worker: { type: worker, runtime: go, image: ghcr.io/example-org/worker:2.0.0, uses: { queue: {}, documents: {}, log: {} } }
datastores:
  log: { engine: kafka, mode: operator }
  queue: { engine: rabbitmq }
  documents: { engine: mongodb }
environments:
  dev: { tier: development, domain: dev.example.com }
  staging: { tier: staging, domain: staging.example.com, datastores: { queue: { mode: external, host: mq.example.com } } }
  prod: { tier: production, namespace: shop, domain: example.com }
`;

/** The shop without what can be switched off. */
export const REDUCED = `${SHOP}capabilities: { backup: false, exposure: false, network-policy: false }\n`;

export const STACKS = { RATE_LIMITER, SHOP, PLAIN_SHOP, WORKER, MANY, REDUCED, SQL, BROKERS } as const;

const stacks = new Map<string, Stack>();
const trees = new Map<string, ReadonlyMap<string, string>>();

/** Worked out once for each spec. */
export function resolved(spec: string): Stack {
  const stack = stacks.get(spec) ?? resolveStack(parseSpec(spec), { generator: "0.1.0" });
  stacks.set(spec, stack);
  return stack;
}

/** Path → contents of every file. */
export function rendered(spec: string): ReadonlyMap<string, string> {
  const tree =
    trees.get(spec) ??
    new Map(renderTree(resolved(spec), { templates }).map(({ path, contents }) => [path, contents]));
  trees.set(spec, tree);
  return tree;
}
