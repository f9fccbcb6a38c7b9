// Owns: what a stack's README shows of things that not every environment has, and how long it gets.
// Promises: a service of one environment alone is in table and picture; a large stack has a README that people can read.
// Must not: judge words.

import { expect, test } from "vitest";
import { diagramOf } from "../../src/capabilities/diagram.js";
import { documentation } from "../../src/capabilities/documentation.js";
import templates from "../../src/generated/templates.json" with { type: "json" };
import { runTemplate, type Templates } from "../../src/render/run-template.js";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";
import type { Stack } from "../../src/stack/stack.js";
import { largeStack } from "../bench/large-stack.js";

function resolved(text: string): Stack {
  return resolveStack(parseSpec(text), { generator: "0.0.0-test" });
}

function page(stack: Stack, path: string): string {
  const file = documentation.files(stack).find((one) => one.path === path);
  return runTemplate(templates as unknown as Templates, file?.template ?? "", file?.view);
}

const PARTLY = `apiVersion: prod-stack/v1
name: partly
source: { url: https://github.com/example-org/partly }
services:
  api: { type: web-api, runtime: go, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 } }
datastores: { cache: { engine: redis, role: cache }, orders: { engine: redis, role: store } }
externals: { fx: { host: fx.example.org, port: 443 } }
environments:
  dev:
    tier: development
    domain: dev.example.com
    services:
      tool: { type: web-api, runtime: nodejs, image: ghcr.io/example-org/tool:1.0.0, ports: { http: 3000 }, uses: { cache: {}, fx: {} }, expose: { host: tool } }
  prod:
    tier: production
    domain: example.com
    datastores: { cache: null }
    services: { api: { uses: { orders: {} } } }
    backup: { store: { s3: { bucket: partly-backups } } }
`;

test("what only one environment has is in the tables, with its place, and in the picture", () => {
  const stack = resolved(PARTLY);
  const readme = page(stack, "README.md");
  expect(readme).toMatch(/^\| tool \(only in dev\) \| web-api \| nodejs \|.*\| cache, fx \|$/m);
  expect(readme).toMatch(/^\| api \| web-api \| go \|/m);
  expect(readme).toMatch(/^\| cache \(only in dev\) \| redis \|/m);
  expect(readme).toContain("docs/backup.md");
  const drawn = diagramOf(stack).split("\n");
  for (const line of [
    '  s_tool["tool: nodejs"]',
    "  s_tool -->|6379| d_cache",
    "  s_tool -->|443| e_fx",
    '  gateway -->|"/"| s_tool',
    // An edge and a backup that only production has.
    "  s_api -->|6379| d_orders",
    '  store[("object store")]',
  ])
    expect(drawn).toContain(line);
});

test("a large stack's pages and picture stay short, and name what they leave out", () => {
  const small = page(resolved(largeStack(12, 2, 2)), "README.md");
  const many = resolved(largeStack(60, 2, 12));
  const large = page(many, "README.md");
  expect(large.length).toBeLessThan(small.length + 60 * 150);
  expect(large.match(/^### Deploy to /gm)).toHaveLength(2);
  expect(large).toMatch(
    /^The same for the other clusters, .*: env-1 cluster-10, .*, and 3 more clusters\.$/m,
  );
  expect(large).toMatch(/60 services: 60 to 60/);
  expect(page(many, "docs/requirements.md").length).toBeLessThan(20_000);
  const drawn = diagramOf(many);
  expect(drawn.split("\n").length).toBeLessThan(20);
  expect(drawn).toContain('"60 × web-api"');
  expect(drawn).toMatch(/g0 -->\|59\| g0/);
});
