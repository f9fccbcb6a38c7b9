// Owns: rules about what Prometheus scrapes and Grafana shows.
// Promises: a monitor selects a Service or pod that has its port; a dashboard is JSON.
// Must not: judge expressions; promtool does.

import type { BuiltObject } from "../built-object.js";
import { listAt, textAt, valueAt } from "../values.js";
import { type PodSource, portsOf } from "./pod-sources.js";
import { about, type Complaint, type ReferenceRule, type References } from "./reference-rule.js";
import { describeSelector, type Labels, matchesSelector } from "./selectors.js";

const GROUP = "monitoring.coreos.com";

interface Scraped {
  readonly namespace: string;
  readonly labels: Labels;
  /** Undefined where an operator decides them. */
  readonly ports: readonly (string | undefined)[] | undefined;
}

function scrapedServices({ objects }: References): Scraped[] {
  return objects
    .filter(({ group, kind }) => group === "" && kind === "Service")
    .map(({ namespace, labels, data }) => ({
      namespace,
      labels,
      ports: listAt(data, "spec", "ports").map((port) => textAt(port, "name")),
    }));
}

function scrapedPods({ pods }: References): Scraped[] {
  return pods.map((pod: PodSource) => ({
    namespace: pod.namespace,
    labels: pod.labels,
    ports: pod.spec === undefined ? undefined : portsOf(pod).map(({ name }) => name),
  }));
}

interface MonitorKind {
  readonly kind: string;
  readonly endpoints: string;
  readonly what: string;
  readonly scraped: (references: References) => Scraped[];
}

const KINDS: readonly MonitorKind[] = [
  { kind: "ServiceMonitor", endpoints: "endpoints", what: "Service", scraped: scrapedServices },
  { kind: "PodMonitor", endpoints: "podMetricsEndpoints", what: "pod", scraped: scrapedPods },
];

function monitorRule(
  name: string,
  check: (monitor: BuiltObject, kind: MonitorKind, references: References) => Complaint[],
): ReferenceRule {
  return {
    name,
    find: (references) =>
      KINDS.flatMap((kind) =>
        references.objects
          .filter((object) => object.group === GROUP && object.kind === kind.kind)
          .flatMap((monitor) => check(monitor, kind, references)),
      ),
  };
}

/** Whether a monitor looks into a namespace. */
function looksInto({ namespace, data }: BuiltObject, candidate: string): boolean {
  if (valueAt(data, "spec", "namespaceSelector", "any") === true) return true;
  const names = listAt(data, "spec", "namespaceSelector", "matchNames");
  return names.length === 0 ? candidate === namespace : names.includes(candidate);
}

function selected(monitor: BuiltObject, kind: MonitorKind, references: References): Scraped[] {
  const selector = valueAt(monitor.data, "spec", "selector");
  return kind.scraped(references).filter(({ labels }) => matchesSelector(selector, labels));
}

const monitorSelector = monitorRule("monitor-selector", (monitor, kind, references) => {
  const matching = selected(monitor, kind, references);
  if (matching.some(({ namespace }) => looksInto(monitor, namespace))) return [];
  const hint = `Nothing would be scraped, and no alert would say so: use labels of the ${kind.what}, and its namespace.`;
  const text = describeSelector(valueAt(monitor.data, "spec", "selector"));
  if (matching.length > 0)
    return [
      about(
        monitor,
        "spec.namespaceSelector",
        `selects ${text}, but looks into other namespaces than ${matching[0]?.namespace}`,
        hint,
      ),
    ];
  // What it scrapes may live in a namespace of the platform's.
  if (![...references.namespaces].some((namespace) => looksInto(monitor, namespace))) return [];
  return [about(monitor, "spec.selector", `selects no ${kind.what} of the overlay: ${text}`, hint)];
});

const monitorPort = monitorRule("monitor-port", (monitor, kind, references) => {
  const matching = selected(monitor, kind, references).filter(({ namespace }) =>
    looksInto(monitor, namespace),
  );
  if (matching.length === 0 || matching.some(({ ports }) => ports === undefined)) return [];
  const names = matching.flatMap(({ ports }) => ports ?? []);
  return listAt(monitor.data, "spec", kind.endpoints).flatMap((endpoint, index) => {
    const port = textAt(endpoint, "port");
    if (port === undefined || names.includes(port)) return [];
    return [
      about(
        monitor,
        `spec.${kind.endpoints}[${index}].port`,
        `scrapes the port ${port}, which no selected ${kind.what} has`,
        `There are: ${[...new Set(names)].join(", ") || "no named ports"}.`,
      ),
    ];
  });
});

/** Grafana's sidecar loads every key of a dashboard's ConfigMap as JSON; a broken one is only a line in its log. */
const jsonInConfigMap: ReferenceRule = {
  name: "config-map-json",
  find: ({ objects }) =>
    objects
      .filter(({ group, kind }) => group === "" && kind === "ConfigMap")
      .flatMap((object) =>
        Object.entries((object.data.data as object | undefined) ?? {}).flatMap(([key, value]) => {
          if (!key.endsWith(".json") || typeof value !== "string" || isJson(value)) return [];
          return [about(object, `data["${key}"]`, "is no JSON", "Mend the file that it was made from.")];
        }),
      ),
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const monitoringRules: readonly ReferenceRule[] = [monitorSelector, monitorPort, jsonInConfigMap];
