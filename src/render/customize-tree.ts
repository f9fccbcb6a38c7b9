// Owns: what a door changes in the rendered tree: overrides in manifests, files that it leaves out, files that it adds.
// Promises: pure; comments and order of an overridden file stay; the record of it is a file of the repository, so that every
//           door renders the same.
// Must not: know where overrides come from.

import { StackError } from "../stack-error.js";
import { type FileTree, type TreeFile, toFileTree } from "./file-tree.js";
import { dataOf, type ValueEdit, withEdits } from "./value-edits.js";

export interface AddedFile {
  /** Below the repository's root. */
  readonly path: string;
  readonly contents: string;
  readonly mode: 0o644 | 0o755;
}

export interface Customization {
  /** By path below the repository's root. */
  readonly overrides: Readonly<Record<string, readonly ValueEdit[]>>;
  readonly removed: readonly string[];
  readonly added: readonly AddedFile[];
}

/** What is recorded of it: of added files where they are; what is in them, the state knows as of any file. */
export type CustomizationRecord = Omit<Customization, "added"> & { readonly added: readonly string[] };

/** Below the stack's directory. */
export const CUSTOMIZATION_FILE = ".prod-stack/customization.json";

/** @throws StackError (input, OVERRIDE) for a file that is the user's own */
export function customizeTree(
  tree: FileTree,
  customization: Customization,
  /** Path of a file of the stack's directory, below the repository's root. */
  inStack: (file: string) => string,
): FileTree {
  const { overrides, removed, added } = customization;
  if (isEmpty(customization)) return tree;
  const gone = new Set(removed);
  const kept = tree
    .filter(({ path }) => !gone.has(path))
    .map((file) => unlisted(file, gone))
    .map((file) => overridden(file, overrides));
  return toFileTree([...kept, ...added.map(asTreeFile), recordFile(customization, inStack)]);
}

function isEmpty({ overrides, removed, added }: Customization): boolean {
  return Object.keys(overrides).length === 0 && removed.length === 0 && added.length === 0;
}

/** A kustomization that lists a file which is left out would not build. */
function unlisted(file: TreeFile, gone: ReadonlySet<string>): TreeFile {
  if (!file.path.endsWith("/kustomization.yaml") || gone.size === 0 || file.ownership !== "managed")
    return file;
  const directory = file.path.slice(0, -"kustomization.yaml".length);
  const data = dataOf(file.path, file.contents) as Readonly<Record<string, unknown>>;
  const edits = ["resources", "patches"].flatMap((key) => {
    const list = Array.isArray(data[key]) ? (data[key] as unknown[]) : [];
    const indexes = list.flatMap((item, index) => (gone.has(directory + nameOf(item)) ? [index] : []));
    // From the end, so that what is left keeps its place.
    return indexes.reverse().map((index): ValueEdit => ({ op: "remove", path: [key, index] }));
  });
  return edits.length === 0 ? file : { ...file, contents: withEdits(file.path, file.contents, edits) };
}

function nameOf(item: unknown): string {
  return typeof item === "string" ? item : String((item as { path?: unknown } | null)?.path);
}

function overridden(file: TreeFile, overrides: Customization["overrides"]): TreeFile {
  const edits = Object.hasOwn(overrides, file.path) ? overrides[file.path] : undefined;
  if (edits === undefined || edits.length === 0) return file;
  if (file.ownership !== "managed")
    throw new StackError("input", "OVERRIDE", `${file.path} cannot be overridden: it is yours`, {
      hint: "It was written once and is never rendered again. Edit the file itself.",
    });
  return { ...file, contents: withEdits(file.path, file.contents, edits) };
}

const CAPABILITY = "customization";

function asTreeFile({ path, contents, mode }: AddedFile): TreeFile {
  return {
    path,
    contents,
    mode,
    ownership: "managed",
    capability: CAPABILITY,
    about: {
      what: "A file that .projenrc.mjs adds.",
      why: "What the stack does not know, the project's own code may write.",
      change: ".projenrc.mjs, then run npx projen",
    },
  };
}

function recordFile(customization: Customization, inStack: (file: string) => string): TreeFile {
  const record: CustomizationRecord = {
    overrides: sortedByKey(customization.overrides),
    removed: [...customization.removed].sort(),
    added: customization.added.map(({ path }) => path).sort(),
  };
  return {
    path: inStack(CUSTOMIZATION_FILE),
    contents: `${JSON.stringify(record, null, 2)}\n`,
    mode: 0o644,
    ownership: "managed",
    capability: CAPABILITY,
    about: {
      what: "What .projenrc.mjs changes in the generated files.",
      why: "So that the command, which does not run it, checks and upgrades the same files.",
      change: ".projenrc.mjs, then run npx projen",
    },
  };
}

function sortedByKey<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @throws StackError (input, STATE) */
export function parseCustomizationRecord(text: string): CustomizationRecord {
  const record = tryParse(text);
  if (isRecord(record)) return record;
  throw new StackError("input", "STATE", `${CUSTOMIZATION_FILE} is damaged`, {
    hint: "Write it again: npx projen",
  });
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Reported as damaged.
  }
}

function isRecord(value: unknown): value is CustomizationRecord {
  const { overrides, removed, added } = (value ?? {}) as Record<string, unknown>;
  const isPaths = (list: unknown) => Array.isArray(list) && list.every((path) => typeof path === "string");
  if (!isPaths(removed) || !isPaths(added) || typeof overrides !== "object" || overrides === null)
    return false;
  return Object.values(overrides).every((edits) => Array.isArray(edits) && edits.every(isValueEdit));
}

function isValueEdit(edit: unknown): edit is ValueEdit {
  const { op, path } = (edit ?? {}) as Record<string, unknown>;
  const isKey = (key: unknown) => typeof key === "string" || typeof key === "number";
  return ["set", "remove", "append"].includes(op as string) && Array.isArray(path) && path.every(isKey);
}
