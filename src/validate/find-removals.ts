// Owns: the objects of a stack whose API version a version of Kubernetes has removed or deprecated.
// Promises: every place is built and looked at, or said to be unbuilt; nothing is fetched; the data says of what it is.
// Must not: choose exit codes or print.

import { StackError } from "../stack-error.js";
import { buildOverlay } from "./build-overlay.js";
import type { BuiltObject } from "./built-object.js";
import { findTools, requireBuilder } from "./find-tools.js";
import { isBeyondKnown, KNOWN, lifecycleOf } from "./kind-lifecycle.js";
import { mapConcurrently } from "./map-concurrently.js";
import { planBuilds } from "./plan-builds.js";
import { readDocuments } from "./read-yaml.js";
import { throwIfCancelled } from "./run-tool.js";
import { openSchemaArchive } from "./schema-archive.js";
import { readStackFiles, resolveDirectory, type StackFile } from "./stack-files.js";
import { readStackSettings } from "./stack-settings.js";
import { asRecord, textAt } from "./values.js";

export interface RemovedObject {
  readonly state: "removed" | "deprecated";
  /** `Kind/name`. */
  readonly id: string;
  readonly apiVersion: string;
  /** Places that apply it. */
  readonly places: readonly string[];
  /** Where it is written, if that is one file. */
  readonly file: string | undefined;
  /** Since when, and what to write instead. */
  readonly message: string;
}

export interface RemovalReport {
  readonly kubernetes: string;
  /** Version of Kubernetes that the data is of. */
  readonly known: string;
  /** Whether the version asked for is newer than the data. */
  readonly isBeyond: boolean;
  /** How many places were looked at. */
  readonly places: number;
  readonly objects: readonly RemovedObject[];
  readonly unbuilt: readonly { readonly place: string; readonly message: string }[];
}

export interface RemovalOptions {
  readonly directory: string;
  /** Minor version, such as 1.38; any. */
  readonly kubernetes: string;
  readonly searchPath: string;
  readonly signal?: AbortSignal;
}

const CONCURRENCY = 2;

/** @throws StackError (input) for what is no version, or without kustomize */
export async function findRemovals(options: RemovalOptions): Promise<RemovalReport> {
  const { signal, searchPath } = options;
  const kubernetes = minorOf(options.kubernetes);
  throwIfCancelled(signal);
  const directory = await resolveDirectory(options.directory);
  const builder = requireBuilder(await findTools(searchPath));
  const files = await readStackFiles(directory, signal);
  const builds = planBuilds(files, readStackSettings(files), undefined);
  const built = await mapConcurrently(builds, CONCURRENCY, ({ overlay, graph }) =>
    buildOverlay(overlay, graph, builder, { directory, signal }),
  );
  const archive = openSchemaArchive();
  const judged = new Map<string, RemovedObject>();
  for (const { overlay, objects } of built)
    for (const object of objects) {
      const lifecycle = lifecycleOf(object, kubernetes, archive);
      if (lifecycle === undefined) continue;
      const key = `${object.apiVersion} ${object.id}`;
      const known = judged.get(key);
      const places = [...new Set([...(known?.places ?? []), overlay.name])];
      const { id, apiVersion } = object;
      judged.set(key, { ...lifecycle, id, apiVersion, places, file: known?.file ?? fileOf(object, files) });
    }
  return {
    kubernetes,
    known: KNOWN,
    isBeyond: isBeyondKnown(kubernetes),
    places: built.length,
    objects: [...judged.values()].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1)),
    unbuilt: built
      .filter(({ objects }) => objects.length === 0)
      .map(({ overlay, outcome }) => ({
        place: overlay.name,
        message: outcome.findings[0]?.message ?? "was not built",
      })),
  };
}

function rank({ state }: RemovedObject): number {
  return state === "removed" ? 0 : 1;
}

function minorOf(version: string): string {
  const minor = /^v?(1\.\d{1,3})(?:\.\d+)?$/.exec(version)?.[1];
  if (minor !== undefined) return minor;
  throw new StackError(
    "input",
    "KUBERNETES_VERSION",
    `--kubernetes: ${version} is no version of Kubernetes`,
    {
      hint: "Give a minor version, such as 1.38.",
    },
  );
}

/** The one file that has it under this name; kustomize may have given it another. */
function fileOf({ apiVersion, kind, name }: BuiltObject, files: readonly StackFile[]): string | undefined {
  const found = files.filter(({ path, text }) => {
    if (text === undefined || !/\.ya?ml$/.test(path) || !text.includes(apiVersion) || !text.includes(name))
      return false;
    return readDocuments(text).documents.some(({ value }) => {
      const data = asRecord(value);
      return (
        textAt(data, "apiVersion") === apiVersion &&
        textAt(data, "kind") === kind &&
        textAt(data, "metadata", "name") === name
      );
    });
  });
  return found.length === 1 ? found[0]?.path : undefined;
}
