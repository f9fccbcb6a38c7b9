// Owns: what each runtime needs: probes, writable paths, user, settings for containers, metrics.
// Promises: plain data with the source of every rule; the second lowest layer of a service.
// Must not: know service types, tiers or environments.

import type { ServiceSpec, TierName } from "../../spec/schema/spec-types.js";

type Runtime = NonNullable<ServiceSpec["runtime"]>;
type ServiceDefaults = Omit<ServiceSpec, "type" | "runtime" | "image">;

/** Names of the metrics by which requests are counted and timed. */
export interface RequestMetrics {
  /** Counter of requests. */
  readonly count: string;
  /** Histogram buckets of durations in seconds. */
  readonly buckets: string;
  /** Label with the HTTP status code. */
  readonly status: string;
  /** Label matcher that leaves out probes and scrapes: nobody's requests. */
  readonly ignore: string | undefined;
}

export interface RuntimePreset {
  readonly summary: string;
  readonly defaults: ServiceDefaults;
  /** Settings of the runtime itself, less important than any `env` of the user's. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings that follow from the container's limits: memory in bytes, CPU in millicores. */
  readonly settingsByLimit?: (limits: {
    readonly memory: number;
    readonly cpu: number;
  }) => Readonly<Record<string, string>>;
  /** Settings that a tier switches on or off. */
  readonly settingsByTier?: Partial<Readonly<Record<TierName, Readonly<Record<string, string>>>>>;
  /** Variable that takes the log level, and its words. */
  readonly logLevel?: {
    readonly variable: string;
    readonly words: Readonly<Record<"debug" | "info" | "warn" | "error", string>>;
  };
  /** The heap gives memory back, so that autoscaling on memory makes sense. */
  readonly memoryShrinks: boolean;
  readonly requestMetrics?: RequestMetrics;
}

const words = { debug: "debug", info: "info", warn: "warn", error: "error" } as const;
const tmp = { "/tmp": "64Mi" } as const;

function httpProbes(
  startup: string,
  readiness: string,
  liveness: string,
): NonNullable<ServiceDefaults["probes"]> {
  return {
    startup: { path: startup, period: "5s", timeout: "3s", failures: 30 },
    readiness: { path: readiness, period: "10s", timeout: "3s", failures: 3 },
    liveness: { path: liveness, period: "20s", timeout: "5s", failures: 3 },
  };
}

/** Mebibytes of a share of so many bytes. */
function share(memory: number, part: number): number {
  return Math.floor((memory * part) / 2 ** 20);
}

/** Where the workers of one Python pod leave their metrics for each other. */
const PYTHON_METRICS = "/var/run/prometheus";

const healthz = httpProbes("/healthz", "/readyz", "/healthz");

