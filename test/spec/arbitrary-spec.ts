// Owns: the arbitrary of valid specs that property tests of the whole core share.
// Promises: every type, runtime, engine, tier, layer and setting occurs; what comes out is accepted by parseSpec and resolveStack.
// Must not: know what is made of a spec.

import fc from "fast-check";
import { stringify } from "yaml";
import { ENGINES, TIERS } from "../../src/spec/schema/spec-types.js";
import { engines } from "../../src/stack/engines/index.js";
import {
  type Data,
  exposedAt,
  fieldsOf,
  freeText,
  maybe,
  type Names,
  type Pick,
  service,
} from "./arbitrary-service.js";
import { settingsData } from "./arbitrary-settings.js";

/** The text of a spec as a person could have written it. */
export function specText(data: unknown): string {
  return stringify(data, { lineWidth: 0 });
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

/** Said, or the engine's only way. */
function isExternal({ engine, mode }: Data): boolean {
  return (mode ?? engines[engine as (typeof ENGINES)[number]].modes[0]) === "external";
}

/** An engine with one of the ways to run it; an operator may have no room in the names that it makes. */
function wayOf(pick: Pick, engine: (typeof ENGINES)[number], name: string): Data {
  const { modes, operator, answers = [] } = engines[engine];
  const fits = name.length <= (operator?.longestName ?? name.length);
  const mode = pick(fc.constantFrom(undefined, ...modes.filter((way) => way !== "operator" || fits)));
  return {
    ...(mode === "operator" && answers.includes("topics") ? topicsOf(pick) : {}),
    engine,
    mode,
    ...(isExternal({ engine, mode }) ? { host: "db.example.net", tls: pick(fc.boolean()) } : {}),
  };
}

function topicsOf(pick: Pick): Data {
  const names = pick(fc.subarray(["orders", "constructor", "no"]));
  return {
    controllers: pick(fc.constantFrom(undefined, 0, 3)),
    topics: Object.fromEntries(
      names.map((name) => [
        name,
        {
          partitions: pick(fc.constantFrom(undefined, 1, 12)),
          retention: pick(fc.constantFrom(undefined, "1h", "30d")),
          compact: pick(fc.constantFrom(undefined, true)),
        },
      ]),
    ),
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
          ...fieldsOf(
            pick,
            services[name]?.type,
            Object.keys((services[name]?.ports as Data) ?? {}),
            names,
            true,
          ),
          ...(services[name]?.expose === undefined
            ? {}
            : {
                // A lower layer may have taken the exposure away, and its address with it.
                expose: pick(
                  fc.constantFrom<unknown>(
                    null,
                    ...[{ timeout: null }, { rateLimit: "60/h" }, { rateLimit: null }, {}].map((answer) => ({
                      ...exposedAt(name, services[name]?.type),
                      ...answer,
                    })),
                  ),
                ),
              }),
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

/** What production has explicitly, previews have otherwise. */
function previews(pick: Pick, spec: Data, names: Names): Data | undefined {
  const services = spec.services as Record<string, Data>;
  const built = names.services.filter((name) => services[name]?.image !== undefined);
  if (built.length === 0 || pick(fc.boolean())) return undefined;
  const external = names.datastores.filter((name) =>
    isExternal((spec.datastores as Record<string, Data>)[name] ?? {}),
  );
  return {
    domain: pick(fc.constantFrom("preview.example.com", "p")),
    ...pick(fc.constantFrom<Data>({ name: "previews" }, { server: "https://previews.example.com" })),
    label: pick(fc.constantFrom(undefined, "preview: yes")),
    lifetime: pick(fc.constantFrom(undefined, "90m", "2w")),
    repositories: {
      r: {
        ...pick(
          fc.constantFrom<Data>(
            { github: { owner: "example-org", repo: "x.y" } },
            { gitlab: { project: "12" }, token: { secret: "t", key: "k" } },
          ),
        ),
        services: pick(fc.subarray(built, { minLength: 1 })),
        tag: pick(fc.constantFrom(undefined, "v-{short-sha}")),
      },
    },
    datastores: Object.fromEntries(external.map((name) => [name, { host: "db.preview.example.net" }])),
    ...(names.secret === undefined ? {} : { secrets: { [names.secret]: { path: "kv/previews" } } }),
  };
}

/** Without what is undefined: YAML has no word for it. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(defined);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, defined(item)]));
}

const label = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z][a-z0-9]{0,7}(-[a-z0-9]{1,6})?$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z][a-z0-9-]{30,38}[a-z0-9]$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("constructor", "n", "yes", "null", "no", "e1", "web-backend", "true"),
  },
);
const FORBIDDEN = ["default-deny", "allow-dns", "allow-mesh-probes", "argocd"];

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
    catalog: pick(fc.constantFrom(undefined, "declare", "reference")),
    logLevel: pick(fc.constantFrom(undefined, "debug", "info", "warn", "error")),
    network: { apiServer: ["10.0.0.1/32"] },
  };
  const services: Record<string, Data> = {};
  for (const service_ of names.services) services[service_] = service(pick, service_, names, services);
  spec.services = services;
  spec.datastores = Object.fromEntries(
    names.datastores.map((datastore) => [
      datastore,
      {
        ...wayOf(pick, pick(fc.constantFrom(...ENGINES)), datastore),
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
  spec.previews = previews(pick, spec, names);
  spec.upkeep = pick(
    fc.constantFrom(undefined, { door: "projen" }, { pullRequests: true, schedule: "1 2 * * 3" }),
  );
  return defined(spec) as Data;
});
