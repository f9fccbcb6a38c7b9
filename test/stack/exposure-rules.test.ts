// Owns: every rule about what is exposed: what it refuses, where, and what it lets pass.
// Promises: a red and a green case each; defaults and overrides meet as the order of layers says.
// Must not: test what the schema refuses.

import { describe, expect, test } from "vitest";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";
import { problemsOf, stackProblems } from "../spec/problems-of.js";

interface Parts {
  readonly expose?: string;
  readonly other?: string;
  readonly type?: string;
  readonly gateway?: string;
  readonly certManager?: string;
  readonly top?: string;
  readonly environment?: string;
}

/** A stack of one environment; `other` is a second service's exposure. */
function spec(parts: Parts): string {
  const { expose, other, type = "web-api", gateway, certManager, top = "", environment = "" } = parts;
  const service = (name: string, kind: string, exposure: string | undefined) =>
    `  ${name}: { type: ${kind}, image: example/${name}, ports: { http: 80 }${exposure === undefined ? "" : `, expose: { ${exposure} }`} }\n`;
  return `apiVersion: prod-stack/v1
name: a
source: { url: "https://github.com/example-org/a" }
services:
${service("api", type, expose ?? "")}${service("web", "web-frontend", other)}environments:
  prod: { tier: production, domain: example.com, ${environment} }
${gateway === undefined ? "" : `gateway: { ${gateway} }\n`}${certManager === undefined ? "" : `certManager: { ${certManager} }\n`}${top}
`;
}

