// Owns: what each gateway is told of the same answers, in its own words.
// Promises: judged in the built overlays; the words are those of the projects' documentation, named beside each.
// Must not: read src/capabilities/exposure: it is what is judged.

import { beforeAll, describe, expect, test } from "vitest";
import {
  type BuiltStack,
  buildStacks,
  type KubernetesObject,
  overlayOf,
  renderText,
} from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";

let stacks: ReadonlyMap<string, BuiltStack>;
beforeAll(async () => {
  const chosen = ["traefik", "nginx", "envoy", "moving", "gateways"];
  stacks = await buildStacks(Object.fromEntries(chosen.map((name) => [name, SAMPLE_STACKS[name] ?? ""])));
});

function objectsIn(stack: string, environment = "prod"): readonly KubernetesObject[] {
  const built = stacks.get(stack);
  if (built === undefined) throw new Error(`no stack ${stack}`);
  return overlayOf(built, environment);
}

function find(stack: string, kind: string, name: string, environment = "prod"): KubernetesObject {
  const found = objectsIn(stack, environment).find(
    (object) => object.kind === kind && object.metadata.name === name,
  );
  if (found === undefined) throw new Error(`no ${kind} ${name} in ${stack} ${environment}`);
  return found;
}

describe("Envoy Gateway", () => {
  test("routes hosts, path and rewrite by Gateway API, with headers on every answer", () => {
    const { spec } = find("envoy", "HTTPRoute", "one");
    const [rule] = spec.rules;
    expect(spec.hostnames).toEqual(["one.example.com", "*.one.example.org", "www.example.org"]);
    expect(rule.matches).toEqual([{ path: { type: "PathPrefix", value: "/api/v1" } }]);
    expect(rule.timeouts).toEqual({ request: "30s" });
    const byType = Object.fromEntries(rule.filters.map((filter: KubernetesObject) => [filter.type, filter]));
    expect(byType.URLRewrite.urlRewrite.path).toEqual({
      type: "ReplacePrefixMatch",
      replacePrefixMatch: "/",
    });
    // The environment gave maxAge alone; the origins are those of the stack.
    expect(byType.CORS.cors).toMatchObject({
      allowOrigins: ["https://app.example.com", "https://*.example.org"],
      maxAge: 3600,
      allowCredentials: true,
    });
    expect(byType.ResponseHeaderModifier.responseHeaderModifier.set).toContainEqual({
      name: "Referrer-Policy",
      value: "no-referrer",
    });
  });

  test("says the rest in one BackendTrafficPolicy", () => {
    const { spec } = find("envoy", "BackendTrafficPolicy", "one");
    expect(spec.rateLimit.type).toBe("Local");
    // An address of either family has a bucket of its own (SourceMatchDistinct).
    expect(
      spec.rateLimit.local.rules.map((rule: KubernetesObject) => rule.clientSelectors[0].sourceCIDR),
    ).toEqual([
      { type: "Distinct", value: "0.0.0.0/0" },
      { type: "Distinct", value: "::/0" },
    ]);
    expect(spec).toMatchObject({
      timeout: { http: { streamIdleTimeout: "5m" } },
      requestBuffer: { limit: "10485760" },
      loadBalancer: { type: "ConsistentHash", consistentHash: { type: "SourceIP" } },
    });
    expect(spec.compressor.map(({ type }: KubernetesObject) => type)).toEqual(["Brotli", "Gzip"]);
  });

  test("leaves a stream its time", () => {
    expect(find("envoy", "HTTPRoute", "two").spec.rules[0].timeouts).toEqual({ request: "0s" });
    expect(find("envoy", "BackendTrafficPolicy", "two").spec.timeout.http).toEqual({
      streamIdleTimeout: "1h",
    });
  });

  test("gives gRPC a GRPCRoute by service, and its times by policy", () => {
    expect(find("envoy", "GRPCRoute", "three").spec.rules).toEqual([
      { backendRefs: [{ name: "three", port: 9000 }], matches: [{ method: { service: "shop.v1.Orders" } }] },
    ]);
    expect(find("envoy", "BackendTrafficPolicy", "three").spec.timeout.http).toEqual({
      requestTimeout: "20s",
    });
  });

  test("makes an own Gateway internal, and knows the hops before it", () => {
    expect(find("envoy", "Gateway", "edge").spec.infrastructure.parametersRef).toMatchObject({
      kind: "EnvoyProxy",
      name: "edge",
    });
    expect(find("envoy", "EnvoyProxy", "edge").spec.provider.kubernetes.envoyService).toEqual({
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      annotations: {
        "example.com/team": "edge",
        "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
      },
    });
    for (const [environment, kind] of [
      ["prod", "Gateway"],
      ["dev", "ListenerSet"],
    ] as const) {
      const { spec } = find("envoy", "ClientTrafficPolicy", "edge", environment);
      expect(spec.targetRefs).toEqual([{ group: "gateway.networking.k8s.io", kind, name: "edge" }]);
      expect(spec.clientIPDetection).toEqual({ xForwardedFor: { numTrustedHops: 2 } });
    }
  });

  test("lets a stack's own issuer prove its hosts at its own listeners", () => {
    expect(find("gateways", "Issuer", "own", "stage").spec.acme.solvers).toEqual([
      {
        http01: {
          gatewayHTTPRoute: {
            parentRefs: [
              { group: "gateway.networking.k8s.io", kind: "ListenerSet", name: "edge", sectionName: "http" },
            ],
          },
        },
      },
    ]);
    expect(find("gateways", "Certificate", "gates-stage", "stage").spec.issuerRef).toMatchObject({
      kind: "Issuer",
      name: "own",
    });
  });
});

