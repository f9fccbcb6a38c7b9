// Owns: a directory as a value, and the repositories that the command makes of the examples.
// Promises: bytes and modes; the command is the built one, in a process of its own.
// Must not: assert.

import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const ROOT = new URL("../..", import.meta.url).pathname;
export const EXAMPLES = ["devops-lab", "expensetracker", "mlops", "proxy-monitor", "rate-limiter"] as const;

/** Path → mode and bytes. */
export function treeOf(root: string): Record<string, string> {
  const tree: Record<string, string> = {};
  const visit = (folder: string) => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const stats = lstatSync(join(root, path));
      if (path === ".git") continue;
      if (stats.isDirectory()) visit(path);
      else if (stats.isSymbolicLink()) tree[path] = `link ${readlinkSync(join(root, path))}`;
      else tree[path] = `${(stats.mode & 0o777).toString(8)} ${readFileSync(join(root, path), "latin1")}`;
    }
  };
  visit("");
  return tree;
}

export function exampleText(name: string): string {
  return readFileSync(join(ROOT, "examples", name, "prod-stack.yaml"), "utf8");
}

/** What the command writes for these answers. */
export function byCommand(answers: string): string {
  const folder = mkdtempSync(join(tmpdir(), "prod-stack-by-command-"));
  writeFileSync(join(folder, "answers.yaml"), answers);
  const directory = join(folder, "repository");
  const args = [
    join(ROOT, "lib/cli.cjs"),
    directory,
    "--answers",
    join(folder, "answers.yaml"),
    "--no-interactive",
    "--no-git",
  ];
  execFileSync(process.execPath, args, { stdio: "pipe", cwd: folder });
  return directory;
}
