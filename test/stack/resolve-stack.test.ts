// Owns: what resolveStack derives: environments in order, variables, mirrors, quotas, bounds.
// Promises: the order of maps in a spec changes nothing, for any spec.
// Must not: render.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePlatform, parseSpec } from "../../src/spec/parse-spec.js";
import { mirror } from "../../src/stack/derivation.js";
import { splitImage } from "../../src/stack/derive-container.js";
import { deriveLimits } from "../../src/stack/derive-limits.js";
import { demandOf } from "../../src/stack/derive-quota.js";
import type { EffectiveSpec } from "../../src/stack/effective.js";
import { bytes, cpu } from "../../src/stack/quantity.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { specData, specText } from "../spec/arbitrary-spec.js";
import { fuzzOptions } from "../spec/fuzz-options.js";
import { stackProblems } from "../spec/problems-of.js";

const resolve = (text: string, platform?: string) =>
  resolveStack(parseSpec(text), {
    platform: platform === undefined ? undefined : parsePlatform(platform),
    generator: "0",
  });

/** The same data with the keys of every map in another order. */
function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, seed));
  if (value === null || typeof value !== "object") return value;
  const rank = (key: string) =>
    (key.charCodeAt(0) * 7 + key.length * 13 + (key.charCodeAt(key.length - 1) ^ seed)) % 17;
  const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([key, item]) => [key, shuffled(item, seed)]));
}

/** Everything but the merged spec itself, whose maps keep the user's order. */
const known = (text: string) =>
  JSON.stringify(resolve(text), (key, value) =>
    key === "effective" || key === "settings" ? undefined : value,
  );

test("the order of maps changes nothing", () => {
  fc.assert(
    fc.property(specData, fc.nat(1000), (data, seed) => {
      expect(known(specText(shuffled(data, seed)))).toBe(known(specText(data)));
    }),
    fuzzOptions(),
  );
});

test("[RES-02] the quota has room for an authority's questions by HTTP, one pod and Service for each host", () => {
  const demand = (more: string) =>
    demandOf(
      resolve(`apiVersion: prod-stack/v1
name: n
source: { url: "https://x/y" }
services: { a: { type: web-api, image: a/b, ports: { http: 80 }, expose: { host: a, aliases: [b, c.example.org] } } }
environments: { prod: { tier: production, domain: example.com, ${more} } }
`).environments[0] as never,
    );
  const byDns = demand(
    "gateway: { mode: own }, certManager: { acme: { email: a@b.c, dns01: { cloudDNS: { project: dns-project } } } }",
  );
  const byHttp = demand("gateway: { mode: own }");
  expect(byHttp.pods - byDns.pods).toBe(3);
  expect(byHttp.services - byDns.services).toBe(3);
  expect(byHttp.limitsMemory - byDns.limitsMemory).toBe(3 * bytes("64Mi"));
  expect(demand("").pods).toBe(byDns.pods);
});

test("environments come by tier, then by promotion, then by name", () => {
  const environments =
    "z: { tier: production }, a: { tier: production, promotesFrom: z }, m: { tier: production }, s: { tier: staging }, d: { tier: development }".replaceAll(
      " }",
      ", domain: x.example }",
    );
  const text = `apiVersion: prod-stack/v1\nname: n\nsource: { url: "https://x/y" }\nservices: { a: { type: worker, image: a/b } }\nenvironments: { ${environments} }\n`;
  expect(resolve(text).environments.map(({ name }) => name)).toEqual(["d", "s", "m", "z", "a"]);
});

