// Owns: which changes of a Kafka cluster's nodes and topics the plan calls a replacement.
// Promises: what Strimzi would not do, or would break a quorum by doing, is named before it is applied.
// Must not: build overlays.

import { expect, test } from "vitest";
import { compareObjects } from "../../src/impact/compare-objects.js";
import { isStateful } from "../../src/impact/object-rules.js";
import type { BuiltObject } from "../../src/validate/built-object.js";

function objectOf(kind: string, spec: object): BuiltObject {
  return {
    id: `${kind}/x`,
    kind,
    group: "kafka.strimzi.io",
    name: "x",
    namespace: "shop",
    data: { kind, spec },
  } as unknown as BuiltObject;
}

const pool = (roles: string[], replicas: number, volume: object, type = "jbod") =>
  objectOf("KafkaNodePool", { roles, replicas, storage: { type, volumes: [{ id: 0, ...volume }] } });
const BROKER = ["broker"];
const BOTH = ["controller", "broker"];

test.each<[string, BuiltObject, BuiltObject, string]>([
  ["more brokers", pool(BROKER, 3, {}), pool(BROKER, 5, {}), "update"],
  ["a larger volume", pool(BOTH, 3, { size: "8Gi" }), pool(BOTH, 3, { size: "9Gi" }), "update"],
  ["more controllers", pool(BOTH, 1, {}), pool(BOTH, 3, {}), "replace"],
  ["other roles", pool(BOTH, 3, {}), pool(BROKER, 3, {}), "replace"],
  ["another class", pool(BROKER, 3, { class: "a" }), pool(BROKER, 3, { class: "b" }), "replace"],
  ["another kind of storage", pool(BROKER, 3, {}), pool(BROKER, 3, {}, "ephemeral"), "replace"],
  [
    "another topic",
    objectOf("KafkaTopic", { topicName: "a" }),
    objectOf("KafkaTopic", { topicName: "b" }),
    "replace",
  ],
  [
    "more partitions",
    objectOf("KafkaTopic", { partitions: 3 }),
    objectOf("KafkaTopic", { partitions: 6 }),
    "update",
  ],
])("%s", (_what, before, after, effect) => {
  expect(isStateful(after)).toBe(true);
  expect(compareObjects("prod", [before], [after])).toMatchObject([{ effect, isStateful: true }]);
});
