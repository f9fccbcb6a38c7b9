// Owns: how services reach a Kafka that runs elsewhere: brokers, login, secrets, policies, and what is refused.
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
])("%s is refused", (datastore, field, says) => {
  const problems = stackProblems(spec(datastore));
  expect(problems.some(({ path, message }) => path.endsWith(`events.${field}`) && says.test(message))).toBe(
    true,
  );
});

test.each([KAFKA, "{ engine: mongodb, mode: external, host: a.example.com, hosts: [b.example.com] }"])(
  "%s is taken",
  (datastore) => {
    expect(stackProblems(spec(datastore))).toEqual([]);
  },
);