describe("variables", () => {
  const variables = (text: string, name: string, environment = "prod") => {
    const service = resolve(text)
      .environments.find((place) => place.name === environment)
      ?.services.find((item) => item.name === name);
    return {
      ...Object.fromEntries(service?.config.map((item) => [item.name, item.value]) ?? []),
      ...Object.fromEntries(
        service?.main.secretVariables.map((item) => [item.name, `${item.secret}/${item.key}`]) ?? [],
      ),
    };
  };

  test("come from the runtime, the log level and what is used", () => {
    expect(variables(SAMPLE_STACKS.limiter ?? "", "rate-limiter")).toMatchObject({
      SPRING_DATA_REDIS_HOST: "redis",
      SPRING_DATA_REDIS_PORT: "6379",
      SPRING_DATA_REDIS_PASSWORD: "rate-limiter/redis-password",
      LOGGING_LEVEL_ROOT: "INFO",
      RATE_LIMIT_DEFAULT: "100",
    });
    expect(variables(SAMPLE_STACKS.limiter ?? "", "rate-limiter", "dev")).toMatchObject({
      LOGGING_LEVEL_ROOT: "DEBUG",
      RATE_LIMIT_DEFAULT: "100000",
    });
  });

  test("carry the names and schemes that are asked for", () => {
    expect(variables(SAMPLE_STACKS.shop ?? "", "api")).toMatchObject({
      FX_HOST: "api.exchange.example",
      FX_URL: "https://api.exchange.example",
      LEGACY_URL: "http://legacy.example.net:8443",
      AUTH_URL: "http://auth:9000",
      KEY: "api/api-key",
    });
  });

  test("of the user win, and names that JavaScript knows are names", () => {
    expect(variables(SAMPLE_STACKS.oddnames ?? "", "constructor", "off")).toEqual(
      Object.fromEntries([
        ["__proto__", "x"],
        ["toString", "y"],
        ["NO", "no"],
        ["N", "0777"],
      ]),
    );
    const clients = resolve(SAMPLE_STACKS.oddnames ?? "").base.services.map(({ name, clients: list }) => [
      name,
      list,
    ]);
    expect(clients).toEqual([
      ["constructor", ["yes"]],
      ["yes", []],
    ]);
  });
});

describe("images", () => {
  const registries = {
    "docker.io": "m.example.com/hub",
    "ghcr.io": "m.example.com:5000",
    "localhost:5000": "m.example.com",
  };
  test.each([
    ["redis", "m.example.com/hub/library/redis"],
    ["example/app", "m.example.com/hub/example/app"],
    ["docker.io/example/app", "m.example.com/hub/example/app"],
    ["ghcr.io/a/b/c", "m.example.com:5000/a/b/c"],
    ["localhost:5000/a", "m.example.com/a"],
    ["quay.io/a/b", "quay.io/a/b"],
  ])("%s is pulled from %s", (image, mirrored) => {
    expect(mirror(image, { registries } as unknown as EffectiveSpec)).toBe(mirrored);
  });

  test.each([
    ["a", "a", undefined, undefined],
    ["h:5000/a", "h:5000/a", undefined, undefined],
    ["h:5000/a:1", "h:5000/a", "1", undefined],
    ["a@sha256:0", "a", undefined, "sha256:0"],
    ["h/a:1@sha256:0", "h/a", "1", "sha256:0"],
  ])("%s is a repository with tag and digest", (image, repository, tag, digest) => {
    expect(splitImage(image)).toEqual({ repository, tag, digest });
  });
});

