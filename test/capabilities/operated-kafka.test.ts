// Owns: what stands in built overlays where Strimzi runs Kafka: nodes, copies, users, topics, what services are told, traffic.
// Promises: traffic of the pods that Strimzi makes is tried in the simulator; an environment that has it otherwise leaves nothing behind.
// Must not: read src/stack/engines: it is what is judged.
import { beforeAll, describe, expect, test } from "vitest";
import {
  type BuiltStack,
  buildStacks,
  type KubernetesObject,
  ofKind,
  overlayOf,
} from "../render/build-stacks.js";
import { SAMPLE_STACKS } from "../render/sample-stacks.js";
import { NetworkSimulator, type Pod } from "./network-simulator.js";

let built: BuiltStack;
beforeAll(async () => {
  const text = (SAMPLE_STACKS.kafka ?? "").replace("prod: {", "prod: { operators: { strimzi: install },");
  const stacks = await buildStacks({ kafka: text });
  built = stacks.get("kafka") as BuiltStack;
}, 120_000);

const of = (environment: string, kind: string, name?: string): KubernetesObject[] =>
  ofKind(overlayOf(built, environment), kind).filter(
    ({ metadata }) => name === undefined || metadata.name === name,
  );
const names = (environment: string, kind: string) =>
  of(environment, kind)
    .map(({ metadata }) => metadata.name)
    .sort();

describe("nodes by tier", () => {
  test("one for both in development, three for both in staging, brokers and controllers apart in production", () => {
    const pools = (environment: string) =>
      of(environment, "KafkaNodePool")
        .filter(({ metadata }) => metadata.labels["strimzi.io/cluster"] === "events")
        .map(({ metadata, spec }) => [metadata.name, spec.replicas, spec.roles.join("+")]);
    expect(pools("dev")).toEqual([["events-broker", 1, "controller+broker"]]);
    expect(pools("staging")).toEqual([["events-broker", 3, "controller+broker"]]);
    expect(pools("prod").sort()).toEqual([
      ["events-broker", 3, "broker"],
      ["events-controller", 3, "controller"],
    ]);
    expect(names("prod", "KafkaNodePool")).not.toContain("audit-controller");
  });

  test("no more copies than brokers, and two of three before a write counts", () => {
    const copies = (environment: string) => {
      const { config } = of(environment, "Kafka", "events")[0].spec.kafka;
      return [config["default.replication.factor"], config["min.insync.replicas"]];
    };
    expect(copies("dev")).toEqual([1, 1]);
    expect(copies("prod")).toEqual([3, 2]);
    const { config } = of("dev", "Kafka", "events")[0].spec.kafka;
    for (const [key, value] of Object.entries(config).filter(([name]) =>
      /replication\.factor|isr/.test(name),
    ))
      expect(value, key).toBe(1);
  });

  test("numbers of nodes never meet, and zones are spread over where there are several", () => {
    const [broker] = of("prod", "KafkaNodePool", "events-broker");
    const [controller] = of("prod", "KafkaNodePool", "events-controller");
    const ids = [broker, controller].map(({ metadata }) => metadata.annotations["strimzi.io/next-node-ids"]);
    expect(ids).toEqual(["[0-99]", "[100-199]"]);
    expect(broker.spec.template.pod.topologySpreadConstraints[0].topologyKey).toBe(
      "topology.kubernetes.io/zone",
    );
    expect(of("prod", "Kafka", "events")[0].spec.kafka.rack).toEqual({
      topologyKey: "topology.kubernetes.io/zone",
    });
    expect(of("dev", "Kafka", "events")[0].spec.kafka.rack).toBeUndefined();
  });
});

