// Owns: what each runtime needs: probes, writable paths, user, settings for containers, metrics.
// Promises: plain data with the source of every rule; the second lowest layer of a service.
// Must not: know service types, tiers or environments.

import type { ServiceSpec } from "../../spec/schema/spec-types.js";

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
      DOTNET_EnableDiagnostics: "0",
      DOTNET_gcServer: "0",
      DOTNET_GCHeapHardLimitPercent: "0x46",
      Logging__Console__FormatterName: "json",
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
    logLevel: { variable: "LOG_LEVEL", words },
    memoryShrinks: false,
  },
  go: {
    summary: "a Go binary",
    defaults: { probes: healthz, metrics: { path: "/metrics" }, writable: {} },
    settings: {},
    logLevel: { variable: "LOG_LEVEL", words },
    memoryShrinks: true,
  },
  python: {
    summary: "Python, ASGI or WSGI",
    defaults: { probes: healthz, metrics: { path: "/metrics" }, writable: tmp },
    settings: { PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" },
    logLevel: { variable: "LOG_LEVEL", words },
    memoryShrinks: true,
  },
  nginx: {
    summary: "NGINX, unprivileged image",
    // uid of nginxinc/nginx-unprivileged; its temporary files are below /tmp.
    defaults: { probes: httpProbes("/", "/", "/"), writable: tmp, user: 101 },
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
