// Owns: the words of the schema that code at run time needs too.
// Promises: no import, so that the schema library stays out of the package.
// Must not: repeat what the schema says elsewhere.

export const API_VERSION = "prod-stack/v1";

/** Tiers in the order in which a release travels. */
export const TIERS = ["development", "staging", "production"] as const;

export const SERVICE_TYPES = ["web-api", "web-frontend", "grpc-service", "worker"] as const;
export const RUNTIMES = ["spring-boot", "dotnet", "nodejs", "go", "python", "nginx", "generic"] as const;
export const ENGINES = ["redis", "valkey"] as const;
