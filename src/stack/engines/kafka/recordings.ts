// Owns: recording rules over the metrics of Kafka clusters by Strimzi.
// Promises: names by the Prometheus convention level:metric:operation, all of them used by alerts or dashboards.
// Must not: alert.

import { promql, type Recording, type Scope } from "../../alerts/scope.js";

export function strimziRecordings({ inNamespace, namespace, datastores }: Scope): readonly Recording[] {
  return [
    ...datastores.map(({ name, replicas }) => ({
      record: "datastore:members:objective",
      expr: `vector(${replicas})`,
      labels: { namespace, service: name },
    })),
    {
      record: "datastore:consumer_lag:sum",
      expr: promql`
        sum by (namespace, service, consumergroup, topic) (kafka_consumergroup_lag{${inNamespace}} > 0)`,
      labels: { namespace },
    },
  ];
}
