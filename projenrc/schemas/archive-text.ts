// Owns: the canonical text of the archive, and the summary that people review.
// Promises: the same kinds give the same bytes; the order of input does not matter.
// Must not: compress or write files.
import { createHash } from "node:crypto";
import type { ConvertedKind } from "./open-api.js";

/** What the text depends on besides the kinds. */
export interface ArchiveOrigin {
  /** Minor version → exact version, e.g. `1.37` → `1.37.0`. */
  readonly kubernetes: Readonly<Record<string, string>>;
  readonly licences: Readonly<Record<string, string>>;
  /** Rules of the sources that no schema can hold, and enums found, per `module@version`. */
  readonly celRules: Readonly<Record<string, number>>;
  readonly enums: Readonly<Record<string, number>>;
}

/**
 * One line of JSON that lists the entries, then one line per entry with its schema. A reader needs to parse only the
 * first line and those that it uses.
 */
export function archiveText(kinds: readonly ConvertedKind[], origin: ArchiveOrigin): string {
  const entries = mergeEqualVersions(kinds);
  const index = entries.map(({ schema: _, ...entry }) => entry);
  const header = { format: 1, kubernetes: origin.kubernetes, schemas: index };
  return `${[header, ...entries.map(({ schema }) => schema)].map(canonicalJson).join("\n")}\n`;
}

/** Kubernetes versions with the same schema of a kind share one entry. */
export function mergeEqualVersions(kinds: readonly ConvertedKind[]): ConvertedKind[] {
  const merged = new Map<string, ConvertedKind>();
  for (const kind of kinds) {
    const { group, version } = kind;
    const content = canonicalJson(kind.schema);
    const key = kind.kubernetes === undefined ? `${group}/${version}/${kind.kind}` : content;
    const known = merged.get(key);
    // The first source of a custom resource wins: see the note on the Gateway API in modules.json.
    if (known !== undefined && kind.kubernetes === undefined) continue;
    merged.set(key, known === undefined ? kind : { ...known, kubernetes: joinVersions(known, kind) });
  }
  return [...merged.values()].sort(compareKinds);
}

function joinVersions(one: ConvertedKind, other: ConvertedKind): string[] {
  return [...(one.kubernetes ?? []), ...(other.kubernetes ?? [])].sort();
}

function compareKinds(one: ConvertedKind, other: ConvertedKind): number {
  const [left, right] = [one, other].map(({ group, version, kind, kubernetes }) =>
    [group, version, kind, kubernetes?.[0] ?? ""].join(" "),
  ) as [string, string];
  return left < right ? -1 : Number(left > right);
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : Number(a > b))))
      : part,
  );
}

/** The summary committed beside the archive: what is inside, from where, and the digest of the text. */
export function describeArchive(kinds: readonly ConvertedKind[], text: string, origin: ArchiveOrigin) {
  const entries = mergeEqualVersions(kinds);
  return {
    about: "Made by projenrc/schemas/make.ts from the modules in projenrc/schemas/modules.json.",
    // Compressors may change between versions of Node: the digest is that of the text before compression.
    sha256: createHash("sha256").update(text).digest("hex"),
    bytes: Buffer.byteLength(text),
    schemas: entries.length,
    kubernetes: origin.kubernetes,
    sources: Object.fromEntries(
      Object.keys(origin.licences).map((source) => [source, describeSource(entries, source, origin)]),
    ),
    groups: describeGroups(entries),
  };
}

function describeSource(entries: readonly ConvertedKind[], source: string, origin: ArchiveOrigin) {
  return {
    licence: origin.licences[source],
    schemas: entries.filter((entry) => entry.source === source).length,
    ...(source in origin.enums && { enums: origin.enums[source] }),
    ...(source in origin.celRules && { celRulesNotChecked: origin.celRules[source] }),
  };
}

function describeGroups(entries: readonly ConvertedKind[]) {
  const groups: Record<string, { source: string; kinds: number; versions: Record<string, string> }> = {};
  for (const entry of entries) {
    const group = groups[entry.group || "core"] ?? { source: "", kinds: 0, versions: {} };
    groups[entry.group || "core"] = group;
    const module = entry.source.replace(/@.*/, "");
    if (!group.source.split(", ").includes(module)) group.source += group.source ? `, ${module}` : module;
    const names = new Set(group.versions[entry.version]?.split(", ") ?? []).add(entry.kind);
    group.versions[entry.version] = [...names].join(", ");
    group.kinds = new Set(Object.values(group.versions).flatMap((list) => list.split(", "))).size;
  }
  return groups;
}
