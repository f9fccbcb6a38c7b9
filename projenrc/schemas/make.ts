// Owns: making src/validate/schemas/ from the pinned modules: `tsx projenrc/schemas/make.ts [--check]`.
// Promises: the same pins give the same text; `--check` writes nothing and fails if the committed text differs.
// Must not: run as part of a build or test: it downloads 400 MB by Go, and needs mvn and Java 21 for what is on Maven Central.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { type ArchiveOrigin, archiveText, describeArchive } from "./archive-text.js";
import { type CoreSchemas, convertCore } from "./core-schemas.js";
import { type CustomResources, convertCustomResources } from "./custom-resource-schemas.js";
import { type PinnedModule, withModules } from "./download-modules.js";
import { lifecycleText } from "./lifecycle.js";
import { type MavenPin, withMavenDefinitions } from "./maven-definitions.js";
import type { ConvertedKind } from "./open-api.js";

interface KubernetesModule extends PinnedModule {
  readonly minor: string;
}

interface CustomResourceModule extends PinnedModule {
  readonly folders: readonly string[];
  readonly filePrefix?: string;
}

interface Modules {
  readonly kubernetes: readonly KubernetesModule[];
  /** Newest first. */
  readonly lifecycle: readonly PinnedModule[];
  readonly customResources: readonly CustomResourceModule[];
  readonly maven: readonly MavenPin[];
}

type FolderOf = (pin: PinnedModule) => string;
type DefinitionsOf = (pin: MavenPin) => string;
type Pin = Pick<PinnedModule, "module" | "version" | "licence">;

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../src/validate/schemas");
const archiveFile = join(target, "schemas.jsonl.br");
const summaryFile = join(target, "schemas.lock.json");
const lifecycleFile = join(target, "lifecycle.json");

await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { check: { type: "boolean" }, "module-cache": { type: "string" } },
  });
  const modules = JSON.parse(readFileSync(join(here, "modules.json"), "utf8")) as Modules;
  const pins = [...modules.kubernetes, ...modules.lifecycle, ...modules.customResources];
  // The jars first: they are small, and what they need is missing soonest.
  const made = await withMavenDefinitions(modules.maven, (definitionsOf) =>
    withModules(pins, (folderOf) => convertAll(modules, folderOf, definitionsOf), values["module-cache"]),
  );
  if (values.check) checkCommitted(made);
  else writeArchive(made);
}

interface Made {
  readonly text: string;
  readonly summary: object;
  readonly lifecycle: string;
}

function convertAll(modules: Modules, folderOf: FolderOf, definitionsOf: DefinitionsOf): Made {
  const pins: Pin[] = [...modules.kubernetes, ...modules.customResources, ...modules.maven];
  const core = modules.kubernetes.map((pin) => ({ pin, ...readCore(pin, folderOf) }));
  const newest = core.at(-1);
  if (newest === undefined) throw new Error("modules.json names no version of Kubernetes");
  const custom: (CustomResources & { readonly pin: Pin })[] = [
    ...modules.customResources.map((pin) => ({ pin, ...readCustomResources(pin, folderOf, newest) })),
    ...modules.maven.map((pin) => ({
      pin,
      ...convertCustomResources(definitionsOf(pin), "", sourceOf(pin), newest.metadata),
    })),
  ];
  const kinds = [...core, ...custom].flatMap((converted): readonly ConvertedKind[] => converted.kinds);
  const origin: ArchiveOrigin = {
    kubernetes: Object.fromEntries(modules.kubernetes.map((pin) => [pin.minor, pin.version.slice(1)])),
    licences: Object.fromEntries(pins.map((pin) => [sourceOf(pin), pin.licence])),
    celRules: Object.fromEntries(custom.map(({ pin, celRules }) => [sourceOf(pin), celRules])),
    enums: Object.fromEntries(core.map(({ pin, enums }) => [sourceOf(pin), enums])),
  };
  const text = archiveText(kinds, origin);
  const lifecycle = lifecycleText(
    newest.pin.minor,
    modules.lifecycle.map((pin) => ({ source: sourceOf(pin), folder: folderOf(pin) })),
    custom.map(({ pin, definitions }) => ({ source: sourceOf(pin), definitions })),
  );
  return { text, summary: describeArchive(kinds, text, origin), lifecycle };
}

function readCore(pin: KubernetesModule, folderOf: FolderOf): CoreSchemas {
  const read = (path: string) => readFileSync(join(folderOf(pin), path), "utf8");
  const goSource = read("pkg/generated/openapi/zz_generated.openapi.go");
  return convertCore(read("api/openapi-spec/swagger.json"), goSource, pin.minor, sourceOf(pin));
}

function readCustomResources(pin: CustomResourceModule, folderOf: FolderOf, newest: CoreSchemas) {
  const found = pin.folders.map((folder) =>
    convertCustomResources(join(folderOf(pin), folder), pin.filePrefix ?? "", sourceOf(pin), newest.metadata),
  );
  const kinds = found.flatMap((part) => part.kinds);
  if (kinds.length === 0) throw new Error(`${sourceOf(pin)} holds no CustomResourceDefinition`);
  return {
    kinds,
    celRules: found.reduce((sum, part) => sum + part.celRules, 0),
    definitions: found.flatMap((part) => part.definitions),
  };
}

function sourceOf({ module, version }: Pin): string {
  return `${module}@${version}`;
}

function writeArchive({ text, summary, lifecycle }: Made): void {
  const compressed = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: Buffer.byteLength(text),
    },
  });
  mkdirSync(target, { recursive: true });
  writeFileSync(archiveFile, compressed);
  writeFileSync(summaryFile, `${JSON.stringify(summary, null, 2)}\n`);
  writeFileSync(lifecycleFile, lifecycle);
  process.stdout.write(`${Buffer.byteLength(text)} bytes of schemas, ${compressed.length} compressed\n`);
}

/** Compares the text, not the compressed bytes: another Node may bring another compressor. */
function checkCommitted({ text, lifecycle }: Made): void {
  const committed = brotliDecompressSync(readFileSync(archiveFile)).toString("utf8");
  if (committed !== text || readFileSync(lifecycleFile, "utf8") !== lifecycle)
    throw new Error("the committed schemas are not what the pinned modules give");
  process.stdout.write("the committed schemas are what the pinned modules give\n");
}