const CASES: readonly [string, Parts, Parts, string, RegExp][] = [
  [
    "two services at one alias",
    { expose: "host: x, aliases: [www.example.org]", other: "host: y, aliases: [www.example.org]" },
    { expose: "host: x, aliases: [www.example.org]", other: "host: y, aliases: [www.example.org], path: /y" },
    "services.web.expose",
    /both exposed at www.example.org/,
  ],
  [
    "two services at one exact path",
    { expose: "match: exact, path: /p", other: "match: exact, path: /p" },
    { expose: "match: exact, path: /p", other: "path: /p" },
    "services.web.expose",
    /both exposed at a.example.com\/p/,
  ],
  [
    "gRPC and HTTP on one host",
    { type: "grpc-service", expose: "host: x, path: /p.S", other: "host: x, path: /y" },
    { type: "grpc-service", expose: "host: x, path: /p.S", other: "host: z, path: /y" },
    "services.api.expose",
    /api speaks gRPC and web HTTP, and both are exposed at x.example.com/,
  ],
  [
    "gRPC and HTTP on one host, of a gateway that can",
    { type: "grpc-service", expose: "host: x", other: 'host: z, aliases: ["*"]' },
    {
      type: "grpc-service",
      expose: "host: x, path: /p.S",
      other: "host: x, path: /y",
      gateway: "implementation: traefik",
    },
    "services.api.expose",
    /both are exposed at x.example.com/,
  ],
  [
    "cross-origin requests from nowhere",
    { expose: "cors: { methods: [GET] }" },
    {
      expose: "cors: { methods: [GET] }",
      environment: 'services: { api: { expose: { cors: { origins: ["https://b.example"] } } } }',
    },
    "services.api.expose.cors",
    /come from nowhere/,
  ],
  [
    "credentials for every site",
    { expose: 'cors: { origins: ["*"], credentials: true }' },
    { expose: 'cors: { origins: ["https://b.example"], credentials: true }' },
    "services.api.expose.cors.credentials",
    /no credentials to what every site may call/,
  ],
  [
    "one header by two names",
    { expose: "headers: { X-XSS-Protection: a, X-Xss-Protection: b }" },
    { expose: "headers: { X-XSS-Protection: a }" },
    "services.api.expose.headers.X-Xss-Protection",
    /are one header/,
  ],
  [
    "buffering without bounds",
    { expose: "buffering: true" },
    { expose: "buffering: true, maxBody: 1Mi" },
    "services.api.expose.buffering",
    /requests of any size/,
  ],
  [
    "a stream of a largest size",
    { expose: "streaming: true, maxBody: 1Mi" },
    { expose: "streaming: true" },
    "services.api.expose.streaming",
    /a stream has no end/,
  ],
  [
    "a rewrite of an exact path",
    { expose: "path: /p, match: exact, rewrite: /" },
    { expose: "path: /p, rewrite: /" },
    "services.api.expose.rewrite",
    /no prefix/,
  ],
  [
    "a time of six digits",
    { expose: "timeout: 100000s" },
    { expose: "timeout: 99999s" },
    "services.api.expose.timeout",
    /more than five digits/,
  ],
  [
    "compression of gRPC",
    { type: "grpc-service", expose: "compression: true" },
    { type: "grpc-service", gateway: "defaults: { compression: true, headers: { X-Own: a } }" },
    "services.api.expose.compression",
    /speaks gRPC, which has no compression/,
  ],
  [
    "a gRPC service at a path of HTTP",
    { type: "grpc-service", expose: "path: /api/v1" },
    { type: "grpc-service", expose: "path: /shop.v1.Orders" },
    "services.api.expose.path",
    /not the path of a gRPC service/,
  ],
  [
    "a size without buffering",
    { expose: "maxBody: 1Mi, buffering: false" },
    { expose: "maxBody: 1Mi, buffering: false", gateway: "implementation: ingress-nginx" },
    "services.api.expose.buffering",
    /Envoy Gateway limits bodies by taking in requests whole/,
  ],
  [
    "a path that NGINX refuses",
    { expose: "path: /v1.0", gateway: "implementation: ingress-nginx" },
    { expose: "path: /v1.0" },
    "services.api.expose.path",
    /NGINX Ingress refuses paths/,
  ],
  [
    "a rewrite that NGINX refuses",
    { expose: "path: /v1, rewrite: /a$b", gateway: "implementation: ingress-nginx" },
    { expose: "path: /v1, rewrite: /a$b", gateway: "implementation: traefik" },
    "services.api.expose.rewrite",
    /NGINX Ingress refuses rewrites/,
  ],
  [
    "an hourly limit that NGINX cannot count",
    { expose: "rateLimit: 100/h", gateway: "implementation: ingress-nginx" },
    { expose: "rateLimit: 120/h", gateway: "implementation: ingress-nginx" },
    "services.api.expose.rateLimit",
    /counts by the minute/,
  ],
  [
    "an own Traefik",
    { gateway: "implementation: traefik, mode: own" },
    { gateway: "implementation: traefik" },
    "environments.prod.gateway.mode",
    /Traefik is always the platform's/,
  ],
  [
    "pods of NGINX that count together",
    { gateway: "implementation: ingress-nginx, rateLimitScope: global" },
    { gateway: "rateLimitScope: global" },
    "environments.prod.gateway.rateLimitScope",
    /counts for itself/,
  ],
  [
    "two kinds of issuer",
    {
      gateway: "mode: own",
      certManager: "acme: { email: a@b.c }, ca: { secret: ca }",
      top: "secrets: { ca: { keys: [tls.crt, tls.key] } }",
    },
    {
      gateway: "mode: own",
      certManager: "ca: { secret: ca }",
      top: "secrets: { ca: { keys: [tls.crt, tls.key] } }",
    },
    "environments.prod.certManager.ca",
    /an ACME authority or an authority of the company/,
  ],
  [
    "an issuer beside a Gateway of the platform's",
    { certManager: "acme: { email: a@b.c }" },
    { certManager: "acme: { email: a@b.c }", gateway: "implementation: traefik" },
    "environments.prod.certManager.acme",
    /lies with the platform's Gateway/,
  ],
  [
    "proxies in the stack's own namespace",
    { gateway: "mode: own, proxyNamespace: a-prod" },
    { gateway: "mode: own, proxyNamespace: a-prod", top: "network: { policies: false }" },
    "environments.prod.gateway.proxyNamespace",
    /all traffic but the stack's own is denied/,
  ],
  [
    "a wildcard that is proven by HTTP",
    { expose: 'aliases: ["*"]', gateway: "mode: own", certManager: "acme: { email: a@b.c }" },
    {
      expose: 'aliases: ["*"]',
      gateway: "mode: own",
      certManager: "acme: { email: a@b.c, dns01: { cloudDNS: { project: dns-project } } }",
    },
    "environments.prod.certManager.acme",
    /wildcard host/,
  ],
  [
    "two DNS services for one proof",
    {
      gateway: "mode: own",
      certManager:
        "acme: { email: a@b.c, dns01: { cloudDNS: { project: dns-project }, route53: { region: eu-1 } } }",
    },
    {
      gateway: "mode: own",
      certManager: "acme: { email: a@b.c, dns01: { route53: { region: eu-1 } } }",
    },
    "environments.prod.certManager.acme.dns01",
    /proven by one DNS service/,
  ],
  [
    "an authority without its key",
    { gateway: "mode: own", certManager: "ca: { secret: ca }", top: "secrets: { ca: { keys: [tls.crt] } }" },
    {
      gateway: "mode: own",
      certManager: "ca: { secret: ca }",
      top: "secrets: { ca: { keys: [tls.crt, tls.key] } }",
    },
    "environments.prod.certManager.ca.secret",
    /no secret ca with tls.crt and tls.key/,
  ],
  [
    "a DNS token that nobody declared",
    {
      gateway: "mode: own",
      certManager: "acme: { email: a@b.c, dns01: { cloudflare: { secret: cf, key: token } } }",
    },
    {
      gateway: "mode: own",
      certManager: "acme: { email: a@b.c, dns01: { cloudflare: { secret: cf, key: token } } }",
      top: "secrets: { cf: { keys: [token] } }",
    },
    "environments.prod.certManager.acme.dns01.cloudflare",
    /no such secret/,
  ],
];

