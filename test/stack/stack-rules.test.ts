// Owns: every rule that looks at resolved values: what it refuses, where, and what it lets pass.
// Promises: a red and a green case each.
// Must not: test what the schema or src/spec/rules refuses.

import { describe, expect, test } from "vitest";
import { stackProblems } from "../spec/problems-of.js";

interface Parts {
  readonly top?: string;
  readonly service?: string;
  readonly services?: string;
  readonly environment?: string;
  readonly name?: string;
  readonly environmentName?: string;
}

function spec({
  top = "",
  service = "",
  services = "",
  environment = "",
  name = "a",
  environmentName = "prod",
}: Parts): string {
  return `apiVersion: prod-stack/v1
name: ${name}
source: { url: "https://github.com/example-org/a" }
services:
  api: { type: web-api, runtime: go, image: example/a, ports: { http: 80 }, ${service} }
${services}
environments:
  ${environmentName}: { tier: production, domain: example.com, ${environment} }
${top}
`;
}

const long = (length: number) => "x".repeat(length);

const CASES: readonly [string, Parts, Parts, string, RegExp][] = [
  [
    "one server in several replicas",
    { top: "datastores: { db: { engine: postgresql, replicas: 2 } }" },
    { top: "datastores: { db: { engine: postgresql, replicas: 1 } }" },
    "environments.prod.datastores.db.replicas",
    /cannot run with 2 members/,
  ],
  [
    "addresses of what runs in the cluster",
    { top: "datastores: { db: { engine: postgresql, addresses: [10.0.0.0/24] } }" },
    {
      top: "datastores: { db: { engine: postgresql, mode: external, host: db.example.com, addresses: [10.0.0.0/24] } }",
    },
    "environments.prod.datastores.db.addresses",
    /which decides its addresses/,
  ],
  [
    "an operator's pods without the API server's addresses",
    { top: "datastores: { db: { engine: postgresql, mode: operator } }" },
    {
      top: "network: { apiServer: [10.0.0.1/32] }\ndatastores: { db: { engine: postgresql, mode: operator } }",
    },
    "datastores.db",
    /call the API server, and its addresses are not known/,
  ],
  [
    "a quota that is too small for the CPU",
    { environment: "quota: { limits: { cpu: 5 } }" },
    { environment: "quota: { limits: { cpu: 50 } }" },
    "environments.prod.quota",
    /needs up to .* of limits.cpu, and the quota of prod is 5/,
  ],
  [
    "a quota that is too small for the pods",
    { top: "quota: { pods: 12 }" },
    { top: "quota: { pods: 13 }" },
    "environments.prod.quota",
    /needs up to 13 of pods/,
  ],
  [
    "a quota that is too small for the volumes",
    { top: "quota: { storage: 7Gi }\ndatastores: { r: { engine: redis } }" },
    { top: "quota: { storage: 8Gi }\ndatastores: { r: { engine: redis } }" },
    "environments.prod.quota",
    /needs up to 8Gi of storage/,
  ],
  [
    "requests above limits",
    { service: "resources: { requests: { memory: 2Gi } }" },
    { service: "resources: { requests: { memory: 1Gi } }" },
    "environments.prod.services.api.resources",
    /api requests more memory than its limit allows in prod/,
  ],
  [
    "requests of scratch space above limits",
    { service: "resources: { requests: { ephemeral-storage: 2Gi } }" },
    { service: "resources: { requests: { ephemeral-storage: 512Mi } }" },
    "environments.prod.services.api.resources",
    /more ephemeral-storage/,
  ],
  [
    "a datastore's requests above limits",
    { top: "datastores: { r: { engine: redis, resources: { requests: { cpu: 1 } } } }" },
    { top: "datastores: { r: { engine: redis, resources: { requests: { cpu: 1 }, limits: { cpu: 1 } } } }" },
    "environments.prod.datastores.r.resources",
    /r requests more cpu/,
  ],
  [
    "two services at one address",
    {
      service: "expose: { host: x }",
      services:
        "  b: { type: web-api, image: example/b, ports: { http: 80 }, expose: { host: x.example.com } }",
    },
    {
      service: "expose: { host: x }",
      services:
        "  b: { type: web-api, image: example/b, ports: { http: 80 }, expose: { host: x, path: /b } }",
    },
    "services.b.expose",
    /both exposed at x.example.com/,
  ],
  [
    "two services at one path with and without a slash",
    {
      service: "expose: { path: /p }",
      services: "  b: { type: web-api, image: example/b, ports: { http: 80 }, expose: { path: /p/ } }",
    },
    {
      service: "expose: { path: /p }",
      services: "  b: { type: web-api, image: example/b, ports: { http: 80 }, expose: { path: /p/q } }",
    },
    "services.b.expose",
    /both exposed/,
  ],
  [
    "a grace no longer than the delay",
    { service: "shutdown: { delay: 45s }" },
    { service: "shutdown: { delay: 44s }" },
    "services.api.shutdown",
    /killed before it has left/,
  ],
  [
    "half a second of delay",
    { service: "shutdown: { delay: 500ms }" },
    { service: "shutdown: { delay: 1s }" },
    "services.api.shutdown.delay",
    /not a number of whole seconds/,
  ],
  [
    "a probe every 1500 ms",
    { service: "probes: { readiness: { period: 1500ms } }" },
    { service: "probes: { readiness: { period: 2s } }" },
    "services.api.probes.readiness.period",
    /whole seconds/,
  ],
  [
    "a datastore's name that is too long for its backup",
    { top: `datastores: { ${long(46)}: { engine: redis } }` },
    { top: `datastores: { ${long(45)}: { engine: redis } }` },
    `datastores.${long(46)}`,
    /longer than the 52 characters/,
  ],
  [
    "a stack and an environment too long for a label",
    { name: long(53), environmentName: "production", environment: "namespace: short" },
    { name: long(53), environmentName: "productio" },
    "environments.production",
    /longer than the 63 characters of a label/,
  ],
  [
    "a host too long for DNS",
    { service: `expose: { host: ${long(60)} }`, environment: "" },
    { service: "expose: { host: x }" },
    "services.api.expose",
    /longer than 253/,
  ],
  [
    "API access without the API server's addresses",
    { service: "apiAccess: true" },
    { service: "apiAccess: true", top: "network: { apiServer: [10.0.0.1/32] }" },
    "services.api.apiAccess",
    /addresses are not known in prod/,
  ],
  [
    "a service with the name of a policy",
    { services: "  allow-dns: { type: worker, image: example/b }" },
    { services: "  allow-dnss: { type: worker, image: example/b }" },
    "services.allow-dns",
    /is the name of a network policy/,
  ],
  [
    "members without a majority",
    { top: "datastores: { q: { engine: rabbitmq, replicas: 2 } }" },
    { top: "datastores: { q: { engine: rabbitmq, replicas: 5 } }" },
    "environments.prod.datastores.q.replicas",
    /RabbitMQ \(q\) cannot run with 2 members/,
  ],
  [
    "several servers of an engine that runs as one",
    { top: "datastores: { r: { engine: redis, replicas: 3 } }" },
    { top: "datastores: { r: { engine: redis, replicas: 3, mode: external, host: r.example.com } }" },
    "environments.prod.datastores.r.replicas",
    /Redis \(r\) cannot run with 3 members/,
  ],
  [
    "a service with the name of a backup",
    {
      services: "  r-backup: { type: worker, image: example/b }",
      top: "datastores: { r: { engine: redis } }",
    },
    { services: "  r-back: { type: worker, image: example/b }", top: "datastores: { r: { engine: redis } }" },
    "services.r-backup",
    /the backup of r/,
  ],
  [
    "a service with the name of a headless Service",
    {
      services: "  r-headless: { type: worker, image: example/b }",
      top: "datastores: { r: { engine: redis } }",
    },
    { services: "  r-head: { type: worker, image: example/b }" },
    "services.r-headless",
    /a Service of r/,
  ],
  [
    "a service with the name of a redirect",
    { service: "expose: {}", services: "  api-redirect: { type: worker, image: example/b }" },
    { services: "  api-redirect: { type: worker, image: example/b }" },
    "services.api-redirect",
    /the redirect of api/,
  ],
  [
    "autoscaling without a bound",
    { service: "scaling: null", environment: "services: { api: { scaling: { max: 4, cpu: 50 } } }" },
    { environment: "services: { api: { scaling: { max: 4, cpu: 50 } } }" },
    "environments.prod.services.api.scaling",
    /min of the autoscaling of api is not known in prod/,
  ],
  [
    "bounds of two layers that cross",
    { environment: "services: { api: { scaling: { max: 2 } } }" },
    { environment: "services: { api: { scaling: { max: 3 } } }" },
    "environments.prod.services.api.scaling",
    /api scales from 3 to 2 in prod/,
  ],
  [
    "targets that all layers took away",
    { environment: "services: { api: { scaling: { cpu: null, memory: null } } }" },
    { environment: "services: { api: { scaling: { cpu: null } } }" },
    "environments.prod.services.api.scaling",
    /api scales on nothing in prod/,
  ],
];

describe("a stack with", () => {
  test.each(CASES)("%s is refused", (title, red, green, path, message) => {
    const domain = `${long(63)}.${long(63)}.${long(63)}.x`;
    const text = title === "a host too long for DNS" ? spec(red).replace("example.com", domain) : spec(red);
    const found = stackProblems(text).filter((problem) => problem.path === path);
    expect(found.map((problem) => problem.message)).toEqual([expect.stringMatching(message)]);
    expect(found[0]?.line).toBeGreaterThan(3);
    expect(stackProblems(spec(green))).toEqual([]);
  });
});

test("every broken rule is told at once", () => {
  const paths = stackProblems(
    spec({
      service: "apiAccess: true, shutdown: { grace: 1s }, resources: { requests: { cpu: 9 } }",
      top: "quota: { pods: 1 }",
    }),
  ).map(({ path }) => path);
  expect(new Set(paths)).toEqual(
    new Set([
      "services.api.apiAccess",
      "services.api.shutdown",
      "environments.prod.services.api.resources",
      "environments.prod.quota",
    ]),
  );
});
