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

/** What every gateway keeps, whichever a layer chooses. */
function expose(pick: Pick, name: string, type: string): Data {
  const both = {
    ...exposedAt(name, type),
    rateLimit: pick(fc.constantFrom(undefined, "100/min", "5/s", "120/h")),
    timeout: pick(fc.constantFrom(undefined, "30s", "5m", "1d", "250ms")),
    idleTimeout: pick(fc.constantFrom(undefined, "10m")),
    allow: pick(fc.constantFrom(undefined, [], ["203.0.113.0/24", "2001:db8::/32"])),
    affinity: pick(fc.constantFrom(undefined, "cookie", "client-ip")),
  };
  if (type === "grpc-service") return both;
  return {
    ...both,
    aliases: pick(fc.constantFrom(undefined, ["www"], ["*.wild.example.org", "www"])),
    ...pick(fc.constantFrom<Data>({}, { match: "exact" }, { rewrite: "/" }, { rewrite: "/in/ner" })),
    ...pick(
      fc.constantFrom<Data>({}, { streaming: true }, { maxBody: "1Mi" }, { maxBody: 9, buffering: true }),
    ),
    compression: pick(fc.constantFrom(undefined, true, false)),
    headers: pick(
      fc.constantFrom<unknown>(
        undefined,
        { "X-Frame-Options": null, "X-Own": 'a "b" \\ $c' },
        { "A-B": "%" },
      ),
    ),
    cors: pick(
      fc.constantFrom<unknown>(
        undefined,
        { origins: ["https://app.example.com"], maxAge: "1h" },
        {
          origins: ["*"],
          methods: ["GET"],
          headers: ["X-A"],
          exposedHeaders: ["X-B"],
          credentials: false,
        },
        { origins: ["https://*.example.com:8443"], credentials: true },
      ),
    ),
    contentSecurityPolicy: pick(
      fc.constantFrom(undefined, "default-src 'self'", `script-src "x" 'none'; a\\b`),
    ),
  };
}

/** An address that no other service has: gRPC and HTTP do not share a host, others do not share a path. */
export function exposedAt(name: string, type: unknown): Data {
  return type === "grpc-service"
    ? { host: `${name}-rpc`, path: name.length % 2 === 0 ? "/" : "/shop.v1.Orders" }
    : { host: name.length % 2 === 0 ? "shop" : "www.example.org", path: `/${name}` };
}

const PORTS: readonly Data[] = [
  { http: 8080 },
  { http: 80, admin: 9090 },
  { grpc: 9000 },
  { zeta: 1, alpha: 65535 },
];

/** Fields without meaning where a process ends by itself. */
const NOT_IN_JOBS = ["replicas", "scaling", "probes", "metrics"];
const JOBS: readonly unknown[] = ["scheduled-job", "job"];

/** What a layer may say of a service of this type. */
export function fieldsOf(
  pick: Pick,
  type: unknown,
  ports: string[],
  names: Names,
  isOverride: boolean,
): Data {
  const fields = serviceFields(pick, ports, names, isOverride);
  const kept = Object.entries(fields).filter(([key]) => !(JOBS.includes(type) && NOT_IN_JOBS.includes(key)));
  const override =
    isOverride && type !== "model"
      ? maybe(pick, 10, () => ({ "/etc/a.yaml": { content: pick(freeText) } }))
      : undefined;
  return { ...Object.fromEntries(kept), ...(override === undefined ? {} : { files: override }) };
}

