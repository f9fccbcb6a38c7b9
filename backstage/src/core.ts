// Owns: what this package uses of the core, and how it reaches it.
// Promises: the same files that the command runs: `npm run build` copies them from the command's package, so both have one version.
// Must not: import Backstage; the core's own compiler checks these types against what the core exports.

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
}

export interface CoreError extends Error {
  readonly kind: "input" | "conflict" | "validation" | "cancelled" | "internal";
  readonly code: string;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[];
}

export interface Text {
  readonly text: string;
  readonly file?: string;
}

export interface Location {
  readonly root: string;
  readonly path: string;
}

export interface TreeFile {
  readonly path: string;
  readonly contents: string;
  readonly mode: number;
}

export interface Stack {
  readonly name: string;
  readonly owner: string;
  readonly source: { readonly url: string; readonly revision: string; readonly path: string };
  readonly environments: readonly {
    readonly name: string;
    readonly tier: string;
    readonly domain: string;
    readonly namespace: string;
  }[];
  readonly base: {
    readonly services: readonly { readonly name: string; readonly type: string; readonly runtime: string }[];
    readonly datastores: readonly {
      readonly name: string;
      readonly engine: string;
      readonly version: string;
    }[];
  };
}

export interface Rendered {
  readonly stack: Stack;
  readonly tree: readonly TreeFile[];
}

export interface PlannedFile {
  readonly path: string;
  readonly action: "create" | "update" | "merge" | "keep" | "delete" | "conflict";
  readonly reason: string;
  readonly contents: string | undefined;
  readonly mode: 0o644 | 0o755;
}

export interface WritePlan {
  readonly files: readonly PlannedFile[];
}

export interface ObjectChange {
  readonly place: string;
  readonly id: string;
  readonly effect: "create" | "delete" | "rename" | "replace" | "restart" | "unscale" | "update";
  readonly reason: string;
  readonly isStateful: boolean;
}

export interface Impact {
  readonly changes: readonly ObjectChange[];
  readonly gaps: readonly string[];
}

export type ConflictChoice = "leave" | "markers";

/** Of src/index.ts of the command's package. */
export interface Core {
  readonly VERSION: string;
  readonly StackError: abstract new (...arguments_: never[]) => CoreError;
  readonly formatProblem: (problem: Problem) => string;
  readonly readSpecDraft: (
    text: string,
    file: string,
  ) => {
    readonly data: Readonly<Record<string, unknown>>;
    readonly source: { problem(path: readonly (string | number)[], message: string): Problem };
  };
  readonly writeSpec: (data: Readonly<Record<string, unknown>>) => string;
  /** A spec of an older version as one of today's; undefined where it is of today's. */
  readonly rewriteSpec: (text: string) => { readonly text: string; readonly to: string } | undefined;
  readonly renderStack: (input: {
    spec: Text & { readonly written?: string | undefined };
    platform?: Text | undefined;
  }) => Rendered;
  readonly readState: (location: Location) => { readonly generator: string } | undefined;
  readonly refuseNewer: (state: { readonly generator: string }) => void;
  readonly recoverRepository: (location: Location) => unknown;
  readonly planRepository: (
    rendered: never,
    location: Location,
    options?: { replaceSpec?: boolean | string; conflicts?: ConflictChoice; restore?: readonly string[] },
  ) => WritePlan;
  readonly applyPlan: (plan: never, location: Location) => unknown;
  readonly countActions: (plan: never) => Readonly<Record<PlannedFile["action"], number>>;
  readonly lostData: (impact: never, allowed: readonly string[]) => ObjectChange[];
  readonly hashOf: (contents: string) => string;
}

/** Of src/impact/index.ts. */
export interface ImpactCore {
  readonly impactOf: (options: {
    directory: string;
    location: Location;
    plan: never;
    searchPath: string;
    signal?: AbortSignal;
  }) => Promise<Impact>;
}

export interface Finding {
  readonly severity: "error" | "warning";
  readonly rule: string;
  readonly file?: string;
  readonly object?: string;
  readonly message: string;
  readonly hint: string;
}

export interface ValidationReport {
  readonly status: "passed" | "failed";
  readonly kubernetes: string;
  readonly rows: readonly {
    readonly environment: string;
    readonly checks: readonly {
      readonly check: string;
      readonly status: "passed" | "failed" | "not-run";
      readonly count: number;
      readonly unit: string;
      readonly findings: readonly Finding[];
      readonly reason?: string;
    }[];
  }[];
}

/** Of src/validate/index.ts. */
export interface ValidateCore {
  readonly validateRepository: (options: {
    directory: string;
    kubernetes?: string;
    environments?: readonly string[];
    searchPath?: string;
    today?: string;
    signal?: AbortSignal;
    onProgress?: (progress: {
      environment: string;
      check: string;
      status: "passed" | "failed" | "not-run";
      total: number;
    }) => void;
  }) => Promise<ValidationReport>;
}

export const core = (): Core => require("../core/index.cjs");

/** Loaded when it is needed: it brings a schema validator and what runs other programs. */
export const impactCore = (): ImpactCore => require("../core/impact.cjs");
export const validateCore = (): ValidateCore => require("../core/validate.cjs");

/** The schema of prod-stack.yaml, as data. */
export const specSchema = (): { readonly stack: unknown } => require("../core/spec-schema.json");
