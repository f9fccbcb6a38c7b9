// Owns: every rule about previews: what it refuses, where, and what it lets pass.
// Promises: a red and a green case each.
// Must not: test what the schema refuses.

import { describe, expect, test } from "vitest";
import { stackProblems } from "../spec/problems-of.js";

const REPOSITORY = "{ r: { github: { owner: o, repo: r }, services: [api] } }";
const SERVER = 'server: "https://previews.example.com"';

interface Parts {
  readonly previews?: string;
  readonly stack?: string;
  readonly api?: string;
  readonly prod?: string;
  readonly cluster?: string;
  readonly repositories?: string;
}

function spec({
  previews = "",
  stack = "",
  api = "",
  prod = "",
  cluster = SERVER,
  repositories = REPOSITORY,
}: Parts) {
  return `apiVersion: prod-stack/v1
name: a
source: { url: "https://github.com/example-org/a" }
services:
  api: { type: web-api, runtime: go, image: example/a, ports: { http: 80 }, expose: { host: api }${api} }
${stack}
environments:
  dev: { tier: development, domain: dev.example.com }
  prod: { tier: production, domain: example.com${prod} }
previews: { domain: preview.example.com, ${cluster}${cluster === "" ? "" : ","} repositories: ${repositories}${previews} }
`;
}

const SECRET = "secrets: { api: { keys: [key], path: kv/api } }";
const EXTERNAL = "datastores: { db: { engine: postgresql, mode: external, host: db.example.com } }";
const ROLE = "identity: { aws: 'arn:aws:iam::111122223333:role/api' }";

