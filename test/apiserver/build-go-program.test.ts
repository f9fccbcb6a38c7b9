// A tiny program stands in for the big ones: built once, whole or not at all, with clear words when it cannot be.
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { buildGoProgram, cacheFolder, exists, type GoProgram } from "./build-go-program.js";

const cache = "build-go-program-test";
let program: GoProgram;

beforeEach(async () => {
  const moduleFolder = await mkdtemp(join(tmpdir(), "go-module-"));
  await writeFile(join(moduleFolder, "go.mod"), "module create-prod-stack.test/tiny\n\ngo 1.24\n");
  await writeSource(moduleFolder, `var answer = "none"\nfunc main() { print(answer) }`);
  program = { name: "tiny", cache, moduleFolder, main: ".", linkerFlags: ["-X main.answer=42"] };
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(program.moduleFolder, { recursive: true });
  await rm(join(cacheFolder, cache), { recursive: true, force: true });
});

function writeSource(folder: string, text: string): Promise<void> {
  return writeFile(join(folder, "main.go"), `package main\n${text}\n`);
}

test("two workers that ask at once get the same program, built once; later none is built", async () => {
  const [first, second] = await Promise.all([buildGoProgram(program), buildGoProgram(program)]);
  expect(second).toBe(first);
  expect((await execa(first)).stderr).toBe("42");
  const { mtimeMs } = await stat(first);
  vi.stubEnv("PATH", "");
  expect(await buildGoProgram(program)).toBe(first);
  expect((await stat(first)).mtimeMs).toBe(mtimeMs);
});

test("a changed source is another program", async () => {
  const before = await buildGoProgram(program);
  await writeSource(program.moduleFolder, "func main() {}");
  expect(await buildGoProgram(program)).not.toBe(before);
});

test("a missing Go is one clear error", async () => {
  vi.stubEnv("PATH", "");
  await expect(buildGoProgram(program)).rejects.toThrow(/^Go is not on PATH\..*install Go/);
});

test("a failed build tells what Go said, and the next try is not held up by it", async () => {
  await writeSource(program.moduleFolder, "func main() { undefinedName() }");
  await expect(buildGoProgram(program)).rejects.toThrow(/undefined: undefinedName/);
  await expect(buildGoProgram(program)).rejects.toThrow(/undefined: undefinedName/);
});

test("a lock whose holder is gone is taken over", async () => {
  const gone = execa(process.execPath, ["--version"]);
  await gone;
  const path = await buildGoProgram(program);
  const folder = join(path, "..");
  await rm(folder, { recursive: true });
  await writeFile(`${folder}.lock`, String(gone.pid));
  expect(await exists(await buildGoProgram(program))).toBe(true);
  expect(await exists(`${folder}.lock`)).toBe(false);
});
