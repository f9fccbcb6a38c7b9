// Owns: small facts about lists of named things, as pages ask for them.
// Promises: the order of the list.
// Must not: know what is in it.

export function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.filter((item, index) => items.findIndex((other) => key(other) === key(item)) === index);
}

export function names(items: readonly { readonly name: string }[]): string {
  return [...new Set(items.map(({ name }) => name))].join(", ");
}
