// Owns: a stack as large as anyone has asked for, and what it costs to render and plan it whole.
// Promises: services × environments × clusters of the arguments; every cluster says something of its own.
// Must not: write a repository.
//
//   npx tsx test/bench/large-stack.ts [SERVICES] [ENVIRONMENTS] [CLUSTERS]

import { stringify } from "yaml";
import { planWrite } from "../../src/plan/plan-write.js";
import { renderTree } from "../../src/render/render-tree.js";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** The text of a prod-stack.yaml. */
export function largeStack(services: number, environments: number, clusters: number): string {
  const quota = {
    requests: { cpu: "20000", memory: "40Ti" },
    limits: { cpu: "40000", memory: "80Ti" },
    pods: 20000,
    services: 2000,
  };
  return stringify({
    apiVersion: "prod-stack/v1",
    name: "large",
    source: { url: "https://github.com/example-org/large" },
    quota,
    services: Object.fromEntries(
      range(services).map((index) => [
        `service-${index}`,
        {
          type: "web-api",
          runtime: (["go", "nodejs", "spring-boot", "python"] as const)[index % 4],
          image: `ghcr.io/example-org/service-${index}:1.0.0`,
          ports: { http: 8080 },
          ...(index > 1 && { uses: { [`service-${index - 1}`]: {} } }),
          ...(index % 10 === 0 && { expose: { host: `service-${index}` } }),
        },
      ]),
    ),
    environments: Object.fromEntries(
      range(environments).map((index) => [
        `env-${index}`,
        {
          tier: index === 1 ? "development" : index === environments ? "production" : "staging",
          domain: `env-${index}.example.com`,
          clusters: Object.fromEntries(
            range(clusters).map((cluster) => [
              `cluster-${cluster}`,
              {
                name: `env-${index}-cluster-${cluster}`,
                services: {
                  [`service-${(cluster % services) + 1}`]: { env: { CLUSTER: `cluster-${cluster}` } },
                },
              },
            ]),
          ),
        },
      ]),
    ),
  });
}

function measure(services: number, environments: number, clusters: number) {
  const text = largeStack(services, environments, clusters);
  const started = performance.now();
  const stack = resolveStack(parseSpec(text), { generator: "0.0.0-bench" });
  const resolved = performance.now();
  const tree = renderTree(stack);
  const rendered = performance.now();
  const plan = planWrite(
    tree,
    undefined,
    { files: new Map(), bases: new Map() },
    { generator: "0.0.0-bench" },
  );
  const planned = performance.now();
  const largest = [...tree].sort((a, b) => b.contents.length - a.contents.length).slice(0, 5);
  return {
    shape: `${services} × ${environments} × ${clusters}`,
    specKiB: Math.round(text.length / 1024),
    files: plan.files.length,
    mib: Math.round(tree.reduce((sum, { contents }) => sum + contents.length, 0) / 1024 / 1024),
    resolveMs: Math.round(resolved - started),
    renderMs: Math.round(rendered - resolved),
    planMs: Math.round(planned - rendered),
    rssMiB: Math.round(process.memoryUsage().rss / 1024 / 1024),
    largest: largest.map(({ path, contents }) => `${path} ${Math.round(contents.length / 1024)} KiB`),
  };
}

const [services = 200, environments = 5, clusters = 20] = process.argv.slice(2).map(Number);
if (process.argv[1]?.endsWith("large-stack.ts")) {
  process.stdout.write(`${JSON.stringify(measure(services, environments, clusters), undefined, 2)}\n`);
}
