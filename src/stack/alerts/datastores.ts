// Owns: alerts that every datastore has, and those of each engine that the environment runs.
// Promises: an engine that is not there has no rule.
// Must not: alert on backups; src/stack/alerts/backup.ts does.

import type { Engine } from "../engines/engine.js";
import { engineFamilies } from "../engines/index.js";
import { type Alert, type AlertGroup, promql, type Scope } from "./scope.js";
import { kubeStateIsKnown } from "./services.js";

/** The families that run in an environment, each with a scope of its own datastores. */
export function familiesOf(scope: Scope): readonly { readonly engine: Engine; readonly scope: Scope }[] {
  return engineFamilies().flatMap((engine) => {
    const datastores = scope.datastores.filter(({ family }) => family === engine.family);
    return datastores.length === 0 ? [] : [{ engine, scope: { ...scope, datastores } }];
  });
}

export function datastoreAlerts(scope: Scope): AlertGroup {
  const families = familiesOf(scope);
  const shared =
    families.length === 0
      ? []
      : availability(
          scope,
          families.map(({ engine }) => engine),
        );
  const first = scope.datastores[0]?.engine ?? "overview";
  return {
    name: "datastores",
    alerts: [
      ...shared.map((alert) => ({ ...alert, dashboard: first })),
      ...families.flatMap(({ engine, scope: own }) =>
        engine.monitoring.alerts(own).map((alert) => ({
          ...alert,
          dashboard: own.datastores[0]?.engine ?? first,
          family: engine.family,
        })),
      ),
    ],
  };
}

function availability({ inNamespace }: Scope, running: readonly Engine[]): Alert[] {
  const unreachable = running.flatMap(({ monitoring }) =>
    monitoring.up === undefined ? [] : [`${monitoring.up}{${inNamespace}} == 0`],
  );
  const unanswered =
    unreachable.length === 0
      ? ""
      : promql`
        or
        datastore:expected:info{${inNamespace}}
        and on (namespace, service) ${unreachable.length === 1 ? (unreachable[0] ?? "") : `(${unreachable.join(" or ")})`}`;
  return [
    {
      name: "DatastoreDown",
      severity: "page",
      for: "1m",
      expr: promql`
        datastore:expected:info{${inNamespace}}
        unless on (namespace, service)
        label_replace(kube_statefulset_status_replicas_ready{${inNamespace}} > 0, "service", "$1", "statefulset", "(.+)")
        and ${kubeStateIsKnown(inNamespace)}
        ${unanswered.replaceAll("\n", "\n        ")}`,
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
