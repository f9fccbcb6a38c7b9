// Owns: which ConfigMaps the stack says are somebody else's: services.NAME.volumes.NAME.configMap, on any layer.
// Promises: a pod may mount those, though no overlay makes them; every other one must be there.
// Must not: say that they exist; only the cluster knows.

import { readDocuments } from "./read-yaml.js";
import type { StackFile } from "./stack-files.js";
import { asRecord, textAt } from "./values.js";

const FILES = ["prod-stack.yaml", "platform.yaml"];

/** Their names, each once. */
export function findForeignConfigMaps(files: readonly StackFile[]): string[] {
  const names = files
    .filter(({ path }) => FILES.includes(path))
    .flatMap(({ text }) => (text === undefined ? [] : layersOf(readDocuments(text).documents[0]?.value)))
    .flatMap((layer) => Object.values(asRecord(asRecord(layer).services)))
    .flatMap((service) => Object.values(asRecord(asRecord(service).volumes)))
    .flatMap((volume) => textAt(volume, "configMap") ?? []);
  return [...new Set(names)].sort();
}

/** The stack itself, its tiers, its environments and their clusters. */
function layersOf(spec: unknown): unknown[] {
  const { tiers, environments } = asRecord(spec);
  const places = Object.values(asRecord(environments));
  const clusters = places.flatMap((place) => Object.values(asRecord(asRecord(place).clusters)));
  return [spec, ...Object.values(asRecord(tiers)), ...places, ...clusters];
}
