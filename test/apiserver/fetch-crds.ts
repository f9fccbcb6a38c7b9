// Owns: getting the CustomResourceDefinitions of upstream projects from their pinned Go modules, or by their generator on Maven Central.
// Promises: each group is downloaded once and its checksum verified; only the definitions are kept, as JSON, in the cache.
// Must not: build upstream code, change a definition, or keep what else the modules hold.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseAllDocuments } from "yaml";
import { type PinnedModule, withModules } from "../../projenrc/schemas/download-modules.js";
import { type MavenPin, withMavenDefinitions } from "../../projenrc/schemas/maven-definitions.js";
import { cacheFolder, exists } from "./build-go-program.js";
import { type CrdGroup, type CrdSource, crdSources } from "./crd-groups.js";
import { withExclusiveLock } from "./exclusive-lock.js";
import { isRecord, type ManifestDocument, manifestFromObject } from "./manifest-documents.js";

/** A pin with where its definitions are: files or folders, and how the files' names begin. */
interface PinnedDefinitions extends PinnedModule {
  readonly folders: readonly string[];
  readonly filePrefix?: string;
  /** Where a generator on Maven Central writes them instead. */
  readonly maven?: MavenPin;
}

const crdCache = join(cacheFolder, "crds");
const pinsFile = join(import.meta.dirname, "..", "..", "projenrc", "schemas", "modules.json");

/** Returns the definitions of `groups`, downloading those that the cache lacks. Throws when one cannot be had. */
export async function fetchCrds(groups: readonly CrdGroup[]): Promise<ManifestDocument[]> {
  const pins = new Map(groups.map((group) => [group, pinOf(group)] as const));
  if ((await missingOf(pins)).size > 0) {
    await withExclusiveLock(join(crdCache, "download.lock"), async () => download(await missingOf(pins)));
  }
  const contents = await Promise.all(
    [...pins].map(([group, pin]) => readFile(cachedPath(group, pin), "utf8")),
  );
  return contents.flatMap((text, index) =>
    (JSON.parse(text) as unknown[]).map((value) => manifestFromObject(value, `CRDs of ${groups[index]}`)),
  );
}

function pinOf(group: CrdGroup): PinnedDefinitions {
  const { module, folders }: CrdSource = crdSources[group];
  const { customResources, maven } = JSON.parse(readFileSync(pinsFile, "utf8")) as PinFile;
  const generated = maven.find((candidate) => candidate.module === module);
  if (generated !== undefined)
    return { ...generated, sum: JSON.stringify(generated), folders: ["."], maven: generated };
  const pin = customResources.find((candidate) => candidate.module === module);
  if (pin === undefined) throw new Error(`${module} is not pinned in ${pinsFile}`);
  return { ...pin, folders: folders ?? pin.folders };
}

interface PinFile {
  readonly customResources: readonly PinnedDefinitions[];
  readonly maven: readonly MavenPin[];
}

type Pins = ReadonlyMap<CrdGroup, PinnedDefinitions>;

async function missingOf(pins: Pins): Promise<Pins> {
  const missing = new Map<CrdGroup, PinnedDefinitions>();
  for (const [group, pin] of pins) if (!(await exists(cachedPath(group, pin)))) missing.set(group, pin);
  return missing;
}

/** The name changes with the pin, so a file always holds what its pin says. */
function cachedPath(group: CrdGroup, { module, sum, folders, filePrefix }: PinnedDefinitions): string {
  const identity = JSON.stringify([module, sum, folders, filePrefix]);
  return join(crdCache, `${group}-${createHash("sha256").update(identity).digest("hex").slice(0, 12)}.json`);
}

async function download(pins: Pins): Promise<void> {
  if (pins.size === 0) return;
  const own = [...pins.values()].filter(({ maven }) => maven === undefined);
  const generated = [...pins.values()].flatMap(({ maven }) => maven ?? []);
  const definitions = await withMavenDefinitions(generated, (definitionsOf) =>
    withModules(own, (folderOf) =>
      [...pins].map(([group, pin]) => {
        const folder = pin.maven === undefined ? folderOf(pin) : definitionsOf(pin.maven);
        return [group, pin, readDefinitions(folder, pin)] as const;
      }),
    ),
  );
  for (const [group, pin, found] of definitions) {
    if (found.length === 0)
      throw new Error(`${pin.module}@${pin.version} has no definitions in ${pin.folders}`);
    const partial = `${cachedPath(group, pin)}.partial`;
    await writeFile(partial, JSON.stringify(found));
    await rename(partial, cachedPath(group, pin));
  }
}

function readDefinitions(folder: string, { folders, filePrefix = "" }: PinnedDefinitions): unknown[] {
  return folders
    .flatMap((path) => listFiles(join(folder, path)))
    .filter((file) => /\.ya?ml$/.test(file) && basename(file).startsWith(filePrefix))
    .flatMap((file) => parseDefinitions(readFileSync(file, "utf8"), file));
}

function listFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}

function parseDefinitions(text: string, file: string): unknown[] {
  if (!text.includes("CustomResourceDefinition")) return [];
  return parseAllDocuments(text, { logLevel: "error" }).flatMap((document) => {
    if (document.errors[0]) throw new Error(`${file}: ${document.errors[0].message}`);
    const value: unknown = document.toJS();
    return isDefinition(value) ? [value] : [];
  });
}

/** Kustomize patches of definitions have the same kind, but no versions. */
function isDefinition(value: unknown): boolean {
  if (!isRecord(value) || value.kind !== "CustomResourceDefinition" || !isRecord(value.spec)) return false;
  return Array.isArray(value.spec.versions) && isRecord(value.spec.names);
}
