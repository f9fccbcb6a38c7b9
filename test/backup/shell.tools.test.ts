// Proves every generated script by shellcheck, for stacks of one and of several services.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { RATE_LIMITER, renderSpec, SHOP, writeTree } from "./render-stack.js";
import { programPath } from "./test-programs.js";

test.each([
  ["rate-limiter", RATE_LIMITER],
  ["shop", SHOP],
])("the scripts of %s have no finding, and explain themselves", async (_name, spec) => {
  const directory = mkdtempSync(join(tmpdir(), "backup-"));
  const tree = renderSpec(spec);
  writeTree(tree, directory);
  const scripts = tree.filter(({ path }) => path.endsWith(".sh"));
  expect(scripts.length).toBeGreaterThan(15);
  const { all, exitCode } = await execa(
    programPath("shellcheck"),
    scripts.map(({ path }) => path),
    { cwd: directory, reject: false, all: true },
  );
  expect(all).toBe("");
  expect(exitCode).toBe(0);
  for (const { path } of scripts.filter(({ mode }) => mode === 0o755)) {
    const help = await execa(join(directory, path), ["--help"], { reject: false });
    expect(help.stdout, path).toContain("usage: ");
    expect(help.exitCode, path).toBe(0);
  }
  rmSync(directory, { recursive: true });
});
