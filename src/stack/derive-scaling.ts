// Owns: the autoscaling of one service of the merged spec, made concrete.
// Promises: triggers in KEDA's words, sorted by name; addresses that KEDA reaches from its own namespace.
// Must not: refuse; src/stack/rules does.

import type { ServiceSpec } from "../spec/schema/spec-types.js";
import type { Resources } from "./container.js";
import { credentialsOf, type Derivation } from "./derivation.js";
import { engineInput } from "./derive-connection.js";
import { KEDA_COOLDOWN, KEDA_POLLING, PACE_DOWN, PACE_UP, VERTICAL_MIN } from "./presets/scaling.js";
import { seconds } from "./quantity.js";
import type { Pace, Scaling, Trigger, Vertical } from "./scaling.js";

type ScalingSpec = NonNullable<ServiceSpec["scaling"]>;
type TriggerSpec = NonNullable<ScalingSpec["triggers"]>[string];
type PaceSpec = ScalingSpec["up"];
type Login = { readonly [P in "uri" | "username" | "password"]?: { secret: string; key: string } };

export function scalingOf(scaling: ScalingSpec | undefined, derivation: Derivation): Scaling | undefined {
  if (scaling === undefined) return undefined;
  const { min, max, cpu, memory, up, down, triggers, polling, cooldown } = scaling;
  return {
    min,
    max,
    cpu,
    memory,
    up: paceOf(up, PACE_UP),
    down: paceOf(down, PACE_DOWN),
    triggers: Object.entries(triggers ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, trigger]) => triggerOf(name, trigger, derivation)),
    pollingSeconds: seconds(polling ?? KEDA_POLLING),
    cooldownSeconds: seconds(cooldown ?? KEDA_COOLDOWN),
  };
}

/** Who names one of the two amounts means that one alone. */
function paceOf(given: PaceSpec, preset: Pace): Pace {
  const names = given?.percent !== undefined || given?.pods !== undefined;
  return {
    windowSeconds: given?.window === undefined ? preset.windowSeconds : seconds(given.window),
    percent: names ? given?.percent : preset.percent,
    pods: names ? given?.pods : preset.pods,
    periodSeconds: given?.period === undefined ? preset.periodSeconds : seconds(given.period),
  };
}

/** Host and port as KEDA reaches them: it runs in another namespace. */
function addressOf(from: string | undefined, derivation: Derivation): [string, number] {
  const { effective, place } = derivation;
  if (from !== undefined && effective.datastores[from] !== undefined) {
    const { host, port, mode } = engineInput(from, derivation);
    return [mode === "external" ? host : `${host}.${place?.namespace ?? "NAMESPACE"}.svc`, port];
  }
  const external = effective.externals[from ?? ""];
  return [external?.host ?? "", external?.port ?? 443];
}

type Parts = Pick<Trigger, "type" | "authentication"> & { metadata: Record<string, string | undefined> };

function triggerOf(name: string, trigger: TriggerSpec, derivation: Derivation): Trigger {
  const { type, metadata, authentication } = partsOf(trigger, derivation);
  const from = trigger.rabbitmq?.from ?? trigger.kafka?.from ?? trigger.redis?.from;
  return {
    name,
    type,
    metadata: Object.entries(metadata).flatMap(([key, value]) =>
      value === undefined ? [] : [{ key, value }],
    ),
    authentication,
    datastore: derivation.effective.datastores[from ?? ""] === undefined ? undefined : from,
  };
}

function partsOf({ rabbitmq, kafka, redis, cron, prometheus }: TriggerSpec, derivation: Derivation): Parts {
  if (rabbitmq !== undefined) return rabbitmqParts(rabbitmq, derivation);
  if (kafka !== undefined) return kafkaParts(kafka, derivation);
  if (redis !== undefined) return redisParts(redis, derivation);
  if (cron !== undefined)
    return {
      type: "cron",
      metadata: {
        timezone: cron.timeZone ?? "Etc/UTC",
        start: cron.start,
        end: cron.end,
        desiredReplicas: textOf(cron.replicas),
      },
      authentication: [],
    };
  const { namespace } = derivation.effective.monitoring;
  return {
    type: "prometheus",
    metadata: {
      // The Service that the Prometheus Operator makes for every Prometheus.
      serverAddress: prometheus?.address ?? `http://prometheus-operated.${namespace}.svc:9090`,
      query: prometheus?.query,
      threshold: textOf(prometheus?.threshold),
      // No series is no reason to scale to the minimum.
      ignoreNullValues: "false",
    },
    authentication: [],
  };
}

