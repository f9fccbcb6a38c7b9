// Owns: generated files as projen's file objects, for its escape hatches.
// Promises: an object is made when somebody asks for it; what is not overridden is not parsed.
// Must not: write; nothing of projen writes a generated file.

import { FileBase, type IResolver, ObjectFile, type Project } from "projen";
import { dataOf, editsBetween, type ValueEdit } from "../index.js";
import type { GeneratedFile } from "./run-command.js";

const OPTIONS = { marker: false, readonly: false, editGitignore: false } as const;

/** A manifest: `addOverride`, `addDeletionOverride`, `addToArray` and `patch` work on what is in it. */
export class GeneratedObject extends ObjectFile {
  constructor(
    project: Project,
    path: string,
    private readonly file: GeneratedFile,
  ) {
    super(project, path, { ...OPTIONS, obj: () => dataOf(file.path, file.contents) });
  }

  /** What the overrides lead to. */
  edits(resolver: IResolver): ValueEdit[] {
    const { rawOverrides, patchOperations } = this as unknown as {
      rawOverrides: object;
      patchOperations: readonly unknown[];
    };
    if (Object.keys(rawOverrides).length === 0 && patchOperations.length === 0) return [];
    const content = this.synthesizeContent(resolver);
    // As projen resolves it, so that nothing but the overrides makes a difference.
    const before = resolver.resolve(dataOf(this.file.path, this.file.contents));
    return editsBetween(JSON.parse(JSON.stringify(before)), JSON.parse(content ?? "null"));
  }

  override synthesize(): void {
    // ProdStackProject hands the overrides to the command.
  }
}

/** A script, a page: it can be found and removed. */
export class GeneratedText extends FileBase {
  constructor(
    project: Project,
    path: string,
    private readonly file: GeneratedFile,
  ) {
    super(project, path, { ...OPTIONS, executable: file.mode === 0o755 });
  }

  protected synthesizeContent(): string {
    return this.file.contents;
  }

  override synthesize(): void {
    // The command writes it.
  }
}
