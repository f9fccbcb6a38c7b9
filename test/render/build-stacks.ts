// Owns: rendered trees on a disk, built by the real Kustomize.
// Promises: every overlay and bootstrap directory is built once; a warning on stderr is a failure.
// Must not: judge what is built.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import type { FileTree } from "../../src/render/file-tree.js";
import { renderTree } from "../../src/render/render-tree.js";
import { parseSpec } from "../../src/spec/parse-spec.js";
import { resolveStack } from "../../src/stack/resolve-stack.js";
import type { Stack } from "../../src/stack/stack.js";
import { ensureTool } from "../tools/ensure-tool.js";

/** A Kubernetes object as plain data; tests look into it freely. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests are about
export type KubernetesObject = any;

export interface BuiltStack {
  readonly stack: Stack;
  readonly tree: FileTree;
  /** Objects by kustomization directory below the stack's own, such as overlays/prod. */
  readonly objects: ReadonlyMap<string, readonly KubernetesObject[]>;
}

export function renderText(text: string): { stack: Stack; tree: FileTree } {
  const stack = resolveStack(parseSpec(text), { generator: "0.0.0-test" });
  return { stack, tree: renderTree(stack) };
}

const APPLIED =
  /(^|\/)(overlays\/[^/]+|clusters\/[^/]+\/[^/]+|bootstrap\/[^/]+(\/[^/]+)?)\/kustomization\.yaml$/;

/** Directories that people or Argo CD apply. */
export function appliedDirectories(tree: FileTree): string[] {
  return tree
    .filter(({ path }) => APPLIED.test(path))
    .filter(({ contents }) => !/^kind: Component$/m.test(contents))
    .map(({ path }) => dirname(path));
}

/** Renders and builds stacks by name; `runs` builds at a time. */
export async function buildStacks(
  texts: Readonly<Record<string, string>>,
  runs = 2,
): Promise<ReadonlyMap<string, BuiltStack>> {
  const kustomize = await ensureTool("kustomize");
  const folder = mkdtempSync(join(tmpdir(), "prod-stack-build-"));
  try {
    const rendered = Object.entries(texts).map(([name, text]) => ({ name, ...renderText(text) }));
    for (const { name, tree } of rendered) writeTree(join(folder, name), tree);
    const jobs = rendered.flatMap(({ name, tree }) =>
      appliedDirectories(tree).map((directory) => ({ name, directory })),
    );
    const built = new Map<string, readonly KubernetesObject[]>();
    const queue = [...jobs];
    const work = async () => {
      for (let job = queue.shift(); job !== undefined; job = queue.shift())
        built.set(
          `${job.name}/${job.directory}`,
          await build(kustomize, join(folder, job.name, job.directory)),
        );
    };
    await Promise.all(Array.from({ length: runs }, work));
    return new Map(
      rendered.map(({ name, stack, tree }) => [
        name,
        { stack, tree, objects: objectsOf(name, tree, stack, built) },
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function objectsOf(
  name: string,
  tree: FileTree,
  { source }: Stack,
  built: ReadonlyMap<string, readonly KubernetesObject[]>,
): ReadonlyMap<string, readonly KubernetesObject[]> {
  const prefix = source.path === "." ? "" : `${source.path}/`;
  return new Map(
    appliedDirectories(tree).map((directory) => [
      directory.slice(prefix.length),
      built.get(`${name}/${directory}`) ?? [],
    ]),
  );
}

export function writeTree(folder: string, tree: FileTree): void {
  for (const { path, contents, mode } of tree) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), contents, { mode });
  }
}

export async function build(kustomize: string, directory: string): Promise<KubernetesObject[]> {
  const { stdout, stderr, exitCode } = await execa(kustomize, ["build", directory], { reject: false });
  const place = directory.split("/").slice(-3).join("/");
  if (exitCode !== 0 || stderr !== "") throw new Error(`kustomize build ${place}: ${stderr || exitCode}`);
  return parseAllDocuments(stdout, { version: "1.1" }).map((document) => document.toJS());
}

/** Objects of an environment's overlay, or of a cluster's: prod, prod/west. */
export function overlayOf(built: BuiltStack, label: string): readonly KubernetesObject[] {
  const objects = built.objects.get(`${label.includes("/") ? "clusters" : "overlays"}/${label}`);
  if (objects === undefined) throw new Error(`no overlay of ${label}`);
  return objects;
}

export function ofKind(objects: readonly KubernetesObject[], ...kinds: string[]): KubernetesObject[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

/** The pod template of a workload, or undefined for other objects. */
export function podOf({ kind, spec }: KubernetesObject): KubernetesObject | undefined {
  if (kind === "Deployment" || kind === "StatefulSet" || kind === "Job") return spec.template;
  return kind === "CronJob" ? spec.jobTemplate.spec.template : undefined;
}
