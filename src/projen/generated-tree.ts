// Owns: the rendered tree as a project sees it: which path is which file object, and what the project changes in it.
// Promises: paths of objects are the project's, paths of changes the repository's.
// Must not: write or run anything.

import { posix, relative, resolve, sep } from "node:path";
import type { FileBase, IResolver, Project } from "projen";
import { resolve as resolveValue } from "projen/lib/_resolve.js";
import { type AddedFile, type Customization, isData, type ValueEdit } from "../index.js";
import { GeneratedObject, GeneratedText } from "./generated-files.js";
import type { GeneratedFile, RenderedStack } from "./run-command.js";

const RESOLVER: IResolver = { resolve: (value, options) => resolveValue(value, options) };

type Generated = GeneratedObject | GeneratedText;

export class GeneratedTree {
  private readonly files: ReadonlyMap<string, GeneratedFile>;
  private readonly made = new Map<string, Generated | undefined>();

  constructor(
    private readonly project: Project,
    private readonly rendered: RenderedStack,
  ) {
    this.files = new Map(rendered.files.map((file) => [this.inProject(file.path), file]));
  }

  /** Makes the object of a generated file, once. */
  make(path: string): void {
    const name = relative(this.project.outdir, resolve(this.project.outdir, path)).split(sep).join("/");
    const file = this.files.get(name);
    if (file === undefined || this.made.has(name)) return;
    // projen looks for the path again while the object is being made.
    this.made.set(name, undefined);
    this.made.set(name, new (isData(name) ? GeneratedObject : GeneratedText)(this.project, name, file));
  }

  customization(): Customization {
    const present = new Set<unknown>(this.project.components);
    const made = [...this.made].flatMap(([path, file]) => (file === undefined ? [] : [{ path, file }]));
    const overrides = made.flatMap(({ path, file }): [string, readonly ValueEdit[]][] =>
      file instanceof GeneratedObject && present.has(file)
        ? [[this.inRepository(path), file.edits(RESOLVER)]]
        : [],
    );
    return {
      overrides: Object.fromEntries(overrides.filter(([, edits]) => edits.length > 0)),
      removed: made.filter(({ file }) => !present.has(file)).map(({ path }) => this.inRepository(path)),
      added: this.project.files.flatMap((file) => this.added(file)),
    };
  }

  /** projen's own files and those of the user's code. */
  private added(file: FileBase): AddedFile[] {
    if (file instanceof GeneratedObject || file instanceof GeneratedText) return [];
    const { synthesizeContent } = file as unknown as {
      synthesizeContent(resolver: IResolver): string | undefined;
    };
    const contents = synthesizeContent.call(file, RESOLVER);
    if (contents === undefined) return [];
    return [{ path: this.inRepository(file.path), contents, mode: file.executable ? 0o755 : 0o644 }];
  }

  private inProject(path: string): string {
    return posix.relative(posix.join("/", this.rendered.path), posix.join("/", path));
  }

  private inRepository(path: string): string {
    return posix.join(this.rendered.path, path);
  }
}
