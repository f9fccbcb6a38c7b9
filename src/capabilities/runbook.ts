// Owns: the runbook: the entry, a page per alert, troubleshooting.
// Promises: every alert of the stack has its page, with the names, namespaces and commands of this stack.
// Must not: decide what alerts; src/stack/alerts.ts does.

import { type AlertOverview, alertsOf } from "../stack/alerts.js";
import type { Stack } from "../stack/stack.js";
import { type Capability, type FileSpec, file } from "./capability.js";
import { withoutLabels } from "./monitoring/readme.js";
import { rowsByPlace } from "./places.js";
import { datastoreNames } from "./runbook/datastore-view.js";
import { rotationView } from "./runbook/rotation-view.js";
import { type RunbookView, runbookView } from "./runbook/runbook-view.js";

const CHANGE = "prod-stack.yaml, which names and numbers follow from";

/** ServiceDown → service-down: the template of an alert's page. */
export function pageTemplate(alert: string): string {
  return `runbook/alerts/${alert.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase()}.md`;
}

function alertPage(stack: Stack, shared: RunbookView, { name, places }: AlertOverview): FileSpec {
  const last = places.at(-1);
  const family = last?.rule.family;
  const rules = new Map(places.map(({ environment, rule }) => [environment, rule]));
  const view = {
    ...shared,
    ...(family === undefined || last === undefined
      ? {}
      : datastoreNames(stack, stack.environments.at(-1) ?? last.environment, family)),
    stack: shared.name,
    name,
    summary: withoutLabels(last?.rule.summary ?? name),
    places: rowsByPlace({ environments: [...rules.keys()] }, (environment) => [
      {
        namespace: environment.namespace,
        severity: rules.get(environment)?.severity ?? "",
        for: rules.get(environment)?.for ?? "at once",
      },
    ]),
    queryEnvironment: last?.environment.name ?? "",
    expr: last?.rule.expr ?? "",
  };
  return file(`docs/runbook/alerts/${name}.md`, pageTemplate(name), view, {
    what: `What to do when ${name} fires.`,
    why: "At three in the morning nobody works out meaning, impact, diagnosis and mitigation anew.",
    change: CHANGE,
  });
}

function indexView(shared: RunbookView, alerts: readonly AlertOverview[]) {
  const groups = [...new Set(alerts.map(({ group }) => group))];
  return {
    ...shared,
    groups: groups.map((group) => ({
      group,
      alerts: alerts
        .filter((alert) => alert.group === group)
        .map(({ name, places }) => ({
          name,
          severities: [...new Set(places.map(({ rule }) => rule.severity))].join(", "),
          summary: withoutLabels(places.at(-1)?.rule.summary ?? ""),
        })),
    })),
  };
}

export const runbook: Capability = {
  id: "runbook",
  title: "Runbook",
  summary:
    "What to do on call: a page per alert, how to roll back, restart, scale, rotate and restore, and troubleshooting.",
  rows: ["LAY-03", "OPS-01", "OPS-02", "OPS-05", "SEC-08", "MON-03"],
  withoutIt: "alerts link to pages that are not there",
  files: (stack: Stack) => {
    const shared = runbookView(stack);
    const alerts = stack.disabled.includes("monitoring") ? [] : alertsOf(stack);
    return [
      file("docs/runbook/README.md", "runbook/README.md", indexView(shared, alerts), {
        what: "The entry of the runbook.",
        why: "One place to start from when something is wrong.",
        change: CHANGE,
      }),
      file("docs/runbook/troubleshooting.md", "runbook/troubleshooting.md", shared, {
        what: "What to look at when no alert says what is wrong.",
        why: "The usual causes, from the outside in.",
        change: CHANGE,
      }),
      file(
        "docs/runbook/rotation.md",
        "runbook/rotation.md",
        { ...shared, ...rotationView(stack) },
        {
          what: "How each secret gets a new value, without downtime where that is possible.",
          why: "A secret that nobody dares to change is never changed.",
          standard: "External Secrets Operator docs, Lifecycle; each datastore's own docs",
          change: CHANGE,
        },
      ),
      ...alerts.map((alert) => alertPage(stack, shared, alert)),
    ];
  },
};
