// Owns: the proofs of the rows GIT-06, ENV-03, SEC-14, RES-12, NET-06 and NET-07: review, staging, and answers of the spec.
// Promises: one test a row, which fails when the row is broken; optional rows are absent where nobody asks for them.
// Must not: repeat what other rooms test in depth.

import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import {
  type BuiltStack,
  buildStacks,
  type KubernetesObject,
  ofKind,
  overlayOf,
  podOf,
  renderText,
} from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";

const NAMES = ["shop", "busy", "envoy", "traefik", "nginx"] as const;
const LIMITER = (SAMPLE_STACKS.limiter ?? "").replace(
  "environments:",
  "environments:\n  staging: { tier: staging, domain: staging.example.com }",
);

let built: ReadonlyMap<string, BuiltStack>;
beforeAll(async () => {
  const samples = Object.fromEntries(NAMES.map((name) => [name, SAMPLE_STACKS[name] ?? ""]));
  built = await buildStacks({ ...samples, limiter: LIMITER });
});

const objects = (name: string, environment = "prod") => overlayOf(built.get(name) as BuiltStack, environment);
const named = (name: string, kind: string, object: string, environment = "prod"): KubernetesObject =>
  ofKind(objects(name, environment), kind).find(({ metadata }) => metadata.name === object);
const pods = (name: string, environment = "prod"): KubernetesObject[] =>
  objects(name, environment).flatMap((object) => podOf(object) ?? []);
const annotationsOf = (environment: string) =>
  named("nginx", "Ingress", "one", environment).metadata.annotations;
const NGINX = "nginx.ingress.kubernetes.io/";

test("[GIT-06] owners agree, a check runs, and a pull request says what will happen", () => {
  const { tree } = renderText(SAMPLE_STACKS.shop ?? "");
  const textOf = (path: string) => tree.find((file) => file.path === path)?.contents ?? "";
  const owners = textOf(".github/CODEOWNERS");
  for (const path of ["*", "/bootstrap/", "/overlays/prod/"])
    expect(owners.split("\n")).toContain(`${path} @example-org/shop-team`);
  expect(textOf(".github/pull_request_template.md")).toContain("What will happen in the cluster");
  const { on, jobs } = parse(textOf(".github/workflows/shop.yaml"));
  expect(on).toHaveProperty("pull_request");
  // The check that the branch protection has to require is named as the job is.
  expect(Object.keys(jobs)).toEqual(["validate"]);
  expect(textOf("docs/delivery.md")).toContain("`validate`");
});

test("[ENV-03] staging is closed and HTTPS only like production, smaller, and shows its API", () => {
  const dataOf = (environment: string) =>
    ofKind(objects("limiter", environment), "ConfigMap").find(({ metadata }) =>
      metadata.name.startsWith("rate-limiter-config"),
    ).data;
  expect(dataOf("staging").SPRINGDOC_SWAGGER_UI_ENABLED).toBe("true");
  expect(dataOf("prod").SPRINGDOC_SWAGGER_UI_ENABLED).toBe("false");
  expect(named("limiter", "Deployment", "rate-limiter", "staging").spec.replicas).toBe(2);
  expect(named("limiter", "NetworkPolicy", "default-deny", "staging")).toBeDefined();
  const { parentRefs } = named("limiter", "HTTPRoute", "rate-limiter", "staging").spec;
  expect(parentRefs.map(({ sectionName }: KubernetesObject) => sectionName)).toEqual(["https"]);
});

test("[SEC-14] every pod pulls with the credentials of the private registry, and with none by default", () => {
  expect(pods("busy").length).toBeGreaterThan(3);
  for (const { spec } of pods("busy")) expect(spec.imagePullSecrets).toEqual([{ name: "registry" }]);
  for (const { spec } of pods("shop")) expect(spec.imagePullSecrets).toBeUndefined();
});

test("[RES-12] a client stays with its pod, by cookie or address, where the spec says so", () => {
  expect(annotationsOf("prod")[`${NGINX}affinity`]).toBe("cookie");
  expect(annotationsOf("dev")[`${NGINX}upstream-hash-by`]).toBe("$binary_remote_addr");
  const sticky = (route: string) =>
    named("traefik", "IngressRoute", route).spec.routes[0].services[0].sticky?.cookie;
  expect(sticky("one")).toMatchObject({ secure: true, httpOnly: true });
  expect(sticky("two")).toBeUndefined();
  const balancer = (environment: string) =>
    named("envoy", "BackendTrafficPolicy", "one", environment).spec.loadBalancer.consistentHash.type;
  expect([balancer("dev"), balancer("prod")]).toEqual(["Cookie", "SourceIP"]);
});

test("[NET-06] the own Gateway's load balancer is internal, in the words of each cloud", () => {
  const WORDS = {
    azure: { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" },
    aws: { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal" },
    gcp: { "networking.gke.io/load-balancer-type": "Internal" },
  };
  for (const [cloud, annotations] of Object.entries(WORDS)) {
    const text = (SAMPLE_STACKS.envoy ?? "").replace("internal: azure", `internal: ${cloud}`);
    const proxies = renderText(text).tree.filter(({ contents }) => /^kind: EnvoyProxy$/m.test(contents));
    expect(proxies.length).toBeGreaterThan(0);
    for (const { contents } of proxies) {
      const { envoyService } = parse(contents).spec.provider.kubernetes;
      expect(envoyService.type).toBe("LoadBalancer");
      expect(envoyService.annotations).toMatchObject(annotations);
    }
  }
  expect(ofKind(objects("shop"), "EnvoyProxy")).toEqual([]);
});

test("[NET-07] times, buffering, compression and size are answers of each gateway", () => {
  expect(named("envoy", "HTTPRoute", "one").spec.rules[0].timeouts).toEqual({ request: "30s" });
  expect(named("envoy", "BackendTrafficPolicy", "one").spec).toMatchObject({
    timeout: { http: { streamIdleTimeout: "5m" } },
    requestBuffer: { limit: "10485760" },
    compressor: [{ type: "Brotli" }, { type: "Gzip" }],
  });
  const middlewares = named("traefik", "IngressRoute", "one").spec.routes[0].middlewares.map(
    ({ name }: KubernetesObject) => named("traefik", "Middleware", name).spec,
  );
  expect(middlewares).toContainEqual({ buffering: { maxRequestBodyBytes: 10485760 } });
  expect(middlewares.some((spec: object) => "compress" in spec)).toBe(true);
  expect(named("traefik", "ServersTransport", "one").spec.forwardingTimeouts.responseHeaderTimeout).toBe(
    "30s",
  );
  expect(annotationsOf("prod")).toMatchObject({
    [`${NGINX}proxy-body-size`]: "10485760",
    [`${NGINX}proxy-read-timeout`]: "300",
    [`${NGINX}proxy-request-buffering`]: "on",
  });
});
