// Owns: the flow as one call: text of the spec → plan, and plan → report.
// Promises: every door gets the same bytes; nothing is written before everything is rendered and planned.
// Must not: talk to people.

import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { applyPlan, isFresh, type Report } from "./apply/apply-plan.js";
import { inStack, type Location, readSnapshot, readStackFile, readState } from "./apply/read-repository.js";
import type { ConflictChoice } from "./plan/conflict-choice.js";
import { mergeFile } from "./plan/merge-file.js";
import { planWrite } from "./plan/plan-write.js";
import { hashOf } from "./plan/state.js";
import { uniteLines } from "./plan/unite-lines.js";
import type { PlannedFile, WritePlan } from "./plan/write-plan.js";
import {
  type AddedFile,
  CUSTOMIZATION_FILE,
  type Customization,
  customizeTree,
  parseCustomizationRecord,
} from "./render/customize-tree.js";
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
  const tree = customizedTree(rendered.tree, location, options.customization);
  const snapshot = readSnapshot(location, tree, state);
  const planned = planWrite(tree, state, snapshot, {
    generator: VERSION,
    force: options.force ?? false,
    conflicts: options.conflicts ?? "leave",
    restore: new Set(options.restore ?? []),
  });
  const plan = uniteLines(planned, tree);
  const files = plan.files.map((file) => replaceDerived(file, tree, location));
  return {
    ...plan,
    files: options.replaceSpec ? files.map((file) => replaceSpec(file, tree, options.replaceSpec)) : files,
  };
}

/**
 * The tree with what a door changes in it; by default with what was recorded of it, so that a door that does not know the
 * change renders the same.
 * @throws StackError (input, OVERRIDE | STATE)
 */
export function customizedTree(
  tree: FileTree,
  location: Location,
  customization: Customization = recordedCustomization(location),
): FileTree {
  return customizeTree(tree, customization, (file) => inStack(location, file));
}

const NOTHING: Customization = { overrides: {}, removed: [], added: [] };

function recordedCustomization(location: Location): Customization {
  const text = readStackFile(location, CUSTOMIZATION_FILE);
  if (text === undefined) return NOTHING;
  const record = parseCustomizationRecord(text);
  return { ...record, added: addedFiles(record.added, location) };
}

/** Files whose contents only another door knows: as it last wrote them. */
function addedFiles(paths: readonly string[], location: Location): AddedFile[] {
  const state = readState(location);
  const { files, bases } = readSnapshot(location, [], state);
  return paths.flatMap((path) => {
    const record = state?.files.get(path)?.[0];
    if (record === undefined) return [];
    const disk = files.get(path);
    const contents = disk?.textHash === record.hash ? disk.contents : bases.get(record.hash);
    return contents === undefined ? [] : [{ path, contents, mode: record.mode }];
  });
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
  /** What the door changes in the rendered files; what was recorded last by default. */
  readonly customization?: Customization | undefined;
}

/** Files that hold nothing of a person's: bookkeeping of .projenrc.mjs, which is where to change it. */
function replaceDerived(file: PlannedFile, tree: FileTree, location: Location): PlannedFile {
  const isDerived = [CUSTOMIZATION_FILE, ".projen/"].some((name) =>
    file.path.startsWith(inStack(location, name)),
  );
  const own = isDerived ? tree.find(({ path }) => path === file.path) : undefined;
  if (own === undefined || file.before === hashOf(own.contents) || file.action === "create") return file;
  const action = file.before === undefined ? "create" : "update";
  return { ...file, action, reason: "made by .projenrc.mjs", contents: own.contents };
}

function replaceSpec(file: PlannedFile, tree: FileTree, why: boolean | string = true): PlannedFile {
  const spec = tree.find(({ path, capability }) => path === file.path && capability === "spec");
  if (spec === undefined || file.action !== "keep" || file.before === hashOf(spec.contents)) return file;
  const reason = typeof why === "string" ? why : "edited as you asked";
  return { ...file, action: "update", reason, contents: spec.contents };
}

export { applyPlan, isFresh, type Report };