describe("data", () => {
  test("stays when an object goes: claims, and what Argo CD may delete", () => {
    for (const environment of ["dev", "staging", "prod"])
      for (const kind of ["Kafka", "KafkaNodePool", "KafkaTopic"])
        for (const { metadata, spec } of of(environment, kind)) {
          expect(metadata.annotations["argocd.argoproj.io/sync-options"]).toBe("Prune=false,Delete=false");
          if (kind === "KafkaNodePool") expect(spec.storage.volumes[0].deleteClaim).toBe(false);
        }
    const volume = (environment: string) =>
      of(environment, "KafkaNodePool", "events-broker")[0].spec.storage.volumes[0];
    expect(volume("staging")).toMatchObject({ size: "50Gi", class: "fast" });
    expect(volume("prod").class).toBeUndefined();
  });

  test("topics are those of the spec, and nobody makes others where some are declared", () => {
    expect(names("dev", "KafkaTopic")).toEqual(["events-topic-orders", "events-topic-state"]);
    expect(names("staging", "KafkaTopic")).toEqual(["events-topic-orders"]);
    expect(of("prod", "KafkaTopic", "events-topic-orders")[0].spec).toEqual({
      topicName: "orders",
      partitions: 6,
      config: { "retention.ms": 604800000 },
    });
    const opens = (name: string) =>
      of("prod", "Kafka", name)[0].spec.kafka.config["auto.create.topics.enable"];
    expect([opens("events"), opens("audit")]).toEqual([false, true]);
    const creates = (user: string) =>
      JSON.stringify(of("prod", "KafkaUser", user)[0].spec.authorization).includes('"Create"');
    expect([creates("events-user-api"), creates("audit-user-worker")]).toEqual([false, true]);
  });
});

describe("pods", () => {
  const containers = (environment: string): KubernetesObject[] => {
    const [{ spec }] = of(environment, "Kafka", "events") as [KubernetesObject];
    const pools = of(environment, "KafkaNodePool").map((pool) => pool.spec.template);
    const { template } = spec.entityOperator;
    return [
      ...pools.flatMap((pool) => [pool.kafkaContainer, pool.initContainer]),
      template.topicOperatorContainer,
      template.userOperatorContainer,
      spec.kafkaExporter.template.container,
    ];
  };

  test("are restricted, each of them", () => {
    for (const { securityContext } of containers("prod"))
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
      });
    for (const pod of [
      ...of("prod", "KafkaNodePool").map(({ spec }) => spec.template.pod),
      of("prod", "Kafka", "events")[0].spec.entityOperator.template.pod,
      of("prod", "Kafka", "events")[0].spec.kafkaExporter.template.pod,
    ])
      expect(pod.securityContext).toMatchObject({
        runAsUser: 1001,
        seccompProfile: { type: "RuntimeDefault" },
      });
  });

  test("are Guaranteed, and all of them fit into the quota", () => {
    const [{ spec }] = of("prod", "Kafka", "events") as [KubernetesObject];
    const all = [
      ...of("prod", "KafkaNodePool").map((pool) => pool.spec.resources),
      spec.entityOperator.topicOperator.resources,
      spec.entityOperator.userOperator.resources,
      spec.kafkaExporter.resources,
    ];
    for (const { requests, limits } of all) expect(requests).toEqual(limits);
    const [quota] = ofKind(built.objects.get("bootstrap/prod") ?? [], "ResourceQuota") as [KubernetesObject];
    // Nine nodes, and beside them two pods for each cluster.
    expect(Number(quota.spec.hard.pods)).toBeGreaterThanOrEqual(9 + 4);
    expect(Number.parseInt(quota.spec.hard["requests.storage"], 10)).toBeGreaterThanOrEqual(6 * 20 + 3 * 10);
    const [bounded] = ofKind(built.objects.get("bootstrap/staging") ?? [], "ResourceQuota") as [
      KubernetesObject,
    ];
    expect(bounded.spec.hard["fast.storageclass.storage.k8s.io/requests.storage"]).toBe("210Gi");
  });
});

