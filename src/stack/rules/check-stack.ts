// Owns: rules that look at resolved values.
// Promises: every problem with the place in the user's file where it can be mended.
// Must not: change the stack.

import type { SpecDocument } from "../../spec/spec-document.js";
import type { Problem } from "../../stack-error.js";
import { demandOf } from "../derive-quota.js";
import { bytes, cpu, exceeds, formatBytes, formatCpu } from "../quantity.js";
import type { Stack } from "../stack.js";
import { placementRules } from "./check-placement.js";
import { policyRules } from "./check-policy.js";
import { scalingRules } from "./check-scaling.js";
import { checkWorkloads } from "./check-workloads.js";
import { exposureRules } from "./exposure-rules.js";
import { gatewayRules } from "./gateway-rules.js";
import { meshRules } from "./mesh-rules.js";
import { environmentPath, type StackRule } from "./stack-rule.js";

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
      ["requests.ephemeral-storage", demand.requestsEphemeral, bytes(quota.requestsEphemeral), formatBytes],
      ["limits.ephemeral-storage", demand.limitsEphemeral, bytes(quota.limitsEphemeral), formatBytes],
      ...quota.storageByClass.map(
        ({ name, storage }): [string, number, number, (value: number) => string] => [
          `storageClasses.${name}`,
          demand.storageByClass[name] ?? 0,
          bytes(storage),
          formatBytes,
        ],
      ),
    ];
    return checks
      .filter(([, needed, given]) => needed > given)
      .map(([name, needed, given, format]) =>
        source.problem(
          environmentPath(environment, "quota"),
          `the stack needs up to ${format(needed)} of ${name}, and the quota of ${environment.label} is ${format(given)}`,
          {
            expected: `quota.${name} of at least ${format(needed)}, or smaller services`,
          },
        ),
      );
  });

const requestsWithinLimits: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    [
      ...environment.services.map(({ name, resources }) => ({ kind: "services", name, resources })),
      ...environment.datastores.map(({ name, resources }) => ({ kind: "datastores", name, resources })),
    ].flatMap(({ kind, name, resources }) =>
      exceeds(resources.requests, resources.limits).map((what) =>
        source.problem(
          environmentPath(environment, kind, name, "resources"),
          `${name} requests more ${what} than its limit allows in ${environment.label}`,
          { expected: "requests no larger than limits" },
        ),
      ),
    ),
  );

const shutdownFits: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    environment.services
      .filter(({ shutdown }) => shutdown.delaySeconds >= shutdown.graceSeconds)
      .map(({ name }) =>
        source.problem(
          ["services", name, "shutdown"],
          `${name} would be killed before it has left: delay is not below grace in ${environment.label}`,
          { expected: "a grace larger than the delay" },
        ),
      ),
  );

/** A CronJob's name may have 52 characters: its jobs and pods get suffixes of their own. */
const namesFit: StackRule = ({ base, name: stackName, environments }, source) => {
  const datastores = base.datastores
    .filter(({ name }) => `${name}-backup`.length > 52)
    .map(({ name }) =>
      source.problem(
        ["datastores", name],
        `"${name}-backup" is longer than the 52 characters of a CronJob's name`,
        { at: "key", expected: "a name of at most 45 characters" },
      ),
    );
  // The name of the Application, the label app.kubernetes.io/instance, and the namespace by default.
  const instances = environments
    .filter(({ id }) => `${stackName}-${id}`.length > 63)
    .map((environment) =>
      source.problem(
        environmentPath(environment),
        `"${stackName}-${environment.id}" is longer than the 63 characters of a label`,
        { at: "key", expected: "a shorter name of the stack, the environment or the cluster" },
      ),
    );
  return [...datastores, ...instances];
};

/** The API takes whole seconds. */
const secondsAreWhole: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) =>
    environment.services.flatMap(({ name, probes, shutdown }) => {
      const times: [string[], number][] = [
        ...Object.entries(probes).flatMap(([which, probe]): [string[], number][] => [
          [["probes", which, "period"], probe?.periodSeconds ?? 1],
          [["probes", which, "timeout"], probe?.timeoutSeconds ?? 1],
        ]),
        [["shutdown", "delay"], shutdown.delaySeconds],
        [["shutdown", "grace"], shutdown.graceSeconds],
      ];
      return times
        .filter(([, time]) => !Number.isInteger(time))
        .map(([path]) =>
          source.problem(
            ["services", name, ...path],
            `is not a number of whole seconds in ${environment.label}`,
            {
              expected: "1s, 2s, …",
            },
          ),
        );
    }),
  );

/** A policy without addresses would let a pod out to everywhere. */
const apiServerKnown: StackRule = ({ environments }, source) =>
  environments.flatMap((environment) => [
    ...environment.datastores
      .filter(
        ({ operator }) =>
          operator?.traffic.some(({ peer }) => peer === "api-server") &&
          environment.settings.network.policies &&
          environment.settings.network.apiServer.length === 0,
      )
      .map(({ name, operator }) =>
        source.problem(
          ["datastores", name],
          `${name} runs under ${operator?.summary}, whose pods call the API server, and its addresses are not known in ${environment.name}`,
          { at: "key", expected: "network.apiServer, such as [10.0.0.1/32]" },
        ),
      ),
    ...environment.services
      .filter(
        ({ apiAccess }) =>
          apiAccess &&
          environment.settings.network.policies &&
          // Cilium knows the API server as an entity.
          environment.settings.network.flavour === "kubernetes" &&
          environment.settings.network.apiServer.length === 0,
      )
      .map(({ name }) =>
        source.problem(
          ["services", name, "apiAccess"],
          `${name} calls the API server, and its addresses are not known in ${environment.label}`,
          { expected: "network.apiServer, such as [10.0.0.1/32]" },
        ),
      ),
  ]);

/** Objects of different components whose names would meet. */
const objectNamesDiffer: StackRule = ({ base, environments }, source) => {
  const taken = new Map<string, string>([
    ["default-deny", "a network policy of every stack"],
    ["allow-dns", "a network policy of every stack"],
    ["allow-acme-solver", "a network policy of every stack"],
    ["allow-mesh-probes", "a network policy of every stack in a mesh"],
  ]);
  for (const { name, exposure } of [base, ...environments].flatMap(({ services }) => services))
    if (exposure !== undefined) taken.set(`${name}-redirect`, `the redirect of ${name}`);
  if (environments.some(({ mesh }) => mesh !== undefined))
    for (const { name } of base.services) taken.set(`${name}-mesh`, `a network policy of ${name}`);
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
  checkWorkloads,
  apiServerKnown,
  objectNamesDiffer,
  fitsQuota,
  requestsWithinLimits,
  shutdownFits,
  namesFit,
  secondsAreWhole,
  ...exposureRules,
  ...gatewayRules,
  ...meshRules,
  ...scalingRules,
  ...placementRules,
  ...policyRules,
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
