// Owns: rule groups as the templates read them.
// Promises: the same groups in a PrometheusRule and in a rule file.
// Must not: hold rules; src/stack/alerts.ts does.

import { rulesOf } from "../../stack/alerts.js";
import type { Environment, Stack } from "../../stack/stack.js";

/** Column at which the lines of an expression begin; a partial's indentation comes on top. */
const EXPRESSION_INDENT = " ".repeat(10);

function indented(expr: string): string {
  return expr.replace(/^/gm, EXPRESSION_INDENT);
}

export function ruleGroups(stack: Stack, environment: Environment) {
  return rulesOf(stack, environment).map(({ name, interval, recordings, alerts }) => ({
    name: `${stack.name}-${environment.name}-${name}`,
    interval,
    recordings: recordings.map((recording) => ({ ...recording, expr: indented(recording.expr) })),
    alerts: alerts.map((alert) => ({
      name: alert.name,
      for: alert.for,
      labels: alert.labels,
      annotations: alert.annotations,
      expr: indented(alert.expr),
    })),
  }));
}