describe("the quota", () => {
  test("is the default where the stack fits, and says when it was raised", () => {
    const [dev] = resolve(SAMPLE_STACKS.smallest ?? "").environments;
    expect(dev?.quota).toEqual({
      requestsCpu: "4",
      requestsMemory: "8Gi",
      limitsCpu: "8",
      limitsMemory: "16Gi",
      pods: 20,
      services: 10,
      storage: "100Gi",
      requestsEphemeral: "10Gi",
      limitsEphemeral: "40Gi",
      storageByClass: [],
      raised: false,
    });
    expect(resolve(SAMPLE_STACKS.busy ?? "").environments.at(-1)?.quota.raised).toBe(true);
  });

  test("raises what nobody gave, and leaves what somebody did", () => {
    const text = (SAMPLE_STACKS.busy ?? "").replace("monitoring:", "quota: { pods: 99 }\nmonitoring:");
    expect(resolve(text).environments.at(-1)?.quota).toMatchObject({ pods: 99, raised: true });
    expect(resolve(`${text}`).environments.at(-1)?.quota.limitsCpu).not.toBe("8");
  });

  test("bounds each storage class that is named by what the stack needs of it, or by what is given", () => {
    const text = `apiVersion: prod-stack/v1
name: shop
source: { url: "https://github.com/example-org/shop" }
services:
  api: { type: web-api, image: ghcr.io/example-org/api:1.0.0, ports: { http: 8080 }, volumes: { cache: { claim: 5Gi, class: slow, mode: ReadWriteMany, mount: /cache } }, uses: { orders: {} } }
datastores: { orders: { engine: postgresql, storage: 20Gi, storageClass: fast } }
quota: { storageClasses: { fast: 50Gi } }
environments: { prod: { tier: production, domain: example.com } }
`;
    expect(resolve(text).environments[0]?.quota.storageByClass).toEqual([
      { name: "fast", storage: "50Gi" },
      { name: "slow", storage: "5Gi" },
    ]);
    expect(stackProblems(text.replace("fast: 50Gi", "fast: 5Gi"))).toMatchObject([
      { message: expect.stringMatching(/needs up to 20Gi of storageClasses\.fast/) },
    ]);
    expect(
      stackProblems(text.replace("storageClasses: { fast: 50Gi }", 'limits: { "ephemeral-storage": 1Mi }')),
    ).toMatchObject([{ message: expect.stringMatching(/of limits\.ephemeral-storage/) }]);
  });

  test("and the bounds of containers let in everything that the stack declares", () => {
    fc.assert(
      fc.property(specData, (data) => {
        const stack = resolve(specText(data));
        const limits = deriveLimits(stack);
        for (const environment of stack.environments) {
          const demand = demandOf(environment);
          expect(demand.limitsCpu).toBeLessThanOrEqual(cpu(environment.quota.limitsCpu));
          expect(demand.requestsMemory).toBeLessThanOrEqual(bytes(environment.quota.requestsMemory));
          expect(demand.pods).toBeLessThanOrEqual(environment.quota.pods);
          expect(demand.storage).toBeLessThanOrEqual(bytes(environment.quota.storage));
          expect(demand.requestsEphemeral).toBeLessThanOrEqual(bytes(environment.quota.requestsEphemeral));
          expect(demand.limitsEphemeral).toBeLessThanOrEqual(bytes(environment.quota.limitsEphemeral));
          for (const { name, storage } of environment.quota.storageByClass)
            expect(demand.storageByClass[name]).toBeLessThanOrEqual(bytes(storage));
          for (const { resources } of [...environment.services, ...environment.datastores]) {
            expect(cpu(resources.limits.cpu)).toBeLessThanOrEqual(cpu(limits.maxCpu));
            expect(bytes(resources.limits.memory)).toBeLessThanOrEqual(bytes(limits.maxMemory));
            expect(bytes(resources.requests.memory)).toBeGreaterThanOrEqual(bytes(limits.minMemory));
          }
          for (const { storage } of environment.datastores)
            expect(bytes(storage)).toBeLessThanOrEqual(bytes(limits.maxStorage));
        }
      }),
      fuzzOptions(),
    );
  });
});

test("a platform is below every stack, and its nulls are its own", () => {
  const platform =
    'registries: { ghcr.io: "mirror.example.com/ghcr" }\nsecretStore: { name: vault, refresh: 1d }\ngateway: { name: edge }\n';
  const [dev] = resolve(SAMPLE_STACKS.smallest ?? "", platform).environments;
  expect(dev?.services[0]?.image?.repository).toBe("mirror.example.com/ghcr/example-org/hello");
  expect(dev?.settings.gateway.name).toBe("edge");
  expect(
    resolve(SAMPLE_STACKS.limiter ?? "", platform).base.secrets.map(({ store, refresh }) => [store, refresh]),
  ).toContainEqual(["vault", "24h"]);
});
