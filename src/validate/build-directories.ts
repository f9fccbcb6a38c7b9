// Owns: building kustomizations of a repository that nobody generated, by their directories.
// Promises: as for overlays: nothing is fetched, nothing outside is read; what does not build says why. Without kustomize, nothing is built.
// Must not: judge what is built.

import { buildOverlay } from "./build-overlay.js";
import { findTools } from "./find-tools.js";
import { mapConcurrently } from "./map-concurrently.js";
import { readKustomizations } from "./read-kustomizations.js";
import { resolveDirectory, type StackFile } from "./stack-files.js";

export interface BuiltDirectories {
  /** kustomize or kubectl; undefined where neither was found. */
  readonly tool: "kustomize" | "kubectl" | undefined;
  /** What was built, by directory. */
  readonly texts: ReadonlyMap<string, string>;
  /** Why the others were not, by directory. */
  readonly problems: ReadonlyMap<string, string>;
}

export interface BuildOptions {
  readonly directory: string;
  readonly files: readonly StackFile[];
  /** Below the directory. */
  readonly directories: readonly string[];
  /** As in PATH. */
  readonly searchPath: string;
  readonly signal?: AbortSignal;
}

export async function buildDirectories(options: BuildOptions): Promise<BuiltDirectories> {
  const { files, directories, searchPath, signal } = options;
  const { kustomize, kubectl } = await findTools(searchPath);
  const path = kustomize ?? kubectl;
  if (path === undefined) return { tool: undefined, texts: new Map(), problems: new Map() };
  const builder = { name: kustomize === undefined ? "kubectl" : "kustomize", path } as const;
  const directory = await resolveDirectory(options.directory);
  const texts = new Map<string, string>();
  const problems = new Map<string, string>();
  await mapConcurrently([...directories], 2, async (name) => {
    const overlay = { name, directory: name, tier: undefined, namespace: undefined, problem: undefined };
    const graph = readKustomizations(files, name);
    const { text, outcome } = await buildOverlay(overlay, graph, builder, { directory, signal });
    const error = outcome.findings.find(({ severity }) => severity === "error");
    if (error === undefined) texts.set(name, text);
    else problems.set(name, error.message);
  });
  return { tool: builder.name, texts, problems };
}
