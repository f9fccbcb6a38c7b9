// Owns: what detectors of the checklist look at, and their words for what they found.
// Promises: a finding names the objects that have it, or those that lack it; never a value of a secret.
// Must not: know rows.

import { asRecord, listAt, type Values } from "../../validate/values.js";
import { type Manifest, visible } from "../manifest.js";
import type { Place } from "../places.js";
import type { Reading } from "../read-manifests.js";
import type { DatastoreRole, Scene } from "../scene.js";
import type { Container, Workload } from "../workloads.js";

/** yes, partly, no: by the manifests. not visible: manifests cannot say. */
export type BeforeState = "yes" | "partly" | "no" | "not visible";

export interface Before {
  readonly state: BeforeState;
  /** Which objects have it, or what lacks. */
  readonly evidence: string;
}

export interface Seen {
  readonly scenes: readonly Scene[];
  readonly places: readonly Place[];
  readonly objects: readonly Manifest[];
  /** Services and datastores, of every place. */
  readonly workloads: readonly Workload[];
  readonly datastores: readonly DatastoreRole[];
  readonly reading: Reading;
  /** Every path of the repository. */
  readonly paths: readonly string[];
}

export type Detector = (seen: Seen) => Before;

const SHOWN = 3;

export function names(all: readonly string[]): string {
  const unique = [...new Set(all)].map((name) => visible(name, 60));
  const more = unique.length > SHOWN ? ` and ${unique.length - SHOWN} more` : "";
  return `${unique.slice(0, SHOWN).join(", ")}${more}`;
}

export const yes = (evidence: string): Before => ({ state: "yes", evidence });
export const partly = (evidence: string): Before => ({ state: "partly", evidence });
export const no = (evidence: string): Before => ({ state: "no", evidence });

/** What manifests cannot say. */
export const invisible: Detector = () => ({ state: "not visible", evidence: "manifests do not say" });

/** There is an object of one of these kinds. */
export function hasKind(what: string, ...kinds: readonly string[]): Detector {
  return ({ objects }) => {
    // A kind that several groups have is written with its group.
    const found = objects.filter(
      ({ kind, group }) => kinds.includes(kind) || kinds.includes(`${group}/${kind}`),
    );
    return found.length > 0 ? yes(names(found.map(({ id }) => id))) : no(`no ${what}`);
  };
}

/** An object of these kinds is a part of the row, which asks for more. */
export function hasPartly(more: string, what: string, ...kinds: readonly string[]): Detector {
  return (seen) => {
    const found = hasKind(what, ...kinds)(seen);
    return found.state === "yes" ? partly(`${found.evidence}; ${more}`) : found;
  };
}

/** A file whose path speaks of it. */
export function hasPath(what: string, pattern: RegExp): Detector {
  return ({ paths }) => {
    const found = paths.filter((path) => pattern.test(path));
    return found.length > 0 ? yes(names(found)) : no(`no ${what}`);
  };
}

/** Some object has an annotation. */
export function hasAnnotation(what: string, pattern: RegExp, ...kinds: readonly string[]): Detector {
  return ({ objects, workloads }) => {
    const own = objects
      .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
      .filter(({ annotations }) => Object.keys(annotations).some((key) => pattern.test(key)));
    const ofPods = workloads.filter(({ podAnnotations }) =>
      Object.keys(podAnnotations).some((key) => kinds.length === 0 && pattern.test(key)),
    );
    const found = [...own, ...ofPods.map(({ object }) => object)];
    return found.length > 0 ? yes(names(found.map(({ id }) => id))) : no(`no ${what}`);
  };
}

interface Named<T> {
  readonly item: T;
  readonly name: string;
}

/** All of them, some, or none. */
export function share<T>(all: readonly Named<T>[], holds: (item: T) => boolean, lack: string): Before {
  if (all.length === 0) return no("nothing runs here");
  const without = all.filter(({ item }) => !holds(item));
  const [one] = all;
  if (without.length === 0) return yes(`all ${all.length === 1 ? (one?.name ?? "") : all.length}`);
  if (without.length === all.length) return no(lack);
  return partly(`${lack}: ${names(without.map(({ name }) => name))}`);
}

/** Every workload. */
export function everyWorkload(lack: string, holds: (workload: Workload) => boolean): Detector {
  return ({ workloads }) =>
    share(
      workloads.map((item) => ({ item, name: item.object.name })),
      holds,
      lack,
    );
}

/** Every workload that keeps running. */
export function everyRunning(lack: string, holds: (workload: Workload) => boolean): Detector {
  return ({ workloads }) =>
    share(
      workloads
        .filter(({ object }) => ["Deployment", "StatefulSet"].includes(object.kind))
        .map((item) => ({ item, name: item.object.name })),
      holds,
      lack,
    );
}

/** Every container, with its own security context and the pod's. */
export function everyContainer(
  lack: string,
  holds: (own: Values, pod: Values, data: Values) => boolean,
): Detector {
  return ({ workloads }) => {
    const all = workloads.flatMap((workload) =>
      containersOf(workload).map((container) => ({
        item: { workload, container },
        name: workload.object.name,
      })),
    );
    return share(
      all,
      ({ workload, container }) =>
        holds(
          asRecord(container.data.securityContext),
          asRecord(workload.pod.securityContext),
          container.data,
        ),
      lack,
    );
  };
}

export function containersOf({ main, sidecars, inits }: Workload): readonly Container[] {
  return [main, ...sidecars, ...inits];
}

/** The better of two findings is a part of the whole. */
export function both(one: Detector, other: Detector): Detector {
  return (seen) => {
    const [a, b] = [one(seen), other(seen)];
    if (a.state === b.state) return { state: a.state, evidence: `${a.evidence}; ${b.evidence}` };
    return partly(`${a.evidence}; ${b.evidence}`);
  };
}

export function textsIn(objects: readonly Manifest[], kind: string): string {
  return objects
    .filter((one) => one.kind === kind)
    .map(({ data }) => JSON.stringify(data.spec ?? {}))
    .join("\n");
}

export function hasItems(value: unknown, ...path: readonly string[]): boolean {
  return listAt(value, ...path).length > 0;
}
