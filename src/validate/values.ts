// Owns: reading fields of parsed YAML whose form nobody has checked.
// Promises: a field that is absent or of another form reads as empty; never throws.
// Must not: know Kubernetes.

export type Values = Readonly<Record<string, unknown>>;

const EMPTY: Values = Object.freeze({});

/** The value as a mapping; empty where it is none. */
export function asRecord(value: unknown): Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : EMPTY;
}

/** The value at a path of field names. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, name) => {
    const record = asRecord(found);
    return Object.hasOwn(record, name) ? record[name] : undefined;
  }, value);
}

/** The mapping at a path; empty where there is none. */
export function recordAt(value: unknown, ...path: readonly string[]): Values {
  return asRecord(valueAt(value, ...path));
}

/** The list at a path; empty where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The text at a path, where it is one that says something. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** The mapping at a path, as text to text; what is not text is left out. */
export function labelsAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const entries = Object.entries(recordAt(value, ...path));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
