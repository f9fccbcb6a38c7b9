// Owns: rules about mutual TLS between the services.
// Promises: one mesh at a time.
// Must not: look at single services.

import { isMeshed } from "../derive-mesh.js";
import type { StackRule } from "./stack-rule.js";

/** What Cilium brings from another cluster has no identity of Istio's, and would be refused as plain text. */
const meshesAreOne: StackRule = ({ environments }, source) =>
  environments
    .filter((environment) => isMeshed(environment) && environment.mesh !== undefined)
    .map((environment) =>
      source.problem(
        // Once for all of its clusters.
        ["environments", environment.name, "network", "mtls"],
        `Cilium joins the clusters of ${environment.name}, and Istio would refuse what comes from the others`,
        { expected: "off, with Cilium's own encryption (WireGuard), or no mesh of clusters" },
      ),
    );

export const meshRules: readonly StackRule[] = [meshesAreOne];
