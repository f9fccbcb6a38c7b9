// Owns: how services reach a Kafka that runs elsewhere: brokers, login, secrets, policies; what is refused of it and of one by Strimzi.
// Promises: what clients read, by runtime; every broker may be reached.
// Must not: know how manifests look.

import { expect, test } from "vitest";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { derivePolicies } from "../../src/stack/derive-policies.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";
import { stackProblems } from "../spec/problems-of.js";

const spec = (datastore: string, network = "{}") => `apiVersion: prod-stack/v1
name: shop
source: { url: https://github.com/example-org/shop }
services:
  api: { type: web-api, runtime: spring-boot, image: ghcr.io/example-org/api:1, ports: { http: 8080 }, uses: { events: {} } }
  worker: { type: worker, runtime: go, image: ghcr.io/example-org/worker:1, uses: { events: { env: { servers: BROKERS } } } }
datastores: { events: ${datastore} }
network: ${network}
environments: { prod: { tier: production, domain: example.com } }
`;
const API = "{ apiServer: [10.0.0.1/32] }";
const KAFKA =
  "{ engine: kafka, host: b-1.example.com, hosts: [b-2.example.com], username: shop-app, sasl: SCRAM-SHA-256 }";

function production(text: string) {
  const [place] = resolveStack(parseSpec(text), { generator: "0.1.0" }).environments;
  if (place === undefined) throw new Error("no environment");
  return place;
}

/** Variable → value, or key of the secret. */
function variablesOf(name: string, text = spec(KAFKA)) {
  const service = production(text).services.find((one) => one.name === name);
  return Object.fromEntries([
    ...(service?.config ?? []).map(({ name: variable, value }) => [variable, value] as const),
    ...(service?.main.secretVariables ?? []).map(({ name: variable }) => [variable, "secret"] as const),
  ]);
}

test("each runtime is told of all brokers by the names that its libraries read", () => {
  expect(variablesOf("api")).toMatchObject({
    SPRING_KAFKA_BOOTSTRAP_SERVERS: "b-1.example.com:9093,b-2.example.com:9093",
    SPRING_KAFKA_SECURITY_PROTOCOL: "SASL_SSL",
    SPRING_KAFKA_PROPERTIES_SASL_MECHANISM: "SCRAM-SHA-256",
    SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG: "secret",
  });
  expect(variablesOf("worker")).toMatchObject({
    BROKERS: "b-1.example.com:9093,b-2.example.com:9093",
    KAFKA_SASL_USERNAME: "shop-app",
    KAFKA_SASL_PASSWORD: "secret",
  });
});

test("without TLS it is another port and protocol, unless the port is said", () => {
  expect(variablesOf("worker", spec(KAFKA.replace(" }", ", tls: false }")))).toMatchObject({
    BROKERS: "b-1.example.com:9092,b-2.example.com:9092",
    KAFKA_SECURITY_PROTOCOL: "SASL_PLAINTEXT",
  });
  expect(variablesOf("worker", spec(KAFKA.replace(" }", ", port: 9096 }")))).toMatchObject({
    BROKERS: "b-1.example.com:9096,b-2.example.com:9096",
  });
});

test("every broker may be reached, by name where the network knows names", () => {
  const policies = derivePolicies(production(spec(KAFKA, "{ policies: true, flavour: cilium }")));
  const rule = policies
    .filter(({ name }) => name === "worker")
    .flatMap(({ egress }) => egress)
    .find(({ reason }) => reason.startsWith("worker uses events"));
  expect(rule?.peers).toEqual([
    { kind: "name", host: "b-1.example.com" },
    { kind: "name", host: "b-2.example.com" },
  ]);
});

test.each([
  ["{ engine: kafka }", "host", /nobody says where it is/],
  ["{ engine: kafka, mode: statefulset }", "mode", /cannot run as statefulset/],
  ["{ engine: redis, mode: external, host: r.example.com, sasl: PLAIN }", "sasl", /has no sasl/],
  ["{ engine: redis, mode: external, host: r.example.com, hosts: [s.example.com] }", "hosts", /has no hosts/],
  ["{ engine: mongodb, hosts: [s.example.com] }", "hosts", /runs in the cluster/],
  ["{ engine: kafka, mode: operator, host: b-1.example.com }", "host", /runs in the cluster/],
  ["{ engine: kafka, host: b-1.example.com, topics: { orders: {} } }", "topics", /runs elsewhere/],
  ["{ engine: kafka, host: b-1.example.com, controllers: 3 }", "controllers", /runs elsewhere/],
  ["{ engine: redis, controllers: 3 }", "controllers", /has no controllers/],
  ["{ engine: redis, topics: { orders: {} } }", "topics", /has no topics/],
  ["{ engine: kafka, mode: operator, controllers: 2 }", "controllers", /2 controllers/],
  ["{ engine: kafka, mode: operator, controllers: 0, replicas: 4 }", "replicas", /4 members hold the state/],
])("%s is refused", (datastore, field, says) => {
  const problems = stackProblems(spec(datastore));
  expect(problems.some(({ path, message }) => path.endsWith(`events.${field}`) && says.test(message))).toBe(
    true,
  );
});

test("a name that leaves no room for those of the pods is refused where Strimzi runs it", () => {
  const long = "the-name-with-24-letters";
  const named = (name: string) => spec("{ engine: kafka, mode: operator }", API).replaceAll("events", name);
  expect(stackProblems(named(long))).toMatchObject([
    { path: `environments.prod.datastores.${long}.mode`, message: expect.stringMatching(/too long a name/) },
  ]);
  expect(stackProblems(named(long.slice(0, -1)))).toEqual([]);
});

test("KEDA is not sent to a cluster where it has no user", () => {
  const text = spec("{ engine: kafka, mode: operator }", API).replace(
    "image: ghcr.io/example-org/worker:1,",
    "image: ghcr.io/example-org/worker:1, scaling: { min: 1, max: 3, triggers: { lag: { kafka: { from: events, topic: t, group: g, lag: 5 } } } },",
  );
  expect(stackProblems(text)).toMatchObject([
    {
      path: expect.stringMatching(/triggers\.lag\.kafka\.from$/),
      message: expect.stringMatching(/KEDA has no user/),
    },
  ]);
});

test.each([
  ["4.3", "4.3.1"],
  ["4.2.0", "4.2.0"],
  ["4.4", "4.4.0"],
])("version %s is the %s that Strimzi asks for", (asked, exact) => {
  const [events] = production(spec(`{ engine: kafka, mode: operator, version: "${asked}" }`, API)).datastores;
  expect(events?.operator?.objects[0]?.view).toMatchObject({ version: exact });
});

test.each([
  "{ engine: kafka, mode: operator, replicas: 4 }",
  "{ engine: kafka, mode: operator, controllers: 0, replicas: 5 }",
])("%s is taken", (datastore) => {
  expect(stackProblems(spec(datastore, API))).toEqual([]);
});

test.each([KAFKA, "{ engine: mongodb, mode: external, host: a.example.com, hosts: [b.example.com] }"])(
  "%s is taken",
  (datastore) => {
    expect(stackProblems(spec(datastore))).toEqual([]);
  },
);
