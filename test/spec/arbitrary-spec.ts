// Owns: the arbitrary of valid specs that property tests of the whole core share.
// Promises: every type, runtime, engine, tier, layer and setting occurs; what comes out is accepted by parseSpec and resolveStack.
// Must not: know what is made of a spec.

import fc from "fast-check";
import { stringify } from "yaml";
import { ENGINES, RUNTIMES, SERVICE_TYPES, TIERS } from "../../src/spec/schema/spec-types.js";
import { settingsData } from "./arbitrary-settings.js";

export type Data = { [key: string]: unknown };

/** How many cases a property runs; `FUZZ_RUNS=1000` digs deeper. */
export const FUZZ_RUNS = Number(process.env.FUZZ_RUNS ?? 40);

/**
 * What fc.assert gets everywhere. A failure prints its seed, which FUZZ_SEED takes back; there is no shrinking, which
 * takes minutes for a whole spec and tells little more.
 */
export function fuzzOptions(share = 1): { numRuns: number; endOnFailure: true; seed?: number } {
  const seed = process.env.FUZZ_SEED;
  const options = { numRuns: Math.max(1, Math.round(FUZZ_RUNS * share)), endOnFailure: true } as const;
  return seed === undefined ? options : { ...options, seed: Number(seed) };
}

/** The text of a spec as a person could have written it. */
export function specText(data: unknown): string {
  return stringify(data, { lineWidth: 0 });
}

type Pick = <T>(arbitrary: fc.Arbitrary<T>) => T;

const label = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z][a-z0-9]{0,7}(-[a-z0-9]{1,6})?$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z][a-z0-9-]{30,38}[a-z0-9]$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("constructor", "n", "yes", "null", "no", "e1", "web-backend", "true"),
  },
);
const words = fc.constantFrom("debug", "info", "warn", "error");
export const freeText = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      "",
      "yes",
      "1_000",
      "0x1F",
      "1:20",
      "~",
      "a: b",
      " #",
      "'",
      '"',
      "{{7*7}}",
      "${{ x }}",
      "$(id)",
    ),
  },
  { weight: 2, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ maxLength: 12, unit: "grapheme" }) },
  { weight: 1, arbitrary: fc.constantFrom("a\nb", "\n", "---\n", "a\tb ", "\u2028", "\u0007", "\ufeffx") },
);

const cpus = fc.constantFrom("50m", "0.5", 1, "100m", 0.25);
const memories = fc.constantFrom("64Mi", "128M", "0.25Gi", 134217728, "200Mi");
const bigCpus = fc.constantFrom("1", 2, "1500m", 1.5);
const bigMemories = fc.constantFrom("1Gi", "512Mi", "2G", "1.5Gi");

function resources(pick: Pick): Data {
  return {
    requests: pick(
      fc.record(
        { cpu: cpus, memory: memories, "ephemeral-storage": fc.constantFrom("16Mi", "32Mi") },
        { requiredKeys: [] },
      ),
    ),
    limits: pick(
      fc.record({ cpu: bigCpus, memory: bigMemories, "ephemeral-storage": fc.constantFrom("512Mi", "1Gi") }),
    ),
  };
}

function maybe(pick: Pick, share: number, make: () => unknown): unknown {
  return pick(fc.integer({ min: 1, max: 100 })) <= share ? make() : undefined;
}

const seconds = (min: number, max: number) => fc.integer({ min, max }).map((value) => `${value}s`);

function probe(pick: Pick, ports: string[]): Data {
  return pick(
    fc.record(
      {
        path: fc.constantFrom("/healthz", "/a/b-c", "/"),
        period: seconds(1, 60),
        timeout: seconds(1, 9),
        failures: fc.integer({ min: 1, max: 60 }),
        ...(ports.length > 0 ? { port: fc.constantFrom(...ports) } : {}),
      },
      { requiredKeys: [] },
    ),
  );
}

const envName = fc.oneof(
  fc.stringMatching(/^[A-Z][A-Z_]{1,10}X$/),
  fc.constantFrom("__proto__", "constructor", "toString", "a.b-c", "_x", "LOG_LEVEL", "NODE_ENV"),
);

