// Owns: using the packed package as a user does: its command, and its main file.
// Promises: nothing of the work tree is loaded.
// Must not: judge.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inject } from "vitest";

type Core = typeof import("../../src/index.js");

export function loadCore(): Core {
  return createRequire(join(inject("packageFolder"), "../from-outside.cjs"))("create-prod-stack") as Core;
}

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function runCommand(args: readonly string[], cwd: string, prefix: readonly string[] = []): Run {
  const words = [...prefix, process.execPath, join(inject("packageFolder"), "lib/cli.cjs"), ...args];
  const env = { PATH: process.env.PATH, HOME: cwd };
  const { status, stdout, stderr } = spawnSync(words[0] ?? "", words.slice(1), {
    cwd,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Generates through the command. @throws Error with what it said */
export function generateByCommand(directory: string, answers: string, cwd: string): void {
  const { status, stdout, stderr } = runCommand([directory, "--answers", answers, "--yes", "--no-git"], cwd);
  if (status !== 0) throw new Error(`exit code ${status}\n${stdout}${stderr}`);
}

/** Generates through the core. @returns the stack's directory */
export function generateByCore(core: Core, text: string, directory: string): string {
  const rendered = core.renderStack({ spec: { text } });
  const location = core.locate(directory, rendered.stack);
  core.applyPlan(core.planRepository(rendered, location), location);
  return directory;
}

/** Path → permissions and bytes of every file below a folder, but .git. */
export function readTree(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const file = join(folder, path);
    if (path === ".git" || path.startsWith(".git/") || !statSync(file).isFile()) continue;
    files[path] = `${(statSync(file).mode & 0o777).toString(8)} ${readFileSync(file, "latin1")}`;
  }
  return files;
}

export function buildOverlay(kustomize: string, folder: string): string {
  return execFileSync(kustomize, ["build", folder], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

/**
 * The directories of a generated repository that something applies: the overlays of environments and clusters, and the
 * parts of bootstrap/.
 */
export function appliedDirectories(repository: string): string[] {
  return ["overlays", "clusters", "bootstrap"]
    .flatMap((parent) => kustomizationsBelow(repository, parent))
    .filter((directory) => !/(^|\/)managed(\/|$)/.test(directory))
    .sort();
}

/** Directories with a kustomization that is no component. */
function kustomizationsBelow(repository: string, parent: string): string[] {
  if (!existsSync(join(repository, parent))) return [];
  return readdirSync(join(repository, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => {
      const directory = `${parent}/${entry.name}`;
      const file = join(repository, directory, "kustomization.yaml");
      const isApplied = existsSync(file) && !/^kind: Component$/m.test(readFileSync(file, "utf8"));
      return [...(isApplied ? [directory] : []), ...kustomizationsBelow(repository, directory)];
    });
}
