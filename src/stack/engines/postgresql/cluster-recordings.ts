// Owns: recording rules over the metrics of CloudNativePG.
// Promises: names by the Prometheus convention level:metric:operation, all of them used by alerts or dashboards.
// Must not: alert.

import { maxBackupAgeSeconds, promql, type Recording, type Scope } from "../../alerts/scope.js";

export function postgresqlClusterRecordings({
  inNamespace,
  namespace,
  datastores,
}: Scope): readonly Recording[] {
  return [
    ...datastores.map(({ name, replicas }) => ({
      record: "datastore:members:objective",
      expr: `vector(${replicas})`,
      labels: { namespace, service: name },
    })),
    ...datastores.flatMap(({ name, operator }) =>
      operator?.backup === undefined
        ? []
        : [
            {
              record: "datastore:backup_max_age_seconds:objective",
              expr: `vector(${maxBackupAgeSeconds(operator.backup.schedule)})`,
              labels: { namespace, service: name },
            },
          ],
    ),
    {
      record: "datastore:member_connection_utilization:ratio",
      expr: promql`
        sum by (namespace, service, pod) (cnpg_backends_total{${inNamespace}})
        / on (namespace, service, pod)
        max by (namespace, service, pod) (cnpg_pg_settings_setting{${inNamespace},name="max_connections"})`,
      labels: { namespace },
    },
  ];
}
