// Owns: what a migration of prod-stack.yaml is: the step from one version of its schema to the next.
// Promises: an edit of the parsed document, so that comments, order and the positions of what stays are kept.
// Must not: run one; migrate-document does.

import type { Document } from "yaml";

export interface Migration {
  /** The apiVersion that it reads; each has one migration. */
  readonly from: string;
  /** The apiVersion that comes out. */
  readonly to: string;
  /** What it does, in words that the plan shows. */
  readonly steps: readonly string[];
  /**
   * Edits in place, best with document-edits.ts. What is not as the old version has it stays as it is: the schema says then
   * what is wrong with it, where it stands. `apiVersion` is set by who runs it.
   */
  readonly edit: (document: Document) => void;
}

/** The version that a program knows, and the ways to it from older ones. */
export interface SpecFormat {
  readonly current: string;
  readonly migrations: readonly Migration[];
}

/** What was done to a document of an older version. */
export interface Migrated {
  readonly from: string;
  readonly to: string;
  readonly steps: readonly string[];
}
