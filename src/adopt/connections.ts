// Owns: what a service's variables say of whom it talks to: datastores, services, the world outside.
// Promises: an edge has the variable that shows it; a variable that a datastore's connection fills is no setting any more.
// Must not: write a spec.

import type { DatastoreSpec } from "../spec/schema/spec-types.js";
import type { EngineInput } from "../stack/engines/engine.js";
import { engines } from "../stack/engines/index.js";
import { labelsAt, listAt } from "../validate/values.js";
import { hostLabel } from "./hosts.js";
import type { Manifest, Origin } from "./manifest.js";
import type { DatastoreRole, Scene, ServiceRole } from "./scene.js";
import type { Variable } from "./variables.js";
import { selects } from "./workloads.js";

type Engine = DatastoreSpec["engine"];

/** An edge to a datastore: part of the connection → variable that carries it. */
export interface StoreEdge {
  readonly store: DatastoreRole;
  readonly parts: ReadonlyMap<string, Variable>;
  readonly origin: Origin;
}

export interface External {
  readonly host: string;
  readonly port: number;
  readonly variable: Variable;
}

/** Beginnings of variables that speak of an engine. */
const PREFIXES: Readonly<Record<Engine, RegExp>> = {
  postgresql: /^(?:PG|POSTGRES|DB|DATABASE|SPRING_DATASOURCE|SQLALCHEMY|ConnectionStrings__)/i,
  mysql: /^(?:MYSQL|DB|DATABASE|SPRING_DATASOURCE|SQLALCHEMY|ConnectionStrings__)/i,
  mariadb: /^(?:MARIADB|MYSQL|DB|DATABASE|SPRING_DATASOURCE|SQLALCHEMY|ConnectionStrings__)/i,
  mongodb: /^(?:MONGO|DB|DATABASE|SPRING_DATA_MONGODB|ConnectionStrings__)/i,
  redis: /^(?:REDIS|CACHE|SPRING_(?:DATA_)?REDIS|SESSION_STORE|ConnectionStrings__(?:Redis|Cache))/i,
  valkey: /^(?:VALKEY|REDIS|CACHE|SPRING_(?:DATA_)?REDIS)/i,
  rabbitmq: /^(?:RABBIT|AMQP|BROKER|CELERY_BROKER|SPRING_RABBITMQ)/i,
  kafka: /^(?:KAFKA|SPRING_KAFKA|BOOTSTRAP)/i,
};

/** Ends of variables, and the part of a connection that they mean. */
const ENDS: readonly (readonly [part: string, pattern: RegExp])[] = [
  ["jdbcUrl", /JDBC_?URL$/i],
  ["connectionString", /^ConnectionStrings__|CONNECTION_?STRING$/i],
  ["url", /(?:URL|URI|DSN|BROKER)$/i],
  ["servers", /(?:SERVERS|BROKERS)$/i],
  ["host", /(?:HOST|HOSTNAME|HOSTADDR|SERVER|ENDPOINT)$/i],
  ["port", /PORT$/i],
  ["password", /(?:PASSWORD|PASS|PWD|PASSWD)$/i],
  ["username", /(?:USER|USERNAME)$/i],
  [
    "database",
    /(?:DATABASE|DBNAME|DB_NAME|VHOST|VIRTUAL_HOST)$|(?:^|_)DB$|^(?:DB|DATABASE|POSTGRES|MYSQL)_NAME$/i,
  ],
];

/** Parts that an engine can tell. */
export function partsOf(engine: Engine): readonly string[] {
  const { connection, port } = engines[engine];
  const input: EngineInput = {
    ...{ name: "x", version: "1", mode: "statefulset", role: "store", host: "x", hosts: ["x"], tls: false },
    ...{ port: port.number, sasl: "PLAIN", database: "x", username: "x", replicas: 1, members: ["x"] },
    ...{ memoryBytes: 1, cpuMillicores: 1, storageBytes: 1 },
  };
  return Object.keys(connection.parts(input));
}

function partOf(variable: Variable, engine: Engine): string | undefined {
  const { name, shape } = variable;
  const known = partsOf(engine);
  const byName = ENDS.find(([part, pattern]) => known.includes(part) && pattern.test(name))?.[0];
  const isJdbc = byName === "url" && /^SPRING_DATASOURCE/.test(name);
  const part = shape ?? (isJdbc ? "jdbcUrl" : byName);
  return part !== undefined && known.includes(part) ? part : undefined;
}

