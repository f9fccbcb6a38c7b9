// Owns: how a kind in one API version stands in a version of Kubernetes: served, deprecated, removed, and what to write instead.
// Promises: only what the sources of Kubernetes and of the pinned operators say (schemas/lifecycle.json, schemas.jsonl.br).
// Must not: guess from names of versions.

import type { BuiltObject } from "./built-object.js";
import type { SchemaArchive } from "./schema-archive.js";
import lifecycle from "./schemas/lifecycle.json" with { type: "json" };

interface CoreKind {
  readonly deprecated?: string;
  readonly removed?: string;
  readonly use?: string;
}

interface CustomKind {
  readonly state: string;
  readonly use?: string;
  readonly source: string;
}

const CORE: Readonly<Record<string, CoreKind>> = lifecycle.kinds;
const CUSTOM: Readonly<Record<string, CustomKind>> = lifecycle.customResources;

/** The newest Kubernetes that the data is of. */
export const KNOWN: string = lifecycle.known;

export interface KindLifecycle {
  readonly state: "removed" | "deprecated";
  readonly message: string;
}

/** @returns undefined for what is served and has no end yet */
export function lifecycleOf(
  { apiVersion, group, kind }: Pick<BuiltObject, "apiVersion" | "group" | "kind">,
  kubernetes: string,
  archive: SchemaArchive,
): KindLifecycle | undefined {
  const key = `${apiVersion} ${kind}`;
  const core = own(CORE, key);
  if (core !== undefined) return coreLifecycle(core, kubernetes);
  const custom = own(CUSTOM, key);
  if (custom !== undefined) return customLifecycle(custom);
  return isUnknownTo(archive, { apiVersion, group, kind }, kubernetes)
    ? { state: "removed", message: `is no kind of Kubernetes ${nearest(archive, kubernetes)}` }
    : undefined;
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function coreLifecycle(
  { deprecated, removed, use }: CoreKind,
  kubernetes: string,
): KindLifecycle | undefined {
  const instead = insteadOf(use, kubernetes);
  if (removed !== undefined && isSince(removed, kubernetes))
    return { state: "removed", message: `is gone since ${removed}; ${instead}` };
  if (deprecated === undefined || !isSince(deprecated, kubernetes)) return undefined;
  const end = removed === undefined ? "" : ` and goes with ${removed}`;
  return { state: "deprecated", message: `is deprecated since ${deprecated}${end}; ${instead}` };
}

/** A replacement may be gone, too, by then. */
function insteadOf(use: string | undefined, kubernetes: string): string {
  let next = use;
  for (let step = 0; step < 10 && next !== undefined; step += 1) {
    const { removed, use: further } = own(CORE, next) ?? {};
    if (removed === undefined || !isSince(removed, kubernetes)) break;
    next = further;
  }
  return next === undefined ? "nothing replaces it" : `use ${next}`;
}

function customLifecycle({ state, use, source }: CustomKind): KindLifecycle {
  const instead = use === undefined ? "nothing replaces it" : `use ${use}`;
  return state === "unserved"
    ? { state: "removed", message: `is not served any more by ${source}; ${instead}` }
    : { state: "deprecated", message: `is deprecated by ${source}; ${instead}` };
}

/** Of a group that is Kubernetes' own, and in none of the schemas of the version, or of the newest that is known. */
function isUnknownTo(
  archive: SchemaArchive,
  { apiVersion, group, kind }: Pick<BuiltObject, "apiVersion" | "group" | "kind">,
  kubernetes: string,
): boolean {
  const version = nearest(archive, kubernetes);
  if (version === undefined) return false;
  const isOwn = archive.kinds.some(
    (entry) => entry.kubernetes !== undefined && groupOf(entry.apiVersion) === group,
  );
  return (
    isOwn &&
    !archive.kinds.some(
      (entry) =>
        entry.apiVersion === apiVersion &&
        entry.kind === kind &&
        (entry.kubernetes === undefined || entry.kubernetes.includes(version)),
    )
  );
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** Of the versions with schemas the one itself, or the newest where it is newer; undefined where it is older than all. */
function nearest({ kubernetesVersions }: SchemaArchive, kubernetes: string): string | undefined {
  if (kubernetesVersions.includes(kubernetes)) return kubernetes;
  const newest = kubernetesVersions.at(-1);
  return newest !== undefined && isSince(newest, kubernetes) ? newest : undefined;
}

export function isBeyondKnown(kubernetes: string): boolean {
  return kubernetes !== KNOWN && isSince(KNOWN, kubernetes);
}

/** Whether a version has what came with another. */
function isSince(since: string, kubernetes: string): boolean {
  return minor(since) <= minor(kubernetes);
}

function minor(version: string): number {
  return Number(version.split(".")[1]);
}