function rabbitmqParts(given: NonNullable<TriggerSpec["rabbitmq"]>, derivation: Derivation): Parts {
  const [host, port] = addressOf(given.from, derivation);
  const authentication = authenticationOf({
    uri: given.uri,
    username: given.username,
    password: given.password,
  });
  return {
    type: "rabbitmq",
    metadata: {
      host: given.uri === undefined ? `amqp://${host}:${port}/` : undefined,
      protocol: "amqp",
      vhostName: given.vhost,
      queueName: given.queue,
      mode: "QueueLength",
      value: textOf(given.length),
    },
    authentication: authentication.map((entry) =>
      entry.parameter === "uri" ? { ...entry, parameter: "host" } : entry,
    ),
  };
}

function brokersOf(from: string | undefined, derivation: Derivation): string {
  const [host, port] = addressOf(from, derivation);
  const hosts =
    derivation.effective.datastores[from ?? ""] === undefined
      ? [host]
      : engineInput(from ?? "", derivation).hosts;
  return hosts.map((each) => `${each}:${port}`).join(",");
}

function kafkaParts(given: NonNullable<TriggerSpec["kafka"]>, derivation: Derivation): Parts {
  const { topic, group, lag, sasl, tls } = given;
  return {
    type: "kafka",
    metadata: {
      bootstrapServers: brokersOf(given.from, derivation),
      consumerGroup: group,
      topic,
      lagThreshold: textOf(lag),
      sasl,
      tls: tls === undefined ? undefined : tls ? "enable" : "disable",
    },
    authentication: authenticationOf({ username: given.username, password: given.password }),
  };
}

function redisParts(given: NonNullable<TriggerSpec["redis"]>, derivation: Derivation): Parts {
  const { list, stream, group, length, tls } = given;
  const own = derivation.effective.datastores[given.from ?? ""] !== undefined && given.from !== undefined;
  const password = given.password ?? (own ? credentialsOf(given.from ?? "", derivation).password : undefined);
  const address = addressOf(given.from, derivation).join(":");
  const enableTLS = tls === undefined ? undefined : String(tls);
  return {
    type: stream === undefined ? "redis" : "redis-streams",
    metadata:
      stream === undefined
        ? { address, listName: list, listLength: textOf(length), enableTLS }
        : // The lag is the only measure of a stream that falls to zero (Redis 7 and later).
          { address, stream, consumerGroup: group, lagCount: textOf(length), enableTLS },
    authentication: authenticationOf({ username: given.username, password }),
  };
}

function authenticationOf(
  login: { readonly [P in keyof Login]: Login[P] | undefined },
): Trigger["authentication"] {
  return Object.entries(login).flatMap(([parameter, reference]) =>
    reference === undefined ? [] : [{ parameter, secret: reference.secret, key: reference.key }],
  );
}

function textOf(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

export function verticalOf(given: ServiceSpec["vertical"], resources: Resources): Vertical | undefined {
  if (given === undefined) return undefined;
  const { limits } = resources;
  return {
    mode: given.mode ?? "Off",
    resources: [...new Set(given.resources ?? (["cpu", "memory"] as const))].sort(),
    min: {
      cpu: String(given.min?.cpu ?? VERTICAL_MIN.cpu),
      memory: String(given.min?.memory ?? VERTICAL_MIN.memory),
    },
    max: {
      cpu: String(given.max?.cpu ?? limits.cpu),
      memory: String(given.max?.memory ?? limits.memory),
    },
  };
}
