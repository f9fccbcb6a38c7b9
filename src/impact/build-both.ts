// Owns: the objects of every place of a stack, as it is and as a plan will leave it.
// Promises: builds only what the plan touches; works on a copy; nothing is fetched. Without kustomize the files are compared one by one.
// Must not: judge.

import { chmod, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Location } from "../apply/read-repository.js";
import type { WritePlan } from "../plan/write-plan.js";
import { buildOverlay } from "../validate/build-overlay.js";
import { type BuiltObject, readObjects } from "../validate/built-object.js";
import { findOverlays, findStandalone, type Overlay } from "../validate/find-overlays.js";
import { type Builder, findTools } from "../validate/find-tools.js";
import { mapConcurrently } from "../validate/map-concurrently.js";
import { readKustomizations } from "../validate/read-kustomizations.js";
import { readStackFiles, resolveDirectory, type StackFile } from "../validate/stack-files.js";
import { readStackSettings } from "../validate/stack-settings.js";
import { withTemporaryFolder } from "../validate/temporary-folder.js";
import { compareObjects, type ObjectChange } from "./compare-objects.js";

export interface ImpactOptions {
  /** The stack's directory. */
  readonly directory: string;
  readonly location: Location;
  readonly plan: WritePlan;
  /** Directories with programs, as in PATH. */
  readonly searchPath: string;
  readonly signal?: AbortSignal;
}

export interface Impact {
  readonly changes: readonly ObjectChange[];
  /** What could not be compared, and why. */
  readonly gaps: readonly string[];
}

/**
 * What a plan does to the objects of each place.
 * @throws StackError (cancelled) when `signal` says so
 */
export async function impactOf(options: ImpactOptions): Promise<Impact> {
  const { plan, signal, searchPath } = options;
  const touched = touchedPaths(options);
  if (touched.size === 0) return { changes: [], gaps: [] };
  const directory = await resolveDirectory(options.directory);
  const { kustomize, kubectl } = await findTools(searchPath);
  const path = kustomize ?? kubectl;
  const before = await readStackFiles(directory, signal);
  if (path === undefined) return compareFiles(before, plan, options.location);
  const builder: Builder = { name: kustomize === undefined ? "kubectl" : "kustomize", path };
  return withTemporaryFolder(async (folder) => {
    const copy = join(folder, "stack");
    await copyStack(directory, copy, options);
    const after = await readStackFiles(copy, signal);
    const run = { builder, signal };
    return comparePlaces(
      { ...run, directory, files: before, touched },
      { ...run, directory: copy, files: after, touched },
    );
  });
}

/** Below the stack's directory. */
function touchedPaths({ plan, location }: ImpactOptions): Set<string> {
  const prefix = location.path === "." ? "" : `${location.path}/`;
  const changed = plan.files.filter(({ action, contents }) => isWritten(action, contents));
  return new Set(
    changed.filter(({ path }) => path.startsWith(prefix)).map(({ path }) => path.slice(prefix.length)),
  );
}

/** Of a file in conflict nobody knows yet what it will be; it is compared as it is. */
function isWritten(action: string, contents: string | undefined): boolean {
  return action === "delete" || (contents !== undefined && action !== "conflict");
}

const NOT_COPIED = new Set([".git", "node_modules", ".prod-stack"]);

async function copyStack(directory: string, copy: string, options: ImpactOptions): Promise<void> {
  await cp(directory, copy, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path === directory || !NOT_COPIED.has(basename(path)),
  });
  const { plan, location } = options;
  const prefix = location.path === "." ? "" : `${location.path}/`;
  for (const { path, action, contents, mode } of plan.files) {
    if (!path.startsWith(prefix) || !isWritten(action, contents)) continue;
    const target = join(copy, path.slice(prefix.length));
    if (contents === undefined) await rm(target, { force: true });
    else {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, contents);
      await chmod(target, mode);
    }
  }
}

