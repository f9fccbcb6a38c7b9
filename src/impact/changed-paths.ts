// Owns: where two values differ.
// Promises: dotted paths, entries of lists by their name where they have one; order of keys is no difference.
// Must not: know Kubernetes.

/** Paths of the deepest values that differ; one path where a whole value is there on one side only. */
export function changedPaths(before: unknown, after: unknown, path = ""): string[] {
  if (Object.is(before, after)) return [];
  const one = childrenOf(before);
  const other = childrenOf(after);
  if (one === undefined || other === undefined || Array.isArray(before) !== Array.isArray(after))
    return [path];
  const keys = [...new Set([...one.keys(), ...other.keys()])].sort();
  const changed = keys.flatMap((key) =>
    changedPaths(one.get(key), other.get(key), path === "" ? key : `${path}.${key}`),
  );
  const isReordered =
    changed.length === 0 &&
    Array.isArray(before) &&
    keys.some((key) => !/^\d+$/.test(key)) &&
    !sameOrder(one, other);
  return isReordered ? [path] : changed;
}

function childrenOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const names = value.map((item) => nameOf(item));
  const isNamed = names.every((name) => name !== undefined) && new Set(names).size === names.length;
  return new Map(value.map((item, index) => [isNamed ? (names[index] ?? "") : String(index), item]));
}

function nameOf(item: unknown): string | undefined {
  const { name } = (item ?? {}) as { name?: unknown };
  return typeof name === "string" && !/^\d+$/.test(name) ? name : undefined;
}

function sameOrder(one: Map<string, unknown>, other: Map<string, unknown>): boolean {
  const keys = [...other.keys()];
  return [...one.keys()].every((key, index) => key === keys[index]);
}
