// Owns: what makes a datastore run: StatefulSet with exporter, Services, configuration, identity, disruption budget; or an operator's objects.
// Promises: Guaranteed quality of service; data survives the deletion of the StatefulSet and of the application.
// Must not: back up; that is a capability of its own. Know an engine; src/stack/engines does.

import type { Stack } from "../stack/stack.js";
import type { Capability } from "./capability.js";
import { configurationFiles, configurationMaps } from "./datastore/configuration.js";
import { identityFiles } from "./datastore/identity.js";
import { operatorFiles } from "./datastore/operated.js";
import { type Own, referenceOf } from "./datastore/own-datastore.js";
import { statefulSet } from "./datastore/stateful-set.js";

/** Every datastore that the stack runs itself somewhere. */
function ownOnes(stack: Stack): Own[] {
  return stack.base.datastores.flatMap(({ name }) => referenceOf(stack, name) ?? []);
}

export const datastore: Capability = {
  id: "datastore",
  title: "Datastores",
  summary:
    "Each engine as a StatefulSet with exporter, credentials by reference, and data that outlives the application.",
  rows: ["LAY-02", "SEC-01", "SEC-03", "SEC-05", "RES-01", "RES-04", "RES-08", "MON-11"],
  withoutIt: undefined,
  files: (stack) => [
    ...ownOnes(stack).flatMap((item) => [
      ...statefulSet(stack, item),
      ...identityFiles(stack, item),
      ...configurationFiles(stack, item),
    ]),
    ...operatorFiles(stack),
  ],
  configMaps: (stack) => ownOnes(stack).flatMap((item) => configurationMaps(stack, item)),
};
