// Owns: the words of the schema that code at run time needs too.
// Promises: no import, so that the schema library stays out of the package.
// Must not: repeat what the schema says elsewhere.

export const API_VERSION = "prod-stack/v1";

/** Capabilities that a stack can do without; a test holds that these are the ones that say what is lost. */
export const SWITCHABLE_CAPABILITIES = [
  "access",
  "backup",
  "catalog",
  "documentation",
  "exposure",
  "monitoring",
  "network-policy",
  "runbook",
] as const;

/** Ways in which a repository is generated again. */
export const DOORS = ["command", "projen"] as const;

/** Tiers in the order in which a release travels. */
export const TIERS = ["development", "staging", "production"] as const;

/** What the place of pull requests is called: no environment may be. */
export const PREVIEWS = "previews";

export const SERVICE_TYPES = [
  "web-api",
  "web-frontend",
  "grpc-service",
  "worker",
  "scheduled-job",
  "job",
  "stateful-service",
  "proxy",
  "load-generator",
  "model",
  "third-party",
] as const;
export const RUNTIMES = [
  "spring-boot",
  "dotnet",
  "nodejs",
  "go",
  "python",
  "nginx",
  "envoy",
  "generic",
] as const;
export const ENGINES = [
  "kafka",
  "mariadb",
  "mongodb",
  "mysql",
  "postgresql",
  "rabbitmq",
  "redis",
  "valkey",
] as const;
export const DATASTORE_MODES = ["statefulset", "operator", "external"] as const;

/** What may be said of a connection; which of them there are depends on the engine. */
export const CONNECTION_PARTS = [
  "host",
  "port",
  "database",
  "username",
  "password",
  "url",
  "jdbcUrl",
  "connectionString",
  "servers",
  "tls",
  "securityProtocol",
  "saslMechanism",
  "jaasConfig",
  "ca",
] as const;

/** How clients log in to Kafka: names of SASL mechanisms. */
export const SASL_MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;

/** What a platform runs for its stacks; src/stack/presets/operators.ts has a row for each. */
export const OPERATORS = [
  "external-secrets",
  "cert-manager",
  "envoy-gateway",
  "prometheus-operator",
  "metrics-server",
  "reloader",
  "cloudnative-pg",
  "barman-cloud",
  "strimzi",
] as const;
export const GATEWAYS = ["envoy-gateway", "traefik", "ingress-nginx"] as const;

/** Names of KServe's modelFormat (kserve/kserve, config/runtimes). */
export const MODEL_FORMATS = [
  "huggingface",
  "lightgbm",
  "mlflow",
  "onnx",
  "paddle",
  "pmml",
  "pytorch",
  "sklearn",
  "tensorflow",
  "tensorrt",
  "triton",
  "xgboost",
] as const;
