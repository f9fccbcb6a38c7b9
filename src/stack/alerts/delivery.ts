// Owns: alerts about delivery by Argo CD.
// Promises: none for an environment in another cluster: Argo CD's metrics are not there.
// Must not: know the ApplicationSet.

import { type Alert, type AlertGroup, promql, type Scope } from "./scope.js";

export function deliveryAlerts({ environment, namespace, argoHere }: Scope): AlertGroup {
  if (!argoHere) return { name: "delivery", alerts: [] };
  const here = `dest_namespace="${namespace}"`;
  return {
    name: "delivery",
    alerts: [...states(here), ...(environment.settings.argocd.automated ? [paused(here)] : [])],
  };
}

function states(here: string): Alert[] {
  const failed = 'argocd_app_sync_total{phase=~"Error|Failed"}';
  return [
    {
      name: "ArgoAppOutOfSync",
      severity: "ticket",
      for: "30m",
      expr: `max by (name, sync_status) (argocd_app_info{${here},sync_status!="Synced"}) == 1`,
      summary: "{{ $labels.name }} is not in sync with git",
      description:
        "The cluster has differed from git for thirty minutes: {{ $labels.name }} is {{ $labels.sync_status }}.",
    },
    {
      name: "ArgoAppDegraded",
      severity: "ticket",
      for: "10m",
      expr: `max by (name, health_status) (argocd_app_info{${here},health_status=~"Degraded|Missing"}) == 1`,
      summary: "{{ $labels.name }} is {{ $labels.health_status }}",
      description: "Argo CD has seen {{ $labels.name }} as {{ $labels.health_status }} for ten minutes.",
    },
    {
      name: "ArgoAppSyncFailing",
      severity: "ticket",
      for: undefined,
      // The counter of a phase appears with the first such sync, which increase() cannot see.
      expr: promql`
        (
          sum by (name) (increase(${failed}[30m])) > 0
          or
          sum by (name) (${failed} unless ${failed} offset 30m) > 0
          and on (name) argocd_app_info{${here}} offset 30m
        )
        and on (name) argocd_app_info{${here}}`,
      summary: "Syncs of {{ $labels.name }} fail",
      description: "{{ $value | humanize }} syncs of {{ $labels.name }} failed in thirty minutes.",
    },
  ];
}

function paused(here: string): Alert {
  return {
    name: "ArgoAppAutoSyncOff",
    severity: "ticket",
    for: "2h",
    expr: `max by (name) (argocd_app_info{${here},autosync_enabled="false"}) == 1`,
    summary: "Automated sync of {{ $labels.name }} is off",
    description:
      "Somebody paused {{ $labels.name }} more than two hours ago: releases and repairs do not arrive.",
  };
}