/** What belongs to a type alone. */
function typeFields(pick: Pick, type: string, declared: Record<string, Data>): Data {
  const schedule = () => ({
    cron: pick(fc.constantFrom("0 2 * * *", "@hourly", "*/5 1-3 * * 1")),
    args: pick(fc.constantFrom(undefined, ["--all"])),
    suspend: pick(fc.constantFrom(undefined, true, false)),
    timeZone: pick(fc.constantFrom(undefined, "Europe/Berlin")),
  });
  if (type === "scheduled-job")
    return {
      schedules: { one: schedule(), ...(pick(fc.boolean()) ? { two: schedule() } : {}) },
      deadline: "2h",
    };
  const running = Object.keys(declared).filter((name) => declared[name]?.type !== "job");
  if (type === "job") return { before: pick(fc.subarray(running)), retries: pick(fc.nat(6)) };
  if (type !== "model") return {};
  return pick(
    fc.constantFrom(
      { framework: "sklearn", storage: "s3://models/one" },
      { framework: "onnx", storage: "pvc://claim/path", serving: "kserve" },
      { serving: "deployment", storage: "gs://models/one" },
      { serving: "deployment" },
    ),
  );
}

/** Other containers, files, volumes, a cloud identity. */
function parts(pick: Pick, names: Names, isKserve: boolean): Data {
  const env =
    names.secret === undefined
      ? { A: pick(freeText) }
      : { A: pick(freeText), B: { secret: names.secret, key: "one" } };
  return {
    containers: maybe(pick, 25, () => ({
      beside: {
        kind: "sidecar",
        image: "ghcr.io/example-org/beside:1",
        ports: { "beside-web": 15000 },
        env,
        probes: { liveness: { exec: ["true"] } },
        writable: { "/tmp": "1Mi" },
        user: 7,
      },
      before: { kind: "init", image: "ghcr.io/example-org/before:2", args: [pick(freeText)] },
    })),
    files: isKserve
      ? undefined
      : maybe(pick, 25, () => ({
          "/etc/a.yaml": { content: pick(freeText) },
          "/etc/b/c.json": { from: "config/c.json" },
        })),
    volumes: maybe(pick, 25, () => ({
      scratch: { emptyDir: "10Mi", mount: "/scratch" },
      kept: { claim: "1Gi", mode: "ReadWriteMany", mount: "/kept" },
    })),
    identity: maybe(pick, 20, () =>
      pick(
        fc.constantFrom<Data>(
          { aws: "arn:aws:iam::111122223333:role/api" },
          { gcp: "a@p.iam.gserviceaccount.com" },
          { azure: "11111111-2222-3333-4444-555555555555" },
        ),
      ),
    ),
  };
}

function portsFor(pick: Pick, type: string, runtime: string | undefined): Data | undefined {
  if (JOBS.includes(type)) return undefined;
  if (runtime === "envoy") return { http: 8080, admin: 9901 };
  return ["worker", "load-generator", "third-party", "stateful-service"].includes(type)
    ? pick(fc.constantFrom(undefined, PORTS[1]))
    : pick(fc.constantFrom(...PORTS));
}

export function service(pick: Pick, name: string, names: Names, declared: Record<string, Data>): Data {
  const type = pick(fc.constantFrom(...SERVICE_TYPES));
  const chosen = pick(fc.constantFrom(undefined, ...RUNTIMES));
  const runtime = JOBS.includes(type) && chosen === "envoy" ? undefined : chosen;
  const ports = portsFor(pick, type, runtime);
  const own = typeFields(pick, type, declared);
  const isKserve = type === "model" && own.serving !== "deployment";
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
    runtime,
    image: isKserve
      ? undefined
      : `${pick(fc.constantFrom("ghcr.io/example-org", "docker.io", "registry.example.com:5000/team"))}/${name}${pick(
          fc.constantFrom(
            "",
            ":1.4.2",
            ":v1_2",
            `@sha256:${"ab".repeat(32)}`,
            `:1.0@sha256:${"0f".repeat(32)}`,
          ),
        )}`,
    ports,
    ...fieldsOf(pick, type, Object.keys(ports ?? {}), names, false),
    ...own,
    ...parts(pick, names, isKserve),
    uses,
    expose: ports === undefined ? undefined : maybe(pick, 50, () => expose(pick, name, type)),
  };
}
