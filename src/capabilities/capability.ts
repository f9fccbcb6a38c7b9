// Owns: what a capability is: one production concern and the files that it yields.
// Promises: a capability is a plain value; it says which files, from which templates, with which views.
// Must not: render or write, or know where the files of a place live (places.ts).

import type { Stack } from "../stack/stack.js";

/** managed: kept current and merged; seeded: written once, then the user's; release: written once, then changed by machines. */
export type Ownership = "managed" | "seeded" | "release";

/** What `explain` says of a file. */
export interface About {
  readonly what: string;
  readonly why: string;
  /** Where the rule comes from. */
  readonly standard?: string;
  /** Where to change it. */
  readonly change: string;
}

/** The kustomization that lists a file. */
export interface Membership {
  /** Directory of the kustomization, such as base/api or overlays/prod/managed. */
  readonly kustomization: string;
  readonly as: "resources" | "patches";
  /** For a patch of more than one object: which ones. */
  readonly target?: { readonly kind: string; readonly labelSelector: string };
}

/** A ConfigMap that Kustomize generates, so that a change of its content rolls the pods. */
export interface GeneratedConfigMap {
  readonly kustomization: string;
  readonly name: string;
  readonly behavior: "create" | "merge" | "replace";
  readonly literals: readonly string[];
  /** Files below the kustomization's directory. */
  readonly files: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface FileSpec {
  /** Path below the stack's directory, or below the repository's root. */
  readonly path: string;
  readonly root: "stack" | "repository";
  readonly template: string;
  readonly view: unknown;
  readonly ownership: Ownership;
  readonly executable: boolean;
  /** Its text is not the generator's: not a space is tidied away. */
  readonly verbatim: boolean;
  readonly about: About;
  readonly member: Membership | undefined;
  /** Kinds of the objects in it that Argo CD syncs, as group/Kind. */
  readonly kinds: readonly string[];
}

export interface Capability {
  readonly id: string;
  readonly title: string;
  /** One sentence for `explain` and the docs. */
  readonly summary: string;
  /** Rows of the checklist that it makes true. */
  readonly rows: readonly string[];
  /** What is lost when the user switches it off; undefined where that is not possible. */
  readonly withoutIt: string | undefined;
  readonly files: (stack: Stack) => readonly FileSpec[];
  readonly configMaps?: (stack: Stack) => readonly GeneratedConfigMap[];
}

/** A capability whose files depend on what all the others yield, such as the kustomizations. */
export interface Index extends Omit<Capability, "files" | "configMaps"> {
  /** `again` says what the capabilities yield for another stack, such as one of the same services in another place. */
  readonly files: (
    stack: Stack,
    others: Contributions,
    again: (stack: Stack) => Contributions,
  ) => readonly FileSpec[];
}

/** What a capability has yielded for a stack. */
export interface Yield {
  readonly capability: Pick<Capability, "id" | "title" | "rows">;
  readonly files: readonly FileSpec[];
}

export interface Contributions {
  readonly yields: readonly Yield[];
  readonly files: readonly FileSpec[];
  readonly configMaps: readonly GeneratedConfigMap[];
}

type FileOptions = Partial<
  Pick<FileSpec, "root" | "ownership" | "executable" | "verbatim" | "member" | "kinds">
>;

/** A file with the usual defaults: managed, in the stack's directory, not executable, in no kustomization. */
export function file(
  path: string,
  template: string,
  view: unknown,
  about: About,
  options: FileOptions = {},
): FileSpec {
  return {
    path,
    template,
    view,
    about,
    root: "stack",
    ownership: "managed",
    executable: false,
    verbatim: false,
    member: undefined,
    kinds: [],
    ...options,
  };
}
