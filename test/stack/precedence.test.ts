// Owns: the one order of precedence, layer pair by layer pair.
// Promises: type < runtime < tier < platform < stack < tiers.T < environment; maps merge, lists replace, null removes; origins say so.
// Must not: test single presets.

import { describe, expect, test } from "vitest";
import { parsePlatform, parseSpec } from "../../src/spec/parse-spec.js";
import { explainOrigins, resolveStack } from "../../src/stack/resolve-stack.js";
import { stackProblems } from "../spec/problems-of.js";

interface Given {
  readonly platform?: string;
  readonly stack?: string;
  readonly service?: string;
  readonly tier?: string;
  readonly environment?: string;
}

function spec({ stack = "", service = "", tier = "{}", environment = "" }: Given): string {
  return `apiVersion: prod-stack/v1
name: a
source: { url: "https://github.com/example-org/a" }
${stack}
services: { api: { type: web-api, runtime: go, image: example/a, ports: { http: 80 }, ${service} } }
tiers: { production: ${tier} }
environments: { prod: { tier: production, domain: example.com, ${environment} } }
`;
}

function effective(given: Given) {
  const platform = given.platform === undefined ? undefined : parsePlatform(given.platform);
  return explainOrigins(parseSpec(spec(given)), platform, { name: "prod" });
}

function at(values: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], values);
}

/** The layers that give a setting, lowest first, with a value of each. */
const SETTINGS: readonly [keyof Given | "tier preset", string][] = [
  ["platform", "platform"],
  ["stack", "stack"],
  ["tier", "tiers.production"],
  ["environment", "environments.prod"],
];
const interval = (value: string) => `monitoring: { interval: { critical: ${value} } }`;
const given: Record<string, (value: string) => Given> = {
  platform: (value) => ({ platform: interval(value) }),
  stack: (value) => ({ stack: interval(value) }),
  tier: (value) => ({ tier: `{ ${interval(value)} }` }),
  environment: (value) => ({ environment: interval(value) }),
};

describe("settings", () => {
  const pairs = SETTINGS.flatMap((lower, index) =>
    SETTINGS.slice(index + 1).map((upper) => [lower, upper] as const),
  );

  test.each(pairs)("%s loses against %s", ([low], [high, origin]) => {
    const { values, origins } = effective({ ...given[low]?.("1s"), ...given[high]?.("2s") });
    expect([at(values, "monitoring.interval.critical"), origins.get("monitoring.interval.critical")]).toEqual(
      ["2s", origin],
    );
    // What nobody gives stays the default.
    expect([at(values, "monitoring.interval.standard"), origins.get("monitoring.interval.standard")]).toEqual(
      ["30s", "default"],
    );
  });

  test.each(SETTINGS)("%s wins against the default and the tier's preset", (layer, origin) => {
    const values = { platform: {}, stack: {}, tier: {}, environment: {} };
    const text = "logLevel: error";
    const one: Given = {
      ...values,
      platform: "apiVersion: prod-stack/v1",
      stack: "",
      tier: "{}",
      environment: "",
    };
    const { values: merged, origins } = effective({
      ...one,
      [layer]: layer === "tier" ? `{ ${text} }` : text,
    });
    expect([at(merged, "logLevel"), origins.get("logLevel")]).toEqual(["error", origin]);
  });

  test("a tier's preset wins against the default, and the platform against the tier's preset", () => {
    expect(effective({}).origins.get("network.policies")).toBe("tier production");
    const { values, origins } = effective({ platform: "network: { policies: false }" });
    expect([at(values, "network.policies"), origins.get("network.policies")]).toEqual([false, "platform"]);
  });
});

