// Owns: the files of a repository → a proposal, with what Kustomize makes of its overlays where one is at hand.
// Promises: reads only; says how the overlays were read.
// Must not: write, or judge.

import type { SourceInput, StackProposal } from "../../adopt/index.js";
import { VERSION } from "../../index.js";
import { cancellable } from "../cancellation.js";
import { type ReadFile, readManifestFiles, readMore } from "../place/read-manifest-files.js";
import { withProgress } from "../progress.js";
import { count } from "../reporters/tree-report.js";
import type { Terminal } from "../terminal.js";

export interface ReadRepository {
  readonly files: readonly ReadFile[];
  readonly built: ReadonlyMap<string, string>;
  /** How overlays were read. */
  readonly notes: readonly string[];
  /** Paths that were not even looked at, with the reason. */
  readonly refused: readonly { readonly path: string; readonly problem: string }[];
}

export async function readRepositoryFiles(directory: string, terminal: Terminal): Promise<ReadRepository> {
  const { generatorFiles, isYaml, readManifests, rootsOf } = await import("../../adopt/index.js");
  const { files: listed, refused } = readManifestFiles(directory, isYaml);
  const reading = readManifests(listed);
  const more = new Map(
    readMore(directory, missing(generatorFiles(reading), listed)).map((file) => [file.path, file]),
  );
  const files = listed.map((file) => more.get(file.path) ?? file);
  const roots = rootsOf(reading);
  if (roots.length === 0) return { files, built: new Map(), notes: [], refused };
  const { buildDirectories } = await import("../../validate/index.js");
  const built = await withProgress(terminal, "Building the overlays", () =>
    cancellable((signal) =>
      buildDirectories({ directory, files, directories: roots, searchPath: terminal.env.PATH ?? "", signal }),
    ),
  );
  const notes =
    built.tool === undefined
      ? [
          `Neither kustomize nor kubectl was found: ${count(roots.length, "kustomization")} read structurally (resources, components, generators, patches, images, replicas, namespace).`,
        ]
      : [
          ...(built.texts.size === 0
            ? []
            : [`Built ${count(built.texts.size, "kustomization")} with ${built.tool}.`]),
          ...[...built.problems].map(
            ([name, problem]) => `${name} does not build, and was read structurally: ${problem}`,
          ),
        ];
  return { files, built: built.texts, notes, refused };
}

/** Only what the walk has seen as a regular file, and has not read. */
function missing(paths: readonly string[], files: readonly ReadFile[]): string[] {
  const open = new Set(
    files.filter(({ text, unread }) => text === undefined && unread === undefined).map(({ path }) => path),
  );
  return paths.filter((path) => open.has(path));
}

export async function proposalFrom(
  { files, built, refused }: ReadRepository,
  name: string,
  source: SourceInput,
): Promise<StackProposal> {
  const { proposeStack, visible } = await import("../../adopt/index.js");
  const proposal = proposeStack({ files, built, name, source, generator: VERSION });
  const unread = refused.map(({ path, problem }) => ({
    what: `${visible(path)} ${problem}, and was not read`,
  }));
  return { ...proposal, unread: [...proposal.unread, ...unread] };
}
