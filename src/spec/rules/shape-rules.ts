// Owns: rules about fields of one service or datastore that must fit together.
// Promises: what Kubernetes would refuse, or what would block a drain, is refused here first.
// Must not: look at resolved values.

import type { Problem } from "../../stack-error.js";
import { cronProblem } from "../cron.js";
import type { Path, SpecDocument } from "../spec-document.js";
import type { SpecRule } from "./check-rules.js";
import { declaredPorts, isService, layersOf, servicesOf } from "./layers.js";

const scalingOrdered: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, value: { scaling } }) => {
    if (scaling === undefined) return [];
    const { min, max, cpu, memory, triggers } = scaling;
    if (min !== undefined && max !== undefined && min > max)
      return [
        source.problem([...path, "scaling", "min"], `min ${min} is larger than max ${max}`, {
          expected: `a number up to ${max}`,
        }),
      ];
    // A layer above the service may leave the target to those below; src/stack/rules looks at the sum.
    if (path.length === 2 && cpu === undefined && memory === undefined && triggers === undefined)
      return [
        source.problem([...path, "scaling"], "scales on nothing", {
          expected: "cpu or memory, as a percentage of the request, or triggers",
        }),
      ];
    return [];
  });

const exposedHasPort: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, name, value }) => {
    return value.expose !== undefined && declaredPorts(spec, name).length === 0
      ? [
          source.problem([...path, "expose"], "an exposed service needs a port", {
            expected: "ports, such as { http: 8080 }",
          }),
        ]
      : [];
  });

const usedHasPort: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, value }) =>
    Object.keys(value.uses ?? {})
      .filter((target) => isService(spec, target) && declaredPorts(spec, target).length === 0)
      .map((target) =>
        source.problem([...path, "uses", target], `service ${target} has no port to talk to`, {
          at: "key",
          expected: `ports of ${target}, such as { http: 8080 }`,
        }),
      ),
  );

/** The types that answer requests. */
const SERVED: readonly string[] = ["web-api", "web-frontend", "grpc-service", "proxy"];

const typesHavePorts: SpecRule = (spec, source) =>
  Object.entries(spec.services)
    .filter(([, { type, ports }]) => SERVED.includes(type) && Object.keys(ports ?? {}).length === 0)
    .map(([name, { type }]) =>
      source.problem(["services", name], `a ${type} needs a port`, {
        at: "key",
        expected: "ports, such as { http: 8080 }",
      }),
    );

const portsDiffer: SpecRule = (spec, source) =>
  servicesOf(spec).flatMap(({ path, value }) => {
    const seen = new Map<number, string>();
    return Object.entries(value.ports ?? {}).flatMap(([port, number]) => {
      const other = seen.get(number);
      seen.set(number, port);
      return other === undefined
        ? []
        : [source.problem([...path, "ports", port], `port ${number} is also called "${other}"`)];
    });
  });

const schedulesRun: SpecRule = (spec, source) =>
  layersOf(spec).flatMap(({ path, value }) => {
    const own =
      value.backup?.schedule === undefined
        ? []
        : [{ path: [...path, "backup", "schedule"], cron: value.backup.schedule }];
    const stores = Object.entries(value.datastores ?? {}).flatMap(([name, { backup }]) =>
      backup?.schedule === undefined
        ? []
        : [{ path: [...path, "datastores", name, "backup", "schedule"], cron: backup.schedule }],
    );
    const runs = Object.entries(value.services ?? {}).flatMap(([name, { schedules }]) =>
      Object.entries(schedules ?? {}).flatMap(([schedule, { cron }]) =>
        cron === undefined
          ? []
          : [{ path: [...path, "services", name, "schedules", schedule, "cron"], cron }],
      ),
    );
    return [...own, ...stores, ...runs].flatMap(({ path: place, cron }) =>
      scheduleProblems(place, cron, source),
    );
  });

/** What is wrong with a cron schedule, at its place. */
export function scheduleProblems(path: Path, schedule: string, source: SpecDocument): Problem[] {
  const problem = cronProblem(schedule);
  if (problem === undefined) return [];
  const expected = 'minute, hour, day of month, month and day of week, such as "0 2 * * *"';
  return [source.problem(path, problem, { expected })];
}

const cachesHaveNoBackup: SpecRule = (spec, source) =>
  Object.entries(spec.datastores ?? {})
    .filter(([, { role, backup }]) => role === "cache" && backup !== undefined)
    .map(([name]) =>
      source.problem(["datastores", name, "backup"], "a cache has nothing to back up", {
        at: "key",
        expected: "role: store, or no backup",
      }),
    );

export const shapeRules: readonly SpecRule[] = [
  scalingOrdered,
  exposedHasPort,
  usedHasPort,
  typesHavePorts,
  portsDiffer,
  schedulesRun,
  cachesHaveNoBackup,
];
