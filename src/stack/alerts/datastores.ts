// Owns: alerts that every datastore has, and those of each engine that the environment runs.
// Promises: an engine that is not there has no rule.
// Must not: alert on backups; src/stack/alerts/backup.ts does.

import type { Engine, EngineMonitoring } from "../engines/engine.js";
import { engineFamilies } from "../engines/index.js";
import { type Alert, type AlertGroup, oneOf, promql, type Scope } from "./scope.js";
import { kubeStateIsKnown } from "./services.js";

/** Datastores of one family that are measured alike. */
interface Measured {
  readonly engine: Engine;
  readonly monitoring: EngineMonitoring;
  /** With only these datastores. */
  readonly scope: Scope;
}

/** The families that run in an environment; an operator's servers have metrics of their own. */
export function familiesOf(scope: Scope): readonly Measured[] {
  return engineFamilies().flatMap((engine) => {
    const ours = scope.datastores.filter(({ family }) => family === engine.family);
    const operated = ours.filter(({ operator }) => operator !== undefined);
    const own = ours.filter(({ operator }) => operator === undefined);
    return [
      ...(own.length === 0
        ? []
        : [{ engine, monitoring: engine.monitoring, scope: { ...scope, datastores: own } }]),
      ...(operated.length === 0 || engine.operator === undefined
        ? []
        : [{ engine, monitoring: engine.operator.monitoring, scope: { ...scope, datastores: operated } }]),
    ];
  });
}

/** Servers that an operator runs have metrics, and so a dashboard, of their own. */
function dashboardOf({ datastores: [first] }: Scope): string | undefined {
  return first && (first.operator === undefined ? first.engine : `${first.engine}-cluster`);
}

export function datastoreAlerts(scope: Scope): AlertGroup {
  const families = familiesOf(scope);
  const shared = families.length === 0 ? [] : availability(scope, families);
  const first = dashboardOf(scope) ?? "overview";
  return {
    name: "datastores",
    alerts: [
      ...shared.map((alert) => ({ ...alert, dashboard: first })),
      ...families.flatMap(({ engine, monitoring, scope: own }) =>
        monitoring.alerts(own).map((alert) => ({
          ...alert,
          dashboard: dashboardOf(own) ?? first,
          family: engine.family,
        })),
      ),
    ],
  };
}

function availability(scope: Scope, running: readonly Measured[]): Alert[] {
  const { inNamespace, datastores } = scope;
  const isOperated = ({ operator }: Scope["datastores"][number]) => operator !== undefined;
  const unreachable = running
    .filter(({ scope: own }) => !own.datastores.some(isOperated))
    .flatMap(({ monitoring }) =>
      monitoring.up === undefined ? [] : [`${monitoring.up}{${inNamespace}} == 0`],
    );
  const hasOwn = running.some(({ scope: own }) => !own.datastores.some(isOperated));
  const parts = [
    ...(hasOwn ? [ownDown(scope, unreachable, datastores.some(isOperated))] : []),
    ...running
      .filter(({ scope: own }) => own.datastores.some(isOperated))
      .map(({ monitoring, scope: own }) => operatedDown(own, monitoring)),
  ];
  return [
    {
      name: "DatastoreDown",
      severity: "page",
      for: "1m",
      expr: parts.join("\nor\n"),
      summary: "{{ $labels.service }} does not answer",
      description:
        "The {{ $labels.engine }} {{ $labels.role }} {{ $labels.service }} has had no ready pod, or has not answered its exporter, for a minute.",
    },
    {
      name: "DatastoreScrapeFailing",
      severity: "ticket",
      for: "5m",
      expr: promql`
        datastore:expected:info{${inNamespace}}
        unless on (namespace, service)
        (max by (namespace, service) (up{${inNamespace}}) == 1)`,
      summary: "Prometheus gets no metrics of {{ $labels.service }}",
      description:
        "The exporter of {{ $labels.service }} has not been scraped for five minutes: the other alerts on it are blind.",
    },
  ];
}

function ownDown({ inNamespace }: Scope, unreachable: readonly string[], hasOthers: boolean): string {
  const expected = `datastore:expected:info{${inNamespace}${hasOthers ? ',mode!="operator"' : ""}}`;
  const any = unreachable.length === 1 ? (unreachable[0] ?? "") : `(${unreachable.join(" or ")})`;
  // An engine may have no metric that says so.
  const unanswered = unreachable.length === 0 ? "" : `\nor\n${expected}\nand on (namespace, service) ${any}`;
  const without = promql`
    ${expected}
    unless on (namespace, service)
    label_replace(kube_statefulset_status_replicas_ready{${inNamespace}} > 0, "service", "$1", "statefulset", "(.+)")
    and ${kubeStateIsKnown(inNamespace)}`;
  return `${without}${unanswered}`;
}

/** An operator's members are no StatefulSet: one that is down for clients has no member that answers. */
function operatedDown({ inNamespace, datastores }: Scope, { up }: EngineMonitoring): string {
  const engines = oneOf([...new Set(datastores.map(({ engine }) => engine))]);
  return promql`
    datastore:expected:info{${inNamespace},mode="operator",engine=~"${engines}"}
    unless on (namespace, service) (max by (namespace, service) (${up ?? "up"}{${inNamespace}}) == 1)
    and ${kubeStateIsKnown(inNamespace)}`;
}
