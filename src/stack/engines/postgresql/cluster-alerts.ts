// Owns: alerts of PostgreSQL clusters by CloudNativePG: members, replication, archive, connections, transactions.
// Promises: what matters only where backups are made is asked only there.
// Must not: ask whether any member is there at all; src/stack/alerts/datastores.ts does.

import { type Alert, oneOf, promql, type Scope } from "../../alerts/scope.js";

export function postgresqlClusterAlerts(scope: Scope): readonly Alert[] {
  const archived = scope.datastores.filter(({ operator }) => operator?.backup !== undefined);
  return [
    ...replication(scope),
    ...use(scope),
    ...(archived.length === 0
      ? []
      : archive(
          scope,
          archived.map(({ name }) => name),
        )),
  ];
}

function replication({ inNamespace }: Scope): Alert[] {
  return [
    {
      name: "PostgresClusterMemberDown",
      severity: "ticket",
      for: "10m",
      expr: promql`
        sum by (namespace, service) (cnpg_collector_up{${inNamespace}})
        < on (namespace, service) max by (namespace, service) (datastore:members:objective{${inNamespace}})`,
      summary: "{{ $labels.service }} lacks a member",
      description:
        "Only {{ $value }} members of the cluster {{ $labels.service }} have answered for ten minutes: there is less, or nothing, to fail over to.",
    },
    {
      name: "PostgresClusterReplicationLag",
      severity: "ticket",
      for: "5m",
      expr: `max by (namespace, service, pod) (cnpg_pg_replication_lag{${inNamespace}}) > 60`,
      summary: "A replica of {{ $labels.service }} is behind",
      description:
        "{{ $labels.pod }} has been {{ $value | humanizeDuration }} behind the primary for five minutes: a failover to it would lose that, and reads from it are old.",
    },
  ];
}

function use({ inNamespace }: Scope): Alert[] {
  return [
    {
      name: "PostgresClusterConnectionsHigh",
      severity: "ticket",
      for: "10m",
      expr: `datastore:member_connection_utilization:ratio{${inNamespace}} > 0.8`,
      summary: "{{ $labels.service }} has nearly as many clients as it takes",
      description:
        "{{ $value | humanizePercentage }} of the connections of {{ $labels.pod }} have been in use for ten minutes.",
    },
    {
      name: "PostgresClusterDeadlocks",
      severity: "ticket",
      for: undefined,
      expr: `sum by (namespace, service, datname) (increase(cnpg_pg_stat_database_deadlocks{${inNamespace}}[10m])) > 2`,
      summary: "Transactions of {{ $labels.service }} block each other",
      description:
        "{{ $value | humanize }} transactions in {{ $labels.datname }} of {{ $labels.service }} were aborted in ten minutes, since each waited for the other.",
    },
    {
      name: "PostgresClusterTransactionLong",
      severity: "ticket",
      for: "5m",
      expr: `max by (namespace, service, datname) (cnpg_backends_max_tx_duration_seconds{${inNamespace}}) > 1800`,
      summary: "A transaction of {{ $labels.service }} takes very long",
      description:
        "A transaction in {{ $labels.datname }} of {{ $labels.service }} has been open for {{ $value | humanizeDuration }}; nothing that it can see is cleaned up meanwhile.",
    },
  ];
}

function archive({ inNamespace }: Scope, names: readonly string[]): Alert[] {
  return [
    {
      name: "PostgresClusterArchiveFailing",
      severity: "page",
      for: "15m",
      expr: promql`
        max by (namespace, service, pod) (cnpg_collector_pg_wal_archive_status{${inNamespace},service=~"${oneOf(names)}",value="ready"}) > 10
        and on (namespace, service, pod)
        max by (namespace, service, pod) (increase(cnpg_pg_stat_archiver_failed_count{${inNamespace}}[15m])) > 0`,
      summary: "The log of {{ $labels.service }} is not archived",
      description:
        "{{ $value }} pieces of the log of {{ $labels.pod }} wait for the object store, and archiving fails: what is written now could not be restored, and the volume fills.",
    },
    {
      name: "PostgresClusterBackupStale",
      severity: "ticket",
      // The first one begins when the cluster is made, and needs its time; until then the plugin tells 0.
      for: "1h",
      expr: promql`
        time() - max by (namespace, service) (barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{${inNamespace}})
        > on (namespace, service) max by (namespace, service) (datastore:backup_max_age_seconds:objective{${inNamespace}})`,
      summary: "The newest backup of {{ $labels.service }} is too old",
      description:
        "The newest whole backup of {{ $labels.service }} is {{ $value | humanizeDuration }} old: a restore must replay the log since then, and the retention may delete what it begins with.",
    },
  ];
}
