// Owns: the arbitrary of a service: as it is declared, and as a layer overrides it.
// Promises: every type and runtime; names and ports that exist.
// Must not: know the rest of the spec.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of other languages is what this is about.

import fc from "fast-check";
import { RUNTIMES, SERVICE_TYPES } from "../../src/spec/schema/spec-types.js";

export type Data = { [key: string]: unknown };
export type Pick = <T>(arbitrary: fc.Arbitrary<T>) => T;

export interface Names {
  readonly services: string[];
  readonly datastores: string[];
  readonly externals: string[];
  readonly secret: string | undefined;
}

const anyText = fc.oneof(
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
  { weight: 1, arbitrary: fc.constantFrom("a\nb", "\n", "---\n", "a\tb ", "\u2003", "\u0007", "\ufeffx") },
);

/** Text that a spec may hold: Kustomize carries no other. */
export const freeText = anyText.filter(
  (text) =>
    !/[\u007f-\u009f\u2028\u2029\ufffe\uffff\0]/.test(text) &&
    !/\p{Surrogate}/u.test(text) &&
    !text.startsWith("\t"),
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

export function maybe(pick: Pick, share: number, make: () => unknown): unknown {
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
export function serviceFields(pick: Pick, ports: string[], names: Names, isOverride: boolean): Data {
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
      ...pick(
        fc.constantFrom<Data>(
          {},
          { up: { pods: 2 }, down: { window: "1h", percent: 10, period: "30s" } },
          {
            triggers: { day: { cron: { start: "0 8 * * *", end: "0 9 * * *", replicas: 2 } } },
            polling: "1m",
          },
        ),
      ),
    })),
    vertical: withNull(15, () => pick(fc.constantFrom<Data>({}, { mode: "Off", max: { memory: "64Mi" } }))),
    placement: withNull(15, () =>
      pick(
        fc.constantFrom<Data>(
          { architecture: "arm64" },
          {
            nodeSelector: { pool: "yes" },
            tolerations: [{ key: "a/b", value: "1", effect: "NoExecute" }, { key: "c" }],
          },
        ),
      ),
    ),
    hostUsers: withNull(15, () => pick(fc.boolean())),
    resources: maybe(pick, 30, () => resources(pick)),
    probes: withNull(20, () =>
      Object.fromEntries(
        pick(fc.subarray(["startup", "readiness", "liveness"])).map((which) => [which, probe(pick, ports)]),
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

export function service(pick: Pick, name: string, names: Names, declared: Record<string, Data>): Data {
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