describe("Traefik", () => {
  const middlewares = (name: string, route = 0) =>
    find("traefik", "IngressRoute", name).spec.routes[route].middlewares.map(
      (one: KubernetesObject) => find("traefik", "Middleware", one.name).spec,
    );

  test("names middlewares that exist, headers first, in the namespace of the route", () => {
    const specs = middlewares("one");
    expect(specs.map((spec: object) => Object.keys(spec)[0])).toEqual([
      "headers",
      "headers",
      "ipAllowList",
      "rateLimit",
      "buffering",
      "stripPrefix",
      "compress",
    ]);
    expect(specs[0].headers.customResponseHeaders).toMatchObject({
      "Referrer-Policy": "no-referrer",
      "Content-Security-Policy": "default-src 'self'",
      Server: "",
    });
    expect(specs[1].headers).toMatchObject({
      accessControlAllowOriginList: ["https://app.example.com"],
      accessControlAllowOriginListRegex: ["^https://.+\\.example\\.org$"],
      accessControlMaxAge: 600,
    });
    expect(specs[2].ipAllowList).toMatchObject({ ipStrategy: { depth: 1 } });
    expect(specs[3].rateLimit).toEqual({
      average: 100,
      period: "1m",
      burst: 100,
      sourceCriterion: { ipStrategy: { depth: 1 } },
    });
    expect(specs[4].buffering).toEqual({ maxRequestBodyBytes: 10485760 });
    expect(specs[5].stripPrefix).toEqual({ prefixes: ["/api/v1"] });
  });

  test("takes a default header away where a layer says null", () => {
    expect(middlewares("two")[0].headers.customResponseHeaders).not.toHaveProperty("X-Frame-Options");
  });

  test("rewrites a prefix by elements", () => {
    const { regex, replacement } = find("traefik", "Middleware", "two-rewrite", "dev").spec.replacePathRegex;
    const rewrite = (path: string) => path.replace(new RegExp(regex), replacement.replace(/[{}]/g, ""));
    expect(["/two", "/two/", "/two/a/b"].map(rewrite)).toEqual(["/inner/", "/inner/", "/inner/a/b"]);
    expect(rewrite("/twofold")).toBe("/twofold");
  });

  test("keeps clients at their pod, and waits for servers as long as it is told", () => {
    const [service] = find("traefik", "IngressRoute", "one").spec.routes[0].services;
    expect(service).toMatchObject({
      serversTransport: "one",
      sticky: { cookie: { secure: true, httpOnly: true } },
    });
    expect(find("traefik", "ServersTransport", "one").spec.forwardingTimeouts).toEqual({
      responseHeaderTimeout: "30s",
    });
    expect(find("traefik", "IngressRoute", "three").spec.routes[0].services[0].scheme).toBe("h2c");
  });

  test("redirects after everything else: challenges of cert-manager come by plain HTTP", () => {
    const { spec } = find("traefik", "IngressRoute", "one-redirect");
    expect(spec.entryPoints).toEqual(["web"]);
    expect(spec.routes[0].priority).toBe(1);
    expect(find("traefik", "Middleware", "one-redirect").spec).toEqual({
      redirectScheme: { scheme: "https", permanent: true },
    });
  });
});

