// Owns: what kind of service a workload is, and what it is written in.
// Promises: from signs that are in the manifest; without one, the plainest word, with a note.
// Must not: write facts of anything else.

import type { ServiceSpec } from "../spec/schema/spec-types.js";
import { listAt, textAt, valueAt } from "../validate/values.js";
import type { Port } from "./container-facts.js";
import { Fact } from "./facts.js";
import { isThirdParty, parseImage, RUNTIME_SIGNS } from "./known-images.js";
import type { Variable } from "./variables.js";
import type { Workload } from "./workloads.js";

type ServiceType = ServiceSpec["type"];
type Runtime = NonNullable<ServiceSpec["runtime"]>;

export interface Signs {
  readonly key: string;
  readonly workload: Workload;
  readonly ports: readonly Port[];
  readonly variables: readonly Variable[];
  readonly hasClaim: boolean;
}

const FRONTEND = /(?:^|[-/])(?:frontend|front|www|ui|spa|webapp|client|portal|dashboard)(?:$|-)/;
const PROXY = /(?:^|[-/])(?:proxy|gateway|envoy|haproxy|edge)(?:$|-)/;
const LOAD = /(?:^|[-/])(?:k6|locust|jmeter|gatling|vegeta|hey|load-?(?:gen|generator|test))(?:$|-)/;
const WORKER = /(?:^|[-/])(?:worker|consumer|processor|celery|sidekiq|cron|scheduler|daemon)(?:$|-)/;

interface Rule {
  readonly type: ServiceType;
  readonly holds: (signs: Signs) => boolean;
  readonly note?: string;
}

const isKind = (kind: string) => (signs: Signs) => signs.workload.object.kind === kind;
const asksHealth = ({ workload }: Signs) =>
  ["readinessProbe", "livenessProbe"].some(
    (probe) => valueAt(workload.main.data, probe, "grpc") !== undefined,
  );
const isGrpc = ({ ports, workload }: Signs) =>
  ports[0]?.name.startsWith("grpc") === true ||
  workload.routes.some(({ route }) => route.kind === "GRPCRoute");
const says =
  (pattern: RegExp) =>
  ({ key, workload }: Signs) =>
    pattern.test(key) || pattern.test(parseImage(workload.main.image).name);

/** The first that holds. */
const RULES: readonly Rule[] = [
  { type: "scheduled-job", holds: isKind("CronJob") },
  { type: "job", holds: isKind("Job") },
  {
    type: "third-party",
    holds: ({ workload }) => isThirdParty(workload.main.image) && workload.object.kind !== "StatefulSet",
  },
  { type: "stateful-service", holds: isKind("StatefulSet") },
  { type: "load-generator", holds: says(LOAD) },
  {
    type: "worker",
    holds: ({ ports, workload }) => ports.length === 0 && workload.routes.length === 0,
    note: "no port and no Service, so that nothing sends it requests",
  },
  { type: "grpc-service", holds: asksHealth },
  {
    type: "grpc-service",
    holds: isGrpc,
    note: "it has to answer the gRPC health service, which the probes ask",
  },
  {
    type: "worker",
    holds: (signs) => says(WORKER)(signs) && signs.workload.routes.length === 0,
    note: "by its name",
  },
  { type: "proxy", holds: says(PROXY), note: "by its name" },
  {
    type: "web-frontend",
    holds: (signs) => says(FRONTEND)(signs) && !/api/.test(signs.key),
    note: "by its name",
  },
  { type: "web-api", holds: () => true },
];

export function typeFact(signs: Signs): Fact {
  const rule = RULES.find(({ holds }) => holds(signs));
  return new Fact(rule?.type ?? "web-api", signs.workload.object.origin(), rule?.note);
}

/** By the image, a variable that only it reads, its program, or a path that only it has. */
export function runtimeFact({ workload, variables, ports }: Signs): Fact {
  const { object, main } = workload;
  const command = [...listAt(main.data, "command"), ...listAt(main.data, "args")].map(String)[0] ?? "";
  const paths = ["readinessProbe", "livenessProbe", "startupProbe"].map(
    (probe) => textAt(main.data, probe, "httpGet", "path") ?? "",
  );
  const { repository } = parseImage(main.image);
  const signOf = (sign: (typeof RUNTIME_SIGNS)[number]): Fact | undefined => {
    const variable = variables.find(({ name }) => sign.variable.test(name));
    if (variable !== undefined)
      return new Fact(sign.runtime, variable.origin, `since ${variable.name} is set`);
    if (command !== "" && sign.command.test(command))
      return new Fact(sign.runtime, object.origin(...main.path, "command"), "by its command");
    if (paths.some((path) => path !== "" && sign.path.test(path)))
      return new Fact(sign.runtime, object.origin(...main.path), "by the paths of its probes");
    return sign.image.test(repository)
      ? new Fact(sign.runtime, object.origin(...main.path, "image"), "by its image")
      : undefined;
  };
  for (const sign of RUNTIME_SIGNS) {
    const fact = signOf(sign);
    const isPossible = sign.runtime !== "envoy" || ports.some(({ name }) => name === "admin");
    if (fact !== undefined && isPossible) return fact;
  }
  return new Fact(
    "generic" satisfies Runtime,
    object.origin(...main.path),
    "nothing here says what it is written in",
  );
}
