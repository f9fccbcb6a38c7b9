// Owns: every file specification of a stack, as renderTree collects them.
// Promises: template and view of each file, before anything is rendered.
// Must not: render.

import type { FileSpec, Yield } from "../../src/capabilities/capability.js";
import { capabilities, indexes } from "../../src/capabilities/index.js";
import { shareAmongClusters } from "../../src/capabilities/share-among-clusters.js";
import type { Stack } from "../../src/stack/stack.js";

export function fileSpecsOf(stack: Stack): FileSpec[] {
  const active = capabilities.filter(({ id }) => !stack.disabled.includes(id));
  const contents = active.map((capability) => ({
    capability,
    ...shareAmongClusters(stack, {
      files: capability.files(stack),
      configMaps: capability.configMaps?.(stack) ?? [],
    }),
  }));
  const yields: Yield[] = contents.map(({ capability, files }) => ({ capability, files }));
  const configMaps = contents.flatMap((one) => one.configMaps);
  for (const capability of indexes) {
    const files = yields.flatMap((one) => one.files);
    yields.push({ capability, files: capability.files(stack, { yields: [...yields], files, configMaps }) });
  }
  return yields.flatMap(({ files }) => files);
}
