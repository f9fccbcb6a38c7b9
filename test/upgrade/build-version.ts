// Owns: versions of the generator whose templates differ, built as the package is built.
// Promises: a copy of the sources in a folder of its own; an edit that does not apply fails, so that no version is silently the same.
// Must not: touch the project.

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const PROJECT = join(import.meta.dirname, "../..");
const COPIED = ["src", "templates", "projenrc", "package.json", "tsconfig.dev.json"];

/** A change of a source file or template: what stands there, and what instead. */
export interface SourceEdit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface VersionSource {
  readonly version: string;
  readonly edits: readonly SourceEdit[];
}

export interface BuiltVersion {
  readonly version: string;
  /** Path of its command. */
  readonly command: string;
}

/** Builds a version; each starts from the project's sources, so `edits` are all that it differs in. */
export async function buildVersion({ version, edits }: VersionSource): Promise<BuiltVersion> {
  const folder = mkdtempSync(join(tmpdir(), `cps-${version}-`));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const name of COPIED) cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  rewrite(folder, "package.json", (text) => text.replace(/"version": "[^"]+"/, `"version": "${version}"`));
  for (const { file, from, to } of edits)
    rewrite(folder, file, (text) => {
      if (!text.includes(from)) throw new Error(`${file} does not have: ${from}`);
      return text.replaceAll(from, to);
    });
  await execa(process.execPath, ["--import", "tsx", "projenrc/build.ts"], { cwd: folder });
  return { version, command: join(folder, "lib/cli.cjs") };
}

function rewrite(folder: string, file: string, change: (text: string) => string): void {
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, "utf8")));
}