/** Which datastores a service talks to, and by which variables. */
export function storeEdges(variables: readonly Variable[], { datastores }: Scene): readonly StoreEdge[] {
  const taken = new Set<string>();
  return datastores.flatMap((store) => {
    const isNamed = (variable: Variable) =>
      variable.hosts.some(({ host }) => store.hosts.includes(hostLabel(host)));
    const anchors = variables.filter((one) => isNamed(one) && !taken.has(one.name));
    const rivals = datastores.filter(({ engine }) => engine === store.engine).length;
    const stems = anchors.map(({ name }) => stemOf(name));
    const belongs = (one: Variable) =>
      anchors.includes(one) ||
      (one.secret !== undefined && store.secrets.includes(one.secret.name)) ||
      stems.some((stem) => stem !== "" && stemOf(one.name) === stem) ||
      (rivals === 1 &&
        PREFIXES[store.engine].test(one.name) &&
        (anchors.length > 0 || one.secret !== undefined));
    const parts = new Map<string, Variable>();
    for (const one of variables.filter((candidate) => !taken.has(candidate.name) && belongs(candidate))) {
      const part = partOf(one, store.engine);
      if (part === undefined || parts.has(part) || isAnotherHost(one, part, store)) continue;
      parts.set(part, one);
      taken.add(one.name);
    }
    const [first] = [...anchors, ...parts.values()];
    return first === undefined ? [] : [{ store, parts, origin: first.origin }];
  });
}

/** A host that is said, and is not this datastore's. */
function isAnotherHost(one: Variable, part: string, { hosts }: DatastoreRole): boolean {
  const saysHost = ["host", "url", "jdbcUrl", "connectionString", "servers"].includes(part);
  if (!saysHost || (one.text === undefined && one.hosts.length === 0)) return false;
  return !one.hosts.some(({ host }) => hosts.includes(hostLabel(host)));
}

/** DB_HOST and DB_PASSWORD have one stem. */
function stemOf(name: string): string {
  return name.replace(
    /_?(?:JDBC_?URL|URL|URI|DSN|HOST|HOSTNAME|SERVERS?|ADDRESS|ENDPOINT|PORT|PASSWORD|PASS|PWD|USER|USERNAME|NAME|DATABASE|DB)$/i,
    "",
  );
}

/** Services that the variables name, each with the variable and the port that it says. */
export function serviceEdges(
  variables: readonly Variable[],
  self: string,
  { services, models }: Scene,
): ReadonlyMap<string, { readonly variable: Variable; readonly port: number | undefined }> {
  const names = new Map<string, string>();
  for (const { key, workload } of services)
    for (const name of [key, workload.object.name, ...workload.services.map((one) => one.name)])
      names.set(name, key);
  for (const { key } of models) names.set(key, key);
  const edges = new Map<string, { variable: Variable; port: number | undefined }>();
  for (const variable of variables)
    for (const { host, port } of variable.hosts) {
      const target = names.get(hostLabel(host));
      if (target !== undefined && target !== self && !edges.has(target))
        edges.set(target, { variable, port });
    }
  return edges;
}

/** Services that a NetworkPolicy lets a workload talk to, each with the policy. */
export function policyEdges(self: ServiceRole, { place, services }: Scene): ReadonlyMap<string, Manifest> {
  const edges = new Map<string, Manifest>();
  for (const policy of place.objects.filter(({ kind }) => kind === "NetworkPolicy")) {
    const selector = labelsAt(policy.data, "spec", "podSelector", "matchLabels");
    const sources = policy.list("spec", "ingress").flatMap((rule) => listAt(rule, "from"));
    const isLetIn = sources.some((source) =>
      selects(labelsAt(source, "podSelector", "matchLabels"), self.workload.podLabels),
    );
    for (const { key, workload } of isLetIn ? services : [])
      if (key !== self.key && workload.services.length > 0 && selects(selector, workload.podLabels))
        edges.set(key, policy);
  }
  return edges;
}

const PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  amqp: 5672,
  amqps: 5671,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  redis: 6379,
  rediss: 6379,
  mongodb: 27017,
  smtp: 587,
};
const PORTS_BY_NAME: readonly (readonly [RegExp, number])[] = [
  [/SMTP|MAIL/i, 587],
  [/REDIS/i, 6379],
  [/PG|POSTGRES|DATABASE|DB_/i, 5432],
  [/MYSQL/i, 3306],
];

/**
 * Hosts outside of the cluster, once each.
 * @param own names of the stack's own, inside and outside
 */
export function externalsIn(variables: readonly Variable[], own: ReadonlySet<string>): readonly External[] {
  const found = new Map<string, External>();
  for (const variable of variables)
    for (const { host, port, scheme } of variable.hosts) {
      const isOutside = /^(?=.{4,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}$/.test(host);
      const isLocal = /\.(?:local|localhost|internal|svc)$|^[^.]+\.[^.]+\.svc\.|^localhost/.test(host);
      if (!isOutside || isLocal || own.has(host) || own.has(hostLabel(host)) || found.has(host)) continue;
      const stem = stemOf(variable.name);
      const beside = variables.find(({ name }) => name === `${stem}_PORT`)?.text;
      const number =
        port ??
        (scheme === undefined ? undefined : PORTS[scheme]) ??
        (beside !== undefined && /^\d{1,5}$/.test(beside) ? Number(beside) : undefined) ??
        PORTS_BY_NAME.find(([pattern]) => pattern.test(variable.name))?.[1] ??
        443;
      found.set(host, { host, port: number, variable });
    }
  return [...found.values()];
}