describe("a service", () => {
  const LAYERS: readonly [string, (value: number) => Given][] = [
    ["stack", (value) => ({ service: `replicas: ${value}, scaling: null` })],
    ["tiers.production", (value) => ({ tier: `{ services: { api: { replicas: ${value} } } }` })],
    ["environments.prod", (value) => ({ environment: `services: { api: { replicas: ${value} } }` })],
  ];
  const pairs = LAYERS.flatMap((lower, index) =>
    LAYERS.slice(index + 1).map((upper) => [lower, upper] as const),
  );

  test.each(pairs)("%s loses against %s", ([, low], [origin, high]) => {
    const { values, origins } = effective({ ...low(8), ...high(9) });
    expect([at(values, "services.api.replicas"), origins.get("services.api.replicas")]).toEqual([9, origin]);
  });

  test("runtime wins against type, tier against runtime, the stack against the tier", () => {
    const { values, origins } = effective({ service: "resources: { limits: { cpu: 3 } }" });
    expect(origins.get("services.api.shutdown.grace")).toBe("type");
    expect(origins.get("services.api.probes.startup.path")).toBe("runtime");
    expect(origins.get("services.api.resources.limits.memory")).toBe("tier production");
    expect(origins.get("services.api.resources.limits.cpu")).toBe("stack");
    expect(at(values, "services.api.resources.limits")).toMatchObject({ cpu: 3, memory: "1Gi" });
  });

  test("maps merge, lists replace, null removes", () => {
    const { values, origins } = effective({
      service: "env: { A: a, B: b }, args: [one, two]",
      environment: "services: { api: { env: { B: null, C: c }, args: [three] } }",
    });
    expect(at(values, "services.api.env")).toEqual({ A: "a", C: "c" });
    expect(at(values, "services.api.args")).toEqual(["three"]);
    expect([origins.get("services.api.env.A"), origins.has("services.api.env.B")]).toEqual(["stack", false]);
  });

  test("one bound of the autoscaling may change alone", () => {
    const { values } = effective({ environment: "services: { api: { scaling: { max: 20 } } }" });
    expect(at(values, "services.api.scaling")).toMatchObject({ min: 3, max: 20, cpu: 70 });
  });
});

describe("null", () => {
  test.each<[string, Given, string, unknown]>([
    [
      "brings back the preset of what a stack cannot be without",
      { stack: "gateway: { name: mine }", environment: "gateway: null" },
      "gateway.name",
      "public",
    ],
    [
      "brings back one value",
      { stack: "monitoring: { namespace: mine }", environment: "monitoring: { namespace: null }" },
      "monitoring.namespace",
      "monitoring",
    ],
    [
      "empties a map of the user's keys",
      { environment: "monitoring: { labels: null }" },
      "monitoring.labels",
      {},
    ],
    [
      "takes one key out of such a map",
      { environment: "monitoring: { labels: { release: null } }" },
      "monitoring.labels",
      {},
    ],
    [
      "takes an optional setting away",
      { stack: "backup: { store: { s3: { bucket: abc } } }", environment: "backup: null" },
      "backup.store",
      undefined,
    ],
    [
      "keeps the schedule that backups need",
      { stack: "backup: { schedule: '0 1 * * *' }", environment: "backup: null" },
      "backup.schedule",
      "0 2 * * *",
    ],
    [
      "brings back a service's replicas",
      { service: "replicas: 7", environment: "services: { api: { replicas: null } }" },
      "services.api.replicas",
      1,
    ],
    [
      "takes probes away",
      { environment: "services: { api: { probes: null } }" },
      "services.api.probes",
      undefined,
    ],
    [
      "empties a map of things",
      { stack: "externals: { x: { host: a.b } }", environment: "externals: null" },
      "externals",
      {},
    ],
    [
      "keeps an external's host",
      { stack: "externals: { x: { host: a.b } }", environment: "externals: { x: { host: null } }" },
      "externals.x.host",
      "a.b",
    ],
  ])("%s", (_title, layers, path, value) => {
    const { values, origins } = effective(layers);
    expect(at(values, path)).toEqual(value);
    expect(origins.has(path)).toBe(typeof value === "string" || typeof value === "number");
  });

  test("an override of what a layer below removed changes nothing", () => {
    const text = spec({
      tier: "{ services: { api: null } }",
      environment: "services: { api: { replicas: 2 } }",
    });
    const [prod] = resolveStack(parseSpec(text), { generator: "0" }).environments;
    expect(prod?.services).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ["a used datastore", "datastores: { redis: null }", /api uses redis, which is not there in prod/],
    ["a used service", "services: { other: null }", /api uses other, which is not there in prod/],
    [
      "the port of a used service",
      "services: { other: { ports: { http: null }, probes: null, metrics: null } }",
      /api uses other, which has no port in prod/,
    ],
    ["an exposed port", "services: { api: { ports: { http: null } } }", /there is no port "http" in prod/],
    [
      "a secret that a variable needs",
      "secrets: { keys: null }",
      /KEY refers to secret keys, which is not there in prod/,
    ],
  ])("of %s is refused where it is still needed", (_title, environment, message) => {
    const text = spec({
      stack: "datastores: { redis: { engine: redis } }\nsecrets: { keys: { keys: [one] } }",
      service:
        "uses: { redis: {}, other: {} }, expose: { port: http }, env: { KEY: { secret: keys, key: one } } }, other: { type: web-api, image: example/b, ports: { http: 80 }",
      environment,
    });
    const problems = stackProblems(text);
    expect(problems.map((problem) => problem.message)).toContainEqual(expect.stringMatching(message));
    expect(problems.every(({ path, line }) => path.startsWith("environments.prod") && line === 8)).toBe(true);
  });
});
