// Owns: the flow as one call: text of the spec → plan, and plan → report.
// Promises: every door gets the same bytes; nothing is written before everything is rendered and planned.
// Must not: talk to people.

import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { applyPlan, isFresh, type Report } from "./apply/apply-plan.js";
import { type Location, readSnapshot, readState } from "./apply/read-repository.js";
import type { ConflictChoice } from "./plan/conflict-choice.js";
import { mergeFile } from "./plan/merge-file.js";
import { planWrite } from "./plan/plan-write.js";
import { hashOf } from "./plan/state.js";
import type { PlannedFile, WritePlan } from "./plan/write-plan.js";
import type { FileTree } from "./render/file-tree.js";
import { renderTree } from "./render/render-tree.js";
import { migrateSpec, readSpecDraft } from "./spec/edit-spec.js";
import { SPEC_FORMAT } from "./spec/migrations/index.js";
import type { Migrated } from "./spec/migrations/migration.js";
import { type ParsedSpec, parsePlatform, parseSpec } from "./spec/parse-spec.js";
import type { PlatformSpec, StackSpec } from "./spec/schema/spec-types.js";
import { resolveStack } from "./stack/resolve-stack.js";
import type { Stack } from "./stack/stack.js";
import { StackError } from "./stack-error.js";
import { VERSION } from "./version.js";

export interface Input {
  /** Content of prod-stack.yaml, with the name under which errors mention it. */
  readonly spec: {
    readonly text: string;
    readonly file?: string;
    /** What the repository gets as its prod-stack.yaml; the text itself by default. */
    readonly written?: string | undefined;
  };
  /** Content of platform.yaml. */
  readonly platform?: { readonly text: string; readonly file?: string } | undefined;
}

export interface Rendered {
  readonly parsed: ParsedSpec<StackSpec>;
  readonly platform: ParsedSpec<PlatformSpec> | undefined;
  readonly stack: Stack;
  readonly tree: FileTree;
}

/** Answers → FileTree. Pure. */
export function renderStack(input: Input): Rendered {
  const parsed = parseSpec(input.spec.text, input.spec.file);
  const platform = input.platform && parsePlatform(input.platform.text, input.platform.file);
  const stack = resolveStack(parsed, { platform, generator: VERSION });
  return {
    parsed,
    platform,
    stack,
    tree: withSpec(renderTree(stack), stack, input.spec.written ?? input.spec.text),
  };
}

/** The user's own file belongs to the repository too. */
function withSpec(tree: FileTree, stack: Stack, text: string): FileTree {
  const path = stack.source.path === "." ? "prod-stack.yaml" : `${stack.source.path}/prod-stack.yaml`;
  const about = {
    what: "The declaration of the stack: the one file to edit.",
    why: "Everything managed derives from it.",
    change: "this file, then run create-prod-stack",
  };
  const file = {
    path,
    contents: withSchemaLine(text),
    mode: 0o644,
    ownership: "seeded",
    capability: "spec",
    about,
  } as const;
  return [...tree, file].sort((a, b) => (a.path < b.path ? -1 : 1));
}

const SCHEMA_LINE = "# yaml-language-server: $schema=.prod-stack/schema.json";

/** With the line by which editors find the schema, offline; a byte order mark would stand in the middle then, and goes. */
export function withSchemaLine(text: string): string {
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const body = text.replace(/^\uFEFF/, "");
  const whole = body.endsWith("\n") ? body : `${body}${lineEnd}`;
  return /^# yaml-language-server: \$schema=/m.test(whole) ? whole : `${SCHEMA_LINE}${lineEnd}${whole}`;
}

/**
 * A prod-stack.yaml of an older version as one of today's, in the user's own words wherever the migration has nothing to say;
 * undefined where it is of today's.
 */
export function rewriteSpec(text: string, format = SPEC_FORMAT): (Migrated & { text: string }) | undefined {
  const plain = text.replaceAll("\r\n", "\n");
  const migration = migrateSpec(plain, format);
  if (migration === undefined) return undefined;
  const { before, ...migrated } = migration;
  const merge = mergeFile("prod-stack.yaml", before, plain, migrated.text);
  // Where the user's layout is in the way of the migration, the migration goes first.
  const kept = "merged" in merge ? merge.merged : (merge.theirs ?? "");
  const isSame = isDeepStrictEqual(readSpecDraft(kept, "").data, readSpecDraft(migrated.text, "").data);
  const rewritten = isSame ? kept : migrated.text;
  return { ...migrated, text: text.includes("\r\n") ? rewritten.replaceAll("\n", "\r\n") : rewritten };
}

/** Where a stack lives, from its own directory and the path that it declares. */
export function locate(directory: string, stack: Stack): Location {
  const { path } = stack.source;
  if (path === ".") return { root: directory, path };
  const root = resolve(directory, ...path.split("/").map(() => ".."));
  if (resolve(root, path) !== resolve(directory)) {
    throw new StackError(
      "input",
      "PLACE",
      `the stack says that it lives at ${path} of its repository, and ${directory} does not end so`,
      { hint: `Use a directory that ends in ${path}, or change source.path.` },
    );
  }
  return { root, path };
}

/** What would happen to a repository. */
export function planRepository(
  rendered: Rendered,
  location: Location,
  options: RepositoryOptions = {},
): WritePlan {
  const state = readState(location);
  const snapshot = readSnapshot(location, rendered.tree, state);
  const plan = planWrite(rendered.tree, state, snapshot, {
    generator: VERSION,
    force: options.force ?? false,
    conflicts: options.conflicts ?? "leave",
    restore: new Set(options.restore ?? []),
  });
  return options.replaceSpec
    ? { ...plan, files: plan.files.map((file) => replaceSpec(file, rendered.tree, options.replaceSpec)) }
    : plan;
}

export interface RepositoryOptions {
  /** Replace unknown files that are in the way. */
  readonly force?: boolean;
  /** Write prod-stack.yaml although it exists: the user asked for an edit of it, or for what this says. */
  readonly replaceSpec?: boolean | string;
  /** What becomes of edits that disagree with the new rendering; `leave` by default. */
  readonly conflicts?: ConflictChoice;
  /** Paths of deleted files that the user wants back. */
  readonly restore?: readonly string[];
}

function replaceSpec(file: PlannedFile, tree: FileTree, why: boolean | string = true): PlannedFile {
  const spec = tree.find(({ path, capability }) => path === file.path && capability === "spec");
  if (spec === undefined || file.action !== "keep" || file.before === hashOf(spec.contents)) return file;
  const reason = typeof why === "string" ? why : "edited as you asked";
  return { ...file, action: "update", reason, contents: spec.contents };
}

export { applyPlan, isFresh, type Report };
