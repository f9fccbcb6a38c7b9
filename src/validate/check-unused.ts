// Owns: finding manifests that nothing applies.
// Promises: looks only where every YAML file belongs to a kustomization: base/, overlays/, clusters/ and bootstrap/.
// Must not: judge files elsewhere, which may be applied by other means.

import { isYaml } from "./check-yaml.js";
import type { StackFile } from "./stack-files.js";
import type { Finding } from "./validation-report.js";

const APPLIED = /^(?:base|overlays|clusters|bootstrap)\//;

/** @param loaded paths of the files that the kustomizations load */
export function findUnused(files: readonly StackFile[], loaded: ReadonlySet<string>): Finding[] {
  return files
    .filter(({ path, text }) => text !== undefined && APPLIED.test(path) && isYaml(path) && !loaded.has(path))
    .map(({ path }) => ({
      severity: "warning",
      rule: "unused-manifest",
      file: path,
      message: "is listed by no kustomization: nothing applies it",
      hint: "List it under resources or patches of the kustomization.yaml beside it, or delete it.",
    }));
}
