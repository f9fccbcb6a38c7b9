// Owns: which files of an environment with several clusters are common to all of them, and which are one cluster's.
// Promises: what each cluster's overlay would hold stands exactly once along its chain (overlays/ENV/managed, then
//           clusters/ENV/CLUSTER/managed), so that no patch meets a patch.
// Must not: know what is in a file; two are the same when template and view are.

import type { Stack } from "../stack/stack.js";
import type { FileSpec, GeneratedConfigMap } from "./capability.js";
import { managedDirectory, monitoringDirectory, placesByEnvironment } from "./places.js";

/** A directory of each cluster of an environment, and that of what they share. */
interface SharedDirectory {
  readonly own: readonly string[];
  readonly common: string;
}

function sharedDirectories(stack: Stack): SharedDirectory[] {
  return placesByEnvironment(stack).flatMap((places) => {
    const [first] = places;
    if (first?.cluster === undefined) return [];
    const { name } = first;
    return [managedDirectory, monitoringDirectory].map((directory) => ({
      own: places.map(directory),
      common: directory({ name, cluster: undefined }),
    }));
  });
}

interface Contents {
  readonly files: readonly FileSpec[];
  readonly configMaps: readonly GeneratedConfigMap[];
}

/** Moves what is the same in every cluster of an environment to the environment. */
export function shareAmongClusters(stack: Stack, { files, configMaps }: Contents): Contents {
  const shared = sharedDirectories(stack);
  if (shared.length === 0) return { files, configMaps };
  const homes = new Map(shared.flatMap((one) => one.own.map((directory) => [directory, one] as const)));
  const fileKeys = keysOfFiles(files, homes);
  const mapKeys = keysOfConfigMaps(configMaps, fileKeys);
  return {
    files: share(
      files,
      homes,
      ({ path }) => path,
      (file) => fileKeys.get(file.path) ?? "",
      moveFile,
    ),
    configMaps: share(
      configMaps,
      homes,
      ({ kustomization }) => kustomization,
      (configMap) => mapKeys.get(configMap) ?? "",
      (configMap, _directory, common) => ({ ...configMap, kustomization: common }),
    ),
  };
}

type Homes = ReadonlyMap<string, SharedDirectory>;

/** By path: what the clusters must agree on for a file to be common. */
function keysOfFiles(files: readonly FileSpec[], homes: Homes): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { path, template, view, member, ownership, executable, kinds } of files) {
    const directory = homeOf(path, homes);
    if (directory === undefined) continue;
    const relative = path.slice(directory.length);
    keys.set(path, JSON.stringify([relative, template, member?.as, ownership, executable, kinds, view]));
  }
  return keys;
}

/** A ConfigMap goes where its files go, and they where it goes: each one's key becomes part of the others'. */
function keysOfConfigMaps(
  configMaps: readonly GeneratedConfigMap[],
  fileKeys: Map<string, string>,
): ReadonlyMap<GeneratedConfigMap, string> {
  const keys = new Map<GeneratedConfigMap, string>();
  for (const configMap of configMaps) {
    const { kustomization, ...rest } = configMap;
    const paths = rest.files.map((name) => `${kustomization}/${name}`);
    const key = JSON.stringify([rest, paths.map((path) => fileKeys.get(path))]);
    keys.set(configMap, key);
    for (const path of paths) if (fileKeys.has(path)) fileKeys.set(path, `${fileKeys.get(path)}${key}`);
  }
  return keys;
}

function moveFile(file: FileSpec, directory: string, common: string): FileSpec {
  const { path, member } = file;
  return {
    ...file,
    path: `${common}${path.slice(directory.length)}`,
    member: member && {
      ...member,
      kustomization: `${common}${member.kustomization.slice(directory.length)}`,
    },
  };
}

function share<T>(
  items: readonly T[],
  homes: Homes,
  pathOf: (item: T) => string,
  keyOf: (item: T) => string,
  moveTo: (item: T, directory: string, common: string) => T,
): T[] {
  const counts = new Map<string, number>();
  const placed = items.map((item) => {
    const directory = homeOf(pathOf(item), homes);
    const home = directory === undefined ? undefined : homes.get(directory);
    if (directory === undefined || home === undefined) return { item };
    const key = `${home.common} ${keyOf(item)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return { item, directory, home, key };
  });
  const done = new Set<string>();
  return placed.flatMap(({ item, directory, home, key }) => {
    if (home === undefined || counts.get(key) !== home.own.length) return [item];
    if (done.has(key)) return [];
    done.add(key);
    return [moveTo(item, directory, home.common)];
  });
}

/** The directory of a cluster that a path is in: `clusters/prod/west/managed` of that and of what is below it. */
function homeOf(path: string, homes: Homes): string | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    const directory = path.slice(0, end);
    if (homes.has(directory)) return directory;
  }
  return undefined;
}
