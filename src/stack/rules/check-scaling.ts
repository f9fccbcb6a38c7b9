// Owns: rules about autoscaling: what is missing, and what works against itself.
// Promises: what KEDA's webhook or the API server would refuse is refused here first.
// Must not: change the stack.

import type { EffectiveService } from "../effective.js";
import { bytes, cpu } from "../quantity.js";
import type { Service } from "../service.js";
import type { Environment } from "../stack.js";
import { type ServiceFault, serviceRule } from "./stack-rule.js";

const path = ["scaling"];

/** Layers may give the bounds one by one; together they must be a range, and something to scale on. */
const scalingIsWhole = serviceRule(({ name, scaling }) => {
  if (scaling === undefined) return [];
  const missing = (["min", "max"] as const).filter((bound) => scaling[bound] === undefined);
  const isBlind = scaling.cpu === undefined && scaling.memory === undefined && scaling.triggers.length === 0;
  const message =
    missing.length > 0
      ? `${missing.join(" and ")} of the autoscaling of ${name} is not known`
      : scaling.min > scaling.max
        ? `${name} scales from ${scaling.min} to ${scaling.max}`
        : isBlind
          ? `${name} scales on nothing`
          : undefined;
  return message === undefined
    ? []
    : [{ path, message, expected: "min, max, and cpu, memory or triggers, from all layers together" }];
});

/** Nobody counts the CPU of pods that are not there: only an event can wake a service. */
const zeroCanWake = serviceRule(({ name, scaling, exposure }) => {
  if (scaling?.min !== 0) return [];
  if (scaling.triggers.length === 0)
    return [
      {
        path: [...path, "min"],
        message: `${name} would never come back from zero pods`,
        expected: "a trigger, or a min of at least 1",
      },
    ];
  return exposure === undefined
    ? []
    : [
        {
          path: [...path, "min"],
          message: `${name} is exposed, and requests to zero pods fail`,
          expected: "a min of at least 1, or no expose",
        },
      ];
});

const KINDS = ["rabbitmq", "kafka", "redis", "cron", "prometheus"] as const;
type Triggers = NonNullable<NonNullable<EffectiveService["scaling"]>["triggers"]>;

const NEEDED: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  rabbitmq: ["queue", "length"],
  kafka: ["from", "topic", "group", "lag"],
  redis: ["from", "length"],
  cron: ["start", "end", "replicas"],
  prometheus: ["query", "threshold"],
};

function triggersOf({ name }: Service, { effective }: Environment): [string, Triggers[string]][] {
  return Object.entries(effective.services[name]?.scaling?.triggers ?? {});
}

const triggersAreWhole = serviceRule((service, environment) =>
  triggersOf(service, environment).flatMap(([trigger, given]): ServiceFault[] => {
    const place = [...path, "triggers", trigger];
    const kinds = KINDS.filter((kind) => given[kind] !== undefined);
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1)
      return [
        {
          path: place,
          message: `the trigger ${trigger} is ${kinds.join(" and ") || "nothing"}`,
          expected: `exactly one of ${KINDS.join(", ")}`,
        },
      ];
    const fields = given[kind] as Readonly<Record<string, unknown>>;
    const missing = NEEDED[kind].filter((field) => fields[field] === undefined);
    const source = kind === "rabbitmq" && fields.from === undefined && fields.uri === undefined;
    const whole = [...missing, ...(source ? ["from"] : []), ...streamFault(kind, fields)];
    return whole.length === 0
      ? []
      : [
          {
            path: [...place, kind],
            message: `the trigger ${trigger} lacks ${whole.join(", ")}`,
            expected: `${NEEDED[kind].join(", ")}, from all layers together`,
          },
        ];
  }),
);

function streamFault(kind: string, { list, stream, group }: Readonly<Record<string, unknown>>): string[] {
  if (kind !== "redis") return [];
  if ((list === undefined) === (stream === undefined)) return ["one of list and stream"];
  return stream !== undefined && group === undefined ? ["group"] : [];
}

