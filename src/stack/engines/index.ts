// Owns: the table of engines.
// Promises: one line for each word of the schema.
// Must not: hold what an engine does.

import type { DatastoreSpec } from "../../spec/schema/spec-types.js";
import type { Engine } from "./engine.js";
import { kafka } from "./kafka/kafka.js";
import { mongodb } from "./mongodb/mongodb.js";
import { mariadb, mysql } from "./mysql/mysql.js";
import { postgresql } from "./postgresql/postgresql.js";
import { rabbitmq } from "./rabbitmq/rabbitmq.js";
import { redis, valkey } from "./redis/redis.js";

export const engines: Readonly<Record<DatastoreSpec["engine"], Engine>> = {
  kafka,
  mariadb,
  mongodb,
  mysql,
  postgresql,
  rabbitmq,
  redis,
  valkey,
};

/** Engines that speak one protocol and have one exporter: each family once. */
export function engineFamilies(): readonly Engine[] {
  const all = Object.values(engines);
  return all.filter(({ family }, index) => all.findIndex((other) => other.family === family) === index);
}
