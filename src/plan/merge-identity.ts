// Owns: which elements of two lists are the same thing: as Kubernetes and Kustomize merge lists, by a key of each element.
// Promises: a key counts only where every element of every version has it and no two share it; else a list is a sequence.
// Must not: know where the lists stand in a text.

/** A value without its style: scalars as text that tells strings from other types, with numbers as they are written. */
export type Data = string | readonly Data[] | ReadonlyMap<string, Data>;

export interface Identity {
  /** The names of the elements of each version; two of one name are the same thing. Undefined for a sequence. */
  readonly names: readonly (readonly string[])[] | undefined;
  /** The order is the meaning: what both sides put in one place cannot simply follow each other. */
  readonly isStrict: boolean;
}

/** Lists whose key is not among the general ones, or that have several: all must stay distinct. */
const KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ports: [["name"], ["containerPort", "protocol"], ["port", "protocol"], ["port"]],
  volumeMounts: [["mountPath"]],
  volumeDevices: [["devicePath"]],
  tolerations: [["key", "effect"], ["key"]],
  conditions: [["type"]],
  topologySpreadConstraints: [["topologyKey", "whenUnsatisfiable"]],
  parentRefs: [["name", "sectionName"], ["name"]],
  patches: [["path|target"]],
  rules: [["alert"], ["record"], ["name"], ["host"]],
  panels: [["id"], ["title"]],
};

const GENERAL: readonly (readonly string[])[] = [
  ["name"],
  ["id"],
  ["uid"],
  ["key"],
  ["type"],
  ["path"],
  ["ip"],
  ["refId"],
  ["secretKey"],
  ["configMapRef|secretRef"],
];

/** Keys that are objects, but name one thing. */
const REFERENCES = new Set(["target", "configMapRef", "secretRef"]);

/** Lists in which each element has its place among the others. */
const STRICT = new Set(["command", "args", "steps", "entrypoint"]);

/** Lists of KEY=VALUE: two of one key are an error. */
const ASSIGNMENTS = new Set(["literals"]);

const ABSENT: Readonly<Record<string, string>> = { protocol: '"TCP"', whenUnsatisfiable: '"DoNotSchedule"' };

/** @param versions of one list, the base first */
export function identify(list: string, versions: readonly (readonly Data[])[]): Identity {
  const isStrict = STRICT.has(list);
  const elements = versions.flat();
  const isScalars = elements.every((element) => typeof element === "string");
  const isMaps = !isScalars && elements.every((element) => element instanceof Map);
  if (isStrict || (!isScalars && !isMaps)) return { names: undefined, isStrict };
  const candidates = isMaps ? (KEYS[list] ?? GENERAL).map(keyOf) : [scalarKey(list)];
  const named = candidates.flatMap((key) => {
    const names = versions.map((version) => distinct(version.map(key)));
    return names.includes(undefined) ? [] : [names as string[][]];
  });
  // An element whose key has changed is rather told by another one.
  const [best] = named.sort((a, b) => lost(a) - lost(b));
  const names = best && (isMaps ? withRenames(best, versions) : best);
  return { names: isMaps && names && isReplacedTwice(names) ? undefined : names, isStrict };
}

/** One element is gone on both sides, and each has another instead: its key tells nothing then. */
function isReplacedTwice([base = [], ...others]: readonly (readonly string[])[]): boolean {
  const [ours, theirs] = others.map((names) => new Set(names));
  if (ours === undefined || theirs === undefined) return false;
  const inBase = new Set(base);
  const hasOwn = (names: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...names].some((name) => !inBase.has(name) && !other.has(name));
  const isGone = base.some((name) => !ours.has(name) && !theirs.has(name));
  return isGone && hasOwn(ours, theirs) && hasOwn(theirs, ours);
}

/** How many elements of the base the others do not have. */
function lost([base = [], ...others]: readonly (readonly string[])[]): number {
  return others.reduce((count, names) => {
    const known = new Set(names);
    return count + base.filter((name) => !known.has(name)).length;
  }, 0);
}

