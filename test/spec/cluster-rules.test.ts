// Owns: every rule about the clusters of an environment: what it refuses, where, and what it lets pass.
// Promises: a red and a green case each.
// Must not: test what the schema refuses.

import { describe, expect, test } from "vitest";
import { stackProblems } from "./problems-of.js";

const spec = (environments: string) => `apiVersion: prod-stack/v1
name: a
source: { url: "https://github.com/example-org/a" }
services:
  api: { type: web-api, runtime: go, image: example/a, ports: { http: 80 } }
environments: { ${environments} }
`;
const prod = (more: string) => spec(`prod: { tier: production, domain: example.com, ${more} }`);

const CASES: readonly [title: string, red: string, green: string, path: string, message: RegExp][] = [
  [
    "a cluster that nothing names",
    prod("clusters: { west: {} }"),
    prod("clusters: { west: { name: prod-west } }"),
    "environments.prod.clusters.west",
    /nothing says which cluster this is/,
  ],
  [
    "a cluster that is named twice",
    prod('clusters: { west: { name: w, server: "https://w.example.com" } }'),
    prod('clusters: { west: { server: "https://w.example.com" } }'),
    "environments.prod.clusters.west",
    /says twice which cluster this is/,
  ],
  [
    "a server beside clusters",
    prod('server: "https://w.example.com", clusters: { west: { name: w } }'),
    prod('server: "https://w.example.com"'),
    "environments.prod.server",
    /an environment with clusters is in those/,
  ],
  [
    "one cluster under two names",
    prod("clusters: { west: { name: w }, east: { name: w } }"),
    prod("clusters: { west: { name: w }, east: { name: e } }"),
    "environments.prod.clusters.east",
    /cluster west of prod is the same one/,
  ],
  [
    "a mesh of one",
    prod("mesh: cilium-clustermesh, clusters: { west: { name: w } }"),
    prod("mesh: cilium-clustermesh, clusters: { west: { name: w }, east: { name: e } }"),
    "environments.prod.mesh",
    /a mesh of one cluster/,
  ],
  [
    "two places with one name",
    spec(
      "prod: { tier: production, domain: example.com, clusters: { west: { name: w } } }, prod-west: { tier: staging, domain: b.example.com }",
    ),
    spec(
      "prod: { tier: production, domain: example.com, clusters: { west: { name: w } } }, stage-west: { tier: staging, domain: b.example.com }",
    ),
    "environments.prod-west",
    /prod-west and prod\/west would both be called "prod-west"/,
  ],
  [
    "a name of an Application that is too long",
    prod(`clusters: { ${"x".repeat(53)}: { name: w }, ${"y".repeat(40)}: { name: v } }`).replace(
      "name: a\n",
      "name: stack-name\n",
    ),
    prod(`clusters: { ${"x".repeat(40)}: { name: w } }`).replace("name: a\n", "name: stack-name\n"),
    `environments.prod.clusters.${"x".repeat(53)}`,
    /longer than the 63 characters/,
  ],
  [
    "the namespace of another environment in one of its clusters",
    spec(
      'dev: { tier: development, domain: d, namespace: n, server: "https://w.example.com" }, prod: { tier: production, domain: p, namespace: n, clusters: { west: { server: "https://w.example.com" } } }',
    ),
    spec(
      'dev: { tier: development, domain: d, namespace: n, server: "https://w.example.com" }, prod: { tier: production, domain: p, namespace: n, clusters: { west: { server: "https://x.example.com" } } }',
    ),
    "environments.prod.namespace",
    /environment dev has the same namespace "n" on the same cluster/,
  ],
  [
    "a service that a cluster has taken away from another",
    `${prod("clusters: { west: { name: w, services: { worker: null } } }")}`.replace(
      "  api: { type: web-api,",
      "  worker: { type: web-api, image: example/w, ports: { http: 80 } }\n  api: { type: web-api, uses: { worker: {} },",
    ),
    `${prod("clusters: { west: { name: w, services: { worker: null, api: { uses: { worker: null } } } } }")}`.replace(
      "  api: { type: web-api,",
      "  worker: { type: web-api, image: example/w, ports: { http: 80 } }\n  api: { type: web-api, uses: { worker: {} },",
    ),
    "environments.prod.clusters.west.services.api.uses.worker",
    /api uses worker, which is not there in prod/,
  ],
];

describe.each(CASES)("%s", (_title, red, green, path, message) => {
  test("is refused", () => {
    const problems = stackProblems(red);
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    expect(problems[0]?.message).toMatch(message);
  });

  test("is mended", () => {
    expect(stackProblems(green)).toEqual([]);
  });
});
