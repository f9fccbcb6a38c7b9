// Owns: the stack of these tests, as files on disk.
// Promises: rendered from the templates of this working tree, whether or not the package was built.
// Must not: hold expectations.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { lowerAll } from "../../projenrc/build/template-module.js";
import { capabilities as all, indexes as allIndexes } from "../../src/capabilities/index.js";
import type { FileTree } from "../../src/render/file-tree.js";
import { renderTree } from "../../src/render/render-tree.js";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";

const templates = lowerAll(join(import.meta.dirname, "../../templates"));

export const RATE_LIMITER = `
apiVersion: prod-stack/v1
name: rate-limiter
source: { url: https://github.com/example-org/rate-limiter-deploy }
services:
  rate-limiter: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/rate-limiter:1.2.3, ports: { http: 8080 }, uses: { redis: {} }, expose: { host: rate-limiter } }
datastores:
  redis: { engine: redis, version: "7.4", role: store, storage: 8Gi, backup: { schedule: "0 2 * * *", retention: 30d } }
environments:
  dev: { tier: development, domain: dev.example.com, backup: { store: null } }
  prod: { tier: production, domain: example.com, namespace: rate-limiter }
backup: { store: { s3: { bucket: backups, region: eu-central-1, endpoint: "https://s3.example.com" } } }
`;

/** Several services and datastores, in a directory of a larger repository; backups differ by environment. */
export const SHOP = `
apiVersion: prod-stack/v1
name: shop
source: { url: https://github.com/example-org/deploys, path: stacks/shop }
services:
  api: { type: web-api, runtime: nodejs, image: ghcr.io/example-org/api:1.4.2, ports: { http: 3000 }, uses: { sessions: {}, cache: {} }, expose: { host: api } }
  worker: { type: worker, runtime: go, image: ghcr.io/example-org/worker:1.0.0, uses: { sessions: {} } }
datastores:
  sessions: { engine: valkey, role: store, storage: 4Gi, backup: { schedule: "*/30 * * * *", timeZone: Europe/Berlin, retention: 14d } }
  cache: { engine: redis, role: cache }
environments:
  dev: { tier: development, domain: dev.example.com }
  staging: { tier: staging, domain: staging.example.com, promotesFrom: dev, backup: { store: { s3: { bucket: shop-staging, endpoint: "https://s3.staging.example.com" } } }, datastores: { sessions: { backup: { schedule: "0 4 * * *" } } } }
  prod: { tier: production, domain: example.com, promotesFrom: staging, backup: { store: { s3: { bucket: shop-prod, region: eu-central-1, credentials: backup-writer } } }, secrets: { backup-writer: { keys: [access-key-id, secret-access-key] } }, registries: { ghcr.io: mirror.example.com/ghcr }, pullSecrets: [regcred] }
secrets: { backup-writer: { keys: [access-key-id, secret-access-key] } }
`;

/** What backup, recovery and deployment work on; a fault in another capability is for that one's tests. */
const NEEDED = ["workload", "datastore", "secrets", "network-policy", "backup", "delivery", "platform"];
const capabilities = all.filter(({ id }) => NEEDED.includes(id));
const indexes = allIndexes.filter(({ id }) => id === "kustomizations");

export function renderSpec(spec: string): FileTree {
  const stack = resolveStack(parseSpec(spec), { generator: "0.1.0" });
  return renderTree(stack, { templates, capabilities, indexes });
}

/** Writes a tree below `directory`. */
export function writeTree(tree: FileTree, directory: string): void {
  for (const { path, contents, mode } of tree) {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
    chmodSync(target, mode);
  }
}
