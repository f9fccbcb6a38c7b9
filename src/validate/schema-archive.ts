// Owns: reading the schemas that the package carries, and laying them out for kubeconform.
// Promises: works without a network; the archive is unpacked on first use, one kind parsed at a time.
// Must not: validate anything, or fall back to another kind, version or place when a schema is missing.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

/** A JSON Schema, draft 7, self-contained: it refers only to its own `definitions`. */
export type KindSchema = Readonly<Record<string, unknown>>;

/** Names one kind in one API version, as a manifest does. */
export interface KindReference {
  /** e.g. `apps/v1`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
}

/** One schema of the archive. */
export interface ArchivedKind extends KindReference {
  readonly scope: "Namespaced" | "Cluster";
  /** Minor versions of Kubernetes that it holds for; undefined for custom resources, which have no such tie. */
  readonly kubernetes: readonly string[] | undefined;
  /** Go module and version that the schema was made from, e.g. `github.com/cert-manager/cert-manager@v1.21.2`. */
  readonly source: string;
}

/** The opened archive. Ask it through the functions of this file. */
export interface SchemaArchive {
  /** Supported minor versions of Kubernetes, oldest first, e.g. `["1.35", "1.36", "1.37"]`. */
  readonly kubernetesVersions: readonly string[];
  readonly kinds: readonly ArchivedKind[];
  /** @internal The exact version behind each minor version, e.g. `1.37.0`. */
  readonly exactVersions: Readonly<Record<string, string>>;
  /** @internal The JSON text of the schema of `kinds[index]`. */
  readonly schemaText: (index: number) => string;
}

interface ArchiveHeader {
  readonly format: 1;
  readonly kubernetes: Readonly<Record<string, string>>;
  readonly schemas: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
    readonly scope: ArchivedKind["scope"];
    readonly kubernetes?: readonly string[];
    readonly source: string;
  }[];
}

/** Seen from this file in the sources, and from the bundle in the package. */
const ARCHIVE_PATH = "./schemas/schemas.jsonl.br";

/**
 * Opens the archive.
 * @param readBytes gives the compressed archive; the default reads the file that lies beside this code
 * @throws Error when the archive is missing or damaged: a defect of the package, never of the user's input
 */
export function openSchemaArchive(readBytes: () => Buffer = readPackagedArchive): SchemaArchive {
  const [headerText = "", ...schemas] = brotliDecompressSync(readBytes()).toString("utf8").split("\n");
  const header = JSON.parse(headerText) as ArchiveHeader;
  if (header.format !== 1) throw new Error(`unknown format of the schema archive: ${header.format}`);
  return {
    kubernetesVersions: Object.keys(header.kubernetes).sort(compareMinor),
    exactVersions: header.kubernetes,
    kinds: header.schemas.map(({ group, version, kind, scope, kubernetes, source }) => ({
      apiVersion: group === "" ? version : `${group}/${version}`,
      kind,
      scope,
      kubernetes,
      source,
    })),
    schemaText: (index) => {
      const text = schemas[index];
      if (text === undefined || text === "") throw new Error(`the schema archive has no schema ${index}`);
      return text;
    },
  };
}

function readPackagedArchive(): Buffer {
  return readFileSync(new URL(ARCHIVE_PATH, import.meta.url));
}

function compareMinor(one: string, other: string): number {
  return Number(one.split(".")[1]) - Number(other.split(".")[1]);
}

/** Kinds by API version and kind, per archive: a repository asks for the same few kinds many times. */
const indexes = new WeakMap<SchemaArchive, ReadonlyMap<string, readonly number[]>>();

/** Where the archive holds a kind for a minor version of Kubernetes; undefined if it does not. */
export function findKind(
  archive: SchemaArchive,
  wanted: KindReference & { readonly kubernetes: string },
): { readonly index: number; readonly archived: ArchivedKind } | undefined {
  const index = indexes.get(archive) ?? indexKinds(archive);
  indexes.set(archive, index);
  for (const position of index.get(`${wanted.apiVersion} ${wanted.kind}`) ?? []) {
    const archived = archive.kinds[position];
    if (archived === undefined) continue;
    if (archived.kubernetes === undefined || archived.kubernetes.includes(wanted.kubernetes)) {
      return { index: position, archived };
    }
  }
  return undefined;
}

function indexKinds(archive: SchemaArchive): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  archive.kinds.forEach(({ apiVersion, kind }, position) => {
    const key = `${apiVersion} ${kind}`;
    index.set(key, [...(index.get(key) ?? []), position]);
  });
  return index;
}

/**
 * The JSON schema of a kind.
 * @param wanted.kubernetes minor version, e.g. `1.37`; ignored for custom resources
 * @returns undefined when the archive has no such kind, API version or Kubernetes version
 */
export function findSchema(
  archive: SchemaArchive,
  wanted: KindReference & { readonly kubernetes: string },
): KindSchema | undefined {
  const found = findKind(archive, wanted);
  return found && (JSON.parse(archive.schemaText(found.index)) as KindSchema);
}

/**
 * Writes the schemas as files, for {@link kubeconformArguments}.
 * @param folder is created; its path must hold no `%`, which kubeconform cannot load
 * @returns the number of files written
 */
export function writeSchemaFolder(archive: SchemaArchive, folder: string): number {
  let written = 0;
  archive.kinds.forEach((archived, index) => {
    const text = archive.schemaText(index);
    for (const path of schemaPaths(archive, archived)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      written++;
    }
  });
  return written;
}

function schemaPaths(archive: SchemaArchive, { apiVersion, kind, kubernetes }: ArchivedKind): string[] {
  // kubeconform takes "v1", the version of the core group, for its group; so does this layout.
  const [group = "", version = group] = apiVersion.split("/");
  const file = join(group, `${kind.toLowerCase()}_${version}.json`);
  const folders = kubernetes?.map((minor) => `v${archive.exactVersions[minor]}`) ?? ["custom-resources"];
  return folders.map((folder) => join(folder, file));
}

/**
 * Arguments for kubeconform that make it strict, use only a folder of {@link writeSchemaFolder}, and report each
 * resource as JSON. The caller adds files, and must compare the number of resources: kubeconform succeeds on none.
 * @param kubernetesVersion minor version, e.g. `1.37`
 * @throws Error when the archive does not hold that version
 */
export function kubeconformArguments(
  archive: SchemaArchive,
  folder: string,
  kubernetesVersion: string,
): string[] {
  const exact = archive.exactVersions[kubernetesVersion];
  if (exact === undefined) throw new Error(`no schemas for Kubernetes ${kubernetesVersion}`);
  const file = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";
  return [
    ...["-strict", "-output", "json", "-verbose", "-kubernetes-version", exact],
    ...["-schema-location", `${folder}/{{.NormalizedKubernetesVersion}}/${file}`],
    ...["-schema-location", `${folder}/custom-resources/${file}`],
  ];
}
