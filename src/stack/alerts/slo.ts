// Owns: alerts on the error budget, by multi-window, multi-burn-rate (Google SRE workbook, ch. 5, table 5-8).
// Promises: fast burns page, slow ones make tickets; none in development, which promises nobody anything.
// Must not: know how requests are measured.

import { budgetWindow } from "./recordings.js";
import { type Alert, type AlertGroup, promql, type Scope } from "./scope.js";

interface Burn {
  readonly factor: number;
  readonly long: string;
  readonly short: string;
  readonly severity: Alert["severity"];
  /** When a budget for 30 days would be gone at this rate. */
  readonly gone: string;
}

const BURNS: readonly Burn[] = [
  { factor: 14.4, long: "1h", short: "5m", severity: "page", gone: "two days" },
  { factor: 6, long: "6h", short: "30m", severity: "page", gone: "five days" },
  { factor: 3, long: "1d", short: "2h", severity: "ticket", gone: "ten days" },
  { factor: 1, long: "3d", short: "6h", severity: "ticket", gone: "thirty days" },
];

export function sloAlerts(scope: Scope): AlertGroup {
  const isPromised =
    scope.environment.tier !== "development" && scope.measured.length + scope.measuredAtGateway.length > 0;
  return {
    name: "slo",
    alerts: isPromised ? [...BURNS.map((burn) => burnAlert(burn, scope)), exhausted(scope)] : [],
  };
}

function burnAlert({ factor, long, short, severity, gone }: Burn, { inNamespace }: Scope): Alert {
  const over = (window: string) => promql`
    service:http_errors:ratio_rate${window}{${inNamespace}}
    > on (namespace, service) (${factor} * (1 - service:slo_availability:objective{${inNamespace}}))`;
  return {
    name: `ErrorBudgetBurn${Math.floor(factor)}x`,
    severity,
    for: undefined,
    dashboard: "services",
    expr: `${over(long)}\nand on (namespace, service)\n${over(short)}`,
    summary: `{{ $labels.service }} burns its error budget ${factor} times too fast`,
    description: `{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} failed in the last ${long}. At this rate a budget for thirty days is gone in ${gone}.`,
  };
}

function exhausted({ inNamespace, environment }: Scope): Alert {
  const window = budgetWindow(environment.settings.monitoring.metricRetention);
  return {
    name: "ErrorBudgetExhausted",
    severity: "ticket",
    for: "10m",
    dashboard: "services",
    expr: `service:slo_error_budget_remaining:ratio{${inNamespace}} <= 0`,
    summary: "The error budget of {{ $labels.service }} is used up",
    description: `{{ $labels.service }} missed its objective over the last ${window}; what is left of the budget is {{ $value | humanizePercentage }}.`,
  };
}
