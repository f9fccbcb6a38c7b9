// Owns: rules that look at resolved values.
// Promises: every problem with the place in the user's file where it can be mended.
// Must not: change the stack.

import type { Path, SpecDocument } from "../../spec/spec-document.js";
import type { Problem } from "../../stack-error.js";
import { demandOf } from "../derive-quota.js";
import { bytes, cpu, formatBytes, formatCpu, seconds } from "../quantity.js";
import type { Amounts, Environment, Stack } from "../stack.js";

type StackRule = (stack: Stack, source: SpecDocument) => Problem[];

function environmentPath(environment: Environment, ...rest: string[]): Path {
  return ["environments", environment.name, ...rest];
}

const fitsQuota: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) => {
    const demand = demandOf(environment);
    const { quota } = environment;
    const checks: [string, number, number, (value: number) => string][] = [
      ["requests.cpu", demand.requestsCpu, cpu(quota.requestsCpu), formatCpu],
      ["requests.memory", demand.requestsMemory, bytes(quota.requestsMemory), formatBytes],
      ["limits.cpu", demand.limitsCpu, cpu(quota.limitsCpu), formatCpu],
      ["limits.memory", demand.limitsMemory, bytes(quota.limitsMemory), formatBytes],
      ["pods", demand.pods, quota.pods, String],
      ["services", demand.services, quota.services, String],
      ["storage", demand.storage, bytes(quota.storage), formatBytes],
    ];
    return checks
      .filter(([, needed, given]) => needed > given)
      .map(([name, needed, given, format]) =>
        source.problem(
          environmentPath(environment, "quota"),
          `the stack needs up to ${format(needed)} of ${name}, and the quota of ${environment.name} is ${format(given)}`,
          {
            expected: `quota.${name} of at least ${format(needed)}, or smaller services`,
          },
        ),
      );
  });

const requestsWithinLimits: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    [
      ...environment.services.map((service) => ({ kind: "services", ...service })),
      ...environment.datastores.map((store) => ({ kind: "datastores", ...store })),
    ].flatMap(({ kind, name, resources }) =>
      exceeded(resources.requests, resources.limits).map((what) =>
        source.problem(
          environmentPath(environment, kind, name, "resources"),
          `${name} requests more ${what} than its limit allows in ${environment.name}`,
          { expected: "requests no larger than limits" },
        ),
      ),
    ),
  );

function exceeded(requests: Amounts, limits: Amounts): string[] {
  const checks: [string, boolean][] = [
    ["cpu", cpu(requests.cpu) > cpu(limits.cpu)],
    ["memory", bytes(requests.memory) > bytes(limits.memory)],
    ["ephemeral-storage", bytes(requests.ephemeralStorage) > bytes(limits.ephemeralStorage)],
  ];
  return checks.filter(([, isOver]) => isOver).map(([what]) => what);
}

const routesDiffer: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) => {
    const seen = new Map<string, string>();
    return environment.services.flatMap(({ name, exposure }) => {
      if (exposure === undefined) return [];
      const route = `${exposure.host}${exposure.path.replace(/(.)\/$/, "$1")}`;
      const other = seen.get(route);
      seen.set(route, name);
      return other === undefined
        ? []
        : [
            source.problem(
              ["services", name, "expose"],
              `${name} and ${other} are both exposed at ${route} in ${environment.name}`,
              { at: "key", expected: "another host or path" },
            ),
          ];
    });
  });

const shutdownFits: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    environment.services
      .filter(({ shutdown }) => shutdown.delaySeconds >= shutdown.graceSeconds)
      .map(({ name }) =>
        source.problem(
          ["services", name, "shutdown"],
          `${name} would be killed before it has left: delay is not below grace in ${environment.name}`,
          { expected: "a grace larger than the delay" },
        ),
      ),
  );

