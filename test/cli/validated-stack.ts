// Owns: a generated stack for the command to validate, with kustomize as the only tool.
// Promises: the real kustomize, pinned in test/tools.
// Must not: validate.

import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { ensureTool } from "../tools/ensure-tool.js";
import { put, read, run, scratch } from "./command.js";

/** A generated stack, and an environment in which kustomize is the only tool. */
export async function stack(): Promise<{ cwd: string; env: Record<string, string> }> {
  const cwd = scratch();
  const tools = scratch();
  symlinkSync(await ensureTool("kustomize"), join(tools, "kustomize"));
  const words = [".", "--yes", "--name", "shop", "--service-name", "shop", "--no-git"];
  expect(await run(words, { cwd })).toMatchObject({ code: 0 });
  return { cwd, env: { PATH: tools } };
}

/** Objects enough to keep kustomize busy for many seconds. */
export function addManyObjects(cwd: string): void {
  const objects = Array.from(
    { length: 3_000 },
    (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c${index} }\n`,
  );
  put(cwd, "overlays/prod/many.yaml", objects.join("---\n"));
  const text = read(cwd, "overlays/prod/kustomization.yaml");
  put(
    cwd,
    "overlays/prod/kustomization.yaml",
    text.replace(/^( *)- managed$/m, "$1- managed\n$1- many.yaml"),
  );
}
