// Owns: the stacks that the benchmark generates.
// Promises: valid specs of any size; every tenth service has a cache of its own.
// Must not: be random.

/** A spec with `services` services in `environments` environments. */
export function specOf(services: number, environments: number): string {
  const tiers = ["development", "staging", "production"];
  const lines = [
    "apiVersion: prod-stack/v1",
    "name: bench",
    "source: { url: https://github.com/example-org/bench-deploy }",
    "services:",
    ...Array.from({ length: services }, (_, index) => serviceLine(index)),
    "datastores:",
    "  store: { engine: redis, role: store }",
    "backup: { store: { s3: { bucket: bench-backups } } }",
    "environments:",
    ...Array.from(
      { length: environments },
      (_, index) =>
        `  env-${index}: { tier: ${tiers[Math.min(index, 2)]}, domain: env-${index}.example.com }`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function serviceLine(index: number): string {
  const runtime = ["spring-boot", "nodejs", "go", "dotnet"][index % 4];
  const uses = index === 0 ? "{ store: {} }" : `{ service-${index - 1}: {}, store: {} }`;
  return `  service-${index}: { type: web-api, runtime: ${runtime}, image: ghcr.io/example-org/service-${index}:1.0.${index}, ports: { http: 8080 }, uses: ${uses}, expose: { path: /service-${index} } }`;
}
