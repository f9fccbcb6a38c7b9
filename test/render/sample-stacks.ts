// Owns: the stacks that tests of this room and of src/capabilities build with the real Kustomize.
// Promises: every type, runtime, engine, role, tier and gateway mode; overrides, removals and exposure in one environment only.
// Must not: be examples for people; examples/ is.

const head = (name: string) =>
  `apiVersion: prod-stack/v1\nname: ${name}\nsource: { url: "https://github.com/example-org/${name}" }\n`;

const ENVIRONMENTS = `environments:
  dev: { tier: development, domain: dev.example.com }
  prod: { tier: production, domain: example.com }
`;

/** Services that together give every answer of `expose`. */
const EVERY_ANSWER = `
services:
  one:
    type: web-api
    runtime: go
    image: ghcr.io/example-org/one:1.0.0
    ports: { http: 8080 }
    uses: { fx: {}, data: {} }
    apiAccess: true
    expose:
      host: one
      aliases: [www.example.org, "*.one.example.org"]
      path: /api/v1
      rewrite: /
      rateLimit: 100/min
      timeout: 30s
      idleTimeout: 5m
      maxBody: 10Mi
      compression: true
      allow: [10.0.0.0/8, "fd00::/8"]
      affinity: cookie
      contentSecurityPolicy: "default-src 'self'"
      headers: { Permissions-Policy: "camera=()", Referrer-Policy: no-referrer }
      cors: { origins: ["https://app.example.com", "https://*.example.org"], headers: [X-Token], exposedHeaders: [X-Total], credentials: true }
  two: { type: web-frontend, runtime: nginx, image: ghcr.io/example-org/two:1.0.0, ports: { http: 8080 }, expose: { host: one, path: /two, rewrite: /inner, streaming: true } }
  three: { type: grpc-service, runtime: go, image: ghcr.io/example-org/three:1.0.0, ports: { grpc: 9000 }, expose: { host: rpc, path: /shop.v1.Orders, rateLimit: 5/s, timeout: 20s, allow: [203.0.113.0/24] } }
datastores: { data: { engine: valkey } }
externals: { fx: { host: api.exchange.example } }
backup: { store: { s3: { bucket: backups, region: eu-central-1 } } }
network: { apiServer: [10.0.0.1/32], ipv6: true }
`;