describe("a stack with", () => {
  test.each(CASES)("%s is refused", (_title, red, green, path, message) => {
    const found = stackProblems(spec(red)).filter((problem) => problem.path === path);
    expect(found.map((problem) => problem.message)).toEqual([expect.stringMatching(message)]);
    expect(found[0]?.line).toBeGreaterThan(3);
    expect(stackProblems(spec(green))).toEqual([]);
  });
});

describe("a path with", () => {
  test.each(["//", "/a//b", "/.", "/a/./b", "/..", "/a/../b", "/a%2Fb", "/a%2fb", "/a%zz", "a"])(
    "%s in it is refused",
    (path) => {
      const [problem, ...rest] = problemsOf(spec({ expose: `path: "${path}"` }));
      expect(problem?.path).toBe("services.api.expose.path");
      expect(rest).toEqual([]);
    },
  );

  test.each(["/", "/a", "/a/", "/a.b/.well-known", "/a%20b", "/...", "/a..b"])("%s in it passes", (path) => {
    expect(problemsOf(spec({ expose: `path: "${path}"` }))).toEqual([]);
  });
});

describe("gateway.defaults", () => {
  const exposureIn = (text: string) =>
    resolveStack(parseSpec(text), { generator: "0" }).environments[0]?.services.find(
      ({ name }) => name === "api",
    )?.exposure;

  test("hold for a service that says nothing, and for no gRPC service that they do not suit", () => {
    const gateway = "defaults: { rateLimit: 5/s, compression: true, timeout: 9s }";
    expect(exposureIn(spec({ gateway }))).toMatchObject({
      rateLimit: { requests: 5, unit: "Second" },
      compression: true,
      timeout: "9s",
    });
    expect(exposureIn(spec({ gateway, type: "grpc-service" }))).toMatchObject({
      rateLimit: { requests: 5, unit: "Second" },
      compression: false,
      timeout: undefined,
      headers: [],
    });
  });

  test("yield to the service's own answers, and to null", () => {
    const found = exposureIn(
      spec({
        gateway: "defaults: { rateLimit: 5/s, compression: true }",
        expose:
          "compression: false, timeout: null, headers: { X-Frame-Options: SAMEORIGIN, Referrer-Policy: null }",
        environment: "services: { api: { expose: { rateLimit: null } } }",
      }),
    );
    expect(found).toMatchObject({ rateLimit: undefined, compression: false, timeout: undefined });
    expect(found?.headers.map(({ name, value }) => `${name}: ${value}`)).toEqual([
      "Strict-Transport-Security: max-age=31536000",
      "X-Content-Type-Options: nosniff",
      "X-Frame-Options: SAMEORIGIN",
    ]);
  });

  test("come back where an environment exposes again what a layer below had taken away", () => {
    const text = spec({
      gateway: "defaults: { compression: true }",
      top: "tiers: { production: { services: { api: { expose: null } } } }",
      environment: "services: { api: { expose: { host: again } } }",
    });
    expect(exposureIn(text)).toMatchObject({ host: "again.example.com", compression: true, timeout: "60s" });
  });

  test("of an environment win over those of the stack", () => {
    const gateway = "defaults: { rateLimit: 5/s }";
    expect(
      exposureIn(spec({ gateway, environment: "gateway: { defaults: { rateLimit: 7/s } }" })),
    ).toMatchObject({
      rateLimit: { requests: 7 },
    });
    expect(
      exposureIn(spec({ gateway, environment: "gateway: { defaults: { rateLimit: null } }" }))?.rateLimit,
    ).toBeUndefined();
  });

  test("expose nothing by themselves", () => {
    const text = spec({ gateway: "defaults: { compression: true }" }).replace(", expose: {  }", "");
    expect(exposureIn(text)).toBeUndefined();
  });
});

test("a gateway brings its own names, and a layer may say others", () => {
  const gatewayIn = (gateway: string, environment = "") =>
    resolveStack(parseSpec(spec({ gateway, environment })), { generator: "0" }).environments[0]?.settings
      .gateway;
  expect(gatewayIn("implementation: traefik")).toMatchObject({
    class: "traefik",
    httpsListener: "websecure",
    proxyNamespace: "traefik",
    proxyLabels: { "app.kubernetes.io/name": "traefik" },
  });
  expect(
    gatewayIn("implementation: traefik, class: inner", "gateway: { implementation: null }"),
  ).toMatchObject({
    implementation: "envoy-gateway",
    class: "inner",
    proxyNamespace: "envoy-gateway-system",
  });
  expect(gatewayIn("class: x", "gateway: { class: null }")).toMatchObject({ class: "envoy-gateway" });
});
