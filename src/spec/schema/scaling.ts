// Owns: the schema of how a service scales: more pods (HPA or KEDA), or larger ones (VPA).
// Promises: each field says which controller reads it; what contradicts is for src/stack/rules.
// Must not: hold defaults; those are the tables of src/stack/presets.

import { Type } from "typebox";
import { annotate, Cron, Duration, mapOf, PortName, quantity } from "./scalars.js";
import { SecretKey } from "./secret-key.js";

const closed = { additionalProperties: false } as const;
const count = (description: string) =>
  Type.Integer({ minimum: 1, expected: "a whole number from 1", description });
const percent = (description: string) =>
  Type.Integer({ minimum: 1, maximum: 100, expected: "a percentage between 1 and 100", description });
const word = (description: string, maxLength = 255) =>
  Type.String({
    pattern: "^[\\x21-\\x7e]+$",
    maxLength,
    expected: "a name without spaces",
    description,
  });
const From = Type.String({
  expected: "the name of a datastore or an external",
  description: "Datastore or external where it is.",
});
const login = {
  username: Type.Optional(annotate(SecretKey, { description: "Secret with the user name." })),
  password: Type.Optional(annotate(SecretKey, { description: "Secret with the password." })),
  tls: Type.Optional(Type.Boolean({ description: "Connect by TLS." })),
};

const RabbitMq = Type.Object(
  {
    from: Type.Optional(From),
    queue: Type.Optional(word("Queue.")),
    vhost: Type.Optional(word("Virtual host; / by default.")),
    length: Type.Optional(count("Messages that wait, per pod.")),
    uri: Type.Optional(
      annotate(SecretKey, { description: "Secret with the whole address, login included." }),
    ),
    username: login.username,
    password: login.password,
  },
  { ...closed, description: "Messages in a RabbitMQ queue." },
);

const Kafka = Type.Object(
  {
    from: Type.Optional(From),
    topic: Type.Optional(word("Topic.")),
    group: Type.Optional(word("Consumer group.")),
    lag: Type.Optional(count("Messages behind, per pod.")),
    sasl: Type.Optional(
      annotate(Type.Enum(["plaintext", "scram_sha256", "scram_sha512"]), {
        description: "How to log in.",
      }),
    ),
    ...login,
  },
  { ...closed, description: "Lag of a Kafka consumer group." },
);

const Redis = Type.Object(
  {
    from: Type.Optional(From),
    list: Type.Optional(word("List whose length counts.")),
    stream: Type.Optional(word("Stream; with `group`.")),
    group: Type.Optional(word("Consumer group of the stream.")),
    length: Type.Optional(count("Entries of the list, or entries that the group has not read, per pod.")),
    ...login,
  },
  { ...closed, description: "Entries of a Redis or Valkey list or stream." },
);

const CronTrigger = Type.Object(
  {
    start: Type.Optional(annotate(Cron, { description: "When it begins." })),
    end: Type.Optional(annotate(Cron, { description: "When it ends." })),
    timeZone: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$",
        expected: "an IANA time zone such as Europe/Berlin",
        description: "Time zone of both; Etc/UTC by default.",
      }),
    ),
    replicas: Type.Optional(count("Pods in between.")),
  },
  { ...closed, description: "More pods between two times." },
);

const Prometheus = Type.Object(
  {
    query: Type.Optional(
      Type.String({
        minLength: 1,
        pattern: "^[^\\r\\n]+$",
        expected: "a PromQL query in one line",
        description: "Query that gives one number.",
      }),
    ),
    threshold: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, expected: "a number above 0", description: "Its value, per pod." }),
    ),
    address: Type.Optional(
      Type.String({
        pattern: "^https?://[^\\s]+$",
        expected: "a web address",
        description: "Prometheus to ask; the platform's by default.",
      }),
    ),
  },
  { ...closed, description: "A number from Prometheus." },
);

const Trigger = Type.Object(
  {
    rabbitmq: Type.Optional(RabbitMq),
    kafka: Type.Optional(Kafka),
    redis: Type.Optional(Redis),
    cron: Type.Optional(CronTrigger),
    prometheus: Type.Optional(Prometheus),
  },
  { ...closed, description: "One of rabbitmq, kafka, redis, cron, prometheus.", def: "Trigger" },
);

const Pace = Type.Object(
  {
    window: Type.Optional(
      annotate(Duration, { description: "Stabilisation window: how long the wish must last." }),
    ),
    percent: Type.Optional(percent("Percent of the pods that may come or go in a period.")),
    pods: Type.Optional(count("Pods that may come or go in a period.")),
    period: Type.Optional(annotate(Duration, { description: "The period." })),
  },
  { ...closed, description: "How fast it scales.", def: "Pace" },
);

export const Scaling = Type.Object(
  {
    min: Type.Integer({
      minimum: 0,
      expected: "a whole number from 0",
      description: "Fewest replicas; 0 only with a trigger that can wake the service.",
    }),
    max: Type.Integer({ minimum: 1, expected: "a whole number from 1", description: "Most replicas." }),
    cpu: Type.Optional(percent("Average CPU use, of the request, to hold.")),
    memory: Type.Optional(
      percent("Average memory use, of the request, to hold; leave out for heaps that rarely shrink."),
    ),
    up: Type.Optional(Pace),
    down: Type.Optional(Pace),
    triggers: Type.Optional(
      mapOf(Trigger, PortName, "a name: a-z, 0-9 and '-', at most 15 characters", {
        description: "Events that KEDA scales on, by name; its ScaledObject then stands in the HPA's place.",
      }),
    ),
    polling: Type.Optional(annotate(Duration, { description: "Time between two looks of KEDA." })),
    cooldown: Type.Optional(annotate(Duration, { description: "Quiet time before KEDA scales to zero." })),
  },
  { ...closed, description: "Horizontal autoscaling; without it the replicas are fixed." },
);

/** A layer may give one bound of the autoscaling and leave the others to those below. */
export const ScalingOverrides = Type.Partial(Scaling, { ...closed });

const VerticalAmounts = Type.Object(
  {
    cpu: Type.Optional(quantity(["2"], "CPU cores.")),
    memory: Type.Optional(quantity(["2Gi"], "Memory.")),
  },
  closed,
);

export const Vertical = Type.Object(
  {
    mode: Type.Optional(
      annotate(Type.Enum(["Off", "Initial", "InPlaceOrRecreate"]), {
        description:
          "Off: recommends only (default); Initial: sizes new pods; InPlaceOrRecreate: resizes running ones, by a restart where it must.",
      }),
    ),
    resources: Type.Optional(
      Type.Array(Type.Enum(["cpu", "memory"]), {
        minItems: 1,
        description: "What it sizes; both by default.",
      }),
    ),
    min: Type.Optional(annotate(VerticalAmounts, { description: "Smallest requests." })),
    max: Type.Optional(
      annotate(VerticalAmounts, { description: "Largest requests; the limits by default." }),
    ),
  },
  { ...closed, description: "The vertical autoscaler, for right-sizing.", def: "Vertical" },
);
