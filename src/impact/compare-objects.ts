// Owns: the objects of one place before and after → what will happen to each in the cluster.
// Promises: pure; what restarts, what cannot be changed in place, what disappears and what of it holds data.
// Must not: build, or decide what is allowed.

import type { BuiltObject } from "../validate/built-object.js";
import { changedPaths } from "./changed-paths.js";
import { isHook, isStateful, kindOf, refusedPaths, restartsPods } from "./object-rules.js";

/**
 * create, delete; rename: deleted, and made again under another name; replace: a field that cannot change, so that it has to be
 * deleted and made again; restart: its pods are replaced; unscale: it loses its replicas to an autoscaler; update: anything else.
 */
export type Effect = "create" | "delete" | "rename" | "replace" | "restart" | "unscale" | "update";

export interface ObjectChange {
  /** `prod`, `prod/west`, `bootstrap`, as `validate` calls them. */
  readonly place: string;
  /** `Kind/name`. */
  readonly id: string;
  readonly namespace: string;
  readonly effect: Effect;
  /** Which fields, or which new name. */
  readonly reason: string;
  /** Whether data or everything in it goes with it. */
  readonly isStateful: boolean;
}

const keyOf = (object: BuiltObject) => `${kindOf(object)} ${object.namespace} ${stableName(object)}`;

/** Without the hash that kustomize ends the names of generated ConfigMaps and Secrets in. */
function stableName({ kind, name }: BuiltObject): string {
  return kind === "ConfigMap" || kind === "Secret" ? name.replace(/-[a-z0-9]{10}$/, "") : name;
}

export function compareObjects(
  place: string,
  before: readonly BuiltObject[],
  after: readonly BuiltObject[],
): ObjectChange[] {
  const old = new Map(before.map((object) => [keyOf(object), object]));
  const next = new Map(after.map((object) => [keyOf(object), object]));
  const gone = [...old.values()].filter((object) => !next.has(keyOf(object)));
  const added = [...next.values()].filter((object) => !old.has(keyOf(object)));
  const change = (object: BuiltObject, effect: Effect, reason: string): ObjectChange => ({
    place,
    id: object.id,
    namespace: object.namespace,
    effect,
    reason,
    isStateful: isStateful(object),
  });
  const kept = [...next].flatMap(([key, object]) => {
    const was = old.get(key);
    if (was === undefined) return [];
    const [effect, reason] = effectOf(was, object, added) ?? [];
    return effect === undefined || reason === undefined ? [] : [change(was, effect, reason)];
  });
  const renamed = new Set<BuiltObject>();
  const removed = gone.map((object) => {
    const twin = added.find((other) => !renamed.has(other) && isRenamed(object, other));
    if (twin === undefined) return change(object, "delete", "is not in the stack any more");
    renamed.add(twin);
    return change(object, "rename", `becomes ${placeOf(twin, object)}`);
  });
  const created = added
    .filter((object) => !renamed.has(object))
    .map((object) => change(object, "create", "is new"));
  return [...removed, ...kept, ...created].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function placeOf(object: BuiltObject, old: BuiltObject): string {
  return object.namespace === old.namespace ? object.name : `${object.name} in namespace ${object.namespace}`;
}

/** The same but for where it stands. */
function isRenamed(one: BuiltObject, other: BuiltObject): boolean {
  if (kindOf(one) !== kindOf(other)) return false;
  if (one.name === other.name) return true;
  return isStateful(one) && changedPaths(one.data.spec, other.data.spec).length < MOST_CHANGES_OF_A_RENAME;
}

/** Names of a set, its labels, its volumes and variables change with it. */
const MOST_CHANGES_OF_A_RENAME = 30;

function effectOf(
  before: BuiltObject,
  after: BuiltObject,
  added: readonly BuiltObject[],
): [Effect, string] | undefined {
  const paths = changedPaths(before.data, after.data);
  if (paths.length === 0) return undefined;
  const refused = isHook(after) ? [] : refusedPaths(after, paths);
  if (refused.length > 0) return ["replace", `${few(refused)} cannot be changed in place`];
  if (losesReplicas(before, after, added)) return ["unscale", UNSCALED];
  const restarting = paths.filter((path) => restartsPods(after, path));
  if (restarting.length > 0) return ["restart", few(restarting)];
  return ["update", few(paths)];
}

function losesReplicas(before: BuiltObject, after: BuiltObject, added: readonly BuiltObject[]): boolean {
  const replicas = ({ data }: BuiltObject) => (data.spec as { replicas?: unknown } | undefined)?.replicas;
  if (replicas(before) === undefined || replicas(after) !== undefined) return false;
  return added.some(({ kind, data }) => {
    const { scaleTargetRef } = (data.spec ?? {}) as { scaleTargetRef?: { kind?: string; name?: string } };
    return (
      (kind === "HorizontalPodAutoscaler" || kind === "ScaledObject") &&
      scaleTargetRef?.name === after.name &&
      (scaleTargetRef.kind ?? "Deployment") === after.kind
    );
  });
}

const UNSCALED =
  'an autoscaler takes over spec.replicas, which falls to 1 until it has: first hand it over, as docs/runbook/README.md says under "Turn autoscaling on"';

function few(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).join(", ");
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}
