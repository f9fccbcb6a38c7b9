// Owns: alerts of a PostgreSQL server with postgres_exporter beside it: full, stuck, slow, unseen.
// Promises: what a backup does is not taken for what a service does.
// Must not: ask whether the server is there at all; src/stack/alerts/datastores.ts does.

import { type Alert, promql, type Scope } from "../../alerts/scope.js";

/** pg_dump reads for as long as the data is large. */
const NOT_BACKUP = 'application_name!~"pg_dump|pg_restore"';

export function postgresqlAlerts(scope: Scope): readonly Alert[] {
  return [...connections(scope), ...transactions(scope), ...health(scope)];
}

function connections({ inNamespace }: Scope): Alert[] {
  const utilization = `datastore:connection_utilization:ratio{${inNamespace}}`;
  return [
    {
      name: "PostgresConnectionsExhausted",
      severity: "page",
      for: "2m",
      expr: `${utilization} > 0.95`,
      summary: "{{ $labels.service }} has hardly a connection left",
      description:
        "{{ $value | humanizePercentage }} of the connections of {{ $labels.service }} have been in use for two minutes: services get errors when they open another.",
    },
    {
      name: "PostgresConnectionsHigh",
      severity: "ticket",
      for: "10m",
      expr: `${utilization} > 0.8`,
      summary: "{{ $labels.service }} has nearly as many clients as it takes",
      description:
        "{{ $value | humanizePercentage }} of the connections that {{ $labels.service }} allows have been in use for ten minutes.",
    },
  ];
}

function transactions({ inNamespace }: Scope): Alert[] {
  const longest = (state: string) =>
    `max by (namespace, service, datname) (pg_stat_activity_max_tx_duration{${inNamespace},${state},${NOT_BACKUP}})`;
  return [
    {
      name: "PostgresTransactionIdle",
      severity: "ticket",
      for: "5m",
      expr: `${longest('state=~"idle in transaction.*"')} > 300`,
      summary: "A client of {{ $labels.service }} sits in a transaction",
      description:
        "A transaction in {{ $labels.datname }} of {{ $labels.service }} has been open for {{ $value | humanizeDuration }} without doing anything; it holds its locks.",
    },
    {
      name: "PostgresTransactionLong",
      severity: "ticket",
      for: "5m",
      expr: `${longest('state="active",datname!=""')} > 1800`,
      summary: "A transaction of {{ $labels.service }} takes very long",
      description:
        "A transaction in {{ $labels.datname }} of {{ $labels.service }} has been at work for {{ $value | humanizeDuration }}; nothing that it can see is cleaned up meanwhile.",
    },
    {
      name: "PostgresDeadlocks",
      severity: "ticket",
      for: undefined,
      expr: `sum by (namespace, service, datname) (increase(pg_stat_database_deadlocks{${inNamespace}}[10m])) > 2`,
      summary: "Transactions of {{ $labels.service }} block each other",
      description:
        "{{ $value | humanize }} transactions in {{ $labels.datname }} of {{ $labels.service }} were aborted in ten minutes, since each waited for the other.",
    },
  ];
}

function health({ inNamespace }: Scope): Alert[] {
  return [
    {
      name: "PostgresCacheMissing",
      severity: "ticket",
      for: "30m",
      expr: `datastore:cache_hits:ratio_rate5m{${inNamespace}} < 0.8`,
      summary: "{{ $labels.service }} reads from disk what should be in memory",
      description:
        "Only {{ $value | humanizePercentage }} of the pages that {{ $labels.service }} needed were in its memory for half an hour: queries wait for the disk.",
    },
    {
      name: "PostgresExporterFailing",
      severity: "ticket",
      for: "10m",
      expr: promql`
        max by (namespace, service) (pg_exporter_last_scrape_error{${inNamespace}}) == 1
        and on (namespace, service) pg_up{${inNamespace}} == 1`,
      summary: "The exporter of {{ $labels.service }} cannot read everything",
      description:
        "Queries of the exporter of {{ $labels.service }} have failed for ten minutes: some of the other alerts on it are blind.",
    },
  ];
}
