// Owns: what Argo CD builds of an Application whose source is a kustomization with options of its own.
// Promises: the real Kustomize, with the commands that Argo CD runs (util/kustomize/kustomize.go: edit set namespace, edit set image, edit add patch).
// Must not: judge the objects, or know previews.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { FileTree } from "../../src/render/file-tree.js";
import { build, type KubernetesObject, writeTree } from "../render/build-stacks.js";
import { ensureTool } from "../tools/ensure-tool.js";
import type { Application } from "./render-application-set.js";

interface KustomizeOptions {
  readonly namespace?: string;
  readonly images?: readonly string[];
  readonly patches?: readonly { readonly target: Readonly<Record<string, string>>; readonly patch: string }[];
}

export async function buildApplication(
  tree: FileTree,
  { spec }: Application,
): Promise<readonly KubernetesObject[]> {
  const kustomize = await ensureTool("kustomize");
  const folder = mkdtempSync(join(tmpdir(), "prod-stack-application-"));
  try {
    writeTree(folder, tree);
    const directory = join(folder, spec.source?.path ?? "");
    const { namespace, images = [], patches = [] } = (spec.source?.kustomize ?? {}) as KustomizeOptions;
    const edit = (...args: readonly string[]) => execa(kustomize, ["edit", ...args], { cwd: directory });
    if (namespace !== undefined) await edit("set", "namespace", namespace);
    for (const image of images) await edit("set", "image", image);
    for (const { target, patch } of patches) {
      const selects = Object.entries(target).flatMap(([key, value]) => [`--${key}`, value]);
      await edit("add", "patch", "--patch", patch, ...selects);
    }
    return await build(kustomize, directory);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
