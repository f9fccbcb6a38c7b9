// Owns: lists in which each thing stands once.
// Promises: the first of each stays, in the order of the list.
// Must not: sort.

/** The items whose key no earlier one has. */
export function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const own = key(item);
    return !seen.has(own) && seen.add(own);
  });
}