/** What a layer may say of a service; the service's own declaration starts from it too. */
function serviceFields(pick: Pick, ports: string[], names: Names, isOverride: boolean): Data {
  const withNull = (share: number, make: () => unknown) =>
    isOverride && pick(fc.integer({ min: 1, max: 10 })) === 1 ? null : maybe(pick, share, make);
  const duration = () => ({ delay: pick(seconds(1, 20)), grace: pick(seconds(21, 120)) });
  const min = pick(fc.integer({ min: 1, max: 4 }));
  return {
    description: maybe(pick, 30, () =>
      pick(freeText)
        .replace(/[\r\n]/g, " ")
        .slice(0, 200),
    ),
    command: withNull(20, () => pick(fc.array(freeText, { maxLength: 3 }))),
    args: withNull(20, () => pick(fc.array(freeText, { maxLength: 3 }))),
    env: withNull(50, () => ({
      ...pick(fc.dictionary(envName, freeText, { maxKeys: 4, noNullPrototype: true })),
      ...(names.secret === undefined ? {} : { FROM_STORE: { secret: names.secret, key: "one" } }),
      ...(isOverride ? { GONE: null } : {}),
    })),
    replicas: maybe(pick, 20, () => pick(fc.integer({ min: 1, max: 5 }))),
    scaling: withNull(20, () => ({
      min,
      max: min + pick(fc.nat(4)),
      cpu: 70,
      memory: pick(fc.constantFrom(undefined, 80)),
    })),
    resources: maybe(pick, 30, () => resources(pick)),
    probes: withNull(20, () =>
      pick(fc.subarray(["startup", "readiness", "liveness"])).reduce<Data>(
        (all, which) => ({ ...all, [which]: probe(pick, ports) }),
        {},
      ),
    ),
    metrics: withNull(20, () => ({ path: "/m", interval: pick(fc.constantFrom(undefined, "20s", "1m")) })),
    writable: withNull(30, () =>
      pick(
        fc.constantFrom<Data>(
          { "/tmp": "10Mi" },
          { "/a/b": "1Gi", "/a-b": 1048576 },
          { "/Var": "1G", "/var": "1Mi" },
        ),
      ),
    ),
    user: withNull(20, () => pick(fc.integer({ min: 1, max: 65000 }))),
    shutdown: maybe(pick, 20, duration),
    pullSecrets: withNull(15, () => ["registry"]),
    priorityClass: withNull(15, () => "high"),
    apiAccess: withNull(15, () => pick(fc.boolean())),
    slo: withNull(15, () =>
      pick(
        fc.record(
          { availability: fc.constantFrom(99, 99.95), latency: fc.constantFrom("500ms", "1s") },
          { requiredKeys: [] },
        ),
      ),
    ),
  };
}

interface Names {
  readonly services: string[];
  readonly datastores: string[];
  readonly externals: string[];
  readonly secret: string | undefined;
}

function expose(pick: Pick, name: string): Data {
  return {
    host: pick(fc.constantFrom(undefined, "shop", "www.example.org")),
    path: `/${name}`,
    rateLimit: pick(fc.constantFrom(undefined, "100/min", "5/s")),
    timeout: pick(fc.constantFrom(undefined, "30s", "5m")),
    allow: pick(fc.constantFrom(undefined, [], ["203.0.113.0/24", "2001:db8::/32"])),
    cors: pick(
      fc.constantFrom(
        undefined,
        { origins: ["https://app.example.com"] },
        { origins: ["*"], methods: ["GET"], headers: ["X-A"], credentials: false },
      ),
    ),
    contentSecurityPolicy: pick(
      fc.constantFrom(undefined, "default-src 'self'", `script-src "x" 'none'; a\\b`),
    ),
  };
}

const PORTS: readonly Data[] = [
  { http: 8080 },
  { http: 80, admin: 9090 },
  { grpc: 9000 },
  { zeta: 1, alpha: 65535 },
];

function service(pick: Pick, name: string, names: Names, declared: Record<string, Data>): Data {
  const type = pick(fc.constantFrom(...SERVICE_TYPES));
  const ports =
    type === "worker" ? pick(fc.constantFrom(undefined, PORTS[1])) : pick(fc.constantFrom(...PORTS));
  const reachable = Object.keys(declared).filter((other) => declared[other]?.ports !== undefined);
  const targets = [...reachable, ...names.datastores, ...names.externals];
  const uses = Object.fromEntries(
    pick(fc.subarray(targets)).map((target) => [
      target,
      pick(fc.constantFrom({}, { env: { host: "TARGET_HOST", port: "TARGET_PORT" } })),
    ]),
  );
  return {
    type,
    runtime: pick(fc.constantFrom(undefined, ...RUNTIMES)),
    image: `${pick(fc.constantFrom("ghcr.io/example-org", "docker.io", "registry.example.com:5000/team"))}/${name}${pick(
      fc.constantFrom("", ":1.4.2", ":v1_2", `@sha256:${"ab".repeat(32)}`, `:1.0@sha256:${"0f".repeat(32)}`),
    )}`,
    ports,
    ...serviceFields(pick, Object.keys(ports ?? {}), names, false),
    uses,
    expose: ports === undefined ? undefined : maybe(pick, 50, () => expose(pick, name)),
  };
}

