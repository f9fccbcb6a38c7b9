// Owns: which directories of a stack are built, with what each would load.
// Promises: every place, what the platform applies, and what stands alone; reads only what was read already.
// Must not: build.

import { findOverlays, findStandalone, type Overlay } from "./find-overlays.js";
import { type KustomizationGraph, readKustomizations } from "./read-kustomizations.js";
import type { StackFile } from "./stack-files.js";
import type { StackSettings } from "./stack-settings.js";

export interface PlannedBuild {
  readonly overlay: Overlay;
  readonly graph: KustomizationGraph;
}

/** Every overlay with what it would load; without names, also what no overlay loads. */
export function planBuilds(
  files: readonly StackFile[],
  settings: StackSettings,
  names: readonly string[] | undefined,
): PlannedBuild[] {
  const plan = (overlay: Overlay) => ({ overlay, graph: readKustomizations(files, overlay.directory) });
  const builds = findOverlays(files, settings, names).map(plan);
  if (names !== undefined && names.length > 0) return builds;
  const loadedBy = (directory: string) => readKustomizations(files, directory).loaded;
  return [...builds, ...findStandalone(files, loadedBy, loadedFiles(builds)).map(plan)];
}

export function loadedFiles(builds: readonly PlannedBuild[]): ReadonlySet<string> {
  return new Set(builds.flatMap(({ graph }) => graph.loaded));
}