describe("services", () => {
  const settings = (environment: string, service: string) => {
    const [deployment] = of(environment, "Deployment", service) as [KubernetesObject];
    const [map] = of(environment, "ConfigMap").filter(({ metadata }) =>
      metadata.name.startsWith(`${service}-`),
    );
    const secrets = deployment.spec.template.spec.containers[0].env ?? [];
    return {
      ...map?.data,
      ...Object.fromEntries(
        secrets.map(({ name, valueFrom }: KubernetesObject) => [
          name,
          valueFrom?.secretKeyRef && `${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`,
        ]),
      ),
    };
  };

  test("log in each as itself, with what Strimzi makes, and trust the cluster's own authority", () => {
    expect(settings("prod", "api")).toMatchObject({
      SPRING_KAFKA_BOOTSTRAP_SERVERS: "events-kafka-bootstrap:9093",
      SPRING_KAFKA_SECURITY_PROTOCOL: "SASL_SSL",
      SPRING_KAFKA_PROPERTIES_SASL_MECHANISM: "SCRAM-SHA-512",
      SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG: "events-user-api/sasl.jaas.config",
      SPRING_KAFKA_PROPERTIES_SSL_TRUSTSTORE_TYPE: "PEM",
      SPRING_KAFKA_PROPERTIES_SSL_TRUSTSTORE_CERTIFICATES: "events-cluster-ca-cert/ca.crt",
    });
    expect(settings("prod", "worker")).toMatchObject({
      AUDIT: "audit-kafka-bootstrap:9093",
      AUDIT_PASSWORD: "audit-user-worker/password",
    });
    expect(names("prod", "KafkaUser")).toEqual([
      "audit-user-worker",
      "events-user-api",
      "events-user-worker",
    ]);
    // Nothing is fetched for it.
    expect(names("prod", "ExternalSecret")).toEqual([]);
  });

  test("where it runs elsewhere, nothing of Strimzi's is left", () => {
    expect(names("dev", "Kafka")).toEqual(["events"]);
    expect(names("dev", "KafkaUser")).toEqual(["events-user-api", "events-user-worker"]);
    expect(names("dev", "ConfigMap").filter((name) => name.startsWith("audit-metrics"))).toEqual([]);
    expect(settings("dev", "worker")).toMatchObject({ AUDIT_PASSWORD: "audit/password" });
    expect(names("dev", "ExternalSecret")).toEqual(["audit"]);
  });
});

describe("traffic", () => {
  const NAMESPACE = "log-prod";
  const pod = (name: string, labels: Record<string, string>, namespace = NAMESPACE): Pod => ({
    name,
    namespace,
    labels,
  });
  const component = (name: string) =>
    pod(name, { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "log" });
  const node = (number: number, cluster = "events") =>
    pod(`${cluster}-${number}`, { "strimzi.io/cluster": cluster, "strimzi.io/kind": "Kafka" });
  const operator = { "strimzi.io/kind": "cluster-operator" };
  const prometheus = pod("p", { "app.kubernetes.io/name": "prometheus" }, "monitoring");
  const cases: [string, Pod, Pod | string, number, boolean][] = [
    ["its client", component("api"), node(0), 9093, true],
    ["its client on the port of replication", component("api"), node(0), 9091, false],
    ["another cluster's client", component("api"), node(0, "audit"), 9093, false],
    ["a service that uses none", component("web"), node(0), 9093, false],
    ["replication", node(0), node(1), 9091, true],
    ["state", node(0), node(100), 9090, true],
    ["another cluster", node(0), node(0, "audit"), 9091, false],
    ["the operator on the agent", pod("o", operator, "strimzi"), node(0), 8443, true],
    ["a false operator", pod("o", operator, "elsewhere"), node(0), 8443, false],
    ["the operator as a client", pod("o", operator, "strimzi"), node(0), 9093, false],
    ["scrapes", prometheus, node(0), 9404, true],
    ["a stranger's scrape", pod("x", {}), node(0), 9404, false],
    ["the API server", node(0), "10.0.0.1", 6443, true],
    ["the metadata service", node(0), "169.254.169.254", 80, false],
    ["the internet", node(0), "198.51.100.7", 443, false],
  ];
  test.each(cases)("%s", (_what, from, to, port, passes) => {
    const simulator = new NetworkSimulator(of("prod", "NetworkPolicy"));
    const end = typeof to === "string" ? { address: to } : to;
    expect(simulator.passes({ from, to: end, port, protocol: "TCP" })).toBe(passes);
  });

  test("policies that Strimzi makes itself let in the same clients, not every pod", () => {
    const [listener] = of("prod", "Kafka", "events")[0].spec.kafka.listeners;
    const peers = listener.networkPolicyPeers.map(
      ({ podSelector }: KubernetesObject) =>
        podSelector.matchLabels["app.kubernetes.io/name"] ?? podSelector.matchLabels["strimzi.io/cluster"],
    );
    expect(peers).toEqual(["api", "worker", "events"]);
  });
});

test("the operator comes with the stack where it is asked for, and makes no policies then", () => {
  const [application] = ofKind(built.objects.get("bootstrap/operators") ?? [], "Application") as [
    KubernetesObject,
  ];
  expect(application.spec.source).toMatchObject({ chart: "strimzi-kafka-operator", targetRevision: "1.2.0" });
  expect(application.spec.source.helm.valuesObject).toEqual({
    watchAnyNamespace: true,
    generateNetworkPolicy: false,
  });
});