function datastoreFields(pick: Pick): Data {
  const amounts = { cpu: "100m", memory: pick(fc.constantFrom("128Mi", "1Gi")), "ephemeral-storage": "64Mi" };
  return {
    version: pick(fc.constantFrom(undefined, "7.4", "8.1", "7.2.5")),
    storage: pick(fc.constantFrom(undefined, "1Gi", "20Gi", 2147483648)),
    storageClass: pick(fc.constantFrom(undefined, "fast")),
    resources: maybe(pick, 30, () => ({ requests: amounts, limits: amounts })),
  };
}

function overridesOf(pick: Pick, spec: Data, names: Names): Data {
  const services = spec.services as Record<string, Data>;
  const changed = pick(fc.subarray(names.services));
  return {
    ...(pick(fc.boolean()) ? pick(settingsData) : {}),
    services: Object.fromEntries(
      changed.map((name) => [
        name,
        {
          ...serviceFields(pick, Object.keys((services[name]?.ports as Data) ?? {}), names, true),
          ...(services[name]?.expose === undefined
            ? {}
            : { expose: pick(fc.constantFrom(null, { timeout: null }, { rateLimit: "7/h" }, {})) }),
        },
      ]),
    ),
    datastores: Object.fromEntries(
      pick(fc.subarray(names.datastores)).map((name) => [name, datastoreFields(pick)]),
    ),
    externals: Object.fromEntries(
      pick(fc.subarray(names.externals)).map((name) => [name, { host: "other.example.net" }]),
    ),
  };
}

function environments(pick: Pick, spec: Data, names: Names, from: readonly string[]): Data {
  const result: Data = {};
  for (const [index, name] of from.entries())
    result[name] = {
      tier: pick(fc.constantFrom(...TIERS)),
      domain: pick(fc.constantFrom("example.com", "dev.example.com", "x")),
      namespace: pick(fc.constantFrom(undefined, `ns-${index}`)),
      server: pick(fc.constantFrom(undefined, "https://k8s.example.com:6443")),
      promotesFrom: index === 0 ? undefined : pick(fc.constantFrom(undefined, from[index - 1])),
      ...overridesOf(pick, spec, names),
    };
  return result;
}

/** Without what is undefined: YAML has no word for it. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, defined(item)]));
}

const FORBIDDEN = ["default-deny", "allow-dns", "argocd"];

/** Plain data of a valid prod-stack.yaml. */
export const specData: fc.Arbitrary<Data> = fc.gen().map((generator) => {
  const pick: Pick = (arbitrary) => generator(() => arbitrary);
  const [first = "", ...rest] = pick(
    fc.uniqueArray(
      label.filter((name) => !FORBIDDEN.includes(name)),
      { minLength: 7, maxLength: 7 },
    ),
  );
  const cut = (share: number) => rest.splice(0, pick(fc.nat(share)));
  const name = pick(fc.constantFrom("shop", "n", "a-stack"));
  const names: Names = {
    datastores: cut(2),
    externals: cut(1),
    services: [first, ...cut(3)],
    secret: pick(fc.constantFrom(undefined, "store-secret")),
  };
  const spec: Data = {
    apiVersion: "prod-stack/v1",
    name,
    description: pick(freeText).replace(/[\r\n]/g, " "),
    owner: pick(fc.constantFrom(undefined, "team-a")),
    source: pick(
      fc.constantFrom<Data>(
        { url: "https://github.com/example-org/deploy" },
        { url: "git@gitlab.com:example-org/deploy.git", revision: "release/1.0", path: "stacks/one" },
      ),
    ),
    ...(pick(fc.boolean()) ? pick(settingsData) : {}),
    logLevel: pick(fc.option(words, { nil: undefined })),
    network: { apiServer: ["10.0.0.1/32"] },
  };
  const services: Record<string, Data> = {};
  for (const service_ of names.services) services[service_] = service(pick, service_, names, services);
  spec.services = services;
  spec.datastores = Object.fromEntries(
    names.datastores.map((datastore) => [
      datastore,
      {
        engine: pick(fc.constantFrom(...ENGINES)),
        role: pick(fc.constantFrom(undefined, "store", "cache")),
        ...datastoreFields(pick),
      },
    ]),
  );
  spec.externals = Object.fromEntries(
    names.externals.map((external) => [
      external,
      { host: "api.example.net", port: pick(fc.constantFrom(undefined, 443, 8443)) },
    ]),
  );
  if (names.secret !== undefined)
    spec.secrets = {
      [names.secret]: { keys: ["one", "two.three"], path: pick(fc.constantFrom(undefined, "kv/x")) },
    };
  spec.tiers = Object.fromEntries(
    pick(fc.subarray([...TIERS])).map((tier) => [tier, overridesOf(pick, spec, names)]),
  );
  spec.environments = environments(
    pick,
    spec,
    names,
    pick(fc.shuffledSubarray(["dev", "constructor", "prod", "no", "eu-1"], { minLength: 1, maxLength: 3 })),
  );
  return defined(spec) as Data;
});
