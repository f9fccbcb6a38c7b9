// Owns: Kafka, by Strimzi or as one that runs elsewhere: how clients find its brokers and log in.
// Promises: SASL with a user of the services' own, over TLS unless it is switched off.
// Must not: run brokers itself; strimzi.ts beside it says what makes Strimzi run them.

import { type Connection, type Engine, type EngineInput, PASSWORD } from "../engine.js";
import { externalOnly } from "../external-only.js";
import { guaranteed } from "../guaranteed.js";
import { strimzi } from "./strimzi.js";

/** Apache Kafka docs, Security: modules of JAAS. */
function moduleOf({ sasl }: EngineInput): string {
  return sasl === "PLAIN"
    ? "org.apache.kafka.common.security.plain.PlainLoginModule"
    : "org.apache.kafka.common.security.scram.ScramLoginModule";
}

const connection: Connection = {
  parts: (input) => {
    const { host, hosts, port, tls, sasl, username } = input;
    return {
      host,
      port: String(port),
      servers: hosts.map((name) => `${name}:${port}`).join(","),
      username,
      password: PASSWORD,
      tls: String(tls),
      securityProtocol: tls ? "SASL_SSL" : "SASL_PLAINTEXT",
      saslMechanism: sasl,
      jaasConfig: `${moduleOf(input)} required username="${username}" password="${PASSWORD}";`,
    };
  },
  variables: {
    servers: "KAFKA_BOOTSTRAP_SERVERS",
    securityProtocol: "KAFKA_SECURITY_PROTOCOL",
    saslMechanism: "KAFKA_SASL_MECHANISM",
    username: "KAFKA_SASL_USERNAME",
    password: "KAFKA_SASL_PASSWORD",
    // Of a cluster with an authority of its own: the certificate itself, as librdkafka's ssl.ca.pem takes it.
    ca: "KAFKA_SSL_CA_PEM",
  },
  byRuntime: {
    // Spring Boot docs, Kafka: what has no property of its own is set below spring.kafka.properties.
    "spring-boot": {
      servers: "SPRING_KAFKA_BOOTSTRAP_SERVERS",
      securityProtocol: "SPRING_KAFKA_SECURITY_PROTOCOL",
      saslMechanism: "SPRING_KAFKA_PROPERTIES_SASL_MECHANISM",
      jaasConfig: "SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
      truststoreType: "SPRING_KAFKA_PROPERTIES_SSL_TRUSTSTORE_TYPE",
      ca: "SPRING_KAFKA_PROPERTIES_SSL_TRUSTSTORE_CERTIFICATES",
    },
  },
};

const elsewhere = externalOnly({
  summary: "Kafka",
  family: "kafka",
  answers: ["hosts", "sasl", "controllers", "topics"],
  defaults: { version: "4.3", role: "store", storage: "20Gi", ...guaranteed("1", "2Gi") },
  // Apache Kafka docs, Security: the ports of its examples. Managed services have others, such as 9096 (Amazon MSK with SCRAM).
  port: { name: "kafka", number: 9092 },
  tlsPort: 9093,
  client: "kafka-topics.sh",
  connection,
  symptoms: [
    {
      where: "client",
      says: "`SaslAuthenticationException`, `Authentication failed`",
      means: "the secret was rotated, and one side has not restarted; or `sasl` is another mechanism",
    },
    {
      where: "client",
      says: "`Timed out waiting for a node assignment`, `Disconnected while requesting ApiVersion`",
      means: "a broker cannot be reached under the name that it tells, or `tls` is not what it speaks",
    },
    {
      where: "client",
      says: "`TopicAuthorizationException`, `GroupAuthorizationException`",
      means: "the user may log in, but has no right to this topic or group",
    },
  ],
});

export const kafka: Engine = {
  ...elsewhere,
  modes: ["external", "operator"],
  tiers: {
    development: guaranteed("500m", "1Gi"),
    production: guaranteed("2", "4Gi"),
  },
  // Strimzi docs, "Services": the bootstrap Service is in the certificates of all brokers.
  hostOf: (name, mode) => (mode === "operator" ? `${name}-kafka-bootstrap` : name),
  // The readiness probe of Strimzi's own pods.
  check: () => "/opt/kafka/kafka_readiness.sh",
  operator: strimzi,
};
