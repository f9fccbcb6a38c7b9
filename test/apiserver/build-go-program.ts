// Owns: building a Go program from a module folder of this repository into the project's cache.
// Promises: built once per content of the module, whole or not at all, by one worker at a time; no Go needed afterwards.
// Must not: change go.mod or go.sum, let Go fetch another toolchain, or know what the programs are for.
import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { isErrorWithCode, withExclusiveLock } from "./exclusive-lock.js";

/** The project's cache: not in git, and safe to delete at any time. */
export const cacheFolder = join(import.meta.dirname, "..", "..", ".cache");

/** A program to build: package path `main` inside the module at `moduleFolder`. */
export interface GoProgram {
  readonly name: string;
  /** Folder below the cache that the program is kept in. */
  readonly cache: string;
  /** Absolute path of the folder with go.mod and go.sum. */
  readonly moduleFolder: string;
  readonly main: string;
  readonly linkerFlags?: readonly string[];
}

/**
 * Returns the absolute path of the built program, building it when the cache has none for this content.
 * Throws when Go is missing, or with Go's own output when the build fails.
 */
export async function buildGoProgram(program: GoProgram): Promise<string> {
  const folder = join(cacheFolder, program.cache, `${program.name}-${await digestOf(program)}`);
  const path = join(folder, program.name);
  if (await exists(path)) return path;
  return withExclusiveLock(`${folder}.lock`, async () => {
    if (await exists(path)) return path;
    const partial = `${folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    try {
      await compile(program, join(partial, program.name));
      await rename(partial, folder);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return path;
  });
}

/** Everything that decides the bytes of the program, apart from the toolchain. */
async function digestOf(program: GoProgram): Promise<string> {
  const names = (await readdir(program.moduleFolder)).filter((name) => /\.go$|^go\.(mod|sum)$/.test(name));
  const hash = createHash("sha256").update(JSON.stringify([program.main, program.linkerFlags ?? []]));
  for (const name of names.sort())
    hash.update(`\n${name}\n`).update(await readFile(join(program.moduleFolder, name)));
  return hash.digest("hex").slice(0, 12);
}

async function compile(program: GoProgram, output: string): Promise<void> {
  const linkerFlags = ["-s", "-w", ...(program.linkerFlags ?? [])].join(" ");
  const flags = ["-trimpath", "-buildvcs=false", "-mod=readonly", "-ldflags", linkerFlags, "-o", output];
  await runGo(["build", ...flags, program.main], program.moduleFolder);
}

/** Runs the installed Go in `folder`; a failure throws with Go's own output. */
async function runGo(args: readonly string[], folder: string): Promise<void> {
  // GOGC: compilers that collect less often are done sooner; each is short-lived and well within a runner's memory.
  const env = { GOTOOLCHAIN: "local", GOWORK: "off", CGO_ENABLED: "0", GOGC: "400" };
  const result = await execa("go", args, { cwd: folder, env, reject: false });
  if (isErrorWithCode(result.cause, "ENOENT")) {
    throw new Error(
      "Go is not on PATH. These tests build their servers from source: install Go 1.26 or newer.",
    );
  }
  if (result.failed) {
    throw new Error(`go ${args[0]} failed in ${folder}:\n${result.stderr || result.shortMessage}`);
  }
}

/** Whether a file or folder is at `path`. */
export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isErrorWithCode(error, "ENOENT")) return false;
    throw error;
  }
}
