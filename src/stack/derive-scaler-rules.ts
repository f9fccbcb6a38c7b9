// Owns: the traffic of KEDA, which reads queues of the stack from its own namespace.
// Promises: only to datastores that a trigger names, only from KEDA's operator.
// Must not: know triggers that KEDA reads elsewhere; those are no traffic of the stack's.

import type { Rule } from "./policy.js";
import type { Environment } from "./stack.js";

/** Label of the operator's pods in KEDA's release manifests and Helm chart. */
const OPERATOR = { app: "keda-operator" };

export function scalerRules(datastore: string, port: number, { services, settings }: Environment): Rule[] {
  const scaled = services.filter(({ scaling }) =>
    scaling?.triggers.some((trigger) => trigger.datastore === datastore),
  );
  if (scaled.length === 0) return [];
  return [
    {
      reason: `KEDA scales ${scaled.map(({ name }) => name).join(", ")} by what waits here`,
      peers: [{ kind: "namespace", namespace: settings.keda.namespace, labels: OPERATOR }],
      ports: [{ port, protocol: "TCP" }],
    },
  ];
}
