// Owns: what Prometheus scrapes in an environment: services, exporters of datastores.
// Promises: both flavours scrape the same targets with the same labels, limits and drops.
// Must not: decide intervals; src/stack does.

import { engines } from "../../stack/engines/index.js";
import { RUNTIME_DROPS } from "../../stack/presets/metrics.js";
import { seconds } from "../../stack/quantity.js";
import type { Environment, Stack } from "../../stack/stack.js";
import { type Labels, labelsOf, selectorOf } from "../labels.js";

export interface Target {
  /** Name of the service or datastore, and of its Service object. */
  readonly name: string;
  readonly labels: Labels;
  /** service: found by its Service; pods: by the labels of its pods, which an operator made. */
  readonly by: "service" | "pods";
  /** Labels of the Service object, or of the pods. */
  readonly selector: Labels;
  readonly port: string;
  readonly path: string;
  readonly interval: string;
  readonly timeout: string;
  readonly sampleLimit: number;
  readonly drops: readonly { readonly regex: string; readonly reason: string }[];
}

/** Prometheus refuses a timeout longer than the interval. */
function timeoutOf(interval: string): string {
  return seconds(interval) >= 10 ? "10s" : interval;
}

export function targetsOf(stack: Stack, { services, datastores, settings }: Environment): Target[] {
  const { sampleLimit, interval } = settings.monitoring;
  const target = (
    name: string,
    component: string,
    more: Pick<Target, "port" | "path" | "interval" | "drops">,
  ): Target => ({
    name,
    labels: labelsOf(stack, name, component),
    by: "service",
    selector: { ...selectorOf(stack, name), "app.kubernetes.io/component": component },
    timeout: timeoutOf(more.interval),
    sampleLimit,
    ...more,
  });
  return [
    ...services.flatMap(({ name, component, metrics, runtime }) =>
      metrics === undefined
        ? []
        : [
            target(name, component, {
              port: metrics.port.name,
              path: metrics.path,
              interval: metrics.interval,
              drops: RUNTIME_DROPS[runtime] ?? [],
            }),
          ],
    ),
    ...datastores.flatMap(({ name, engine, operator }) =>
      operator?.metrics === undefined
        ? []
        : [
            {
              ...target(name, "datastore", {
                port: operator.metrics.port,
                path: operator.metrics.path,
                interval: interval.standard,
                drops: engines[engine].operator?.monitoring.drops ?? [],
              }),
              by: "pods" as const,
              selector: operator.members,
            },
          ],
    ),
    ...datastores.flatMap(({ name, engine, metrics }) =>
      metrics === undefined
        ? []
        : [
            target(name, "datastore", {
              port: "metrics",
              path: metrics.path,
              interval: interval.standard,
              drops: engines[engine].monitoring.drops,
            }),
          ],
    ),
  ];
}
