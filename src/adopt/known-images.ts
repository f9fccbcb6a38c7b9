// Owns: images that many repositories run, and what they are to a stack.
// Promises: by the last part of the image's name; a table, no guesses.
// Must not: know manifests.

import type { DatastoreSpec, ServiceSpec } from "../spec/schema/spec-types.js";

type Engine = DatastoreSpec["engine"];

const ENGINES: Readonly<Record<string, Engine>> = {
  postgres: "postgresql",
  postgresql: "postgresql",
  mysql: "mysql",
  mariadb: "mariadb",
  mongo: "mongodb",
  mongodb: "mongodb",
  redis: "redis",
  valkey: "valkey",
  rabbitmq: "rabbitmq",
  kafka: "kafka",
  "cp-kafka": "kafka",
};

/** Exporters that a generated datastore brings itself. */
const EXPORTER =
  /^(?:redis_exporter|redis-exporter|postgres[-_]exporter|mysqld[-_]exporter|mongodb[-_]exporter|rabbitmq[-_]exporter)$/;

/** What the platform runs for all stacks, and which part of the generated repository counts on it. */
const PLATFORM: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^(?:prometheus|alertmanager|kube-state-metrics|node[-_]exporter|pushgateway|cadvisor|blackbox[-_]exporter|prometheus-operator|thanos)$/,
    "the platform's Prometheus watches the stack, whose monitors, rules and alerts are generated",
  ],
  [/^grafana$/, "the platform's Grafana shows the dashboards, which are generated"],
  [
    /^(?:loki|promtail|fluent-bit|fluentd|fluentd-kubernetes-daemonset|filebeat|logstash|kibana|elasticsearch|vector)$/,
    "logs are the platform's to collect",
  ],
  [
    /^(?:controller|nginx-ingress-controller|nginx-ingress|traefik|kong|contour)$/,
    "the gateway is the platform's: settings under gateway",
  ],
  [
    /^(?:cert-manager-(?:controller|webhook|cainjector)|external-secrets|metrics-server|argocd|reloader|cluster-autoscaler)$/,
    "an operator that the platform runs: settings under operators",
  ],
];

/** Images of somebody else's, taken as they are. */
const THIRD_PARTY =
  /^(?:adminer|pgadmin4|phpmyadmin|mongo-express|redis-commander|redisinsight|minio|vault|keycloak|mailhog|mailpit|jaeger|all-in-one|zipkin|otel-collector|opentelemetry-collector(?:-contrib)?|oauth2-proxy|sonarqube|jenkins|wordpress|memcached|zookeeper|cp-zookeeper|nats|mosquitto|consul|etcd|mlflow|unleash-server|metabase|superset)$/;

export interface ImageName {
  readonly repository: string;
  /** Last part of the repository's path. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

export function parseImage(image: string): ImageName {
  const [, repository = image, tag, digest] =
    /^(.*?)(?::([^:/@]+))?(?:@(sha256:[a-f0-9]{64}))?$/.exec(image) ?? [];
  return { repository, name: repository.split("/").at(-1) ?? repository, tag, digest };
}

export function engineOf(image: string): Engine | undefined {
  const { name } = parseImage(image);
  return Object.hasOwn(ENGINES, name) ? ENGINES[name] : undefined;
}

export function isExporter(image: string): boolean {
  return EXPORTER.test(parseImage(image).name);
}

/** Why a workload of this image is the platform's and not the stack's. */
export function platformReason(image: string): string | undefined {
  const { name, repository } = parseImage(image);
  if (name === "controller" && !repository.includes("ingress")) return undefined;
  return PLATFORM.find(([pattern]) => pattern.test(name))?.[1];
}

export function isThirdParty(image: string): boolean {
  return THIRD_PARTY.test(parseImage(image).name);
}

type Runtime = NonNullable<ServiceSpec["runtime"]>;

interface RuntimeSign {
  readonly runtime: Runtime;
  readonly image: RegExp;
  readonly variable: RegExp;
  readonly command: RegExp;
  readonly path: RegExp;
}

/** What gives a runtime away: parts of the image's name, variables that only it reads, its programs, its usual paths. */
export const RUNTIME_SIGNS: readonly RuntimeSign[] = [
  {
    runtime: "envoy",
    image: /(?:^|\/)envoy(?:$|-)/,
    variable: /^ENVOY_/,
    command: /(?:^|\/)envoy$/,
    path: /^$/,
  },
  {
    runtime: "spring-boot",
    image: /spring|openjdk|temurin|corretto/,
    variable: /^(?:SPRING_|JAVA_TOOL_OPTIONS$|JAVA_OPTS$|JDK_JAVA_OPTIONS$|MANAGEMENT_ENDPOINT)/,
    command: /(?:^|\/)java$/,
    path: /^\/actuator(?:\/|$)/,
  },
  {
    runtime: "dotnet",
    image: /dotnet|aspnet/,
    variable: /^(?:ASPNETCORE_|DOTNET_|ConnectionStrings__|Logging__)/,
    command: /(?:^|\/)dotnet$/,
    path: /^$/,
  },
  {
    runtime: "nodejs",
    image: /(?:^|[/-])node(?:js)?(?:$|-)|nextjs|express|nestjs/,
    variable: /^(?:NODE_ENV|NODE_OPTIONS|NPM_CONFIG_|NEXT_PUBLIC_)/,
    command: /(?:^|\/)(?:node|npm|npx|yarn|pnpm)$/,
    path: /^$/,
  },
  {
    runtime: "python",
    image: /(?:^|[/-])python(?:$|-)|django|flask|fastapi|celery/,
    variable: /^(?:PYTHON|DJANGO_|FLASK_|GUNICORN_|UVICORN_|CELERY_|WEB_CONCURRENCY$)/,
    command: /(?:^|\/)(?:python3?|gunicorn|uvicorn|celery|flask|poetry)$/,
    path: /^$/,
  },
  {
    runtime: "go",
    image: /(?:^|[/-])(?:golang|go)(?:$|-)/,
    variable: /^(?:GOMAXPROCS|GOMEMLIMIT|GOGC|GODEBUG|GIN_MODE)$/,
    command: /^$/,
    path: /^$/,
  },
  {
    runtime: "nginx",
    image: /(?:^|[/-])nginx(?:$|-)/,
    variable: /^NGINX_/,
    command: /(?:^|\/)nginx$/,
    path: /^$/,
  },
];
