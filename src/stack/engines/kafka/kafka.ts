// Owns: Kafka, as one that runs elsewhere: how clients find its brokers and log in.
// Promises: SASL with a user of the services' own, over TLS unless it is switched off.
// Must not: run brokers: Strimzi's definitions are in no module from which offline schemas could be made.

import { type Connection, type EngineInput, PASSWORD } from "../engine.js";
import { externalOnly } from "../external-only.js";
import { guaranteed } from "../guaranteed.js";

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
  },
  byRuntime: {
    // Spring Boot docs, Kafka: what has no property of its own is set below spring.kafka.properties.
    "spring-boot": {
      servers: "SPRING_KAFKA_BOOTSTRAP_SERVERS",
      securityProtocol: "SPRING_KAFKA_SECURITY_PROTOCOL",
      saslMechanism: "SPRING_KAFKA_PROPERTIES_SASL_MECHANISM",
      jaasConfig: "SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
    },
  },
};

export const kafka = externalOnly({
  summary: "Kafka",
  family: "kafka",
  answers: ["hosts", "sasl"],
  defaults: { version: "4.1", role: "store", storage: "20Gi", ...guaranteed("1", "2Gi") },
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