const REDIS_LIKE = ["redis", "valkey"];

const triggersReadWhatIsThere = serviceRule((service, environment) =>
  triggersOf(service, environment).flatMap(([trigger, given]): ServiceFault[] =>
    (["rabbitmq", "kafka", "redis"] as const).flatMap((kind): ServiceFault[] => {
      const from = given[kind]?.from;
      if (from === undefined) return [];
      const { datastores, externals } = environment.effective;
      const engine: string | undefined = datastores[from]?.engine;
      const place = [...path, "triggers", trigger, kind, "from"];
      if (engine === undefined && externals[from] === undefined)
        return [
          {
            path: place,
            message: `no datastore or external is called "${from}"`,
            expected:
              [...Object.keys(datastores), ...Object.keys(externals)].sort().join(", ") || "a declared one",
          },
        ];
      const operator = datastores[from]?.mode === "operator" && kind === "kafka";
      if (operator)
        return [
          {
            path: place,
            message: `${from} is run by an operator, and KEDA has no user there`,
            expected: "a prometheus trigger on kafka_consumergroup_lag",
          },
        ];
      const fits = engine === undefined || (kind === "redis" ? REDIS_LIKE.includes(engine) : engine === kind);
      return fits
        ? []
        : [
            {
              path: place,
              message: `${from} is ${engine}, and not ${kind}`,
              expected: `a ${kind} datastore`,
            },
          ];
    }),
  ),
);

const triggerSecretsExist = serviceRule(({ scaling }, { secrets, effective }) =>
  (scaling?.triggers ?? []).flatMap((trigger) =>
    trigger.authentication
      .filter(({ secret, key }) => {
        const declared = effective.secrets[secret];
        // Secrets of datastores are not declared; the stack derives them.
        const derived = secrets.some(({ name }) => name === secret) && trigger.datastore !== undefined;
        return declared === undefined ? !derived : !declared.keys.includes(key);
      })
      .map(({ secret, key }) => ({
        path: [...path, "triggers", trigger.name],
        message: `the trigger ${trigger.name} logs in with ${key} of the secret ${secret}, which is not declared`,
        expected: `secrets: { ${secret}: { keys: [${key}] } }`,
      })),
  ),
);

/** Two controllers that act on one measure undo each other. */
const verticalMindsItsOwn = serviceRule(({ name, scaling, vertical }) => {
  if (vertical === undefined || vertical.mode === "Off" || scaling === undefined) return [];
  const shared = vertical.resources.filter((resource) => scaling[resource] !== undefined);
  return shared.length === 0
    ? []
    : [
        {
          path: ["vertical"],
          message: `the pods of ${name} are counted and sized by the same ${shared.join(" and ")}`,
          expected: "mode: Off, other resources, or no scaling",
        },
      ];
});

const verticalIsOrdered = serviceRule(({ name, vertical, resources: { limits } }) => {
  if (vertical === undefined) return [];
  const { min, max } = vertical;
  const faults: [boolean, string, string][] = [
    [cpu(min.cpu) > cpu(max.cpu), "min.cpu", "a min up to the max"],
    [bytes(min.memory) > bytes(max.memory), "min.memory", "a min up to the max"],
    [cpu(max.cpu) > cpu(limits.cpu), "max.cpu", "a max up to the limit, which does not move"],
    [bytes(max.memory) > bytes(limits.memory), "max.memory", "a max up to the limit, which does not move"],
  ];
  return faults
    .filter(([isWrong]) => isWrong)
    .map(([, field, expected]) => ({
      path: ["vertical"],
      message: `vertical.${field} of ${name} is out of bounds`,
      expected,
    }));
});

export const scalingRules = [
  scalingIsWhole,
  zeroCanWake,
  triggersAreWhole,
  triggersReadWhatIsThere,
  triggerSecretsExist,
  verticalMindsItsOwn,
  verticalIsOrdered,
] as const;
