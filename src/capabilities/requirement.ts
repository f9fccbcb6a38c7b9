// Owns: what one requirement says.
// Promises: types only.
// Must not: hold requirements.

export interface Requirement {
  readonly what: string;
  readonly why: string;
  /** A command that shows it. */
  readonly check: string;
}
