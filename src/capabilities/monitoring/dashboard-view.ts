// Owns: dashboards as Grafana's JSON model has them: grid, variables, field options.
// Promises: plain values for templates/monitoring/dashboard.json; stable ids.
// Must not: hold queries.

import { dashboardUid } from "../../stack/alerts.js";
import type { Stack } from "../../stack/stack.js";
import type { Dashboard, Panel, Threshold, Variable } from "./dashboard.js";

const COLUMNS = 24;
const HEIGHTS: Readonly<Record<Panel["kind"], number>> = { stat: 4, timeseries: 8, table: 8 };

export function dashboardView(stack: Stack, { name, title, description, variables, panels }: Dashboard) {
  return {
    uid: dashboardUid(stack.name, name),
    title: `${stack.name} / ${title}`,
    description,
    tags: [stack.name, "prod-stack"],
    time: { from: "now-6h", to: "now" },
    links: [
      {
        title: `Dashboards of ${stack.name}`,
        type: "dashboards",
        tags: [stack.name],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
      },
    ],
    variables: [datasourceVariable(), namespaceVariable(stack), ...variables.map(queryVariable)],
    panels: placed(panels).map(({ panel, gridPos }, index) => panelView(panel, gridPos, index + 1)),
  };
}

/** From left to right, a new row where the width is used up or the height changes. */
function placed(panels: readonly Panel[]) {
  let x = 0;
  let y = 0;
  let height = 0;
  return panels.map((panel) => {
    const h = HEIGHTS[panel.kind];
    if (x + panel.width > COLUMNS || (height !== 0 && h !== height)) {
      y += height;
      x = 0;
    }
    height = h;
    const gridPos = { h, w: panel.width, x, y };
    x += panel.width;
    return { panel, gridPos };
  });
}

function panelView(panel: Panel, gridPos: object, id: number) {
  const isNow = panel.kind !== "timeseries";
  return {
    id,
    type: panel.kind,
    title: panel.title,
    description: panel.description,
    gridPos,
    defaults: {
      unit: panel.unit,
      ...(panel.min === undefined ? {} : { min: panel.min }),
      ...(panel.max === undefined ? {} : { max: panel.max }),
      ...(panel.thresholds.length === 0
        ? {}
        : { thresholds: { mode: "absolute", steps: panel.thresholds.map(step) } }),
    },
    options: isNow
      ? { reduceOptions: { calcs: ["lastNotNull"] }, colorMode: "value" }
      : { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } },
    targets: panel.queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      expr,
      legend,
      instant: isNow,
      range: !isNow,
    })),
  };
}

/** Grafana's lowest step has no value. */
function step({ value, color }: Threshold) {
  return { color, value: Number.isFinite(value) ? value : null };
}

function datasourceVariable() {
  return {
    name: "datasource",
    label: "Data source",
    type: "datasource",
    query: "prometheus",
    hide: 0,
    includeAll: false,
    multi: false,
  };
}

/** The stack's own namespaces; production first, since that is what is looked at in a hurry. */
function namespaceVariable(stack: Stack) {
  const namespaces = [...new Set(stack.environments.map(({ namespace }) => namespace))].reverse();
  const option = (value: string, index: number) => ({ text: value, value, selected: index === 0 });
  return {
    name: "namespace",
    label: "Namespace",
    type: "custom",
    query: namespaces.join(","),
    options: namespaces.map(option),
    current: namespaces.map(option)[0],
    hide: 0,
    includeAll: false,
    multi: false,
  };
}

function queryVariable({ name, label, query }: Variable) {
  return {
    name,
    label,
    type: "query",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts the chosen data source here
    datasource: { type: "prometheus", uid: "${datasource}" },
    definition: query,
    query: { query, refId: `variable-${name}` },
    // On every change of the time range: pods come and go.
    refresh: 2,
    sort: 1,
    includeAll: true,
    allValue: ".+",
    multi: true,
    current: { text: "All", value: "$__all", selected: true },
    hide: 0,
  };
}
