// Owns: facts of each environment → what holds everywhere, and what differs in one.
// Promises: what all environments agree on stands once; nothing that one of them says is lost.
// Must not: know what the facts mean.

import { Fact, type Facts, put } from "./facts.js";

/** One thing with a name in each place that has it. */
export type ByPlace = ReadonlyMap<string, Facts>;

export interface Combined {
  readonly base: Facts;
  /** What differs, by place. */
  readonly differing: ReadonlyMap<string, Facts>;
}

/**
 * @param places every place, the one nearest to production last
 * @param whole keys whose values stand in the base, taken from the last place, whatever the others say
 */
export function combine(
  byPlace: ByPlace,
  places: readonly string[],
  whole: readonly string[] = [],
): Combined {
  const own = places.filter((place) => byPlace.has(place));
  const reference = byPlace.get(own.at(-1) ?? "") ?? {};
  const base: Facts = {};
  const differing = new Map<string, Facts>();
  for (const key of keysOf([...byPlace.values()])) {
    if (whole.includes(key)) {
      const value = reference[key] ?? [...byPlace.values()].find((facts) => facts[key] !== undefined)?.[key];
      if (value !== undefined) base[key] = value;
      continue;
    }
    split(
      [key],
      own.map((place) => [place, byPlace.get(place)?.[key]]),
      base,
      differing,
    );
  }
  return { base, differing };
}

type Values = readonly (readonly [place: string, value: Fact | Facts | undefined])[];

/** Equal leaves into the base, others to their places; of maps each key for itself. */
function split(path: readonly string[], values: Values, base: Facts, differing: Map<string, Facts>): void {
  const given = values.filter(([, value]) => value !== undefined);
  const maps = given.flatMap(([, value]) => (value === undefined || value instanceof Fact ? [] : [value]));
  if (maps.length === given.length && maps.length > 0) {
    for (const key of keysOf(maps))
      split(
        [...path, key],
        values.map(([place, value]) => [place, value instanceof Fact ? undefined : value?.[key]]),
        base,
        differing,
      );
    return;
  }
  const texts = new Set(given.map(([, value]) => textOf(value)));
  const [, last] = given.at(-1) ?? [];
  if (given.length === values.length && texts.size === 1 && last !== undefined) {
    put(base, path, last);
    return;
  }
  for (const [place, value] of given) {
    if (value === undefined) continue;
    const facts = differing.get(place) ?? {};
    put(facts, path, value);
    differing.set(place, facts);
  }
}

function keysOf(maps: readonly Facts[]): string[] {
  return [...new Set(maps.flatMap((map) => Object.keys(map)))];
}

/** Equal values have equal texts. */
function textOf(value: Fact | Facts | undefined): string {
  if (value instanceof Fact) return JSON.stringify(value.value ?? null);
  return JSON.stringify(Object.entries(value ?? {}).map(([key, item]) => [key, textOf(item)]));
}