export const RUNTIME_PRESETS: Readonly<Record<Runtime, RuntimePreset>> = {
  "spring-boot": {
    summary: "Spring Boot 3.4 or later with Actuator",
    defaults: {
      // Spring Boot reference, "Kubernetes Probes": liveness must not depend on other systems, the group does not.
      probes: httpProbes(
        "/actuator/health/liveness",
        "/actuator/health/readiness",
        "/actuator/health/liveness",
      ),
      metrics: { path: "/actuator/prometheus" },
      writable: tmp,
    },
    settings: {
      // The heap follows the container's limit; an exhausted heap ends the process, so that Kubernetes restarts it.
      JAVA_TOOL_OPTIONS: "-XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError -Djava.io.tmpdir=/tmp",
      SERVER_SHUTDOWN: "graceful",
      SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE: "25s",
      MANAGEMENT_ENDPOINT_HEALTH_PROBES_ENABLED: "true",
      MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE: "health,info,prometheus",
      // Latency buckets for the objectives; without them Micrometer exports a summary, which cannot be aggregated.
      MANAGEMENT_METRICS_DISTRIBUTION_SLO_HTTP_SERVER_REQUESTS:
        "50ms,100ms,200ms,300ms,500ms,1s,2s,3s,5s,10s",
      // One JSON object per line, Spring Boot 3.4 "Structured Logging".
      LOGGING_STRUCTURED_FORMAT_CONSOLE: "ecs",
    },
    // springdoc.org/properties.html, springdoc.{api-docs,swagger-ui}.enabled: on unless switched off. The documentation of an API is for those who test it.
    settingsByTier: {
      development: { SPRINGDOC_API_DOCS_ENABLED: "true", SPRINGDOC_SWAGGER_UI_ENABLED: "true" },
      staging: { SPRINGDOC_API_DOCS_ENABLED: "true", SPRINGDOC_SWAGGER_UI_ENABLED: "true" },
      production: { SPRINGDOC_API_DOCS_ENABLED: "false", SPRINGDOC_SWAGGER_UI_ENABLED: "false" },
    },
    logLevel: {
      variable: "LOGGING_LEVEL_ROOT",
      words: { debug: "DEBUG", info: "INFO", warn: "WARN", error: "ERROR" },
    },
    memoryShrinks: false,
    requestMetrics: {
      count: "http_server_requests_seconds_count",
      buckets: "http_server_requests_seconds_bucket",
      status: "status",
      ignore: 'uri!~"/actuator.*"',
    },
  },
  dotnet: {
    summary: ".NET 8 or later, ASP.NET Core",
    defaults: {
      probes: httpProbes("/health/live", "/health/ready", "/health/live"),
      metrics: { path: "/metrics" },
      writable: tmp,
    },
    settings: {
      // .NET, "Debugging and profiling settings": the diagnostic port is a socket in /tmp, and a way in.
      DOTNET_EnableDiagnostics: "0",
      // .NET, "Garbage collection settings": one heap instead of one a core; 0x46 = 70 % of the container's limit.
      DOTNET_gcServer: "0",
      DOTNET_GCHeapHardLimitPercent: "0x46",
      Logging__Console__FormatterName: "json",
    },
    // ASP.NET Core, "Use multiple environments": Development shows exceptions and, by the template, Swagger.
    settingsByTier: {
      development: { ASPNETCORE_ENVIRONMENT: "Development" },
      staging: { ASPNETCORE_ENVIRONMENT: "Staging" },
      production: { ASPNETCORE_ENVIRONMENT: "Production" },
    },
    logLevel: {
      variable: "Logging__LogLevel__Default",
      words: { debug: "Debug", info: "Information", warn: "Warning", error: "Error" },
    },
    memoryShrinks: false,
  },
  nodejs: {
    summary: "Node.js 20 or later",
    defaults: { probes: healthz, metrics: { path: "/metrics" }, writable: tmp },
    settings: { NODE_ENV: "production" },
    // Node.js, "Useful V8 options": V8 sizes its heap by the machine; a quarter of the limit is for buffers and code.
    settingsByLimit: ({ memory }) => ({ NODE_OPTIONS: `--max-old-space-size=${share(memory, 0.75)}` }),
    logLevel: { variable: "LOG_LEVEL", words },
    memoryShrinks: false,
  },
  go: {
    summary: "a Go binary",
    defaults: { probes: healthz, metrics: { path: "/metrics" }, writable: {} },
    // No GOMAXPROCS: Go 1.25 and later read the container's CPU limit themselves.
    settings: {},
    // Go, "A Guide to the Go Garbage Collector": 5 to 10 % of the limit for what the runtime does not know of.
    settingsByLimit: ({ memory }) => ({ GOMEMLIMIT: `${share(memory, 0.9)}MiB` }),
    logLevel: { variable: "LOG_LEVEL", words },
    memoryShrinks: true,
  },
  python: {
    summary: "Python, ASGI or WSGI",
    defaults: {
      probes: healthz,
      metrics: { path: "/metrics" },
      writable: { ...tmp, [PYTHON_METRICS]: "16Mi" },
    },
    settings: { PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" },
    // Gunicorn, "workers", and Uvicorn, "--workers", both read WEB_CONCURRENCY; replicas do the rest. Several workers
    // count apart, and prometheus_client adds them up in a directory that must be there ("Multiprocess Mode").
    settingsByLimit: ({ cpu }) => {
      const workers = Math.max(1, Math.floor(cpu / 1000));
      const together = workers > 1 ? { PROMETHEUS_MULTIPROC_DIR: PYTHON_METRICS } : {};
      return { WEB_CONCURRENCY: String(workers), ...together };
    },
    logLevel: { variable: "LOG_LEVEL", words },
    memoryShrinks: true,
  },
  nginx: {
    summary: "NGINX, unprivileged image",
    // nginxinc/docker-nginx-unprivileged: runs as any user; its temporary files and its pid are below /tmp.
    defaults: {
      probes: {
        startup: { path: "/", period: "5s", timeout: "3s", failures: 30 },
        readiness: { path: "/", period: "10s", timeout: "3s", failures: 3 },
        // That it takes connections: a page that is missing is nothing that a restart mends.
        liveness: { period: "20s", timeout: "5s", failures: 3 },
      },
      writable: tmp,
    },
    // nginx/docker-nginx, entrypoint: it tells of every file that it may not change, at each start.
    settings: { NGINX_ENTRYPOINT_QUIET_LOGS: "1" },
    memoryShrinks: true,
  },
  envoy: {
    summary: "Envoy, with its admin interface on a port called admin",
    defaults: {
      // Envoy, "Administration interface": /ready answers 200 once it serves, /stats/prometheus has the metrics.
      probes: {
        startup: { path: "/ready", port: "admin", period: "5s", timeout: "3s", failures: 30 },
        readiness: { path: "/ready", port: "admin", period: "10s", timeout: "3s", failures: 3 },
        liveness: { path: "/server_info", port: "admin", period: "20s", timeout: "5s", failures: 3 },
      },
      metrics: { path: "/stats/prometheus", port: "admin" },
      // Envoy, "Command line options": it would start a thread for each core of the node, and keep memory for a restart
      // in place that never comes in a container.
      args: ["--config-path", "/etc/envoy/envoy.yaml", "--concurrency", "2", "--disable-hot-restart"],
      writable: tmp,
      // Envoy, "Permissions running Docker Envoy container as a non-root user": started as any user, it switches no more.
    },
    settings: {},
    memoryShrinks: true,
  },
  generic: {
    summary: "anything else; probes connect to the port",
    defaults: {
      probes: {
        startup: { period: "5s", timeout: "3s", failures: 30 },
        readiness: { period: "10s", timeout: "3s", failures: 3 },
        liveness: { period: "20s", timeout: "5s", failures: 3 },
      },
      writable: tmp,
    },
    settings: {},
    memoryShrinks: true,
  },
};
