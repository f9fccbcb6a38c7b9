// Owns: how many pods of a workload run, when, and for how long: replicas, autoscaling, schedules.
// Promises: nothing that runs once today runs thrice tomorrow without a word.
// Must not: know containers.

import type { TierName } from "../spec/schema/spec-types.js";
import { asRecord, listAt } from "../validate/values.js";
import { Fact, type Facts, put } from "./facts.js";
import type { Workload } from "./workloads.js";

/** Types that the tiers scale by themselves. */
const SCALED = ["web-api", "web-frontend", "grpc-service", "proxy", "worker"];

export interface Running {
  readonly type: string;
  readonly tier: TierName;
  readonly hasClaim: boolean;
}

export function scalingFacts(workload: Workload, { type, tier, hasClaim }: Running): Facts {
  const { object, autoscaler } = workload;
  const facts: Facts = {};
  const replicas = object.at("spec", "replicas");
  const count = typeof replicas === "number" && replicas >= 1 ? replicas : 1;
  const origin = object.origin("spec", "replicas");
  if (autoscaler !== undefined) return { scaling: autoscalerFacts(workload) };
  facts.replicas = new Fact(
    count,
    origin,
    replicas === 0 ? "0 here, and a generated service runs" : undefined,
  );
  if (!SCALED.includes(type)) return facts;
  const isAlone =
    count === 1 && (type === "worker" || object.text("spec", "strategy", "type") === "Recreate");
  if (hasClaim || isAlone)
    facts.scaling = new Fact(
      null,
      hasClaim ? object.origin() : origin,
      hasClaim
        ? "its volume is one pod's"
        : "one pod today, perhaps on purpose; without this line production scales it from 3 to 10",
    );
  else if (tier === "production" && facts.replicas instanceof Fact)
    facts.replicas = new Fact(
      count,
      origin,
      "nothing scales it today; production does, from 3 to 10 pods, and scaling: null keeps this number",
    );
  return facts;
}

function autoscalerFacts({ autoscaler, object }: Workload): Facts {
  const at = (...path: string[]) => autoscaler?.origin("spec", ...path);
  const spec = autoscaler?.record("spec") ?? {};
  const facts: Facts = {
    min: new Fact(
      typeof spec.minReplicas === "number" && spec.minReplicas > 0 ? spec.minReplicas : 1,
      at("minReplicas"),
    ),
    max: new Fact(typeof spec.maxReplicas === "number" ? spec.maxReplicas : 10, at("maxReplicas")),
  };
  for (const metric of listAt(spec, "metrics").map(asRecord)) {
    const resource = asRecord(metric.resource);
    const target = asRecord(resource.target).averageUtilization ?? resource.targetAverageUtilization;
    if ((resource.name === "cpu" || resource.name === "memory") && typeof target === "number")
      facts[resource.name] = new Fact(target, at("metrics"));
  }
  if (typeof spec.targetCPUUtilizationPercentage === "number")
    facts.cpu = new Fact(spec.targetCPUUtilizationPercentage, at("targetCPUUtilizationPercentage"));
  if (facts.cpu === undefined && facts.memory === undefined)
    facts.cpu = new Fact(
      80,
      autoscaler?.origin() ?? object.origin(),
      "what it scales on is not covered, or not said",
    );
  for (const [way, field] of [
    ["up", "scaleUp"],
    ["down", "scaleDown"],
  ] as const) {
    const seconds = asRecord(asRecord(spec.behavior)[field]).stabilizationWindowSeconds;
    if (typeof seconds === "number" && seconds > 0)
      put(facts, [way, "window"], new Fact(`${seconds}s`, at("behavior", field)));
  }
  return facts;
}

export function jobFacts({ object }: Workload): Facts {
  const isCron = object.kind === "CronJob";
  const job = isCron ? ["spec", "jobTemplate", "spec"] : ["spec"];
  const facts: Facts = {};
  const deadline = object.at(...job, "activeDeadlineSeconds");
  if (typeof deadline === "number" && deadline > 0)
    facts.deadline = new Fact(`${deadline}s`, object.origin(...job, "activeDeadlineSeconds"));
  const retries = object.at(...job, "backoffLimit");
  if (typeof retries === "number" && retries <= 20)
    facts.retries = new Fact(retries, object.origin(...job, "backoffLimit"));
  if (!isCron) return facts;
  const cron = object.text("spec", "schedule");
  put(
    facts,
    ["schedules", "main", "cron"],
    new Fact(
      cron ?? "0 2 * * *",
      object.origin("spec", "schedule"),
      cron === undefined ? "no schedule is said here" : undefined,
    ),
  );
  const zone = object.text("spec", "timeZone");
  if (zone !== undefined)
    put(facts, ["schedules", "main", "timeZone"], new Fact(zone, object.origin("spec", "timeZone")));
  if (object.at("spec", "suspend") === true)
    put(facts, ["schedules", "main", "suspend"], new Fact(true, object.origin("spec", "suspend")));
  const within = object.at("spec", "startingDeadlineSeconds");
  if (typeof within === "number" && within >= 10)
    put(
      facts,
      ["schedules", "main", "startWithin"],
      new Fact(`${within}s`, object.origin("spec", "startingDeadlineSeconds")),
    );
  return facts;
}