const CASES: readonly [title: string, red: Parts, green: Parts, path: string, message: RegExp][] = [
  ["no cluster", { cluster: "" }, {}, "previews", /nothing says in which cluster/],
  ["two clusters", { previews: ", name: previews" }, { cluster: "name: previews" }, "previews", /says twice/],
  [
    "production's cluster by its address",
    { cluster: 'server: "https://kubernetes.default.svc"' },
    { cluster: 'server: "https://kubernetes.default.svc"', prod: ', server: "https://p.example.com"' },
    "previews.server",
    /would run in the cluster of prod/,
  ],
  [
    "production's cluster under Argo CD's own name for it",
    { cluster: "name: in-cluster" },
    { cluster: "name: in-cluster", prod: ", clusters: { one: { name: west } }" },
    "previews.name",
    /would run in the cluster of prod/,
  ],
  [
    "one of production's clusters",
    { cluster: "name: west", prod: ", clusters: { one: { name: east }, two: { name: west } }" },
    { cluster: "name: south", prod: ", clusters: { one: { name: east }, two: { name: west } }" },
    "previews.name",
    /would run in the cluster of prod/,
  ],
  [
    "a repository that is nowhere",
    { repositories: "{ r: { services: [api] } }" },
    {},
    "previews.repositories.r",
    /nothing says where/,
  ],
  [
    "a repository that is in two places",
    { repositories: '{ r: { github: { owner: o, repo: r }, gitlab: { project: "1" }, services: [api] } }' },
    { repositories: '{ r: { gitlab: { project: "1" }, services: [api] } }' },
    "previews.repositories.r",
    /says twice where/,
  ],
  [
    "a service that is not there",
    { repositories: "{ r: { github: { owner: o, repo: r }, services: [apo] } }" },
    {},
    "previews.repositories.r.services.0",
    /no service is called "apo"/,
  ],
  [
    "production's store",
    { stack: SECRET, previews: ", secretStore: { name: platform }, secrets: { api: { path: kv/previews } }" },
    { stack: SECRET, previews: ", secrets: { api: { path: kv/previews } }" },
    "previews.secrets.api",
    /from the store platform of production/,
  ],
  [
    "production's path",
    { stack: SECRET },
    { stack: SECRET, previews: ", secrets: { api: { path: kv/previews } }" },
    "previews.secrets.api",
    /from the path kv\/api of production/,
  ],
  [
    "production's database",
    { stack: EXTERNAL, api: ", uses: { db: {} }" },
    {
      stack: EXTERNAL,
      api: ", uses: { db: {} }",
      previews: ", datastores: { db: { host: db.preview.example.com } }",
    },
    "previews.datastores.db",
    /would use db at db.example.com/,
  ],
  [
    "production's rights in a cloud",
    { api: `, ${ROLE}`, previews: `, services: { api: { ${ROLE} } }` },
    { api: `, ${ROLE}` },
    "previews.services.api.identity",
    /production's rights/,
  ],
  [
    "backups",
    { previews: ", backup: { store: { s3: { bucket: previews } } }" },
    { stack: "backup: { store: { s3: { bucket: backups } } }" },
    "previews.backup",
    /have no backups/,
  ],
  [
    "open traffic",
    { previews: ", network: { policies: false }" },
    { stack: "network: { policies: false }" },
    "previews.network.policies",
    /all traffic but the declared is denied/,
  ],
  [
    "no network policies at all",
    { stack: "capabilities: { network-policy: false }" },
    {},
    "capabilities.network-policy",
    /previews need network policies/,
  ],
  [
    "a Gateway each",
    { previews: ", gateway: { mode: own }" },
    { stack: "gateway: { mode: own }" },
    "previews.gateway.mode",
    /each preview would bring a load balancer/,
  ],
  [
    "events to scale on",
    {
      previews:
        ", services: { api: { scaling: { min: 1, max: 2, triggers: { t: { prometheus: { query: up, threshold: 1 } } } } } }",
    },
    { previews: ", services: { api: { scaling: { min: 1, max: 2, cpu: 70 } } }" },
    "previews.services.api.scaling",
    /would scale on events/,
  ],
  [
    "a mesh",
    { previews: ", network: { mtls: istio }" },
    { stack: "network: { mtls: istio }" },
    "previews.network.mtls",
    /are in no mesh/,
  ],
  [
    "a life of minutes",
    { previews: ", lifetime: 59m" },
    { previews: ", lifetime: 60m" },
    "previews.lifetime",
    /would end before/,
  ],
  [
    "a name that is too long with a number",
    { repositories: `{ ${"r".repeat(53)}: { github: { owner: o, repo: r }, services: [api] } }` },
    { repositories: `{ ${"r".repeat(48)}: { github: { owner: o, repo: r }, services: [api] } }` },
    `previews.repositories.${"r".repeat(53)}`,
    /longer than the 63 characters/,
  ],
  [
    "a repository that builds no image",
    {
      stack: "  m: { type: model, framework: sklearn, storage: 's3://m/1' }",
      repositories: "{ r: { github: { owner: o, repo: r }, services: [m] } }",
    },
    {
      stack: "  m: { type: model, framework: sklearn, storage: 's3://m/1' }",
      repositories: "{ r: { github: { owner: o, repo: r }, services: [m, api] } }",
    },
    "previews.repositories.r.services",
    /none of these services has an image/,
  ],
];

describe.each(CASES)("%s", (_title, red, green, path, message) => {
  test("is refused where it stands", () => {
    const found = stackProblems(spec(red)).filter((problem) => message.test(problem.message));
    expect(found.map((problem) => problem.path)).toEqual([path]);
    expect(found[0]?.line).toBeGreaterThan(0);
    expect(found[0]?.expected).toBeTruthy();
  });

  test("is taken where it is right", () => {
    expect(stackProblems(spec(green))).toEqual([]);
  });
});

test("previews keep the rules of environments, said once and where the previews stand", () => {
  const found = stackProblems(spec({ previews: ", quota: { pods: 1 }, services: { api: { replicas: 3 } }" }));
  expect(found.map(({ path }) => path)).toEqual(["previews.quota"]);
  expect(found[0]?.message).toMatch(/the quota of previews is 1/);
});

test("what the previews name and the stack does not have is refused with the nearest name", () => {
  const [found] = stackProblems(spec({ previews: ", services: { apo: { replicas: 3 } }" }));
  expect(found?.path).toBe("previews.services.apo");
  expect(found?.suggestion).toMatch(/api/);
});
