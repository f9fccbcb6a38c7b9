// Owns: the alert and recording rules of an environment, as plain data.
// Promises: both Prometheus flavours, the runbook and the tests read the same rules; every expression stays in its namespace.
// Must not: render, or know where rules are stored.

import { backupAlerts } from "./alerts/backup.js";
import { datastoreAlerts } from "./alerts/datastores.js";
import { deliveryAlerts } from "./alerts/delivery.js";
import { edgeAlerts } from "./alerts/edge.js";
import { infrastructureAlerts } from "./alerts/infrastructure.js";
import { monitoringAlerts } from "./alerts/monitoring.js";
import { recordingGroups } from "./alerts/recordings.js";
import { type Alert, type AlertGroup, type Recording, scopeOf } from "./alerts/scope.js";
import { securityAlerts } from "./alerts/security.js";
import { serviceAlerts } from "./alerts/services.js";
import { sloAlerts } from "./alerts/slo.js";
import { runbookUrl } from "./runbook-address.js";
import type { Environment, Stack } from "./stack.js";

export interface AlertRule extends Alert {
  /** Labels by which Alertmanager routes. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  /** Time between evaluations; Prometheus' own default without it. */
  readonly interval: string | undefined;
  readonly recordings: readonly Recording[];
  readonly alerts: readonly AlertRule[];
}

const GROUPS: readonly ((scope: ReturnType<typeof scopeOf>) => AlertGroup)[] = [
  serviceAlerts,
  sloAlerts,
  infrastructureAlerts,
  datastoreAlerts,
  backupAlerts,
  securityAlerts,
  edgeAlerts,
  deliveryAlerts,
  monitoringAlerts,
];

/** Rules are asked for by files, runbook and docs: worked out once for an environment of a stack. */
const known = new WeakMap<Stack, Map<Environment, readonly RuleGroup[]>>();

/** All rules of an environment: recordings first, then alerts; groups without rules are left out. */
export function rulesOf(stack: Stack, environment: Environment): readonly RuleGroup[] {
  const byEnvironment = known.get(stack) ?? new Map<Environment, readonly RuleGroup[]>();
  known.set(stack, byEnvironment);
  const rules = byEnvironment.get(environment) ?? deriveRules(stack, environment);
  byEnvironment.set(environment, rules);
  return rules;
}

function deriveRules(stack: Stack, environment: Environment): RuleGroup[] {
  const scope = scopeOf(stack, environment);
  const recorded = recordingGroups(scope).map(({ name, interval, recordings }) => ({
    name,
    interval,
    recordings,
    alerts: [],
  }));
  const alerting = GROUPS.map((groupOf) => groupOf(scope)).map(({ name, alerts }) => ({
    name,
    interval: undefined,
    recordings: [],
    alerts: alerts.map((alert) => completed(alert, name, stack, environment)),
  }));
  return [...recorded, ...alerting].filter(
    ({ recordings, alerts }) => recordings.length > 0 || alerts.length > 0,
  );
}

/** Only production wakes people up: elsewhere every page is a ticket. */
function completed(alert: Alert, group: string, stack: Stack, environment: Environment): AlertRule {
  const severity = environment.tier === "production" ? alert.severity : "ticket";
  return {
    ...alert,
    severity,
    labels: {
      severity,
      team: stack.owner,
      stack: stack.name,
      environment: environment.name,
      namespace: environment.namespace,
      group,
    },
    annotations: {
      summary: `${alert.summary} (${stack.name}, ${environment.name})`,
      description: alert.description,
      runbook_url: runbookUrl(stack, environment, `alerts/${alert.name}.md`),
      dashboard: `/d/${dashboardUid(stack.name, alert.dashboard ?? "overview")}?var-namespace=${environment.namespace}`,
    },
  };
}

/** One alert as it stands in each environment that has it. */
export interface AlertOverview {
  readonly name: string;
  readonly group: string;
  readonly places: readonly { readonly environment: Environment; readonly rule: AlertRule }[];
}

/** Every alert name of the stack with the environments that have it, in the order of the rules. */
export function alertsOf(stack: Stack): AlertOverview[] {
  const found = new Map<
    string,
    AlertOverview & { places: { environment: Environment; rule: AlertRule }[] }
  >();
  for (const environment of stack.environments) {
    for (const { name: group, alerts } of rulesOf(stack, environment)) {
      for (const rule of alerts) {
        const overview = found.get(rule.name) ?? { name: rule.name, group, places: [] };
        overview.places.push({ environment, rule });
        found.set(rule.name, overview);
      }
    }
  }
  return [...found.values()];
}

/** Grafana takes 40 characters; a longer name is cut and told apart by a checksum (FNV-1a, 32 bit). */
export function dashboardUid(stack: string, dashboard: string): string {
  const uid = `${stack}-${dashboard}`;
  if (uid.length <= 40) return uid;
  let hash = 0x811c9dc5;
  for (const character of uid) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return `${uid.slice(0, 31)}-${hash.toString(16).padStart(8, "0")}`;
}