interface Side {
  readonly directory: string;
  readonly files: readonly StackFile[];
  readonly touched: ReadonlySet<string>;
  readonly builder: Builder;
  readonly signal: AbortSignal | undefined;
}

interface Place {
  readonly overlay: Overlay;
  readonly isTouched: boolean;
}

async function comparePlaces(before: Side, after: Side): Promise<Impact> {
  const old = placesOf(before);
  const next = placesOf(after);
  const names = [...new Set([...old.keys(), ...next.keys()])].filter(
    (name) =>
      old.get(name)?.isTouched === true ||
      next.get(name)?.isTouched === true ||
      !old.has(name) ||
      !next.has(name),
  );
  const results = await mapConcurrently(names, 2, async (name): Promise<Impact> => {
    const one = await objectsOf(before, old.get(name)?.overlay);
    const other = await objectsOf(after, next.get(name)?.overlay);
    if (typeof one === "string") return { changes: [], gaps: [`${name} does not build as it is: ${one}`] };
    if (typeof other === "string") return { changes: [], gaps: [`${name} will not build: ${other}`] };
    return { changes: compareObjects(name, one, other), gaps: [] };
  });
  return { changes: results.flatMap(({ changes }) => changes), gaps: results.flatMap(({ gaps }) => gaps) };
}

function placesOf({ files, touched }: Side): Map<string, Place> {
  const settings = readStackSettings(files);
  const loadedBy = (directory: string) => readKustomizations(files, directory).loaded;
  const isHere = ({ directory }: Overlay) => loadedBy(directory).length > 0;
  const overlays = findOverlays(files, settings).filter(isHere);
  const loaded = new Set(overlays.flatMap(({ directory }) => loadedBy(directory)));
  return new Map(
    [...overlays, ...findStandalone(files, loadedBy, loaded)].map((overlay) => [
      overlay.name,
      { overlay, isTouched: loadedBy(overlay.directory).some((path) => touched.has(path)) },
    ]),
  );
}

/** @returns the objects, or why they cannot be built */
async function objectsOf(
  { files, directory, builder, signal }: Side,
  overlay: Overlay | undefined,
): Promise<readonly BuiltObject[] | string> {
  if (overlay === undefined) return [];
  const graph = readKustomizations(files, overlay.directory);
  const { objects, outcome } = await buildOverlay(overlay, graph, builder, { directory, signal });
  const error = outcome.findings.find(({ severity }) => severity === "error");
  return error === undefined ? objects : error.message;
}

/** Each file for itself: an object that is still in any file is not gone. */
function compareFiles(files: readonly StackFile[], plan: WritePlan, { path: place }: Location): Impact {
  const prefix = place === "." ? "" : `${place}/`;
  const planned = new Map(plan.files.map((file) => [file.path, file]));
  const before = files.flatMap(({ path, text }) => objectsIn(path, text));
  const afterFiles = files.filter(({ path }) => planned.get(prefix + path)?.action !== "delete");
  const texts = new Map(afterFiles.map(({ path, text }) => [path, text]));
  for (const { path, action, contents } of plan.files)
    if (path.startsWith(prefix) && contents !== undefined && action !== "conflict")
      texts.set(path.slice(prefix.length), contents);
  const after = [...texts].flatMap(([path, text]) => objectsIn(path, text));
  const changes = compareObjects("the files", before, after);
  return {
    changes: changes.filter(({ effect }) => effect !== "create" && effect !== "update"),
    gaps: ["neither kustomize nor kubectl was found: files were compared, not what is built of them"],
  };
}

function objectsIn(path: string, text: string | undefined): readonly BuiltObject[] {
  const isManifest = /\.ya?ml$/.test(path) && !/(?:^|\.)patch\.ya?ml$|kustomization\.ya?ml$/.test(path);
  return isManifest && text !== undefined ? readObjects(text).objects : [];
}