/** Specs by name. */
export const SAMPLE_STACKS: Readonly<Record<string, string>> = {
  smallest: `${head("hello")}
services:
  hello: { type: web-api, runtime: nodejs, image: ghcr.io/example-org/hello:1.4.2, ports: { http: 3000 }, expose: { host: hello } }
${ENVIRONMENTS}`,

  limiter: `${head("rate-limiter")}
services:
  rate-limiter:
    type: web-api
    runtime: spring-boot
    image: ghcr.io/example-org/limiter:1.2.3
    ports: { http: 8080 }
    uses: { redis: {} }
    expose: { host: rate-limiter, rateLimit: 100/min, allow: [203.0.113.0/24], timeout: 30s }
    env: { RATE_LIMIT_DEFAULT: "100" }
datastores:
  redis: { engine: redis, version: "7.4", role: store, backup: { schedule: "0 2 * * *", retention: 30d } }
secrets: { rate-limiter: { store: team-vault, path: kv/rate-limiter, keys: [redis-password] } }
backup: { store: { s3: { bucket: limiter-backups, region: eu-central-1 } } }
environments:
  dev: { tier: development, domain: dev.example.com, services: { rate-limiter: { env: { RATE_LIMIT_DEFAULT: "100000" } } } }
  prod: { tier: production, namespace: rate-limiter, domain: example.com }
`,

  shop: `${head("shop")}
owner: shop-team
network: { apiServer: [10.0.0.1/32], nodeLocalDns: true }
registries: { docker.io: mirror.example.com/docker }
services:
  web: { type: web-frontend, runtime: nginx, image: docker.io/example/web:2.0.0, ports: { http: 8080 }, uses: { api: {} }, expose: { host: www, path: / } }
  api:
    type: web-api
    runtime: dotnet
    image: ghcr.io/example-org/api:1.0.0
    ports: { http: 8080, admin: 9090 }
    uses: { auth: { port: grpc }, cache: {}, orders: {}, fx: { env: { host: FX_HOST, url: FX_URL } }, legacy: {} }
    expose: { host: www, path: /api, cors: { origins: ["https://www.example.com"] }, contentSecurityPolicy: "default-src 'self'" }
    env: { TOKEN_FILE: /run/token, KEY: { secret: api, key: api-key } }
  auth: { type: grpc-service, runtime: go, image: ghcr.io/example-org/auth:0.9.0, ports: { grpc: 9000, http: 8081 }, uses: { cache: {} } }
  mailer: { type: worker, runtime: python, image: ghcr.io/example-org/mailer:3.1.0, uses: { orders: {} }, apiAccess: true, user: 2000 }
datastores:
  cache: { engine: valkey, role: cache, storage: 2Gi }
  orders: { engine: redis, storageClass: fast }
externals: { fx: { host: api.exchange.example }, legacy: { host: legacy.example.net, port: 8443 } }
secrets: { api: { keys: [api-key] } }
environments:
  dev: { tier: development, domain: dev.example.com, network: { policies: true } }
  staging: { tier: staging, domain: staging.example.com, promotesFrom: dev, backup: { store: { s3: { bucket: shop-backups, endpoint: "https://s3.example.com:9000" } } } }
  prod: { tier: production, domain: example.com, promotesFrom: staging, backup: { store: { s3: { bucket: shop-backups } } } }
`,

  gateways: `${head("gates")}
gateway: { mode: own, class: envoy }
services:
  one: { type: web-api, runtime: go, image: ghcr.io/example-org/one, ports: { http: 80 }, expose: { host: one } }
  two: { type: grpc-service, runtime: generic, image: ghcr.io/example-org/two, ports: { grpc: 9000 }, expose: { host: two.example.org } }
environments:
  dev: { tier: development, domain: dev.example.com }
  stage: { tier: staging, domain: stage.example.com, gateway: { mode: listener-set }, certManager: { issuer: own, acme: { email: ops@example.com } } }
  prod: { tier: production, domain: example.com, certManager: { mode: off } }
`,

  traefik: `${head("trae")}
gateway: { implementation: traefik, trustedHops: 1 }
${EVERY_ANSWER}
environments:
  dev: { tier: development, domain: dev.example.com, network: { policies: true } }
  prod: { tier: production, domain: example.com, services: { two: { expose: { match: exact, rewrite: null, headers: { X-Frame-Options: null, X-Own: "a: b" } } } } }
previews:
  domain: preview.example.com
  server: "https://previews.example.com:6443"
  label: "env: preview"
  lifetime: 12h
  repositories: { code: { gitlab: { project: example-org/code, api: "https://gitlab.example.com" }, token: { secret: gitlab-token, key: token }, services: [one, two, three], tag: "mr-{short-sha}" } }
  gateway: { https: true }
`,

  nginx: `${head("engine")}
gateway: { implementation: ingress-nginx }
${EVERY_ANSWER}
environments:
  dev: { tier: development, domain: dev.example.com, network: { policies: true }, services: { one: { expose: { rateLimit: 600/h, affinity: client-ip } } } }
  prod: { tier: production, domain: example.com, certManager: { mode: off }, gateway: { class: inner, proxyNamespace: edge, proxyLabels: { app: nginx, app.kubernetes.io/name: null } } }
previews:
  domain: preview.example.com
  name: previews
  repositories:
    one: { github: { owner: example-org, repo: one }, services: [one] }
    two: { gitlab: { project: "12345" }, services: [two] }
  gateway: { https: true }
`,

  envoy: `${head("envoy")}
gateway: { mode: own, class: envoy, rateLimitScope: local, trustedHops: 2, loadBalancer: { internal: azure, annotations: { example.com/team: edge } } }
certManager: { issuer: acme, acme: { email: ops@example.com, dns01: { route53: { region: eu-central-1 } } } }
${EVERY_ANSWER}
environments:
  dev: { tier: development, domain: dev.example.com, network: { policies: true }, gateway: { mode: listener-set } }
  prod: { tier: production, domain: example.com, services: { one: { expose: { affinity: client-ip, cors: { maxAge: 1h } } } } }
`,

  moving: `${head("moving")}
gateway: { implementation: traefik }
${EVERY_ANSWER.replace("apiServer: [10.0.0.1/32], ipv6: true", "policies: true, flavour: cilium, nodeLocalDns: true")}
environments:
  dev: { tier: development, domain: dev.example.com, gateway: { implementation: ingress-nginx } }
  stage: { tier: staging, domain: stage.example.com }
  prod: { tier: production, domain: example.com, gateway: { implementation: envoy-gateway }, certManager: { acme: null }, externals: { fx: { host: prod.exchange.example } } }
`,

  lateexposure: `${head("late")}
services:
  api: { type: web-api, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }, expose: { host: api } }
  side: { type: web-api, image: ghcr.io/example-org/side:1.0.0, ports: { http: 8080 } }
  job: { type: worker, image: ghcr.io/example-org/job:1.0.0 }
environments:
  dev: { tier: development, domain: dev.example.com, services: { api: { expose: null } } }
  prod: { tier: production, domain: example.com, services: { side: { expose: { host: side } }, job: { ports: { http: 9999 }, metrics: { path: /metrics } } } }
`,

  removals: `${head("less")}
services:
  api: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }, uses: { redis: {}, extra: {} } }
  extra: { type: web-api, runtime: python, image: ghcr.io/example-org/extra:1.0.0, ports: { http: 8080 }, expose: { host: extra } }
datastores: { redis: { engine: redis } }
backup: { store: { s3: { bucket: less-backups } } }
environments:
  dev:
    tier: development
    domain: dev.example.com
    services: { api: { uses: { redis: null, extra: null }, env: { LOGGING_STRUCTURED_FORMAT_CONSOLE: "" } }, extra: null }
    datastores: { redis: null }
    backup: null
  prod: { tier: production, domain: example.com, services: { api: { probes: null, metrics: null, scaling: null, writable: null } } }
`,

  brokers: `${head("brokers")}
services:
  api: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }, uses: { queue: {}, documents: {} } }
  worker: { type: worker, runtime: go, image: ghcr.io/example-org/worker:1.0.0, uses: { documents: {},  queue: { env: { url: AMQP_URL } }, bus: {}, accounts: {}, events: {} } }
datastores:
  accounts: { engine: mysql }
  events: { engine: kafka, host: kafka-1.example.com, hosts: [kafka-2.example.com] }
  queue: { engine: rabbitmq }
  bus: { engine: rabbitmq, mode: external, host: mq.example.com }
  documents: { engine: mongodb, storageClass: fast }
environments:
  dev: { tier: development, domain: dev.example.com, datastores: { queue: { mode: external, host: mq.dev.example.com, tls: false }, accounts: { mode: external, host: sql.dev.example.com } } }
  staging: { tier: staging, domain: staging.example.com, network: { policies: true }, datastores: { queue: { role: cache }, documents: { mode: external, host: db.example.com } } }
  prod: { tier: production, domain: example.com }
  own: { tier: production, domain: example.org, promotesFrom: prod, server: "https://k8s.example.org:6443", datastores: { bus: { mode: statefulset, host: null, replicas: 1, storage: 20Gi } } }
`,
  kafka: `${head("log")}
network: { apiServer: [10.0.0.1/32] }
services:
  api: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }, uses: { events: {} } }
  worker: { type: worker, runtime: go, image: ghcr.io/example-org/worker:1.0.0, uses: { events: {}, audit: { env: { servers: AUDIT, password: AUDIT_PASSWORD } } } }
  web: { type: web-frontend, runtime: nginx, image: ghcr.io/example-org/web:1.0.0, ports: { http: 8080 } }
datastores:
  events: { engine: kafka, mode: operator, topics: { orders: { partitions: 6, retention: 7d }, state: { compact: true } } }
  audit: { engine: kafka, mode: operator, controllers: 0 }
environments:
  dev: { tier: development, domain: dev.example.com, datastores: { audit: { mode: external, host: kafka.example.com, controllers: null } } }
  staging: { tier: staging, domain: staging.example.com, storageClass: fast, datastores: { events: { storage: 50Gi, version: "4.2", topics: { state: null, orders: { partitions: 12 } } } } }
  prod: { tier: production, domain: example.com }
  eu: { tier: production, domain: eu.example.com, datastores: { events: { topics: null } } }
`,
  stores: `${head("stores")}
services:
  api: { type: web-api, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }, uses: { data: {}, cache: {} } }
datastores:
  data: { engine: redis, storage: 8Gi }
  cache: { engine: valkey, role: cache, storage: 1Gi }
backup: { store: { s3: { bucket: stores-backups } } }
secrets: { alerts: { keys: [page-url, ticket-url] } }
monitoring: { receivers: { page: { webhook: { secret: alerts, key: page-url } }, ticket: { webhook: { secret: alerts, key: ticket-url } } } }
environments:
  dev: { tier: development, domain: dev.example.com, datastores: { data: { role: cache, storage: 1Gi }, cache: { storage: 2Gi } } }
  big: { tier: production, domain: example.com, services: { api: { ports: { http: 8081, admin: 9090 } } }, datastores: { data: { backup: { schedule: "*/30 * * * *", retention: 2d }, storage: 64Gi, version: "8.0", resources: { requests: { memory: 4Gi }, limits: { memory: 4Gi } } } } }
`,

  reloaderless: `${head("plain")}
reloader: present
services: { api: { type: web-api, runtime: nodejs, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }, uses: { redis: {} } } }
datastores: { redis: { engine: redis } }
environments:
  dev: { tier: development, domain: dev.example.com, reloader: off }
  prod: { tier: production, domain: example.com, reloader: off, services: { api: { resources: { requests: { cpu: 100m, memory: 256Mi }, limits: { cpu: 500m, memory: 512Mi } } } } }
`,

  oddnames: `apiVersion: prod-stack/v1
name: n
source: { url: "git@gitlab.com:example-org/odd.git", path: stacks/odd, revision: release/1.0 }
namespaces: external
monitoring: { prometheus: plain }
services:
  yes: { type: web-api, image: registry.example.com:5000/team/yes:1.0, ports: { n: 8080 }, uses: { constructor: {}, "null": {} } }
  constructor: { type: web-api, image: registry.example.com:5000/team/c:1.0, ports: { http: 8080 }, env: { __proto__: x, toString: "y", NO: "no", N: "0777" } }
datastores: { "null": { engine: valkey } }
environments:
  true: { tier: staging, domain: example.com }
  off: { tier: production, domain: example.org, server: "https://k8s.example.com:6443" }
`,

  busy: `${head("busy")}
monitoring: { slo: { availability: 99.5 }, interval: { critical: 5s } }
pullSecrets: [registry]
services:
  a: { type: web-api, runtime: go, image: ghcr.io/example-org/a:1.0.0, ports: { http: 80 }, uses: { b: {} }, scaling: { min: 1, max: 2, memory: 60 }, writable: { /a/b: 1Gi, /a-b: 1Mi } }
  b: { type: web-api, runtime: python, image: ghcr.io/example-org/b:1.0.0, ports: { http: 80 }, uses: { c: {} }, priorityClass: high, command: [run, "--x={{7*7}}"], args: ["$(id)", ""] }
  c: { type: grpc-service, runtime: nodejs, image: ghcr.io/example-org/c:1.0.0, ports: { grpc: 81 }, shutdown: { delay: 1s, grace: 9s } }
  d: { type: worker, runtime: spring-boot, image: ghcr.io/example-org/d:1.0.0, uses: { a: {}, b: {}, c: {} }, replicas: 7 }
tiers: { production: { logLevel: warn, services: { d: { replicas: 2, scaling: null } } } }
${ENVIRONMENTS}`,

  scaled: `${head("scaled")}
nodes: { spot: gke }
priorityClasses: { high: { value: 1000, description: "what customers see" } }
exceptions:
  CKV_K8S_43: { reason: "no digest: released by tag", owner: platform, expires: 2027-03-01, on: [jobs] }
  KSV-0014: { reason: the vendor writes, owner: platform, expires: 2027-03-01 }
  container-image-tag: { reason: "it's old", owner: platform, expires: 2027-03-01, tool: kube-score }
  no-read-only-root-fs: { reason: the vendor writes, owner: platform, expires: 2027-03-01, tool: kube-linter, on: [sizer, queue] }
  read-only-root-file-system: { reason: the vendor writes, owner: platform, expires: 2027-03-01, on: [sizer] }
externals: { mq: { host: mq.example.com, port: 5672 }, log: { host: kafka.example.com, port: 9093 } }
secrets: { mq: { keys: [user, pass, uri] } }
datastores: { queue: { engine: redis } }
services:
  api: { type: web-api, runtime: go, image: ghcr.io/example-org/api:1.0.0, ports: { http: 80 }, expose: { host: api }, vertical: {}, hostUsers: false, priorityClass: high }
  heap: { type: web-api, runtime: dotnet, image: ghcr.io/example-org/heap:1.0.0, ports: { http: 80 } }
  sizer: { type: worker, image: ghcr.io/example-org/sizer:1.0.0, vertical: { mode: InPlaceOrRecreate, resources: [memory] }, scaling: { min: 2, max: 5, cpu: 70, memory: null } }
  jobs:
    type: worker
    image: ghcr.io/example-org/jobs:1.0.0
    uses: { queue: {}, mq: {} }
    placement: { spot: true, architecture: arm64, nodeSelector: { pool: batch }, tolerations: [{ key: dedicated, value: batch, effect: NoSchedule }, { key: any }] }
    scaling:
      min: 0
      max: 20
      cpu: 60
      memory: null
      up: { pods: 10, period: 30s }
      triggers:
        list: { redis: { from: queue, list: todo, length: 20 } }
        stream: { redis: { from: queue, stream: s, group: g, length: 20 } }
        mq: { rabbitmq: { from: mq, queue: q, length: 5, vhost: /, username: { secret: mq, key: user }, password: { secret: mq, key: pass } } }
        uri: { rabbitmq: { queue: q, length: 5, uri: { secret: mq, key: uri } } }
        log: { kafka: { from: log, topic: t, group: g, lag: 50, sasl: scram_sha512, tls: true, username: { secret: mq, key: user }, password: { secret: mq, key: pass } } }
        day: { cron: { start: "0 8 * * 1-5", end: "0 18 * * 1-5", timeZone: Europe/Berlin, replicas: 5 } }
        load: { prometheus: { query: 'sum(rate(x[5m]))', threshold: 100 } }
tiers: { production: { services: { api: { scaling: { down: { window: 10m, pods: 1, period: 2m } } } } } }
environments:
  dev: { tier: development, domain: dev.example.com, network: { policies: true }, services: { jobs: { scaling: null, placement: null }, sizer: { scaling: null, vertical: null }, api: { hostUsers: true, vertical: null } } }
  load:
    tier: production
    domain: load.example.com
    policy: { engine: kyverno, action: warn, images: digest }
    exceptions: { CKV_K8S_43: null }
    nodes: { spot: karpenter }
    services:
      jobs: { scaling: { min: 2, triggers: null }, placement: { nodeSelector: null, architecture: null, tolerations: [{ key: dedicated }] } }
      api: { scaling: { triggers: { day: { cron: { start: "0 8 * * *", end: "0 9 * * *", replicas: 5 } } } } }
      heap: { vertical: { mode: Initial, resources: [memory] } }
  prod: { tier: production, domain: example.com }
`,

  closed: `${head("closed")}
capabilities: { exposure: false, access: false }
network: { policies: true }
services: { api: { type: web-api, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }, expose: { host: api } } }
${ENVIRONMENTS}`,

  clusters: `${head("far")}
network: { apiServer: [10.0.0.1/32] }
services:
  api:
    type: web-api
    runtime: go
    image: ghcr.io/example-org/api:1.0.0
    ports: { http: 8080 }
    uses: { data: {}, cache: {}, worker: {} }
    expose: { host: api }
    env: { MODE: base, KEY: { secret: api, key: key } }
  worker: { type: web-api, runtime: python, image: docker.io/example/worker:1.0.0, ports: { http: 8080 } }
datastores:
  data: { engine: redis, storage: 4Gi }
  cache: { engine: valkey, role: cache, storage: 1Gi }
secrets: { api: { keys: [key] } }
backup: { store: { s3: { bucket: far-backups } } }
environments:
  dev: { tier: development, domain: dev.example.com }
  stage:
    tier: staging
    domain: stage.example.com
    promotesFrom: dev
    clusters: { one: { server: "https://one.example.com:6443" } }
  prod:
    tier: production
    domain: example.com
    promotesFrom: stage
    mesh: cilium-clustermesh
    services: { api: { env: { MODE: prod, LEVEL: high } } }
    storageClass: standard
    clusters:
      west: { name: prod-west, region: us-west-2, storageClass: gp3, services: { api: { env: { MODE: west }, replicas: 4 } } }
      east: { name: prod-east, region: us-east-1, domain: east.example.com, registries: { docker.io: mirror.example.com/docker } }
      north: { server: "https://north.example.com", services: { worker: null, api: { uses: { worker: null }, scaling: null } }, datastores: { cache: { role: store, storage: 2Gi } }, backup: null }
`,
  /** Every type of service, and everything that can be said of a pod; each kind in one environment only, too. */
  zoo: `${head("zoo")}
services:
  api:
    type: web-api
    runtime: dotnet
    image: ghcr.io/example-org/api:1.0.0
    ports: { http: 8080, admin: 9090 }
    env: { TOKEN: { secret: api, key: token } }
    files:
      /etc/app/app.yaml: { from: config/app.yaml }
      /etc/app/extra.json: { content: "{\\"a\\": 1}\\n\\n\\n  " }
      /etc/envoy/envoy.yaml: { from: config/envoy.yaml, containers: [proxy] }
    volumes:
      cache: { emptyDir: 1Gi, mount: /cache }
      certs: { secret: api, mount: /certs }
    containers:
      proxy: { kind: sidecar, image: "ghcr.io/example-org/proxy:2.0.0", ports: { envoy-admin: 9901 }, mounts: { cache: /shared }, env: { A: b, SECRET_ONE: { secret: api, key: token } }, probes: { readiness: { path: /ready } }, user: 101, writable: { /tmp: 8Mi } }
      prepare: { kind: init, image: "ghcr.io/example-org/prepare:2.0.0", args: [x] }
    uses: { redis: {}, scorer: {}, store: { port: peer } }
    expose: { path: /api }
    metrics: { path: /stats/prometheus, port: envoy-admin }
    identity: { aws: "arn:aws:iam::111122223333:role/api" }
  site: { type: web-frontend, runtime: nginx, image: ghcr.io/example-org/site:1.0.0, ports: { http: 8080 }, expose: { path: / } }
  rpc: { type: grpc-service, runtime: go, image: ghcr.io/example-org/rpc:1.0.0, ports: { grpc: 9000 } }
  eater: { type: worker, runtime: python, image: ghcr.io/example-org/eater:1.0.0, probes: { liveness: { exec: [cat, /tmp/alive] } }, identity: { azure: 11111111-2222-3333-4444-555555555555 } }
  report:
    type: scheduled-job
    runtime: python
    image: ghcr.io/example-org/report:1.0.0
    uses: { redis: {} }
    schedules:
      daily: { cron: "0 2 * * *", timeZone: Europe/Berlin, args: [--daily] }
      weekly: { cron: "0 3 * * 0", suspend: true }
  migrate: { type: job, runtime: dotnet, image: ghcr.io/example-org/migrate:1.0.0, uses: { redis: {} }, before: [api, seed] }
  seed: { type: job, image: ghcr.io/example-org/seed:1.0.0, before: [api] }
  store:
    type: stateful-service
    image: ghcr.io/example-org/store:1.0.0
    ports: { http: 8080, peer: 7000 }
    volumes: { data: { claim: 10Gi, mount: /data } }
  edge: { type: proxy, runtime: envoy, image: envoyproxy/envoy:v1.35.0, ports: { http: 80, admin: 9901 }, files: { /etc/envoy/envoy.yaml: { from: config/edge.yaml } }, uses: { api: {} } }
  load: { type: load-generator, runtime: python, image: ghcr.io/example-org/load:1.0.0, uses: { api: {} } }
  scorer: { type: model, framework: sklearn, storage: "s3://models/scorer/3", storageSecret: models }
  ranker: { type: model, serving: deployment, image: ghcr.io/example-org/ranker:1.0.0, storage: "s3://models/ranker/3" }
  mail: { type: third-party, image: docker.io/axllent/mailpit:v1.20.0, ports: { smtp: 1025, http: 8025 }, user: 1000, volumes: { data: { claim: 1Gi, mount: /data, class: fast } } }
datastores:
  redis: { engine: redis, role: store }
secrets: { api: { keys: [token] }, models: { keys: [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY] } }
environments:
  dev:
    tier: development
    domain: dev.example.com
    services:
      load: null
      report: { schedules: { weekly: null, hourly: { cron: "@hourly" } } }
      store: { volumes: { data: { claim: 1Gi, class: slow } } }
      ranker: { serving: kserve, image: null, framework: onnx }
      toy: { type: web-api, runtime: go, image: ghcr.io/example-org/toy:0.1.0, ports: { http: 8080 }, files: { /etc/toy.yaml: { from: config/dev/toy.yaml } }, uses: { api: {} } }
      api:
        files: { /etc/app/app.yaml: { from: config/dev/app.yaml }, /etc/app/extra.json: { content: "{}" } }
        containers: { prepare: null }
        identity: { aws: null, gcp: "api@p.iam.gserviceaccount.com" }
  prod:
    tier: production
    domain: example.com
    services:
      eater: { identity: null }
      mail: { volumes: { data: { mode: ReadWriteMany } }, replicas: 2 }
`,

  /** Previews of a stack that gives production what they must not have. */
  previews: `${head("peek")}upkeep: { door: projen }
pullSecrets: [registry]
priorityClasses: { high: { value: 1000 } }
network: { apiServer: [10.0.0.1/32] }
services:
  api:
    type: web-api
    runtime: go
    image: ghcr.io/example-org/api:1.0.0
    ports: { http: 8080 }
    uses: { data: {}, legacy: {}, worker: {} }
    expose: { host: api.example.com, aliases: [www] }
    env: { KEY: { secret: api, key: key } }
    files: { /etc/app/app.yaml: { from: config/app.yaml }, /etc/app/inline.json: { content: "{}" } }
    priorityClass: high
    apiAccess: true
  web: { type: web-frontend, runtime: nginx, image: docker.io/example/web:2.0.0, ports: { http: 8080 }, uses: { api: {} }, expose: { host: www, path: /web }, scaling: { min: 2, max: 4, cpu: 70 } }
  worker: { type: web-api, runtime: python, image: ghcr.io/example-org/worker:3.1.0, ports: { http: 8080 } }
  nightly: { type: scheduled-job, runtime: python, image: ghcr.io/example-org/worker:3.1.0, schedules: { daily: { cron: "0 2 * * *" } } }
datastores:
  data: { engine: postgresql }
  legacy: { engine: postgresql, mode: external, host: db.example.com }
secrets: { api: { keys: [key], path: kv/peek/api }, registry: { keys: [.dockerconfigjson] } }
backup: { store: { s3: { bucket: peek-backups } } }
environments:
  dev: { tier: development, domain: dev.example.com }
  prod: { tier: production, domain: example.com, server: "https://prod.example.com:6443", services: { api: { identity: { aws: "arn:aws:iam::111122223333:role/api" } } } }
previews:
  domain: preview.example.com
  server: "https://previews.example.com:6443"
  repositories:
    api: { github: { owner: example-org, repo: api }, token: { secret: github-token, key: token }, services: [api] }
    jobs: { github: { owner: example-org, repo: jobs, api: "https://github.example.com/api/v3" }, services: [worker, nightly], tag: "sha-{short-sha}" }
  gateway: { https: true }
  secrets: { api: { path: kv/previews/api } }
  datastores: { legacy: { mode: statefulset, host: null } }
  services: { api: { files: { /etc/app/app.yaml: { from: config/previews/app.yaml } } } }
`,

  /** Mutual TLS in one environment and not in the other; everything that connects to anything. */
  meshed: `${head("meshed")}
network: { apiServer: [10.0.0.1/32], ipv6: true }
services:
  web: { type: web-frontend, runtime: nginx, image: ghcr.io/example-org/web:1.0.0, ports: { http: 8080 }, uses: { api: {} }, expose: { host: www } }
  api: { type: web-api, runtime: go, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080, admin: 9090 }, uses: { data: {}, fx: {}, cluster: {} } }
  alone: { type: worker, runtime: go, image: ghcr.io/example-org/alone:1.0.0 }
datastores: { data: { engine: redis }, cluster: { engine: postgresql, mode: operator } }
externals: { fx: { host: api.exchange.example } }
backup: { store: { s3: { bucket: meshed-backups } } }
environments:
  dev: { tier: development, domain: dev.example.com, network: { policies: true } }
  prod: { tier: production, domain: example.com, network: { mtls: istio } }
`,

  /** Brings its own operators, in Applications one by one; files of each format; a service of another type in one environment. */
  bringing: `${head("bringing")}
argocd: { mode: application }
operators: { external-secrets: install, metrics-server: install }
services:
  api:
    type: web-api
    image: ghcr.io/example-org/api:1.0.0
    ports: { http: 8080 }
    env: { KEY: { secret: api, key: key } }
    files: { /etc/app/a.json: { from: config/a.json }, /etc/app/b.xml: { from: config/b.xml } }
  load: { type: worker, image: ghcr.io/example-org/load:1.0.0 }
secrets: { api: { keys: [key] } }
environments:
  dev: { tier: development, domain: dev.example.com, services: { load: { type: load-generator } } }
  prod: { tier: production, domain: example.com }
`,
};
