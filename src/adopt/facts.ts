// Owns: what is known of a stack before it is a spec: a tree of values, each with where it was read and what was assumed.
// Promises: the shape is that of prod-stack.yaml; only leaves carry origins.
// Must not: know keys of the spec.

import type { Origin } from "./manifest.js";

/** One value of the spec to be. Its note says what was assumed, and becomes a comment on its line. */
export class Fact {
  constructor(
    readonly value: unknown,
    readonly origin?: Origin | undefined,
    readonly note?: string | undefined,
  ) {}
}

export interface Facts {
  [key: string]: Fact | Facts;
}

/** Puts a fact at its place; maps on the way are made. */
export function put(facts: Facts, path: readonly string[], fact: Fact | Facts): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    facts[key] = fact;
    return;
  }
  const inner = facts[key];
  const map: Facts = inner === undefined || inner instanceof Fact ? {} : inner;
  facts[key] = map;
  put(map, rest, fact);
}

export function isEmpty(facts: Fact | Facts | undefined): boolean {
  return facts === undefined || (!(facts instanceof Fact) && Object.keys(facts).length === 0);
}

/** Every leaf with its path. */
export function leavesOf(
  facts: Facts,
  path: readonly string[] = [],
): { path: readonly string[]; fact: Fact }[] {
  return Object.entries(facts).flatMap(([key, value]) =>
    value instanceof Fact ? [{ path: [...path, key], fact: value }] : leavesOf(value, [...path, key]),
  );
}

/** The same as plain data. */
export function dataOf(facts: Facts): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [key, value instanceof Fact ? value.value : dataOf(value)]),
  );
}

/** Removes what stands at a path, and the maps that it leaves empty. @returns whether there was something */
export function remove(facts: Facts, [key, ...rest]: readonly string[]): boolean {
  const inner = key === undefined ? undefined : facts[key];
  if (key === undefined || inner === undefined) return false;
  if (rest.length === 0) return delete facts[key];
  if (inner instanceof Fact) return false;
  const isGone = remove(inner, rest);
  if (isGone && isEmpty(inner)) delete facts[key];
  return isGone;
}
