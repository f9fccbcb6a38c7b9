/**
 * Owns the question whether a query asks only for what something really exports.
 * Promises answers from captured lists (known/*.json, written by capture.ts), and PromQL read by Prometheus' own grammar.
 * Must not hold a metric name itself.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SyntaxNode, SyntaxNodeRef } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

/** One series name. `labels` are those of the exporter, sorted; undefined means that they are not known. */
export interface KnownMetric {
  readonly name: string;
  readonly type: string;
  readonly labels?: readonly string[];
}

/** The content of one file in known/. */
export interface KnownSource {
  readonly source: { readonly module: string; readonly version: string; readonly how: string };
  readonly metrics: readonly KnownMetric[];
}

/** What is known of a series name, over all sources that export it. */
export interface Known {
  readonly type: string;
  /** Undefined where one of the sources does not tell. */
  readonly labels: ReadonlySet<string> | undefined;
  /** Names of the files in known/, sorted. */
  readonly sources: readonly string[];
}

/** What a PromQL expression asks for. */
export interface Asked {
  /** Series names, sorted, each once. */
  readonly names: readonly string[];
  /** Labels that selectors match, with the series name that the selector is for. */
  readonly labelMatchers: readonly { readonly metric: string; readonly label: string }[];
}

const folder = join(import.meta.dirname, "known");

/**
 * Labels that Prometheus has on every series of a target which the Prometheus Operator configured
 * (target_label in pkg/prometheus/promcfg.go of prometheus-operator v0.94.1, ServiceMonitor and PodMonitor).
 */
export const targetLabels: readonly string[] = [
  "container",
  "endpoint",
  "instance",
  "job",
  "namespace",
  "node",
  "pod",
  "service",
];

/** All captured metrics by series name. */
export function knownMetrics(): Map<string, Known> {
  const known = new Map<string, Known>();
  for (const file of readdirSync(folder).sort()) {
    const { metrics } = JSON.parse(readFileSync(join(folder, file), "utf8")) as KnownSource;
    for (const metric of metrics) {
      known.set(metric.name, withSource(known.get(metric.name), metric, file.replace(".json", "")));
    }
  }
  return known;
}

function withSource(before: Known | undefined, metric: KnownMetric, source: string): Known {
  const labels = metric.labels && new Set(metric.labels);
  if (!before) return { type: metric.type, labels, sources: [source] };
  return {
    type: before.type === "untyped" ? metric.type : before.type,
    labels: labels && before.labels && new Set([...before.labels, ...labels]),
    sources: [...before.sources, source],
  };
}

/**
 * The series names and label matchers of a PromQL expression; Grafana's `$variables` may stand where durations and
 * numbers do. Throws on what is no PromQL, and on selectors whose series name is open (`{job="x"}`, `__name__=~`).
 */
export function metricNamesIn(promql: string): Asked {
  const expression = withoutGrafanaVariables(promql);
  const names = new Set<string>();
  const labelMatchers: { metric: string; label: string }[] = [];
  parser.parse(expression).iterate({
    enter(node) {
      refuseError(node, promql);
      if (node.name !== "VectorSelector") return;
      const selector = selectorAt(node.node, expression, promql);
      names.add(selector.metric);
      labelMatchers.push(...selector.labels.map((label) => ({ metric: selector.metric, label })));
    },
  });
  return { names: [...names].sort(), labelMatchers };
}

/** A duration or number keeps the grammar happy; inside of strings the replacement changes nothing that is asked. */
function withoutGrafanaVariables(promql: string): string {
  return promql.replace(/\[\$\{?\w+\}?/g, "[5m").replace(/\$\{\w+(?::\w+)?\}|\$[a-zA-Z_]\w*/g, "1");
}

function refuseError(node: SyntaxNodeRef, promql: string): void {
  if (node.type.isError) throw new Error(`Not PromQL, at character ${node.from}: ${promql}`);
}

function selectorAt(
  selector: SyntaxNode,
  text: string,
  promql: string,
): { metric: string; labels: string[] } {
  const matchers = selector.getChild("LabelMatchers");
  const named = [...(matchers?.getChildren("UnquotedLabelMatcher") ?? []), ...quotedMatchers(matchers)].map(
    (matcher) => ({
      label: textOf(matcher.getChild("LabelName") ?? matcher.getChild("QuotedLabelName"), text),
      exact: matcher.getChild("MatchOp")?.firstChild?.name === "EqlSingle",
      value: textOf(matcher.getChild("StringLiteral"), text),
    }),
  );
  const byLabel = named.find((matcher) => matcher.label === "__name__" && matcher.exact)?.value;
  const quoted = matchers?.getChild("QuotedLabelName");
  const metric = textOf(selector.getChild("Identifier") ?? quoted ?? null, text) || byLabel;
  if (!metric) throw new Error(`A selector without a series name, at character ${selector.from}: ${promql}`);
  return { metric, labels: named.map(({ label }) => label).filter((label) => label !== "__name__") };
}

function quotedMatchers(matchers: SyntaxNode | null): SyntaxNode[] {
  return matchers?.getChildren("QuotedLabelMatcher") ?? [];
}

function textOf(node: SyntaxNode | null, text: string): string {
  return node ? text.slice(node.from, node.to).replace(/^["'`]|["'`]$/g, "") : "";
}

/**
 * What is wrong with a query, as one sentence per finding: names that nothing exports, and label matchers on labels
 * that the series do not have. `alsoKnown` are names that the repository itself records.
 */
export function unknownIn(
  promql: string,
  known: ReadonlyMap<string, Known>,
  alsoKnown: ReadonlySet<string> = new Set(),
): string[] {
  const { names, labelMatchers } = metricNamesIn(promql);
  const unknownNames = names.filter((name) => !known.has(name) && !alsoKnown.has(name));
  const unknownLabels = labelMatchers.filter(({ metric, label }) => !hasLabel(known.get(metric), label));
  return [
    ...unknownNames.map((name) => `nothing exports ${name}`),
    ...unknownLabels.map(({ metric, label }) => `${metric} has no label ${label}`),
  ];
}

// Prometheus renames a label that target labels collide with to `exported_` and its name, unless honorLabels is set.
function hasLabel(metric: Known | undefined, label: string): boolean {
  if (!metric?.labels || targetLabels.includes(label)) return true;
  return metric.labels.has(label) || metric.labels.has(label.replace(/^exported_/, ""));
}
