// Owns: which dashboards a stack has.
// Promises: one overview, one for its services, one per runtime that reports requests, one per datastore engine.
// Must not: hold panels; dashboards/ does.

import { familiesOf } from "../../stack/alerts/datastores.js";
import { scopeOf } from "../../stack/alerts/scope.js";
import { engines } from "../../stack/engines/index.js";
import type { Stack } from "../../stack/stack.js";
import type { Dashboard } from "./dashboard.js";
import { kafkaCluster } from "./dashboards/kafka-cluster.js";
import { mongodb } from "./dashboards/mongodb.js";
import { mysql } from "./dashboards/mysql.js";
import { overview } from "./dashboards/overview.js";
import { postgresql } from "./dashboards/postgresql.js";
import { postgresqlCluster } from "./dashboards/postgresql-cluster.js";
import { rabbitmq } from "./dashboards/rabbitmq.js";
import { redisLike } from "./dashboards/redis.js";
import { services } from "./dashboards/services.js";
import { springBoot } from "./dashboards/spring-boot.js";

/** By family of engines: the dashboard of one engine. */
const BY_FAMILY: Readonly<Record<string, (engine: string, name: string) => Dashboard>> = {
  mongodb,
  mysql,
  postgresql,
  rabbitmq,
  redis: redisLike,
};

/** By family of engines: the dashboard of servers that an operator runs. */
const OPERATED: Readonly<Record<string, (engine: string, name: string) => Dashboard>> = {
  kafka: kafkaCluster,
  postgresql: postgresqlCluster,
};

const BY_RUNTIME: Readonly<Record<string, Dashboard>> = { "spring-boot": springBoot };

export function dashboardsOf(stack: Stack): Dashboard[] {
  const all = stack.environments.flatMap((environment) => environment.services);
  const runtimes = [
    ...new Set(all.filter(({ metrics }) => metrics !== undefined).map(({ runtime }) => runtime)),
  ].sort();
  const scopes = stack.environments.map((environment) => scopeOf(stack, environment));
  const running = [
    ...new Set(
      scopes.flatMap(({ datastores }) =>
        datastores.filter(({ operator }) => operator === undefined).map(({ engine }) => engine),
      ),
    ),
  ].sort();
  const operated = [
    ...new Set(
      scopes.flatMap(({ datastores }) =>
        datastores.filter(({ operator }) => operator !== undefined).map(({ engine }) => engine),
      ),
    ),
  ].sort();
  const isMeasured = scopes.some(
    ({ measured, measuredAtGateway }) => measured.length + measuredAtGateway.length > 0,
  );
  const hasBackup = scopes.some(({ backups }) => backups.length > 0);
  return [
    overview({
      isMeasured,
      hasBackup,
      hasDatastore: running.length + operated.length > 0,
      recorded: new Set(
        scopes.flatMap((scope) =>
          familiesOf(scope).flatMap(({ monitoring, scope: own }) =>
            monitoring.recordings(own).map(({ record }) => record),
          ),
        ),
      ),
      objective: stack.base.settings.monitoring.slo.availability,
    }),
    services({ isMeasured }),
    ...runtimes.flatMap((runtime) => BY_RUNTIME[runtime] ?? []),
    ...running.flatMap(
      (engine) => BY_FAMILY[engines[engine].family]?.(engine, engines[engine].summary) ?? [],
    ),
    ...operated.flatMap(
      (engine) =>
        OPERATED[engines[engine].family]?.(`${engine}-cluster`, `${engines[engine].summary} clusters`) ?? [],
    ),
  ];
}
