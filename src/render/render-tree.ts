// Owns: Stack → FileTree.
// Promises: pure; the same stack and version give the same bytes. Text ends in one newline and has no trailing spaces.
// Must not: decide which files there are; capabilities do.

import type { Capability, Contributions, FileSpec, Index, Yield } from "../capabilities/capability.js";
import { capabilities as allCapabilities, indexes as allIndexes } from "../capabilities/index.js";
import { shareAmongClusters } from "../capabilities/share-among-clusters.js";
import templates from "../generated/templates.json" with { type: "json" };
import type { Stack } from "../stack/stack.js";
import { type FileTree, type TreeFile, toFileTree } from "./file-tree.js";
import { runTemplate, type Templates } from "./run-template.js";

export interface RenderOptions {
  readonly capabilities?: readonly Capability[];
  readonly indexes?: readonly Index[];
  readonly templates?: Templates;
}

/** What each capability yields for a stack, before anything is rendered; the indexes see all that came before them. */
export function yieldsOf(
  stack: Stack,
  { capabilities = allCapabilities, indexes = allIndexes }: RenderOptions = {},
): readonly Yield[] {
  const contribute = (to: Stack) => contributionsOf(to, capabilities);
  const { yields: first, configMaps } = contribute(stack);
  const yields: Yield[] = [...first];
  for (const capability of indexes) {
    const others = { yields: [...yields], files: yields.flatMap((one) => one.files), configMaps };
    const isActive = !stack.disabled.includes(capability.id);
    yields.push({ capability, files: isActive ? capability.files(stack, others, contribute) : [] });
  }
  return yields;
}

function contributionsOf(stack: Stack, capabilities: readonly Capability[]): Contributions {
  const active = capabilities.filter(({ id }) => !stack.disabled.includes(id));
  const contents = active.map((capability) => ({
    capability,
    ...shareAmongClusters(stack, {
      files: capability.files(stack),
      configMaps: capability.configMaps?.(stack) ?? [],
    }),
  }));
  return {
    // One that is switched off yields nothing, and still says which rows it would have met.
    yields: capabilities.map((capability) => ({
      capability,
      files: contents.find((one) => one.capability === capability)?.files ?? [],
    })),
    files: contents.flatMap(({ files }) => files),
    configMaps: contents.flatMap((one) => one.configMaps),
  };
}

/** Renders every file of a stack. */
export function renderTree(stack: Stack, options: RenderOptions = {}): FileTree {
  const source = options.templates ?? (templates as unknown as Templates);
  return toFileTree(
    yieldsOf(stack, options).flatMap(({ capability, files }) =>
      files.map((file) => render(stack, source, capability.id, file)),
    ),
  );
}

function render(stack: Stack, source: Templates, capability: string, file: FileSpec): TreeFile {
  return {
    path: placeOf(stack, file),
    contents: contentsOf(source, file),
    mode: file.executable ? 0o755 : 0o644,
    ownership: file.ownership,
    capability,
    about: file.about,
  };
}

function contentsOf(source: Templates, { template, view, verbatim }: FileSpec): string {
  const text = runTemplate(source, template, view);
  return verbatim ? text : tidy(text);
}

function placeOf(stack: Stack, { path, root }: FileSpec): string {
  return root === "repository" || stack.source.path === "." ? path : `${stack.source.path}/${path}`;
}

/** No trailing spaces, no run of empty lines, one newline at the end. Most texts are so already, and looking is cheap. */
function tidy(text: string): string {
  let tidied = text;
  if (/[ \t]\n/.test(tidied)) tidied = tidied.split("\n").map(withoutTrailingSpaces).join("\n");
  if (tidied.includes("\n\n\n")) tidied = tidied.replace(/\n{3,}/g, "\n\n");
  return `${tidied.trim()}\n`;
}

function withoutTrailingSpaces(line: string): string {
  return line.trimEnd();
}