describe("NGINX Ingress", () => {
  const PREFIX = "nginx.ingress.kubernetes.io/";
  const annotations = (name: string, environment = "prod") =>
    Object.fromEntries(
      Object.entries(find("nginx", "Ingress", name, environment).metadata.annotations).map(([key, value]) => [
        key.replace(PREFIX, ""),
        value,
      ]),
    );

  test("has an annotation for each answer, and no snippet", () => {
    expect(annotations("one")).toMatchObject({
      "allowlist-source-range": "10.0.0.0/8,fd00::/8",
      "cors-allow-origin": "https://app.example.com,https://*.example.org",
      "custom-headers": "engine-prod/one-headers",
      "force-ssl-redirect": "true",
      "limit-burst-multiplier": "1",
      "limit-rpm": "100",
      "proxy-body-size": "10485760",
      "proxy-read-timeout": "300",
      "proxy-request-buffering": "on",
      "rewrite-target": "/$2",
      "session-cookie-path": "/api/v1",
      affinity: "cookie",
    });
    for (const stack of ["nginx", "moving"])
      for (const object of stacks.get(stack)?.objects.values() ?? [])
        expect(JSON.stringify(object)).not.toMatch(/-snippet/);
  });

  test("changes with its environment", () => {
    expect(annotations("one", "dev")).toMatchObject({
      "limit-rpm": "10",
      "force-ssl-redirect": "false",
      "upstream-hash-by": "$binary_remote_addr",
    });
    expect(find("nginx", "Ingress", "one", "dev").spec.tls).toBeUndefined();
    expect(annotations("three")).toMatchObject({ "backend-protocol": "GRPC", "limit-rps": "5" });
  });

  test("rewrites what the path's expression has caught", () => {
    const [path] = find("nginx", "Ingress", "one").spec.rules[0].http.paths;
    expect(path.pathType).toBe("ImplementationSpecific");
    const rewrite = (url: string) => url.replace(new RegExp(`^${path.path}`, "i"), "/$2");
    expect(["/api/v1", "/api/v1/", "/api/v1/a/b", "/api/v1x"].map(rewrite)).toEqual([
      "/",
      "/",
      "/a/b",
      "/api/v1x",
    ]);
  });

  test("has its headers in a ConfigMap of the names that the platform is told to allow", () => {
    const { data } = find("nginx", "ConfigMap", "one-headers");
    const page = renderText(SAMPLE_STACKS.nginx ?? "").tree.find(({ path }) => path === "docs/exposure.md");
    const allowed =
      /global-allowed-response-headers: ([^`]*)/.exec(page?.contents.toString() ?? "")?.[1] ?? "";
    expect(allowed.split(",")).toEqual(expect.arrayContaining(Object.keys(data)));
    expect(
      Object.values(data).every((value) =>
        /^[a-zA-Z\d_ :;.,\\/"'?!(){}[\]@<>=\-+*#$&`|~^%]+$/.test(String(value)),
      ),
    ).toBe(true);
  });

  test("is marked as legacy in the file and in the docs", () => {
    const { tree } = renderText(SAMPLE_STACKS.nginx ?? "");
    const textOf = (path: string) => tree.find((entry) => entry.path === path)?.contents.toString() ?? "";
    expect(textOf("overlays/prod/managed/one.route.patch.yaml")).toMatch(/^# Legacy: /);
    expect(textOf("docs/exposure.md")).toMatch(/\*\*Legacy\*\*/);
    expect(textOf("docs/requirements.md")).toMatch(/retired in March 2026/);
  });
});

test("an environment with another gateway does without the base's route", () => {
  const kinds = (environment: string) => [
    ...new Set(
      objectsIn("moving", environment)
        .map(({ kind }) => kind)
        .filter((kind) => /Route$|^Ingress$|Middleware/.test(kind)),
    ),
  ];
  expect(kinds("dev")).toEqual(["Ingress"]);
  expect(kinds("stage").sort()).toEqual(["IngressRoute", "Middleware"]);
  expect(kinds("prod").sort()).toEqual(["GRPCRoute", "HTTPRoute"]);
});

test("the page has a row for each answer, and says who gives it", () => {
  const page = renderText(SAMPLE_STACKS.envoy ?? "").tree.find(({ path }) => path === "docs/exposure.md");
  const rows = (page?.contents.toString() ?? "").split("\n").filter((line) => line.startsWith("| `"));
  expect(rows).toHaveLength(17);
  const given = Object.fromEntries(
    rows.map((row) => row.split("|").map((cell) => cell.trim())).map(([, a, by]) => [a, by]),
  );
  expect(given).toMatchObject({
    "`rateLimit`": "one, three",
    "`rewrite`": "one, two",
    "`loadBalancer`": "dev, prod",
  });
});
