// Owns: what is carried over from each of four differently shaped repositories, fact by fact, with where it was read.

import { describe, expect, test } from "vitest";
import { deployment, FIXTURES, type Fixture, filesOf, propose, proposeText, SECRETS } from "./fixtures.js";

const proposals = Object.fromEntries(FIXTURES.map((name) => [name, propose(filesOf(name))])) as Record<
  Fixture,
  ReturnType<typeof propose>
>;
const specOf = (name: Fixture) => proposals[name].parsed.spec;
const said = (name: Fixture, list: "leftAsIs" | "warnings" | "unread") =>
  proposals[name][list].map(({ what }) => what);

describe("the flat files of seed 002, before", () => {
  const { services, datastores, environments } = specOf("flat");

  test("each workload is a service under the name by which clients find it, with image, port and resources", () => {
    expect(Object.keys(services).sort()).toEqual([
      "auth-service",
      "budget-service",
      "expense-service",
      "frontend",
    ]);
    expect(services["auth-service"]).toMatchObject({
      type: "web-api",
      runtime: "dotnet",
      image: "ghcr.io/example-org/expensetracker-auth:2.3.1",
      ports: { http: 8080 },
      replicas: 1,
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
    });
    expect(services.frontend).toMatchObject({
      type: "web-frontend",
      image: "ghcr.io/example-org/expensetracker-frontend",
    });
  });

  test("the database is a datastore: engine, version, size, names; its clients use it by their own variable", () => {
    expect(datastores).toEqual({
      postgres: {
        engine: "postgresql",
        version: "16.4",
        storage: "12Gi",
        database: "expenses",
        username: "expenses_app",
      },
    });
    expect(services["budget-service"]?.uses).toEqual({
      "auth-service": {},
      postgres: { env: { connectionString: "ConnectionStrings__Default" } },
    });
  });

  test("a password in plain text is a reference, and a warning with its place", () => {
    expect(services["auth-service"]?.env).toMatchObject({
      Jwt__SigningKey: { secret: "auth-service", key: "jwt-signingkey" },
    });
    expect(said("flat", "warnings").join("\n")).toMatch(
      /Jwt__SigningKey stands in plain text at k8s\/auth-service\.yaml:26/,
    );
    expect(said("flat", "warnings").join("\n")).toMatch(
      /POSTGRES_PASSWORD stands in plain text at k8s\/postgres\.yaml:26/,
    );
  });

  test("what the platform runs is left, and the one environment is production, as assumed", () => {
    expect(said("flat", "leftAsIs").map((text) => text.split(":")[0])).toEqual([
      "Deployment/prometheus",
      "Deployment/grafana",
    ]);
    expect(environments).toEqual({
      prod: { tier: "production", domain: "example.com", namespace: "expensetracker-prod" },
    });
    expect(proposals.flat.text).toMatch(/^ {4}domain: example\.com # adopt: no host is in the repository/m);
  });

  test("an address whose port is another one from now on says so on its line", () => {
    expect(proposals.flat.text).toMatch(
      /Auth__Url: http:\/\/auth-service:5001 # adopt: auth-service listens on 8080 from now on: mend the port \(k8s\/budget-service\.yaml:28\)/,
    );
  });
});

describe("one file of many documents, with a List, anchors and CRLF", () => {
  const { name, services, datastores, externals, secrets, environments, gateway, certManager } =
    specOf("multi");

  test("settings, probes, user, volumes and files of the container are carried over", () => {
    expect(name).toBe("shop");
    expect(services.api).toMatchObject({
      type: "web-api",
      runtime: "nodejs",
      args: ["--port=3000"],
      ports: { http: 3000, metrics: 9100 },
      env: {
        NODE_ENV: "production",
        LOG_FORMAT: "json",
        DATABASE_URL: { secret: "shop-db", key: "url" },
        STRIPE_API_KEY: { secret: "shop-secrets", key: "stripe-api-key" },
      },
      probes: { readiness: { path: "/ready", period: "7s" }, liveness: { path: "/live", failures: 5 } },
      user: 1000,
      writable: { "/uploads": "2Gi" },
      files: { "/etc/shop/features.yaml": { content: "checkout: true\nwishlist: false\n" } },
      containers: { schema: { kind: "init", image: "ghcr.io/example-org/shop-schema:3.1.0", args: ["up"] } },
      metrics: { path: "/stats", port: "metrics" },
      shutdown: { grace: "40s" },
      pullSecrets: ["registry"],
      scaling: { min: 4, max: 12, cpu: 65 },
      expose: { host: "api", rateLimit: "300/min", maxBody: "20Mi" },
      uses: { redis: { env: { host: "REDIS_HOST", port: "REDIS_PORT" } }, "api-payments-example-net": {} },
    });
    expect(secrets).toEqual({ "shop-db": { keys: ["url"] }, "shop-secrets": { keys: ["stripe-api-key"] } });
  });

  test("workers, schedules, datastores and what is outside", () => {
    expect(services.mailer).toMatchObject({
      type: "worker",
      runtime: "python",
      command: ["python", "-m", "mailer"],
      replicas: 1,
    });
    expect(proposals.multi.parsed.data).toMatchObject({ services: { mailer: { scaling: null } } });
    expect(services.report).toMatchObject({
      type: "scheduled-job",
      schedules: { main: { cron: "15 3 * * 1-5", timeZone: "Europe/Berlin" } },
      deadline: "900s",
      retries: 1,
    });
    expect(datastores).toEqual({ redis: { engine: "redis", version: "7.4.1", storage: "5Gi" } });
    expect(externals).toEqual({
      "api-payments-example-net": { host: "api.payments.example.net", port: 443 },
      "smtp-example-net": { host: "smtp.example.net", port: 2525 },
    });
  });

  test("gateway, issuer, domain, and a namespace that is not today's", () => {
    expect(gateway).toEqual({ implementation: "ingress-nginx" });
    expect(certManager).toEqual({ issuer: "letsencrypt-prod" });
    expect(environments.prod).toEqual({
      tier: "production",
      domain: "shop.example.com",
      namespace: "shop-prod-next",
    });
  });

  test("what has no place in a stack is listed, and nothing else", () => {
    expect(said("multi", "leftAsIs").map((text) => text.replace(/:.*/, ""))).toEqual([
      "DaemonSet/log-shipper",
      "POD_NAME of Deployment/api",
      "volume docker of Deployment/api",
      "annotation nginx.ingress.kubernetes.io/server-snippet of Ingress/shop",
      "NetworkPolicy/default-deny",
      "Widget/gadget",
    ]);
  });
});

describe("Kustomize with overlays of its own", () => {
  const { services, datastores, environments } = specOf("overlays");

  test("what all overlays agree on stands once, and each differs in what its patches say", () => {
    expect(Object.keys(environments)).toEqual(["dev", "staging", "prod"]);
    expect(services.web).toMatchObject({
      image: "ghcr.io/example-org/web:1.8.2",
      runtime: "python",
      command: ["gunicorn", "app.wsgi"],
      env: { BILLING_URL: "http://billing:8080" },
      expose: { host: "web", path: "/app" },
      uses: { billing: {}, db: { env: { host: "PGHOST", username: "PGUSER", password: "PGPASSWORD" } } },
    });
    expect(services.web).not.toHaveProperty("replicas");
    expect(Object.values(environments).map((one) => one.services?.web?.replicas)).toEqual([1, 2, 6]);
    expect(environments.prod?.services?.web).toMatchObject({
      env: { LOG_LEVEL: "warn" },
      resources: { requests: { cpu: "500m", memory: "700Mi" }, limits: { cpu: "2", memory: "1400Mi" } },
    });
    expect(environments.dev?.services?.web).toMatchObject({ env: { LOG_LEVEL: "info" } });
  });

  test("tiers, domains, order of promotion and namespaces come from the overlays", () => {
    expect(
      Object.values(environments).map(({ tier, domain, promotesFrom }) => [tier, domain, promotesFrom]),
    ).toEqual([
      ["development", "dev.example.org", undefined],
      ["staging", "staging.example.org", "dev"],
      ["production", "example.org", "staging"],
    ]);
    expect(proposals.overlays.text).toContain("today's is webshop-prod; one of its own");
  });

  test("types by port and name, the database by its StatefulSet", () => {
    expect(services.billing).toMatchObject({ type: "grpc-service", ports: { grpc: 8080 } });
    expect(datastores).toEqual({
      db: { engine: "postgresql", version: "15", storage: "8Gi", database: "webshop", username: "web" },
    });
  });

  test("an answer's place is the overlay that gives it, not the base that it changes", () => {
    const at = (path: string) => proposals.overlays.origins.find((one) => one.path === path)?.origin;
    expect(at("environments.prod.services.web.replicas")).toEqual({
      file: "deploy/overlays/prod/kustomization.yaml",
      line: 10,
    });
    expect(at("environments.prod.services.web.resources.limits.memory")).toEqual({
      file: "deploy/overlays/prod/size.yaml",
      line: 12,
    });
    expect(at("services.web.image")).toEqual({ file: "deploy/overlays/prod/kustomization.yaml", line: 6 });
  });
});

describe("rendered Helm, with the chart beside", () => {
  const { services, datastores, gateway, environments } = specOf("helm");

  test("the release's workloads, their broker and their route", () => {
    expect(services.accounts).toMatchObject({
      runtime: "spring-boot",
      image: "ghcr.io/example-org/accounts:5.0.2",
      replicas: 2,
      env: {
        JAVA_TOOL_OPTIONS: "-XX:MaxRAMPercentage=60",
        OIDC_ISSUER: "https://login.example.net/realms/main",
      },
      resources: { requests: { cpu: "1", memory: "768Mi" }, limits: { cpu: "1", memory: "768Mi" } },
      probes: { startup: { path: "/actuator/health/liveness", failures: 40, period: "3s" } },
      metrics: { path: "/actuator/prometheus" },
      expose: { host: "accounts" },
      uses: {
        "accounts-rabbitmq": {
          env: {
            host: "SPRING_RABBITMQ_HOST",
            username: "SPRING_RABBITMQ_USERNAME",
            password: "SPRING_RABBITMQ_PASSWORD",
          },
        },
      },
    });
    expect(datastores).toMatchObject({
      "accounts-rabbitmq": { engine: "rabbitmq", version: "3.13.6", storage: "9Gi", username: "accounts" },
    });
    expect(gateway).toEqual({ name: "internet", namespace: "edge" });
    expect(environments.prod?.domain).toBe("example.com");
  });

  test("a chart and its templates are named, and not guessed at", () => {
    expect(said("helm", "unread")).toEqual([
      expect.stringMatching(/^chart\/Chart\.yaml is a Helm chart.*helm template/),
    ]);
    expect(said("helm", "leftAsIs")).toEqual([
      "Job/accounts-test: a test of Helm's",
      expect.stringMatching(/^PodDisruptionBudget\/accounts/),
    ]);
  });

  test("what Helm manages is named, with its charts", () => {
    expect(said("helm", "warnings").join("\n")).toMatch(
      /Helm manages 4 of these objects \(accounts-1\.4\.0, rabbitmq-14\.6\.6\)/,
    );
  });

  test("a Secret in git is a warning that names the file", () => {
    expect(said("helm", "warnings").join("\n")).toMatch(
      /Secret accounts-rabbitmq keeps a value in git \(rendered\.yaml\)/,
    );
  });
});

test.each(FIXTURES)("no secret value of %s is in anything that is said or written", (name) => {
  const { text, origins, leftAsIs, warnings, unread } = proposals[name];
  const everything = JSON.stringify({ text, origins, leftAsIs, warnings, unread });
  const texts = filesOf(name)
    .map((file) => file.text)
    .join("\n");
  const here = SECRETS.filter((secret) => texts.includes(secret));
  if (name === "flat" || name === "helm") expect(here.length).toBeGreaterThan(0);
  expect(here.filter((secret) => everything.includes(secret))).toEqual([]);
});

test.each(FIXTURES)(
  "every place that %s is said to come from is there, and every assumption names one or says why not",
  (name) => {
    const lines = new Map(filesOf(name).map(({ path, text }) => [path, text.split("\n").length]));
    const { origins } = proposals[name];
    expect(origins.length).toBeGreaterThan(20);
    for (const { origin, path } of origins)
      if (origin !== undefined)
        expect(origin.line, `${path} ${origin.file}`).toBeLessThanOrEqual(lines.get(origin.file) ?? 0);
    const silent = origins.filter(
      ({ origin, note, path }) => origin === undefined && note === undefined && path !== "apiVersion",
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  },
);

describe("what manifests leave open, or say in a way that cannot stay", () => {
  const of = (container: string, pod = "", more = "") =>
    proposeText(deployment("api", container, pod) + more);
  const warnings = (proposal: ReturnType<typeof of>) => proposal.warnings.map(({ what }) => what).join("\n");

  test("a process that runs as root, or privileged, is a warning", () => {
    expect(warnings(of("securityContext: { runAsUser: 0, privileged: true }"))).toMatch(
      /Deployment\/api runs as root[\s\S]*Deployment\/api is privileged/,
    );
  });

  test("requests without limits, and limits without requests, stay possible", () => {
    const { services } = of(
      "resources: { requests: { cpu: 2, memory: 3Gi }, limits: { ephemeral-storage: 1Gi } }",
    ).parsed.spec;
    expect(services.api?.resources).toEqual({
      requests: { cpu: "2", memory: "3Gi", "ephemeral-storage": "1Gi" },
      limits: { cpu: "2", memory: "3Gi", "ephemeral-storage": "1Gi" },
    });
  });

  test("a volume that one pod has keeps its service from being scaled, and data has to be copied", () => {
    const proposal = of(
      "volumeMounts: [{ name: data, mountPath: /data }]",
      "volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]",
      "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data }\nspec: { resources: { requests: { storage: 3Gi } } }\n",
    );
    expect(proposal.parsed.data).toMatchObject({
      services: { api: { scaling: null, volumes: { data: { claim: "3Gi", mount: "/data" } } } },
    });
    expect(warnings(proposal)).toMatch(/keeps data on the volume data: the generated claim is a new one/);
  });

  test("a secret whose keys nobody says has one to fill in, with a note", () => {
    const proposal = of(
      "volumeMounts: [{ name: tls, mountPath: /tls }]",
      "volumes: [{ name: tls, secret: { secretName: api-tls } }]",
    );
    expect(proposal.parsed.spec.secrets).toEqual({ "api-tls": { keys: ["value"] } });
    expect(proposal.text).toMatch(/its keys are not in the repository/);
  });

  test("a backup that is there keeps its hour, and a broker that the generator does not run stays", () => {
    const store = deployment("db", "env: [{ name: POSTGRES_USER, value: app }]").replace(
      "ghcr.io/example-org/db:1.0.0",
      "postgres:16",
    );
    const kafka = deployment("kafka", "").replace("ghcr.io/example-org/kafka:1.0.0", "apache/kafka:3.9.0");
    const backup = `apiVersion: batch/v1
kind: CronJob
metadata: { name: db-backup }
spec: { schedule: "30 1 * * *", jobTemplate: { spec: { template: { spec: {
  initContainers: [{ name: dump, image: "postgres:16" }], containers: [{ name: upload, image: "rclone/rclone:1" }] } } } } }
`;
    const proposal = of(
      "env: [{ name: KAFKA_BROKERS, value: 'kafka:8080' }]",
      "",
      `${store}${kafka}${backup}`,
    );
    expect(proposal.parsed.spec.datastores).toMatchObject({
      db: { engine: "postgresql", version: "16", username: "app", backup: { schedule: "30 1 * * *" } },
      kafka: { engine: "kafka", mode: "external", host: "kafka.prod.svc.cluster.local" },
    });
    expect(proposal.parsed.spec.services.api?.uses).toEqual({ kafka: { env: { servers: "KAFKA_BROKERS" } } });
    expect(proposal.leftAsIs.map(({ what }) => what).join("\n")).toMatch(
      /CronJob\/db-backup[\s\S]*Deployment\/kafka|Deployment\/kafka[\s\S]*CronJob\/db-backup/,
    );
  });

  test("who is let in by a NetworkPolicy uses what it protects", () => {
    const proposal = of(
      "",
      "",
      `${deployment("store", "")}apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: store }
spec: { podSelector: { matchLabels: { app: store } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: api } } }] }] }
`,
    );
    expect(proposal.parsed.spec.services.api?.uses).toEqual({ store: {} });
    expect(proposal.parsed.spec.services.store?.uses).toBeUndefined();
    expect(proposal.text).toMatch(
      /store: \{\} # adopt: since NetworkPolicy\/store lets it \(manifests\.yaml:\d+\)/,
    );
  });

  test("a service that one environment lacks, or has alone, is there and only there", () => {
    const place = (name: string, ...texts: string[]) => ({ path: `${name}/all.yaml`, text: texts.join("") });
    const proposal = propose([
      place(
        "dev",
        deployment("api", "env: [{ name: A, value: x }, { name: DEBUG, value: verbose }]"),
        deployment("mailcatcher", ""),
      ),
      place("prod", deployment("api", "env: [{ name: A, value: x }]"), deployment("audit", "")),
    ]);
    const { services, environments } = proposal.parsed.spec;
    expect(Object.keys(services)).toEqual(["api", "audit"]);
    expect(services.api?.env).toEqual({ A: "x" });
    expect(environments.dev?.services).toMatchObject({
      api: { env: { DEBUG: "verbose" } },
      mailcatcher: { image: "ghcr.io/example-org/mailcatcher:1.0.0" },
    });
    const [dev, prod] = proposal.stack.environments.map((one) => one.services.map(({ name }) => name));
    expect([dev, prod]).toEqual([
      ["api", "mailcatcher"],
      ["api", "audit"],
    ]);
  });
});
