/**
 * Owns the reading of what exporters expose: the Prometheus text format, into series names with types and labels.
 * Promises one entry per series name (`x_bucket`, `x_sum`, `x_count` for a histogram `x`), sorted, labels united.
 * Must not know where the text came from.
 */
import type { KnownMetric } from "../known-metrics.js";

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+\S+(?:\s+-?\d+)?(?:\s+#.*)?$/;
const labelPair = /([a-zA-Z_]\w*)\s*=\s*"(?:[^"\\]|\\.)*"/g;
const typeLine = /^#\s+TYPE\s+([a-zA-Z_:][\w:]*)\s+(\w+)$/;

/** The series of a family, by the kind of family: suffix, and the label that only this series has. */
const seriesOfKind: Record<string, readonly (readonly [suffix: string, label?: string])[]> = {
  histogram: [["_bucket", "le"], ["_sum"], ["_count"]],
  summary: [["", "quantile"], ["_sum"], ["_count"]],
};

/** Reads an exposition. Throws on a line that is neither comment nor sample, so that nothing is lost silently. */
export function parseExposition(text: string): KnownMetric[] {
  const types = new Map<string, string>();
  const labels = new Map<string, Set<string>>();
  for (const line of text.split("\n").map((raw) => raw.trim())) {
    const type = typeLine.exec(line);
    if (type?.[1] && type[2]) types.set(type[1], type[2]);
    if (line === "" || line.startsWith("#")) continue;
    const sample = sampleLine.exec(line);
    if (!sample?.[1]) throw new Error(`Not a sample of the Prometheus text format: ${line}`);
    const known = labels.get(sample[1]) ?? new Set<string>();
    labels.set(sample[1], known);
    for (const pair of (sample[2] ?? "").matchAll(labelPair)) known.add(pair[1] ?? "");
  }
  return sorted(
    [...labels].map(([name, found]) => ({ name, type: typeOf(name, types), labels: [...found].sort() })),
  );
}

function typeOf(series: string, types: ReadonlyMap<string, string>): string {
  const own = types.get(series);
  if (own) return own;
  const family = series.replace(/_(bucket|sum|count)$/, "");
  return types.get(family) ?? "untyped";
}

/** The series of a family known only by definition. `labels` undefined means that they are not known. */
export function seriesOf(family: string, type: string, labels: readonly string[] | undefined): KnownMetric[] {
  const series = seriesOfKind[type] ?? [[""]];
  return series.map(([suffix, label]) => ({
    name: family + suffix,
    type,
    ...(labels && { labels: [...labels, ...(label ? [label] : [])].sort() }),
  }));
}

/** Unites what several readings of the same source saw: all names, and for each name all labels. */
export function unite(...readings: readonly (readonly KnownMetric[])[]): KnownMetric[] {
  const united = new Map<string, KnownMetric>();
  for (const metric of readings.flat()) {
    const before = united.get(metric.name);
    united.set(metric.name, before ? both(before, metric) : metric);
  }
  return sorted([...united.values()]);
}

function both(first: KnownMetric, second: KnownMetric): KnownMetric {
  const type = first.type === "untyped" ? second.type : first.type;
  if (!first.labels || !second.labels) return { name: first.name, type };
  return { name: first.name, type, labels: [...new Set([...first.labels, ...second.labels])].sort() };
}

function sorted(metrics: readonly KnownMetric[]): KnownMetric[] {
  return [...metrics].sort((a, b) => (a.name < b.name ? -1 : 1));
}
