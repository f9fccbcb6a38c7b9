// Owns: a place with roles: which workload is a service, a datastore, the platform's, or nothing that the generator covers.
// Promises: names are those by which clients find things today, so that addresses in settings stay true.
// Must not: make facts of it.

import type { DatastoreSpec } from "../spec/schema/spec-types.js";
import { listAt, textAt } from "../validate/values.js";
import { engineOf, isExporter, platformReason } from "./known-images.js";
import type { Manifest } from "./manifest.js";
import { visible } from "./manifest.js";
import type { Place } from "./places.js";
import type { Report } from "./report.js";
import { type Workload, workloadsOf } from "./workloads.js";

export interface ServiceRole {
  readonly key: string;
  readonly workload: Workload;
}

export interface DatastoreRole {
  readonly key: string;
  readonly engine: DatastoreSpec["engine"];
  readonly workload: Workload;
  /** Names by which clients reach it, without a domain. */
  readonly hosts: readonly string[];
  /** Secrets that the server itself reads. */
  readonly secrets: readonly string[];
}

export interface Scene {
  readonly place: Place;
  readonly services: readonly ServiceRole[];
  readonly datastores: readonly DatastoreRole[];
  /** KServe's, which have no pods of their own. */
  readonly models: readonly { readonly key: string; readonly object: Manifest }[];
  /** Backups of datastores, by the engine of their image. */
  readonly backups: readonly { readonly engine: DatastoreSpec["engine"]; readonly object: Manifest }[];
  readonly report: Report;
}

export function sceneOf(place: Place, report: Report): Scene {
  const workloads = workloadsOf(place).filter((workload) => isOurs(workload, report));
  const isBackup = (workload: Workload) =>
    workload.object.kind === "CronJob" && engineIn(workload) !== undefined;
  const isStore = ({ object, main }: Workload) =>
    ["Deployment", "StatefulSet"].includes(object.kind) && engineOf(main.image) !== undefined;
  const taken = new Set<string>();
  const datastores = workloads.filter(isStore).map((workload) => datastoreRole(workload, taken));
  const rest = workloads.filter((one) => !isStore(one) && !isBackup(one));
  const services = rest.map((workload) => ({ key: keyOf(workload, taken), workload }));
  const models = place.objects
    .filter(({ kind }) => kind === "InferenceService")
    .map((object) => ({ key: unique(labelOf(object.name), taken), object }));
  return {
    place,
    services: services.filter(({ key }) => key !== ""),
    datastores,
    models,
    backups: workloads.filter(isBackup).flatMap((workload) => {
      const engine = engineIn(workload);
      return engine === undefined ? [] : [{ engine, object: workload.object }];
    }),
    report,
  };
}

/** A dump is often taken by one container and carried away by another. */
function engineIn({ main, inits, sidecars }: Workload): DatastoreSpec["engine"] | undefined {
  return [main, ...inits, ...sidecars]
    .map(({ image }) => engineOf(image))
    .find((engine) => engine !== undefined);
}

function datastoreRole(workload: Workload, taken: Set<string>): DatastoreRole {
  const hosts = workload.services.map(({ name }) => name);
  return {
    key: keyOf(workload, taken),
    engine: engineOf(workload.main.image) ?? "postgresql",
    workload,
    hosts: [...new Set([...hosts, workload.object.name])],
    secrets: listAt(workload.main.data, "env").flatMap((item) => {
      const name = textAt(item, "valueFrom", "secretKeyRef", "name");
      return name === undefined ? [] : [labelOf(name)];
    }),
  };
}

/** Says what becomes of a workload that is not carried over. */
function isOurs({ object, main, pod }: Workload, report: Report): boolean {
  const leave = (reason: string) => {
    report.leave(`${visible(object.id)}: ${reason}`, object.origin());
    return false;
  };
  const platform = platformReason(main.image);
  if (platform !== undefined) return leave(platform);
  if (object.kind === "DaemonSet")
    return leave("a DaemonSet is the platform's: a stack has no say over every node");
  if (isExporter(main.image)) return leave("a generated datastore brings its exporter along");
  if (object.annotations["helm.sh/hook"]?.includes("test") === true) return leave("a test of Helm's");
  if (pod.hostNetwork === true)
    report.warn(
      `${visible(object.id)} uses the node's network, which Pod Security forbids: the generated one has its own`,
      object.origin(),
    );
  return true;
}

/** The name of its one Service, by which clients know it; else its own. */
function keyOf({ services, object }: Workload, taken: Set<string>): string {
  const [only, ...others] = services.filter(({ data }) => !isHeadless(data));
  const [headless] = services;
  const name = only !== undefined && others.length === 0 ? only.name : object.name;
  const isStateful = object.kind === "StatefulSet" && only === undefined;
  return unique(labelOf(isStateful ? (headless?.name.replace(/-headless$/, "") ?? name) : name), taken);
}

function isHeadless(service: Manifest["data"]): boolean {
  return textAt(service, "spec", "clusterIP") === "None";
}

/** A DNS label as the schema takes it. */
export function labelOf(text: string): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 45)
    .replace(/-+$/, "");
  return label === "" ? "unnamed" : label;
}

function unique(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let number = 2; taken.has(candidate); number += 1) candidate = `${name}-${number}`;
  taken.add(candidate);
  return candidate;
}