/** Longest suffix of an object's name: a CronJob's may have 52 characters (its jobs and pods get suffixes of their own). */
const namesFit: StackRule = ({ base, name: stackName, environments }, source) => {
  const problems = base.datastores
    .filter(({ name }) => `${name}-backup`.length > 52)
    .map(({ name }) =>
      source.problem(
        ["datastores", name],
        `"${name}-backup" is longer than the 52 characters of a CronJob's name`,
        { at: "key", expected: "a name of at most 45 characters" },
      ),
    );
  const services = base.services
    .filter(({ name }) => `${name}-redirect`.length > 63)
    .map(({ name }) =>
      source.problem(["services", name], `"${name}" is too long with its suffixes`, {
        at: "key",
        expected: "a name of at most 50 characters",
      }),
    );
  const namespaces = environments
    .filter(({ namespace }) => namespace.length > 63)
    .map((environment) =>
      source.problem(
        environmentPath(environment),
        `the namespace "${stackName}-${environment.name}" is longer than 63 characters`,
        { at: "key", expected: "namespace: NAME, or shorter names" },
      ),
    );
  return [...problems, ...services, ...namespaces];
};

const hostsFit: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    environment.services.flatMap(({ name, exposure }) =>
      exposure !== undefined && exposure.host.length > 253
        ? [
            source.problem(
              ["services", name, "expose"],
              `the host ${exposure.host.slice(0, 40)}… is longer than 253 characters`,
            ),
          ]
        : [],
    ),
  );

/** Kubernetes probes fail at once where the timeout is longer than the period it should fit into. */
const probesFit: StackRule = ({ base }, source) =>
  base.services.flatMap(({ name, probes }) =>
    Object.entries(probes).flatMap(([which, probe]) =>
      probe !== undefined && (probe.periodSeconds < 1 || probe.timeoutSeconds < 1)
        ? [
            source.problem(
              ["services", name, "probes", which],
              "a probe's period and timeout are whole seconds",
              { expected: "1s or more" },
            ),
          ]
        : [],
    ),
  );

const sloReachable: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    environment.services
      .filter(({ slo }) => seconds(slo.latency) <= 0)
      .map(({ name }) =>
        source.problem(["services", name, "slo", "latency"], "a latency of zero cannot be reached"),
      ),
  );

/** A policy without addresses would let a pod out to everywhere. */
const apiServerKnown: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    environment.services
      .filter(
        ({ apiAccess }) =>
          apiAccess &&
          environment.settings.network.policies &&
          environment.settings.network.apiServer.length === 0,
      )
      .map(({ name }) =>
        source.problem(
          ["services", name, "apiAccess"],
          `${name} calls the API server, and its addresses are not known in ${environment.name}`,
          { expected: "network.apiServer, such as [10.0.0.1/32]" },
        ),
      ),
  );

/** Objects of different components whose names would meet. */
const objectNamesDiffer: StackRule = ({ base }, source) => {
  const taken = new Map<string, string>([
    ["default-deny", "a network policy of every stack"],
    ["allow-dns", "a network policy of every stack"],
  ]);
  for (const { name } of base.datastores) {
    taken.set(`${name}-backup`, `the backup of ${name}`);
    taken.set(`${name}-headless`, `a Service of ${name}`);
  }
  const named = [
    ...base.services.map(({ name }) => ({ kind: "services", name })),
    ...base.datastores.map(({ name }) => ({ kind: "datastores", name })),
  ];
  return named.flatMap(({ kind, name }) => {
    const other = taken.get(name);
    return other === undefined
      ? []
      : [
          source.problem([kind, name], `"${name}" is the name of ${other}`, {
            at: "key",
            expected: "another name",
          }),
        ];
  });
};

const RULES: readonly StackRule[] = [
  apiServerKnown,
  objectNamesDiffer,
  fitsQuota,
  requestsWithinLimits,
  routesDiffer,
  shutdownFits,
  namesFit,
  hostsFit,
  probesFit,
  sloReachable,
];

export function checkStack(stack: Stack, source: SpecDocument): Problem[] {
  const problems = RULES.flatMap((rule) => rule(stack, source));
  return problems.filter(
    (problem, index) =>
      problems.findIndex(
        ({ message, line, column }) =>
          message === problem.message && line === problem.line && column === problem.column,
      ) === index,
  );
}
