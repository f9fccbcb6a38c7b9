// Owns: the examples as a scanner of other people's sees them: one file of manifests for each directory that is applied.
// Promises: all overlays, clusters and bootstrap directories, built by the real Kustomize.
// Must not: judge.

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { buildStacks, type KubernetesObject } from "../render/build-stacks.js";

const EXAMPLES = join(import.meta.dirname, "../../examples");

export interface ScannedExamples {
  readonly folder: string;
  /** Paths of the files, by example and directory: rate-limiter/overlays/prod. */
  readonly files: ReadonlyMap<string, string>;
  /** Objects by the same. */
  readonly objects: ReadonlyMap<string, readonly KubernetesObject[]>;
}

/** Kinds that hold pods, which is what scanners look at. */
export const WORKLOADS: readonly string[] = ["Deployment", "StatefulSet", "CronJob", "Job"];

export function writeManifests(path: string, objects: readonly KubernetesObject[]): void {
  writeFileSync(path, objects.map((object) => stringify(object, { lineWidth: 0 })).join("---\n"));
}

export async function scannedExamples(): Promise<ScannedExamples> {
  const names = readdirSync(EXAMPLES);
  const texts = names.map((name) => [name, readFileSync(join(EXAMPLES, name, "prod-stack.yaml"), "utf8")]);
  const built = await buildStacks(Object.fromEntries(texts));
  const folder = mkdtempSync(join(tmpdir(), "prod-stack-scanned-"));
  const objects = new Map(
    [...built].flatMap(([name, stack]) =>
      [...stack.objects].map(([directory, own]) => [`${name}/${directory}`, own] as const),
    ),
  );
  const files = new Map<string, string>();
  for (const [place, own] of objects) {
    const path = join(folder, `${place.replaceAll("/", "-")}.yaml`);
    writeManifests(path, own);
    files.set(place, path);
  }
  return { folder, files, objects };
}
