// Owns: the form of a lowered template.
// Promises: plain JSON, so that it can be generated when the package is built and embedded in it.
// Must not: know Handlebars; that is the build's.

/** [steps up, …names], or ["@", name] for the loop's own first, last, index and key. */
export type PathRef = readonly (string | number)[];

export type Operation =
  | string
  /** Value through a helper. */
  | readonly ["h", string, PathRef]
  /** If, then, else. */
  | readonly ["i", PathRef, Program, Program]
  /** Each. */
  | readonly ["e", PathRef, Program]
  /** Partial with its context and the indentation of its lines. */
  | readonly ["p", string, PathRef, string];

export type Program = readonly Operation[];