/** The one element that is gone and the one that is new, at the same place and mostly the same, are one with a new name. */
function withRenames(
  names: readonly (readonly string[])[],
  versions: readonly (readonly Data[])[],
): readonly (readonly string[])[] {
  const [base = [], ...others] = names;
  if (others.length === 0) return names;
  const inBase = new Set(base);
  const renamed = others.map((side, index) => {
    const inSide = new Set(side);
    const [gone, ...moreGone] = base.filter((name) => !inSide.has(name));
    const [fresh, ...moreFresh] = side.filter((name) => !inBase.has(name));
    if (gone === undefined || fresh === undefined || moreGone.length + moreFresh.length > 0) return side;
    const place = base.indexOf(gone);
    const isSamePlace = side.indexOf(fresh) === place;
    return isSamePlace && isAlike(versions[0]?.[place], versions[index + 1]?.[place])
      ? side.map((name) => (name === fresh ? gone : name))
      : side;
  });
  return [base, ...renamed];
}

function isAlike(a: Data | undefined, b: Data | undefined): boolean {
  if (!(a instanceof Map) || !(b instanceof Map)) return false;
  const same = [...a].filter(
    ([key, value]) => b.has(key) && canonical(b.get(key) ?? "") === canonical(value),
  );
  return same.length > 0 && same.length * 2 >= Math.max(a.size, b.size);
}

type Key = (element: Data) => string | undefined;

function scalarKey(list: string): Key {
  return (element) => (ASSIGNMENTS.has(list) ? String(element).replace(/=.*$/s, "") : canonical(element));
}

/** `a|b`: the first of them that an element has. The first field must be there, the others may be left out. */
function keyOf(fields: readonly string[]): Key {
  return (element) => {
    if (!(element instanceof Map)) return undefined;
    const values = fields.map((field) => {
      const name = field.split("|").find((one) => element.has(one)) ?? field;
      const value = element.get(name) ?? ABSENT[name] ?? "";
      return typeof value === "string" || REFERENCES.has(name) ? value : "";
    });
    return values[0] === "" ? undefined : values.map(canonical).join(" ");
  };
}

function distinct(names: readonly (string | undefined)[]): readonly string[] | undefined {
  return names.includes(undefined) || new Set(names).size < names.length ? undefined : (names as string[]);
}

/** Whether an element of one side and one of the other claim the same place under any key of the list. */
export function clash(list: string, ours: readonly Data[], theirs: readonly Data[]): boolean {
  return (KEYS[list] ?? []).map(keyOf).some((key) => {
    const taken = new Set(ours.map(key));
    return theirs.map(key).some((id) => id !== undefined && taken.has(id));
  });
}

const known = new WeakMap<object, string>();

/** The same text for the same value, whatever the order of its keys. */
export function canonical(data: Data): string {
  if (typeof data === "string") return data;
  const text = known.get(data) ?? spell(data);
  known.set(data, text);
  return text;
}

function spell(data: Exclude<Data, string>): string {
  if (!(data instanceof Map)) return `[${(data as readonly Data[]).map(canonical).join(",")}]`;
  const pairs = [...data].map(([key, value]) => `${key}:${canonical(value)}`);
  return `{${pairs.sort().join(",")}}`;
}

/**
 * The order of what is kept of two versions: the order of the side that has moved something, ours if both have; what only the
 * other has stands behind its neighbour there, and behind what ours has added at the same place.
 */
export function mergeOrder(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
  isKept: (id: string) => boolean,
): string[] {
  const isTheirOrder = hasMoved(base, theirs) && !hasMoved(base, ours);
  const [first, second] = isTheirOrder ? [theirs, ours] : [ours, theirs];
  const order = first.filter(isKept);
  const inFirst = new Set(order);
  const inSecond = new Set(second);
  const behind = new Map<string, string[]>([["", []]]);
  let anchor = "";
  for (const id of second) {
    if (inFirst.has(id)) anchor = id;
    else if (isKept(id)) behind.set(anchor, append(behind.get(anchor), id));
  }
  const result = [...(behind.get("") ?? [])];
  anchor = "";
  order.forEach((id, index) => {
    result.push(id);
    if (inSecond.has(id)) anchor = id;
    const next = order[index + 1];
    const isWaiting = !isTheirOrder && next !== undefined && !inSecond.has(next);
    if (isWaiting || anchor === "") return;
    for (const added of behind.get(anchor) ?? []) result.push(added);
    behind.delete(anchor);
  });
  return result;
}

function append(list: string[] | undefined, id: string): string[] {
  if (list === undefined) return [id];
  list.push(id);
  return list;
}

function hasMoved(base: readonly string[], side: readonly string[]): boolean {
  const inSide = new Set(side);
  const inBase = new Set(base);
  const before = base.filter((id) => inSide.has(id));
  return side.filter((id) => inBase.has(id)).some((id, index) => id !== before[index]);
}
