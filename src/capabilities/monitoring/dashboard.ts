// Owns: the words in which dashboards are written: panels, queries, variables.
// Promises: every panel has a title, a description and a unit, since the types ask for them.
// Must not: know Grafana's JSON; dashboard-view.ts does.

export interface Query {
  readonly expr: string;
  readonly legend: string;
}

export interface Threshold {
  readonly value: number;
  readonly color: "green" | "orange" | "red";
}

export interface Panel {
  readonly kind: "timeseries" | "stat" | "table";
  readonly title: string;
  readonly description: string;
  /** Grafana's name of the unit: reqps, percentunit, s, bytes, short … */
  readonly unit: string;
  /** Of 24 columns. */
  readonly width: number;
  readonly queries: readonly Query[];
  /** First the colour below the first value. */
  readonly thresholds: readonly Threshold[];
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** A variable that is asked of Prometheus. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly query: string;
}

export interface Dashboard {
  /** File name without extension; the uid is made of it. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Beside `datasource` and `namespace`, which every dashboard has. */
  readonly variables: readonly Variable[];
  readonly panels: readonly Panel[];
}

type PanelOptions = Partial<Pick<Panel, "width" | "thresholds" | "min" | "max">>;

function panel(
  kind: Panel["kind"],
  title: string,
  description: string,
  unit: string,
  queries: readonly (readonly [expr: string, legend: string])[],
  options: PanelOptions,
): Panel {
  return {
    kind,
    title,
    description,
    unit,
    queries: queries.map(([expr, legend]) => ({ expr, legend })),
    width: options.width ?? (kind === "stat" ? 4 : 12),
    thresholds: options.thresholds ?? [],
    min: options.min,
    max: options.max,
  };
}

type Queries = readonly (readonly [expr: string, legend: string])[];

export function timeseries(
  title: string,
  description: string,
  unit: string,
  queries: Queries,
  options: PanelOptions = {},
): Panel {
  return panel("timeseries", title, description, unit, queries, { min: 0, ...options });
}

/** The value now. */
export function stat(
  title: string,
  description: string,
  unit: string,
  query: string,
  thresholds: readonly Threshold[],
  options: PanelOptions = {},
): Panel {
  return panel("stat", title, description, unit, [[query, "{{service}}"]], { thresholds, ...options });
}

/** Red from a value on. */
export function badFrom(value: number): Threshold[] {
  return [
    { value: Number.NEGATIVE_INFINITY, color: "green" },
    { value, color: "red" },
  ];
}

/** Red below a value. */
export function badBelow(value: number): Threshold[] {
  return [
    { value: Number.NEGATIVE_INFINITY, color: "red" },
    { value, color: "green" },
  ];
}

/** Red below the first value, orange below the second. */
export function goodFrom(orange: number, green: number): Threshold[] {
  return [
    { value: Number.NEGATIVE_INFINITY, color: "red" },
    { value: orange, color: "orange" },
    { value: green, color: "green" },
  ];
}

export const JOB: Variable = {
  name: "job",
  label: "Job",
  query: 'label_values(up{namespace="$namespace"}, job)',
};
export const INSTANCE: Variable = {
  name: "instance",
  label: "Instance",
  query: 'label_values(up{namespace="$namespace", job=~"$job"}, instance)',
};
export const SERVICE: Variable = {
  name: "service",
  label: "Service",
  query: 'label_values(service:expected:info{namespace="$namespace"}, service)',
};
