// Owns: fetching the pinned modules through the Go module proxy.
// Promises: a folder is handed out only after its checksum equals the recorded one.
// Must not: fetch anything by another way, or leave the module cache behind.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** One pinned Go module. */
export interface PinnedModule {
  readonly module: string;
  readonly version: string;
  /** `h1:…`, as in go.sum: the hash over names and contents of all files of the module. */
  readonly sum: string;
  readonly licence: string;
  readonly note?: string;
}

interface Download {
  readonly Path: string;
  readonly Version: string;
  readonly Sum?: string;
  readonly Zip?: string;
  readonly Error?: string;
}

/**
 * Downloads the modules, hands their folders to `use`, and deletes them.
 * @param keptCache a module cache to use and keep instead; for work on the converters
 * @throws Error when a module cannot be had, or its checksum differs from the pin.
 */
export async function withModules<Result>(
  pins: readonly PinnedModule[],
  use: (folderOf: (pin: PinnedModule) => string) => Result,
  keptCache?: string,
): Promise<Result> {
  const scratch = keptCache === undefined ? await mkdtemp(join(tmpdir(), "schema-modules-")) : undefined;
  const cache = keptCache ?? join(String(scratch), "cache");
  try {
    await download(pins, cache);
    return use((pin) => join(cache, `${escapeModulePath(pin.module)}@${pin.version}`));
  } finally {
    if (scratch !== undefined) await removeCache(scratch, cache);
  }
}

async function download(pins: readonly PinnedModule[], cache: string): Promise<void> {
  const names = pins.map(({ module, version }) => `${module}@${version}`);
  // Modules that need a newer Go to *build* are fetched all the same, with an error and exit code 1: the
  // checksum below decides.
  const { stdout, stderr } = await execa("go", ["mod", "download", "-json", ...names], {
    cwd: tmpdir(),
    env: goEnvironment(cache),
    reject: false,
  });
  const downloads = readJsonStream(stdout);
  for (const pin of pins) {
    const got = downloads.find(({ Path, Version }) => Path === pin.module && Version === pin.version);
    if (!got?.Zip) throw new Error(`cannot download ${pin.module}@${pin.version}: ${got?.Error ?? stderr}`);
    if (got.Sum !== pin.sum) {
      throw new Error(`${pin.module}@${pin.version} has checksum ${got.Sum}, pinned is ${pin.sum}`);
    }
  }
}

/** `go mod download -json` prints one indented object after the other, without commas. */
function readJsonStream(text: string): Download[] {
  return text.trim() === "" ? [] : JSON.parse(`[${text.replaceAll(/^\}\n\{$/gm, "},{")}]`);
}

/** The module cache writes each capital as "!" and its small letter. */
function escapeModulePath(path: string): string {
  return path.replaceAll(/[A-Z]/g, (capital) => `!${capital.toLowerCase()}`);
}

/** The module cache is read-only: only Go can delete it. */
async function removeCache(scratch: string, cache: string): Promise<void> {
  await execa("go", ["clean", "-modcache"], { cwd: tmpdir(), env: goEnvironment(cache) });
  await rm(scratch, { recursive: true });
}

function goEnvironment(cache: string): Record<string, string> {
  return { GOMODCACHE: cache, GOTOOLCHAIN: "local", GOFLAGS: "-mod=mod", GO111MODULE: "on", GOWORK: "off" };
}
